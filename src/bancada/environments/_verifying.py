"""What was installed beside what was recorded, before anything of it runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from bancada.environments._contents import content_of, parts_of
from bancada.environments._examining import digests_of
from bancada.environments._installed import metadata_folders
from bancada.environments._reading import read_distribution

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from bancada.environments._reading import Row
    from bancada.records.environments import EnvironmentRecord, Package

__all__ = ["Differences", "files_below", "site_of", "verify"]


class Differences(NamedTuple):
    """How an environment differs from its record.

    Attributes:
        packages: By name of a package, what is not as it was recorded; sorted.
        strays: Files that belong to no package, or that a package has overwritten, relative to the environment, sorted.
    """

    packages: dict[str, str]
    strays: tuple[str, ...]


def site_of(folder: Path) -> Path | None:
    """Return the folder of packages of an environment; None where there is none.

    Args:
        folder: The environment.
    """
    found = [folder / "Lib" / "site-packages", *sorted(folder.glob("lib/python3*/site-packages"))]
    # Conda's Python 3.10 and later also has `lib/python3.1`, a link to the real folder.
    return next((site for site in found if site.is_dir() and not site.parent.is_symlink()), None)


def files_below(folder: Path) -> dict[str, tuple[int, ...]]:
    """List the files of an environment, each with what tells whether it was changed; caches of bytecode are none.

    Args:
        folder: The environment.

    Returns:
        Stamps by path relative to the environment. A folder that is a link counts as a file.
    """
    found = {}
    pending = [("", os.fspath(folder))]
    while pending:
        below, place = pending.pop()
        with os.scandir(place) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name != "__pycache__":
                        pending.append((f"{below}{entry.name}/", entry.path))
                else:
                    found[below + entry.name] = _stamp(entry.stat(follow_symlinks=False))
    return found


def _stamp(status: os.stat_result) -> tuple[int, ...]:
    # Another link to the same file changes its ctime, and installers link from their caches.
    changed = status.st_ctime_ns if status.st_nlink == 1 else 0
    return status.st_size, status.st_mtime_ns, changed, status.st_ino


def verify(record: EnvironmentRecord, folder: Path, before: Mapping[str, tuple[int, ...]]) -> Differences:
    """Read every file of an environment, and hold it against what was recorded.

    Args:
        record: What was recorded. Of packages that the manager gives back itself, their manager has seen to the files.
        folder: The environment.
        before: The files that it had before the packages came, as `files_below` gave them; they must be the same.

    Returns:
        What differs; nothing where the environment is the one that was recorded.
    """
    site = site_of(folder)
    wanted = {package.name: package for package in record.packages}
    differs: dict[str, str] = {}
    listed: set[str] = set()
    found = {}
    for metadata in metadata_folders([os.fspath(site)]) if site is not None else ():
        distribution = read_distribution(metadata, folder)
        found[metadata.name] = distribution.version
        listed.update(_listed(distribution.rows or (), os.fspath(distribution.site), os.fspath(folder)))
        package = wanted.get(metadata.name)
        if package is None:
            differs[metadata.name] = "was not recorded"
        elif package.version != distribution.version:
            differs[metadata.name] = f"is {distribution.version}, and was {package.version}"
        elif package.origin != "manager":
            digests, altered = digests_of(parts_of(distribution))
            if content_of(digests) != package.content:
                differs[metadata.name] = _how(package, altered)
    for name, package in wanted.items():
        if package.origin in {"index", "kept"} and name not in found:
            differs[name] = "is not there"
    now = files_below(folder)
    changed = {path for path, stamp in before.items() if now.get(path) != stamp}
    strays = {path for path in now if path not in before and path not in listed and not _is_lock(path, now)}
    return Differences(dict(sorted(differs.items())), tuple(sorted(changed | strays)))


def _is_lock(path: str, now: Mapping[str, tuple[int, ...]]) -> bool:
    """Tell whether a file is the empty one by which uv keeps others away."""
    return path == ".lock" and now[path][0] == 0


def _listed(rows: Iterable[Row], site: str, folder: str) -> Iterator[str]:
    """Yield the paths of RECORD relative to the environment."""
    for row in rows:
        path = os.path.normpath(f"{site}/{row.path}")
        yield path[len(folder) + 1 :].replace(os.sep, "/")


def _how(package: Package, altered: list[str]) -> str:
    if altered and altered != list(package.altered):
        return f"has other files than its own list says, such as `{altered[0]}`"
    return f"has other files under the same version {package.version}"
