"""What an index has seen of a problem's runs, by which it tells cheaply which of them to look at again.

A run's folder changes its time when `run.json` or `after/` arrives in it, `after/` when a statement does, whoever puts
it there: this process, another one, or a copy of another store.
"""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bancada.exceptions import StoreError
from bancada.store._runs import RUN_ID, statement_paths

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

__all__ = ["Seen", "Sight", "look"]

# Clocks of file systems tick in up to two seconds: within one tick a folder can change twice and show one time.
_TICK_NS = 2_000_000_000


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """One run as it was seen.

    Attributes:
        changed: Time of its folder, ns; 0 where another change could hide behind it.
        said: Time of its folder `after/`, ns; 0 where there is none, or as above.
        content: What its record and its statements were: `run.json`'s change and size, the statements' names.
    """

    changed: int
    said: int
    content: str


class Sight(msgspec.Struct, frozen=True, array_like=True):
    """All runs of a problem as they were seen, by id, and the stamp that stands for their content."""

    runs: dict[str, Seen]
    stamp: str


def look(folder: Path, before: Sight, doubtful: Container[str]) -> Sight:
    """Return what there is now; `before` itself where nothing changed.

    Args:
        folder: The problem's folder.
        before: What was seen last.
        doubtful: Runs that are looked at closely, whatever their times.

    Raises:
        StoreError: The folder cannot be read.
    """
    latest = time.time_ns() - _TICK_NS
    known = before.runs
    runs = {}
    # Texts and plain calls: a path object for each of ten thousand runs would take longer than asking for its time.
    for run_id, place, changed in _times(str(folder), known):
        seen = known.get(run_id)
        # Where there was no `after/`, none has come either: it would have changed the time of the run's folder.
        if (
            seen is None
            or seen.changed != changed
            or (seen.said and seen.said != _time(f"{place}/after"))
            or run_id in doubtful
        ):
            seen = _closely(folder / run_id, changed, latest)
        runs[run_id] = seen
    return before if runs == known and before.stamp else Sight(runs, _stamp(runs))


def _closely(place: Path, changed: int, latest: int) -> Seen:
    said = _time(f"{place}/after")
    # The times are taken first: what comes after them changes them again.
    content = f"{_written(place / 'run.json')} {_names(place)}"
    return Seen(0, 0, content) if max(changed, said) > latest else Seen(changed, said, content)


def _times(folder: str, known: Container[str]) -> list[tuple[str, str, int]]:
    """Return each run's id with its folder and the time of that."""
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if entry.is_dir(follow_symlinks=False) and (name in known or RUN_ID.fullmatch(name)):
                    found.append((name, entry.path, entry.stat(follow_symlinks=False).st_mtime_ns))
    except FileNotFoundError:
        # Either there is no such problem, or a run was removed just now.
        return _times(folder, known) if Path(folder).is_dir() else []
    except OSError as error:
        raise StoreError(
            "The runs of a problem must be readable.",
            f"`{folder}` is not: {error.strerror or error}.",
            "Mend the permissions, or name another store with `--store DIR`.",
        ) from error
    return found


def _time(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116 - asked ten thousand times
    except OSError:
        return 0


def _written(path: Path) -> str:
    try:
        status = path.stat()
    except OSError as error:
        return type(error).__name__
    return f"{status.st_ctime_ns}.{status.st_size}"


def _names(place: Path) -> str:
    """Return a digest of the statements' names; they are written once."""
    try:
        names = [path.name for path in statement_paths(place)]
    except OSError as error:
        return type(error).__name__
    return hashlib.sha256("/".join(names).encode()).hexdigest()[:16] if names else ""


def _stamp(runs: Mapping[str, Seen]) -> str:
    content = sorted((run_id, seen.content) for run_id, seen in runs.items())
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()
