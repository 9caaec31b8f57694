"""What Conda wrote down about a prefix, read from its folder `conda-meta`."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.environments._conda._package import ARCHIVES, CondaPackage, channel_name, without_credentials
from bancada.environments._installed import normal_name
from bancada.identity import canonical_json, digest_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Prefix", "meta_files", "read_prefix"]

# Installers name the files of a package by where they are, or by where its archive has them.
_SITE = re.compile(r"^(?:lib/python[\d.]+t?/|Lib/)?site-packages/")
_SCRIPTS = re.compile(r"^python-scripts/")
_METADATA = re.compile(r"(?P<stem>[^/]+)\.dist-info/METADATA|(?P<egg>[^/]+)\.egg-info(?:/PKG-INFO)?")


class _File(msgspec.Struct, frozen=True):
    path: str = msgspec.field(default="", name="_path")
    path_type: str | None = None
    sha256: str | None = None
    sha256_in_prefix: str | None = None


class _Files(msgspec.Struct, frozen=True):
    paths: tuple[_File, ...] = ()


class _Meta(msgspec.Struct, frozen=True):
    name: str
    version: str
    build: str
    build_number: int = 0
    subdir: str | None = None
    fn: str | None = None
    url: str | None = None
    channel: str | None = None
    sha256: str | None = None
    md5: str | None = None
    depends: tuple[str, ...] = ()
    noarch: Any = None
    python_site_packages_path: str | None = None
    files: tuple[str, ...] = ()
    paths_data: _Files | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix:
    """The packages in a prefix.

    Attributes:
        packages: Each of them, sorted by name.
        gives: Normalised names of the distributions of Python that are there as Conda's packages brought them.
        lost: Distributions that Conda brought and that pip then removed or replaced, as `name-version`.
        rewritten: Files of distributions into which Conda wrote the prefix, and that are as it wrote them, relative to
            the folder of packages.
        brings: Names in the folder of packages that Conda brought, of distributions or not.
        unread: Files of `conda-meta` that hold no package that can be read.
    """

    packages: tuple[CondaPackage, ...]
    gives: frozenset[str]
    lost: tuple[str, ...]
    rewritten: frozenset[str]
    brings: frozenset[str]
    unread: tuple[str, ...]


def meta_files(prefix: Path) -> tuple[Path, ...]:
    """Return the files that describe the packages of a prefix, sorted.

    Args:
        prefix: A prefix of Conda, or any folder.
    """
    # macOS leaves files beside them whose names begin with a dot.
    return tuple(sorted((prefix / "conda-meta").glob("[!.]*.json")))


def read_prefix(prefix: Path) -> Prefix:
    """Read what Conda wrote down about each package.

    Args:
        prefix: A prefix of Conda.
    """
    packages: list[CondaPackage] = []
    gives: set[str] = set()
    lost: set[str] = set()
    rewritten: set[str] = set()
    brings: set[str] = set()
    unread = []
    for path in meta_files(prefix):
        try:
            meta = msgspec.json.decode(path.read_bytes(), type=_Meta)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            unread.append(path.name)
            continue
        there, gone = _distributions(meta, prefix)
        gives |= there
        lost |= gone
        rewritten |= set(_rewritten(meta, prefix))
        brings |= {_below_site(told).partition("/")[0] for told in meta.files}
        packages.append(_package(meta))
    return Prefix(
        packages=tuple(sorted(packages, key=lambda package: package.name)),
        gives=frozenset(gives),
        lost=tuple(sorted(lost)),
        rewritten=frozenset(rewritten),
        brings=frozenset(brings - {""}),
        unread=tuple(unread),
    )


def _package(meta: _Meta) -> CondaPackage:
    url = without_credentials(meta.url or "")
    subdir = meta.subdir or url.rpartition("/")[0].rpartition("/")[2] or "noarch"
    file = meta.fn or url
    return CondaPackage(
        name=meta.name,
        version=meta.version,
        build=meta.build,
        build_number=meta.build_number,
        subdir=subdir,
        archive=next((suffix for suffix in ARCHIVES if file.endswith(suffix)), ARCHIVES[0]),
        channel=channel_name(meta.channel or "", url, subdir),
        url=url,
        sha256=(meta.sha256 or "").lower(),
        md5=(meta.md5 or "").lower(),
        content=_content(meta),
        depends=meta.depends,
        # Of old packages some say `true`: they hold files of any kind.
        noarch=meta.noarch if isinstance(meta.noarch, str) else "generic" if meta.noarch else "",
        site_packages=meta.python_site_packages_path or "",
    )


def _content(meta: _Meta) -> str:
    """Digest the files of a package as its archive has them: neither the prefix nor the installer matters."""
    kept = [file for file in _listed(meta) if file.path_type in {None, "hardlink"}]
    if not all(file.sha256 for file in kept) or (meta.files and meta.paths_data is None):
        return ""
    # A package without files of its own, which only asks for others, has a digest as well.
    return digest_bytes(canonical_json(sorted([_in_archive(file.path), file.sha256] for file in kept)))


def _listed(meta: _Meta) -> tuple[_File, ...]:
    return meta.paths_data.paths if meta.paths_data else ()


def _in_archive(path: str) -> str:
    return _SCRIPTS.sub("bin/", _SITE.sub("site-packages/", path.replace("\\", "/")))


def _below_site(path: str) -> str:
    """Return a path relative to the folder of packages; empty where it is elsewhere."""
    found = _in_archive(path)
    return found.removeprefix("site-packages/") if found.startswith("site-packages/") else ""


def _distributions(meta: _Meta, prefix: Path) -> tuple[set[str], set[str]]:
    """Return the names of the distributions that are there as a package brought them, and what else it brought."""
    there: set[str] = set()
    lost: set[str] = set()
    digests = {
        _below_site(file.path): {file.sha256, file.sha256_in_prefix}
        for file in _listed(meta)
        if file.path.endswith("RECORD")
    }
    for told in meta.files:
        file = told.replace("\\", "/")
        found = _METADATA.fullmatch(_below_site(file))
        if not found:
            continue
        folder = file.removesuffix("/METADATA").removesuffix("/PKG-INFO")
        if (prefix / file).exists() and _is_as_brought(prefix / folder, digests.get(f"{_below_site(folder)}/RECORD")):
            there.add(normal_name((found["stem"] or found["egg"]).partition("-")[0]))
        elif found["stem"]:
            lost.add(found["stem"])
    return there, lost


def _rewritten(meta: _Meta, prefix: Path) -> Iterator[str]:
    """Yield the files below the folder of packages that have another digest in the prefix than in their archive."""
    wanted = {
        inner: file.sha256_in_prefix
        for file in _listed(meta)
        if file.sha256_in_prefix not in {None, file.sha256} and (inner := _below_site(file.path))
    }
    # The list of files has their places in the prefix; what describes the archive has those in the archive.
    for told in meta.files if wanted else ():
        inner = _below_site(told)
        path = prefix / told.replace("\\", "/")
        if inner in wanted and path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == wanted[inner]:
            yield inner


def _is_as_brought(folder: Path, digests: set[str | None] | None) -> bool:
    """Tell whether a distribution's list of files is the one that Conda put there: pip writes another."""
    if not digests or digests == {None}:
        return True
    try:
        return hashlib.sha256((folder / "RECORD").read_bytes()).hexdigest() in digests
    except OSError:
        return False
