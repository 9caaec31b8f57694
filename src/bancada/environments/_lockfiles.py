"""Forms of locks that no one manager owns: `pylock.toml`, and files of requirements with digests."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from bancada.environments._installed import normal_name
from bancada.records.environments import Lock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

__all__ = ["Pins", "Read", "locks_in", "pylock_pins", "requirement_pins", "shared_locks", "toml_hosts", "toml_packages"]

Pins = dict[str, dict[str, tuple[str, ...]]]

_LARGEST = 50_000_000
_PIN = re.compile(r"^\s*([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*===?\s*([^\s;\\#]+)")
_HASH = re.compile(r"--hash[= ](sha(?:256|384|512):[0-9a-f]{64,128})")
_COMMENT = re.compile(r"(^|\s)#.*$")


class Read(NamedTuple):
    """The locks that could be read, and a note for each that could not."""

    locks: tuple[Lock, ...]
    notes: tuple[str, ...]


def locks_in(root: Path, files: Iterable[tuple[Path, Callable[[bytes], Pins], bool]]) -> Read:
    """Read locks.

    Args:
        root: The project's root.
        files: Each lock below it, what reads its pins, and whether it should name everything that is installed. One
            that has no pins says nothing and is passed over; one that is not there, too.
    """
    locks, notes = [], []
    for path, reader, whole in files:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            continue
        name = path.relative_to(root).as_posix()
        try:
            content = path.read_bytes()
            pins = reader(content)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            notes.append(f"`{name}` cannot be read: {type(error).__name__}.")
        else:
            locks += [Lock(path=name, content=content, pins=pins, whole=whole)] if pins else []
    return Read(tuple(locks), tuple(notes))


def shared_locks(root: Path) -> Iterator[tuple[Path, Callable[[bytes], Pins], bool]]:
    """Yield the locks of these forms that a project has."""
    for path in sorted({root / "pylock.toml", *root.glob("pylock.*.toml")}):
        yield path, pylock_pins, path.name == "pylock.toml"
    for path in sorted({*root.glob("requirements*.txt"), *root.glob("requirements/*.txt")}):
        yield path, requirement_pins, False


def requirement_pins(content: bytes) -> Pins:
    """Read the pins of a file of requirements; one without digests is a wish and no lock.

    Examples:
        >>> requirement_pins(b"numpy==2.0 --hash=sha256:" + b"a" * 64)["numpy"].keys()
        dict_keys(['2.0'])
        >>> requirement_pins(b"numpy==2.0")
        {}
    """
    pins: Pins = {}
    text = content.decode().replace("\\\r\n", " ").replace("\\\n", " ")
    for line in text.splitlines():
        stated = _COMMENT.sub("", line)
        found = _PIN.match(stated)
        if found:
            hashes = tuple(sorted(set(_HASH.findall(stated))))
            pins.setdefault(normal_name(found[1]), {})[found[2]] = hashes
    return pins if any(hashes for versions in pins.values() for hashes in versions.values()) else {}


def pylock_pins(content: bytes) -> Pins:
    """Read the pins of a `pylock.toml`."""
    return toml_packages(tomllib.loads(content.decode()), "packages", _pylock_hashes)


def _pylock_hashes(package: dict[str, Any]) -> Iterator[str]:
    for file in [*package.get("wheels", ()), *([package["sdist"]] if "sdist" in package else ())]:
        for algorithm, digest in file.get("hashes", {}).items():
            yield f"{algorithm}:{digest}"


def toml_packages(told: dict[str, Any], table: str, hashes: Callable[[dict[str, Any]], Iterable[str]]) -> Pins:
    """Collect the pins from a table of packages, of which each has `name` and `version`.

    Args:
        told: The lock.
        table: Name of its table of packages.
        hashes: Yields the digests of a package's files.
    """
    pins: Pins = {}
    for package in told.get(table, ()):
        # Without a version it is a folder of sources.
        if "version" in package:
            found = tuple(sorted(set(hashes(package))))
            pins.setdefault(normal_name(package["name"]), {})[str(package["version"])] = found
    return pins


def toml_hosts(addresses: Iterable[object]) -> list[str]:
    """Return the host names of indexes, sorted, without credentials and paths."""
    hosts = {urlsplit(address).hostname for address in addresses if isinstance(address, str)}
    return sorted(host for host in hosts if host)
