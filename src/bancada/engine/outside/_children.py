"""What the Python processes of a command read: notes that they leave themselves, without the command's help."""

from __future__ import annotations

import contextlib
import importlib.util
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bancada.provenance import Observation, Observer

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Children", "Python", "children_of", "watched"]

BOOTSTRAP = Path(__file__).with_name("bootstrap")
ACCESS = os.O_RDONLY | os.O_WRONLY | os.O_RDWR
MAKES = os.O_TRUNC | os.O_EXCL


@dataclass(frozen=True, slots=True, order=True)
class Python:
    """An interpreter that ran: its version, its prefix and its program."""

    version: str
    prefix: str
    executable: str


@dataclass(slots=True)
class Children:
    """What was noted.

    Attributes:
        observation: Files that were read and that the command did not make itself.
        made: Absolute paths of the files that it made.
        pythons: Interpreters that ran.
        pids: Their processes.
    """

    observation: Observation
    made: frozenset[str] = frozenset()
    pythons: tuple[Python, ...] = ()
    pids: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Notes:
    """The notes of all processes, put together."""

    read: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)
    pythons: set[Python] = field(default_factory=set)
    pids: set[int] = field(default_factory=set)


def watched(environ: Mapping[str, str], folder: Path, root: Path) -> dict[str, str]:
    """Return the environment in which each Python process notes what it opens.

    Args:
        environ: The environment that it would have.
        folder: Where the notes are left; it exists.
        root: The project's root.
    """
    path = os.pathsep.join(filter(None, [str(BOOTSTRAP), environ.get("PYTHONPATH", "")]))
    return {**environ, "PYTHONPATH": path, "BANCADA_EXEC_OBSERVED": str(folder), "BANCADA_EXEC_ROOT": str(root)}


def children_of(folder: Path, root: Path, ignore: tuple[Path, ...], since_ns: int) -> Children:
    """Return what the processes noted.

    Args:
        folder: Where the notes were left.
        root: The project's root.
        ignore: Folders whose files do not count: the store, the cache.
        since_ns: When they were started.
    """
    notes = _Notes()
    for path in sorted(folder.iterdir()):
        notes.pids.add(int(path.name.partition("-")[0]))
        _take(path.read_bytes(), notes)
    prefixes = tuple(Path(python.prefix) for python in notes.pythons if not _holds(python.prefix, root))
    observer = Observer(root, (*ignore, *prefixes, BOOTSTRAP.parent.parent.parent), since_ns)
    observation = observer.judge(sorted(notes.read - notes.made))
    return Children(observation, frozenset(notes.made), tuple(sorted(notes.pythons)), frozenset(notes.pids))


def _take(data: bytes, notes: _Notes) -> None:
    """Add one process's notes: what it made before it read it is no input."""
    made: set[str] = set()
    read: set[str] = set()
    for line in data.splitlines():
        head, _, rest = line.partition(b"\t")
        text = os.fsdecode(rest.replace(b"\\n", b"\n").replace(b"\\\\", b"\\"))
        if head == b"python":
            version, prefix, executable = [*text.split("\t"), "", ""][:3]
            notes.pythons.add(Python(version, prefix, executable))
            continue
        flags = int(head) if head.isdigit() else os.O_RDONLY
        if flags & MAKES and flags & ACCESS != os.O_RDONLY:
            if text not in read:
                made.add(text)
        elif flags & ACCESS != os.O_WRONLY and text not in made:
            read.add(_source(text))
    notes.made |= made
    notes.read |= read


def _source(path: str) -> str:
    """Return the source of a module that was read as bytecode."""
    if path.endswith(".pyc"):
        with contextlib.suppress(ValueError, NotImplementedError):
            return importlib.util.source_from_cache(path)
    return path


def _holds(folder: str, root: Path) -> bool:
    return not folder or root.is_relative_to(folder)
