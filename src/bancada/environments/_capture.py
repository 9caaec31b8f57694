"""What is installed where this process runs."""

from __future__ import annotations

import errno
import functools
import os
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.environments._agreement import agreement
from bancada.environments._examining import examine
from bancada.environments._installed import metadata_folders
from bancada.environments._interpreter import interpreter
from bancada.environments._managers import manager_of
from bancada.environments._memory import Memory, Told, Was
from bancada.environments._stamps import stamp, watch
from bancada.environments._strays import legacy_packages, strays
from bancada.exceptions import counted
from bancada.records.environments import EnvironmentRecord, Package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bancada.contracts import EnvironmentManager

__all__ = ["Captured", "capture", "capture_of"]

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Captured:
    """An environment, and the bytes that its record names.

    Attributes:
        record: The record.
        objects: By digest, the bytes or the file that has them.
    """

    record: EnvironmentRecord
    objects: Mapping[str, bytes | Path]


def capture(
    root: Path, cache: Path, put: Callable[[bytes], str], scan: Callable[[str], Sequence[str]]
) -> EnvironmentRecord:
    """Describe what is installed here, and keep what no index can give back.

    It looks once in a process, however often it is asked.

    Args:
        root: The project's root, where the manager's locks lie.
        cache: Folder in which what was read is remembered until files change.
        put: Keeps bytes, and returns their digest.
        scan: Names the kinds of secrets in a text; sources and locks that hold any are not kept.

    Returns:
        The environment.
    """
    captured = _captured(root, cache, scan)
    try:
        contents = _contents(captured.objects)
    except OSError:
        # Somebody emptied the cache meanwhile, or edited a lock.
        _captured.cache_clear()
        captured = _captured(root, cache, scan)
        contents = _contents(captured.objects)
    for content in contents:
        put(content)
    return captured.record


def _contents(objects: Mapping[str, bytes | Path]) -> list[bytes]:
    """Read all bytes before any is kept: what is kept must be what the record names.

    Raises:
        OSError: A file cannot be read, or has other bytes than it had; a wheel of the cache is removed then.
    """
    contents = []
    for digest, found in objects.items():
        content = found if isinstance(found, bytes) else found.read_bytes()
        if sha256(content).hexdigest() != digest:
            if isinstance(found, Path) and found.suffix == ".whl":
                found.unlink(missing_ok=True)
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE), os.fspath(found) if isinstance(found, Path) else "")
        contents.append(content)
    return contents


@functools.cache
def _captured(root: Path, cache: Path, scan: Callable[[str], Sequence[str]]) -> Captured:
    return capture_of(Path(sys.prefix), sys.path, root, cache, scan)


def capture_of(
    prefix: Path, search: Sequence[str], root: Path, cache: Path, scan: Callable[[str], Sequence[str]]
) -> Captured:
    """Describe an environment of this interpreter.

    Args:
        prefix: The environment.
        search: The folders in which packages are looked for, in order.
        root: The project's root.
        cache: As for `capture`.
        scan: As for `capture`.
    """
    memory = Memory(cache, prefix)
    objects: dict[str, bytes | Path] = {}
    seen = {}
    for folder in metadata_folders(search):
        seen[folder.path] = _recalled(memory, folder.path, objects) or _read_anew(
            memory, folder, prefix, (scan, objects)
        )
    packages = [was.package for was in seen.values()]
    manager = manager_of(prefix, root)
    told = _told(memory, manager, (prefix, root), packages, (scan, objects))
    memory.keep(seen, told)
    names = frozenset(package.name for package in packages)
    legacy = [package for package in legacy_packages(search) if package.name not in names]
    found = [_placed(package, told) for package in [*packages, *legacy]]
    beside = strays(search, seen.values(), told.brings)
    record = EnvironmentRecord(
        manager=manager.name,
        **interpreter(),
        packages=tuple(sorted(found, key=lambda package: package.name)),
        locks=told.locks,
        notes=(*told.notes, *_edited(found)),
        missing=(*told.missing, *_missing(found), *beside),
        details=msgspec.json.decode(told.details),
    )
    wanted = record.objects
    return Captured(record, {digest: value for digest, value in objects.items() if digest in wanted})


def _recalled(memory: Memory, path: str, objects: dict[str, bytes | Path]) -> Was | None:
    """Return what is remembered of a distribution, if its files are as they were."""
    was = memory.packages.get(path)
    if was is None or stamp(was.watched) != was.stamp:
        return None
    if was.package.kept:
        wheel = memory.wheel(was.package.kept)
        if not wheel.is_file():
            return None
        objects[was.package.kept] = wheel
    return was


def _read_anew(memory: Memory, folder: Any, prefix: Path, given: tuple[Any, dict[str, bytes | Path]]) -> Was:
    """Read a distribution, and remember it under the stamp that it had before it was read."""
    scan, objects = given
    examined = examine(folder, prefix, scan)
    package = examined.package
    if examined.wheel is not None:
        digest = memory.keep_wheel(examined.wheel)
        objects[digest] = memory.wheel(digest) if memory.wheel(digest).is_file() else examined.wheel
        package = msgspec.structs.replace(package, kept=digest)
    return Was(stamp(examined.watched), examined.watched, package)


def _told(
    memory: Memory,
    manager: EnvironmentManager,
    where: tuple[Path, Path],
    packages: Sequence[Package],
    given: tuple[Any, dict[str, bytes | Path]],
) -> Told:
    """Ask the manager, unless nothing has changed since it was asked."""
    prefix, root = where
    scan, objects = given
    places = manager.reads(prefix, root)
    files = stamp(watch(places))
    seen = [manager.name, files, *(os.fspath(place) for place in places)]
    seen += [f"{package.name} {package.version} {package.origin} {package.content}" for package in packages]
    now = sha256("\n".join(seen).encode()).hexdigest() if files else ""
    was = memory.told
    if was is not None and was.stamp == now and all((root / path).is_file() for path in was.locks):
        objects |= {digest: root / path for path, digest in was.locks.items()}
        return was
    facts = manager.facts(prefix, root)
    given_back = [package for package in packages if package.name not in facts.gives]
    found = agreement(facts.locks, given_back)
    notes = [*facts.notes, *found.notes]
    locks = {}
    for lock in found.locks:
        kinds = scan(lock.content.decode("utf-8", "replace"))
        if kinds:
            notes.append(f"`{lock.path}` was not kept: it holds {', '.join(kinds)}.")
        else:
            locks[lock.path] = sha256(lock.content).hexdigest()
            objects[locks[lock.path]] = lock.content
    details = msgspec.json.encode(dict(facts.details))
    return Told(
        now, locks, facts.gives, facts.rewritten, found.hashes, details, tuple(notes), facts.missing, facts.brings
    )


def _placed(package: Package, told: Told) -> Package:
    """Add what the manager and its locks know of a package."""
    if package.name in told.gives:
        edited = tuple(key for key in package.altered if key not in told.rewritten)
        # What the manager gives back has not the edits of somebody's own.
        if not edited:
            return msgspec.structs.replace(package, origin="manager", kept="", altered=(), why="")
        package = msgspec.structs.replace(package, altered=edited)
    hashes = () if package.origin == "kept" else told.hashes.get(package.name, ())
    return msgspec.structs.replace(package, hashes=tuple(sorted({*package.hashes, *hashes}))) if hashes else package


def _edited(packages: Iterable[Package]) -> list[str]:
    """Tell which packages are not as they were installed."""
    notes = []
    for package in packages:
        if package.altered:
            more = f" and {len(package.altered) - _SHOWN} more" if len(package.altered) > _SHOWN else ""
            files = ", ".join(f"`{key}`" for key in package.altered[:_SHOWN])
            are = counted(len(package.altered), "file")
            notes.append(f"`{package.name}` {package.version} was edited after it was installed, {are}: {files}{more}.")
    return notes


def _missing(packages: Iterable[Package]) -> list[str]:
    return [
        f"package `{package.name}` {package.version} cannot be had again: {package.why}"
        for package in packages
        if package.origin == "missing"
    ]
