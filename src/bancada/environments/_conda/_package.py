"""A package as Conda has it: what a prefix tells of it, and what a record may tell."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import msgspec

from bancada.exceptions import EnvironmentNotRebuilt

__all__ = ["ARCHIVES", "CondaPackage", "channel_name", "recorded_packages", "without_credentials"]

ARCHIVES = (".conda", ".tar.bz2")
_MOST_PACKAGES = 5_000
# Names, versions and builds become parts of addresses and of paths.
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+!\-]{0,127}")
_SHA256 = re.compile(r"(?:[0-9a-f]{64})?")
_MD5 = re.compile(r"(?:[0-9a-f]{32})?")
_FOLDERS = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.\-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.\-]*)*)?")
_NOARCH = frozenset({"", "python", "generic"})
_LARGEST_NUMBER = 1 << 63
_TOKEN = re.compile(r"/t/[^/]+(?=/|$)")
# Of hosts of this domain the whole path is a channel's name; elsewhere it begins with folders of the server.
_DOMAIN = re.compile(r"(?:.+\.)?anaconda\.[a-z]+")


class CondaPackage(msgspec.Struct, frozen=True, kw_only=True):
    """One package in a prefix of Conda.

    Attributes:
        name: Its name.
        version: Its version.
        build: Its build, such as `py311h64a7726_0`.
        build_number: Number of the build.
        subdir: The platform that it was made for, such as `linux-64` or `noarch`.
        archive: Suffix of its archive, `.conda` or `.tar.bz2`.
        channel: Name of the channel that it came from; never where that channel is.
        url: Where it came from, without credentials. It informs; nothing is fetched from there.
        sha256: Digest of its archive; empty where the prefix tells none.
        md5: The same by MD5.
        content: Digest of the names and digests of its files, the same in every prefix; empty where none are told.
        depends: What it depends on, in Conda's words.
        noarch: `python` or `generic`; empty for a package of one platform.
        site_packages: Where a package of Python says that packages go; empty otherwise.
    """

    name: str
    version: str
    build: str
    build_number: int = 0
    subdir: str
    archive: str = ".conda"
    channel: str = ""
    url: str = ""
    sha256: str = ""
    md5: str = ""
    content: str = ""
    depends: tuple[str, ...] = ()
    noarch: str = ""
    site_packages: str = ""

    @property
    def file(self) -> str:
        """Name of its archive."""
        return f"{self.name}-{self.version}-{self.build}{self.archive}"

    @property
    def explicit(self) -> str:
        """Its line in a list that `conda create --file` takes; empty where it is not known whence it came."""
        return self.url and f"{self.url}#{self.md5}".removesuffix("#")


def recorded_packages(details: Any) -> tuple[CondaPackage, ...]:
    """Read the packages that a record names, once they are sure to be names and nothing else.

    Args:
        details: The details of an environment's record.

    Raises:
        EnvironmentNotRebuilt: They are none.
    """
    try:
        packages = msgspec.convert(details["packages"], tuple[CondaPackage, ...])
    except (msgspec.ValidationError, KeyError, TypeError) as error:
        raise _hostile(f"no packages that can be read: {error}") from None
    if len(packages) > _MOST_PACKAGES:
        raise _hostile(f"{len(packages):,} packages, where {_MOST_PACKAGES:,} are the most")
    for package in packages:
        if not _is_well_formed(package):
            raise _hostile(f"something else as {package.file[:80]!a}")
    if len({package.name for package in packages}) < len(packages):
        raise _hostile("a package twice")
    return packages


def _is_well_formed(package: CondaPackage) -> bool:
    parts = (package.name, package.version, package.build, package.subdir)
    return (
        all(_PLAIN.fullmatch(part) for part in parts)
        and package.archive in ARCHIVES
        and package.noarch in _NOARCH
        and 0 <= package.build_number < _LARGEST_NUMBER
        and all(_SHA256.fullmatch(digest) for digest in (package.sha256, package.content))
        and bool(_MD5.fullmatch(package.md5))
        # It says where files of other packages go.
        and bool(_FOLDERS.fullmatch(package.site_packages))
    )


def without_credentials(url: str) -> str:
    """Return an address without user-info, tokens, query and fragment.

    Args:
        url: An address of an archive or of a channel.

    Examples:
        >>> without_credentials("https://me:secret@repo.example/t/tk-1/team/linux-64/a-1-0.conda")
        'https://repo.example/team/linux-64/a-1-0.conda'
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], _TOKEN.sub("", parts.path), "", ""))


def channel_name(told: str, url: str, subdir: str) -> str:
    """Return the name of the channel that an archive came from.

    Args:
        told: What the prefix calls the channel: a name or an address.
        url: Address of the archive or of the channel.
        subdir: The platform of the archive.

    Examples:
        >>> channel_name("", "https://mirror.example/conda/bioconda/linux-64/a-1-0.conda", "linux-64")
        'bioconda'
        >>> channel_name("conda-forge", "https://mirror.example/forge/noarch/a-1-0.conda", "noarch")
        'conda-forge'
    """
    if told and "://" not in told and not told.startswith(("/", ".", "~")):
        return told.removesuffix(f"/{subdir}")
    parts = urlsplit(without_credentials(url or told))
    path = parts.path.strip("/")
    if path.endswith(ARCHIVES):
        path = path.rpartition("/")[0]
    path = path.removesuffix(subdir).strip("/")
    return path if _DOMAIN.fullmatch(parts.hostname or "") else path.rpartition("/")[2]


def _hostile(found: str) -> EnvironmentNotRebuilt:
    return EnvironmentNotRebuilt(
        "The record of a Conda environment names packages, each with version, build and platform.",
        f"This one holds {found}.",
        "Do not use this record; `bancada store verify` lists what else is wrong with it.",
    )
