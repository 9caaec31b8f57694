"""The distributions behind imported names, and what these require."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import re
import sys
import tempfile
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import unquote, urlsplit

from bancada.environments import metadata_folders, normal_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Distribution", "distributions"]

_FORMAT = 1
_MODULE = re.compile(r"([A-Za-z_]\w*)(?:\.[\w.+-]*)?(?:so|pyd|py)")


@dataclass(frozen=True, slots=True)
class Distribution:
    """One installed distribution.

    Attributes:
        name: Normalised name.
        version: Its version.
        record: SHA-256 of the text of its RECORD, which holds the digest of each installed file; empty without one.
        editable: True where it is installed as a link to its sources, whose content RECORD does not tell.
    """

    name: str
    version: str
    record: str
    editable: bool


class _Read(TypedDict):
    """What is kept of one metadata folder, and the stamp under which it was read."""

    stamp: str
    name: str
    version: str
    record: str
    editable: bool
    provides: list[str]
    requires: list[str]


def distributions(imports: Iterable[str], cache: Path | None = None) -> dict[str, Distribution]:
    """Return the distributions that provide these imports and, transitively, all that they require.

    Requirements are those whose markers hold here, without extras. An import that no distribution provides, as those of
    the standard library, adds nothing; one that several provide, as a namespace package, adds all of them.

    Args:
        imports: Top-level names of modules.
        cache: Folder in which what was read is kept until a metadata folder or its parent changes; None keeps nothing.

    Returns:
        Distributions by normalised name, sorted.
    """
    index = _index(cache)
    wanted = frozenset(imports)
    pending = [name for name, read in index.items() if not wanted.isdisjoint(read["provides"])]
    found: dict[str, Distribution] = {}
    while pending:
        name = pending.pop()
        read = index.get(name)
        if read is not None and name not in found:
            found[name] = Distribution(name, read["version"], read["record"], read["editable"])
            pending += read["requires"]
    return dict(sorted(found.items()))


def _index(cache: Path | None) -> dict[str, _Read]:
    """Read every metadata folder that the cache does not hold as it is now."""
    file = cache / f"distributions-{_interpreter()}.json" if cache is not None else None
    known = _load(file) if file is not None else {}
    fresh: dict[str, _Read] = {}
    by_name: dict[str, _Read] = {}
    sites: dict[str, int] = {}
    for folder in metadata_folders():
        if folder.site not in sites:
            sites[folder.site] = _mtime(folder.site)
        stamp = f"{sites[folder.site]}:{_mtime(folder.path)}:{_mtime(os.path.join(folder.path, 'RECORD'))}"  # noqa: PTH118 - once for each distribution: a Path costs as much as the stat
        read = known.get(folder.path)
        if read is None or read["stamp"] != stamp:
            read = _read(Path(folder.path), folder.name, folder.version, stamp)
        fresh[folder.path] = read
        by_name[folder.name] = read
    if file is not None and fresh != known:
        _save(file, fresh)
    return by_name


def _interpreter() -> str:
    """Name the cache of this interpreter, for which markers were evaluated."""
    told = json.dumps([_FORMAT, sys.prefix, sys.version, sys.platform])
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def _mtime(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - once for each distribution: a Path costs as much as the stat
    except OSError:
        return 0


def _load(file: Path) -> dict[str, _Read]:
    try:
        known: Any = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    right = isinstance(known, dict) and all(
        isinstance(read, dict) and read.keys() == _Read.__annotations__.keys() for read in known.values()
    )
    return known if right else {}


def _save(file: Path, index: dict[str, _Read]) -> None:
    """Write the cache aside and rename it; a cache that cannot be written is none."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False, encoding="utf-8") as aside:
            json.dump(index, aside)
        Path(aside.name).replace(file)


def _read(folder: Path, name: str, version: str, stamp: str) -> _Read:
    """Read one metadata folder."""
    record = _text(folder / "RECORD")
    headers = HeaderParser().parsestr(_text(folder / "METADATA"))
    link = _link(folder)
    return _Read(
        stamp=stamp,
        name=name,
        version=str(headers.get("Version", version)),
        record=hashlib.sha256(record.encode()).hexdigest() if record else "",
        editable=link is not None,
        provides=sorted(_provided(folder, record, link)),
        requires=sorted(_required(headers.get_all("Requires-Dist", []))),
    )


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""


def _link(folder: Path) -> Path | None:
    """Return the sources that an editable distribution links to; None where its files were installed."""
    try:
        told = json.loads(_text(folder / "direct_url.json"))
        editable = bool(told["dir_info"].get("editable"))
        return Path(unquote(urlsplit(told["url"]).path)) if editable else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _provided(folder: Path, record: str, link: Path | None) -> set[str]:
    """Return the top-level names of modules that a distribution provides."""
    names = {line.strip().partition("/")[0] for line in _text(folder / "top_level.txt").splitlines()}
    for line in record.splitlines():
        first, slash, _ = line.partition(",")[0].strip('"').partition("/")
        if slash and first.isidentifier() and first != "__pycache__":
            names.add(first)
        elif not slash and (module := _MODULE.fullmatch(first)):
            names.add(module[1])
    if link is not None:
        names.update(_modules_below(link), _modules_below(link / "src"))
    return {name for name in names if name.isidentifier()}


def _modules_below(folder: Path) -> Iterator[str]:
    """Yield what could be imported from a folder of sources."""
    with contextlib.suppress(OSError):
        for entry in folder.iterdir():
            if entry.suffix == ".py" or (entry / "__init__.py").is_file():
                yield entry.stem


def _required(lines: Iterable[str]) -> set[str]:
    """Return the names of the requirements whose markers hold here, without extras."""
    names = set()
    for line in lines:
        name = _requirement(line)
        if name:
            names.add(normal_name(name))
    return names


@functools.cache
def _requirement(line: str) -> str:
    # A warm cache needs no parser, and importing it takes longer than all the rest.
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - see above

    try:
        requirement = Requirement(line)
    except InvalidRequirement:
        return ""
    holds = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    return requirement.name if holds else ""
