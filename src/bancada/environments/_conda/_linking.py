"""Conda's packages installed by py-rattler, from archives that are here."""

from __future__ import annotations

import asyncio
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import rattler

from bancada.environments._conda._archives import Archive, fetch
from bancada.environments._conda._channels import home_of, package_sources, shared_settings
from bancada.environments._conda._prefix import meta_files, read_prefix
from bancada.exceptions import EnvironmentNotRebuilt, counted

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable, Mapping, Sequence

    from bancada.environments._conda._package import CondaPackage

__all__ = ["fetch_packages", "link_packages"]

T = TypeVar("T")

_TIMEOUT_S = 60
_SHOWN = 5


def fetch_packages(packages: Sequence[CondaPackage], environ: Mapping[str, str]) -> tuple[Archive, ...]:
    """Get the archives of packages from the channels of this machine.

    Args:
        packages: The packages, checked.
        environ: Environment variables that tell of channels, caches and proxies.

    Raises:
        EnvironmentNotRebuilt: A package cannot be had, or is for another platform.
    """
    here = {str(rattler.Subdir.current()), "noarch"}
    foreign = [package for package in packages if package.subdir not in here]
    if foreign:
        raise EnvironmentNotRebuilt(
            "Packages of Conda are for one platform each.",
            f"This machine is `{rattler.Subdir.current()}`; {counted(len(foreign), 'package')} of the record "
            f"{'is' if len(foreign) == 1 else 'are'} for `{foreign[0].subdir}`.",
            "Rebuild it on such a machine.",
            sorted(package.name for package in foreign),
        )
    config = _config(environ)
    alias = rattler.Channel("a", config.channel_config).base_url.removesuffix("a/")
    sources = package_sources(environ, alias, config.default_channels or ())
    client = rattler.Client.from_config(config, timeout=_TIMEOUT_S)
    return _run(fetch(packages, sources, _cache(environ) / "archives", client))


def link_packages(archives: Sequence[Archive], folder: Path, environ: Mapping[str, str]) -> None:
    """Install packages into a prefix; no script of theirs is run.

    Args:
        archives: Their archives.
        folder: The prefix to make.
        environ: Environment variables that tell where caches are.

    Raises:
        EnvironmentNotRebuilt: A package cannot be linked, or holds other files than were recorded.
    """
    cache = _cache(environ)
    records = [_record(archive) for archive in archives]
    layer = rattler.PackageCacheLayer(cache / "pkgs").with_validation_mode(rattler.ValidationMode.full())
    installing = rattler.install(
        records,
        folder,
        installed_packages=[],
        execute_link_scripts=False,
        show_progress=False,
        # An archive's folder is named by its digest: what was unpacked from another archive is not taken for it.
        package_cache=rattler.PackageCache.from_layers([layer], cache_origin=True),
    )
    try:
        _run(installing)
    except Exception as error:  # rattler raises classes of its own that have no common root
        raise EnvironmentNotRebuilt(
            "Archives of Conda's packages are unpacked and linked into a new prefix.",
            f"py-rattler could not: {error}.",
            f"Free space in `{cache}` and where the prefix is made, and do it again.",
        ) from error
    _say_whence(folder, archives)
    _verify(folder, [archive.package for archive in archives])


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Wait for work in a thread of its own: a notebook has a running loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def _config(environ: Mapping[str, str]) -> rattler.Config:
    """Read what Pixi and other programs of rattler are set up with: proxies, mirrors, certificates, channels."""
    shared = shared_settings(environ)
    places: list[tuple[str | os.PathLike[str], bool]] = [
        (Path("/etc/rattler/config.toml"), True),
        (Path("/etc/pixi/config.toml"), False),
        (shared / "rattler" / "config.toml", True),
        (shared / "pixi" / "config.toml", False),
        (home_of(environ) / ".pixi" / "config.toml", False),
    ]
    found = [place for place in places if Path(place[0]).is_file()]
    for place in found:
        try:
            rattler.Config.load_from_locations([place])
        except Exception as error:
            raise EnvironmentNotRebuilt(
                "The settings of Pixi and rattler are files that they can read.",
                f"They cannot read `{os.fspath(place[0])}`: {str(error).splitlines()[0]}.",
                "Mend that file.",
            ) from error
    return rattler.Config.load_from_locations(found)


def _cache(environ: Mapping[str, str]) -> Path:
    """Return the folder for archives and what was unpacked from them, beside those of rattler's own programs."""
    if environ.get("RATTLER_CACHE_DIR"):
        return Path(environ["RATTLER_CACHE_DIR"]) / "bancada"
    return Path(environ.get("XDG_CACHE_HOME") or home_of(environ) / ".cache") / "rattler" / "cache" / "bancada"


def _record(archive: Archive) -> rattler.RepoDataRecord:
    package = archive.package
    try:
        record = rattler.PackageRecord(
            name=package.name,
            version=package.version,
            build=rattler.BuildString(package.build),
            build_number=package.build_number,
            subdir=package.subdir,
            arch=None,
            platform=None,
            noarch=rattler.NoArchType("python" if package.noarch == "python" else "generic")
            if package.noarch
            else None,
            depends=list(package.depends),
            python_site_packages_path=package.site_packages or None,
        )
    except Exception as error:
        raise EnvironmentNotRebuilt(
            "The record of a Conda environment names packages as Conda does.",
            f"`{package.name}` is named otherwise: {error}.",
            "Do not use this record; `bancada store verify` lists what else is wrong with it.",
            (package.name,),
        ) from error
    if package.sha256:
        record.sha256 = bytes.fromhex(package.sha256)
    if package.md5:
        record.md5 = bytes.fromhex(package.md5)
    return rattler.RepoDataRecord(record, package.file, archive.path.as_uri(), archive.path.parent.as_uri())


def _say_whence(folder: Path, archives: Iterable[Archive]) -> None:
    """Write into the prefix which channel each package is from: py-rattler wrote where its archive lies."""
    packages = {archive.package.name: archive for archive in archives}
    for path in meta_files(folder):
        told = json.loads(path.read_bytes())
        archive = packages[told["name"]]
        told["url"] = archive.source or archive.package.url
        told["channel"] = archive.package.channel
        aside = path.with_suffix(".new")
        aside.write_text(json.dumps(told), encoding="utf-8")
        os.replace(aside, path)  # noqa: PTH105 - `Path.replace` says the same


def _verify(folder: Path, packages: Iterable[CondaPackage]) -> None:
    """Hold the files of each package against the record: the archive's name and digest are not all that it says."""
    found = {package.name: package.content for package in read_prefix(folder).packages}
    other = sorted(
        package.name
        for package in packages
        if package.name not in found or (package.content and package.content != found[package.name])
    )
    if other:
        more = f" and {len(other) - _SHOWN} more" if len(other) > _SHOWN else ""
        raise EnvironmentNotRebuilt(
            "A package that is installed again has the files that were recorded.",
            f"{counted(len(other), 'package')} has others: {', '.join(f'`{name}`' for name in other[:_SHOWN])}{more}.",
            "Do not use this environment; ask whoever recorded the run for theirs.",
            other,
        )
