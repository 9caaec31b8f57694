"""Which files a piece of work reads, and which modules it imports."""

from __future__ import annotations

import contextlib
import os
import site
import sys
import sysconfig
import tempfile
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bancada.identity import file_digest
from bancada.records import Observed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bancada.identity import DigestMemo

__all__ = ["Observation", "Observer", "observed_digests"]

_SYSTEM = (
    "/dev",
    "/etc",
    "/lib",
    "/lib64",
    "/proc",
    "/sys",
    "/usr/lib",
    "/usr/lib64",
    "/usr/share",
    "/System",
    "/Library",
)
# What libraries keep among the temporary files for any program: fonts, arrays between processes, compiled kernels.
_CACHES = (
    "cupy", "dask-", "joblib", "loky-", "matplotlib-", "mpl-", "numba", "pymp-", "pytensor", "ray", "torch", "triton",
)  # fmt: skip
# Files carry the time of the last tick of the kernel's clock, which is up to 10 ms before now.
_TICK_NS = 20_000_000
_ACCESS = os.O_RDONLY | os.O_WRONLY | os.O_RDWR
_MAKES = os.O_TRUNC | os.O_EXCL

Opening = tuple[str, int]

# The spans that are observed now. An audit hook serves a whole process and cannot be taken out again, so that this is
# where it looks: an empty list is the single test that it costs everyone else.
_SPANS: list[dict[Opening, None]] = []
_INSTALLED: list[int] = []


@dataclass(frozen=True, slots=True)
class Observation:
    """What was read while a piece of work ran, modules that it imported included.

    Attributes:
        files: Paths below the root, relative, with forward slashes, sorted.
        outside: Absolute paths of other files, sorted; what belongs to Python, to installed packages and to the system
            is left out.
        modules: Names of modules below the root that were imported, sorted.
    """

    files: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()


@dataclass(slots=True)
class Observer:
    """Watches `open` in this process between `start` and `stop`, in every thread.

    Files that the work itself created are no inputs: those that it opened for writing first, and temporary files that
    came or changed since it began, by whichever process. Not seen are files that a library opens in C without telling
    Python, and those that child processes read.

    Args:
        root: The project's root.
        ignore: Folders, absolute or relative to the root, whose files do not count: the store, the cache.
        since_ns: When the work began, in nanoseconds since the epoch; now by default.
    """

    root: Path
    ignore: tuple[Path, ...] = ()
    since_ns: int = field(default_factory=time.time_ns)
    _span: dict[Opening, None] | None = field(default=None, init=False)
    _before: frozenset[str] = field(default_factory=frozenset, init=False)
    _places: _Places | None = field(default=None, init=False)

    def start(self) -> None:
        """Begin to watch. The first call in a process installs the audit hook."""
        if not _INSTALLED:
            sys.addaudithook(_hook)
            _INSTALLED.append(os.getpid())
        self._before = frozenset(sys.modules)
        self._span = {}
        _SPANS.append(self._span)

    def stop(self) -> Observation:
        """End watching and say what was read; nothing where it was never begun."""
        span, self._span = self._span, None
        if span is None:
            return Observation()
        _SPANS[:] = [other for other in _SPANS if other is not span]
        paths = _read_paths(span)
        if any(path.endswith(".py") for path in paths):
            # Tracebacks read the sources of modules that were there before.
            loaded = {_source(name) for name in self._before}
            paths = [path for path in paths if path not in loaded]
        files, outside = self._sorted_out(paths)
        modules = self._imported(self._where(), files)
        return Observation(tuple(sorted(files)), tuple(sorted(outside)), tuple(sorted(modules)))

    def judge(self, paths: Iterable[str]) -> Observation:
        """Say what reading these files means, which another process has noted; those that are gone are left out.

        Args:
            paths: Absolute paths.
        """
        files, outside = self._sorted_out(path for path in paths if os.path.isfile(path))  # noqa: PTH113 - texts, and many
        return Observation(tuple(sorted(files)), tuple(sorted(outside)))

    def _where(self) -> _Places:
        if self._places is None:
            self._places = _Places(self.root, self.ignore, self.since_ns)
        return self._places

    def _sorted_out(self, paths: Iterable[str]) -> tuple[set[str], set[str]]:
        """Part the files below the root, by their relative paths, from others that count."""
        files: set[str] = set()
        outside: set[str] = set()
        places = self._where()
        for path in paths:
            below = places.relative(path)
            if places.counts(path, below):
                (outside if below is None else files).add(path if below is None else below)
        return files, outside

    def _imported(self, places: _Places, files: set[str]) -> list[str]:
        """Return the project's modules that came meanwhile, and add their files: bytecode hides that they were read."""
        modules: list[str] = []
        if self._before.issuperset(loaded := list(sys.modules)):
            return modules
        for name in [name for name in loaded if name not in self._before]:
            source = _source(name)
            below = places.relative(source) if source else None
            if below is not None and places.counts(source, below):
                modules.append(name)
                files.add(below)
        return modules


def observed_digests(root: Path, observation: Observation, memo: DigestMemo | None = None) -> tuple[Observed, ...]:
    """Return each observed file with its digest, sorted by path; the digest is empty where the file is gone.

    Args:
        root: The project's root.
        observation: What was observed.
        memo: Where digests of unchanged files are recalled from.
    """
    found = []
    for path in sorted(observation.files):
        place = root / path
        found.append(Observed(path, file_digest(place, memo) if place.is_file() else ""))
    return tuple(found)


def _hook(event: str, args: tuple[object, ...]) -> None:
    """Note the openings of files while somebody observes."""
    if not _SPANS:
        return
    if event == "open":
        path, flags = args[0], args[2]
    elif event == "sqlite3.connect":
        path, flags = args[0], os.O_RDONLY
    else:
        return
    if isinstance(path, str | bytes | os.PathLike) and isinstance(flags, int):
        with contextlib.suppress(ValueError, OSError, TypeError):
            # A relative path means what it means now; an audit hook must not raise.
            opening = (os.path.abspath(os.fsdecode(path)), flags)  # noqa: PTH100 - Path.absolute keeps `..`
            for span in _SPANS:
                span.setdefault(opening)


def _read_paths(span: dict[Opening, None]) -> list[str]:
    """Return the files that were read and still exist, without those that were created first."""
    made: set[str] = set()
    read: dict[str, None] = {}
    for path, flags in span:
        if flags & _MAKES and flags & _ACCESS != os.O_RDONLY:
            if path not in read:
                made.add(path)
        elif flags & _ACCESS != os.O_WRONLY and path not in made:
            read.setdefault(path)
    return [path for path in read if os.path.isfile(path)]  # noqa: PTH113 - they are texts, and many


def _source(module: str) -> str:
    file = getattr(sys.modules.get(module), "__file__", None)
    return os.path.abspath(file) if isinstance(file, str) else ""  # noqa: PTH100 - as in the hook


class _Places:
    """Tells where a path lies.

    Args:
        root: The project's root.
        ignore: Folders that do not count.
        since_ns: When the work began; temporary files that came later are its own.
    """

    def __init__(self, root: Path, ignore: Iterable[Path], since_ns: int) -> None:
        self.roots = tuple(dict.fromkeys((os.path.abspath(root), os.path.realpath(root))))  # noqa: PTH100 - they are compared as text
        own = (os.path.abspath(root / folder) for folder in ignore)  # noqa: PTH100 - as above
        self.ignored = tuple(dict.fromkeys([*own, *_foreign()]))
        self.temporary = tuple(dict.fromkeys(_both_ways(tempfile.gettempdir())))
        self.since_ns = since_ns - _TICK_NS

    def relative(self, path: str) -> str | None:
        """Return a path relative to the root; None where it lies elsewhere."""
        for place in (path, os.path.realpath(path)):
            for root in self.roots:
                if _below(place, root):
                    return os.path.relpath(place, root).replace(os.sep, "/")
        return None

    def counts(self, path: str, below: str | None) -> bool:
        """Tell whether reading a path says something about the work.

        Args:
            path: The absolute path.
            below: What `relative` gave for it.
        """
        if below is not None:
            path = os.path.join(self.roots[0], below)  # noqa: PTH118 - they are compared as text
        if path.endswith((".pyc", ".pyo")) or any(
            f"{os.sep}{name}{os.sep}" in path for name in ("__pycache__", ".git")
        ):
            return False
        if below is None and any(_below(path, folder) for folder in self.temporary) and self._is_own(path):
            return False
        # A project may lie inside a folder that does not count otherwise, such as that of an installed package.
        return not any(
            _below(path, folder) and (below is None or not any(_below(root, folder) for root in self.roots))
            for folder in self.ignored
        )

    def _is_own(self, path: str) -> bool:
        """Tell whether a temporary file was made by the work, or is a library's."""
        for folder in self.temporary:
            if _below(path, folder) and os.path.relpath(path, folder).startswith(_CACHES):
                return True
        try:
            # The time of the inode: what is unpacked brings the time of its content along.
            return os.stat(path).st_ctime_ns >= self.since_ns  # noqa: PTH116 - they are texts, and many
        except OSError:
            return True


def _foreign() -> list[str]:
    """Return the folders of Python, of installed packages and of the system."""
    paths = sysconfig.get_paths()
    prefixes = [sys.prefix, sys.base_prefix, sys.exec_prefix, *(paths[name] for name in ("stdlib", "platstdlib"))]
    packages = [*site.getsitepackages(), site.getusersitepackages(), paths["purelib"], paths["platlib"]]
    packages += [entry for entry in sys.path if entry.rstrip(os.sep).endswith(("site-packages", "dist-packages"))]
    return [place for folder in (*prefixes, *packages, *_SYSTEM) for place in _both_ways(folder)]


def _both_ways(folder: str) -> tuple[str, str]:
    """Return a folder as it is named, and where its links lead."""
    return os.path.abspath(folder), os.path.realpath(folder)  # noqa: PTH100 - they are compared as text


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
