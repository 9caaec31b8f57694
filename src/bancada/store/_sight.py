"""What an index has seen of a problem's runs, by which it tells cheaply which of them to look at again.

Marks name the runs of which there is news, and the time of the problem's folder tells that a run's folder has come or
gone. What comes without a mark, by hand or from a version of bancada that leaves none, changes the time of the run's
folder (`run.json`, `after/`) or of `after/` (a statement): runs that are not finished are asked for it each time, all
others in turn, a few thousand at a time.
"""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from bancada.exceptions import StoreError
from bancada.store._marks import mark_times, marked
from bancada.store._runs import RUN_ID, statement_paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["IN_TURN", "Known", "News", "Seen", "Sight", "look"]

# Clocks of file systems tick in up to two seconds: within one tick a folder can change twice and show one time.
_TICK_NS = 2_000_000_000
# Runs whose folders are asked for their times at each look: 2,000 take 10 ms.
IN_TURN = 2_000


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """One run as it was seen.

    Attributes:
        changed: Time of its folder, ns; 0 where another change could hide behind it.
        said: Time of its folder `after/`, ns; 0 where there is none, or as above.
        content: What its record and its statements were: `run.json`'s change and size, the statements' names.
        marks: How many facts were announced; −1 where one of them was not there yet.
        finished: False where there was no `run.json`.
    """

    changed: int
    said: int
    content: str
    marks: int = 0
    finished: bool = True


class Sight(msgspec.Struct, frozen=True, array_like=True):
    """A problem as it was seen.

    Attributes:
        folder: Time of its folder, ns; 0 where another change could hide behind it.
        shelves: Time of each shelf of marks, as above.
        stamp: Stands for the content of all runs, whatever the order in which they were seen.
        listing: Digest of the names in its folder while each that is a run's was known; empty where one was not.
    """

    folder: int = -1
    shelves: dict[str, int] = {}
    stamp: str = "0"
    listing: str = ""


class Known(Protocol):
    """What is remembered of each run."""

    def seen(self, run_id: str) -> Seen | None:
        """Return a run as it was seen."""

    def ids(self) -> set[str]:
        """Return all runs that were seen."""

    def marks(self, shelf: str) -> dict[str, int]:
        """Return the counts of marks of the runs whose ids begin with a character."""

    def doubtful(self) -> Iterable[str]:
        """Return the runs that must be looked at closely: too young, or unreadable."""

    def unfinished(self) -> Iterable[tuple[str, int, int]]:
        """Return (id, changed, said) of the runs that had no `run.json`."""

    def turn(self, count: int | None) -> Iterable[tuple[str, int, int]]:
        """Return (id, changed, said) of some runs, others each time, or of all."""


@dataclass(slots=True)
class News:
    """What a look has found: the problem as it is now, and the runs that differ from what is known of them."""

    sight: Sight
    runs: dict[str, Seen | None] = field(default_factory=dict)


def look(folder: Path, before: Sight, known: Known, *, thorough: bool = False) -> News | None:
    """Return what is new; None where nothing is.

    Args:
        folder: The problem's folder.
        before: What was seen last.
        known: The runs as they were seen last.
        thorough: True to ask every run's folder for its time.

    Raises:
        StoreError: The folder cannot be read.
    """
    latest = time.time_ns() - _TICK_NS
    place = str(folder)
    # Times are taken before what they stand for is read: what comes after them changes them again.
    changed, shelves = _time(place), mark_times(place)
    suspects: dict[str, Seen | None] = {}
    news = {shelf for shelf, when in shelves.items() if before.shelves.get(shelf) != when}
    arrived: set[str] = set()
    listing, strange = before.listing, False
    if changed != before.folder or not changed:
        listed = _names(folder)
        listing = _digest(listed)
        # To compare a hundred thousand names with those that are known takes longer than to see that they are the same.
        if listing != before.listing:
            names, ids = set(listed), known.ids()
            called = {name for name in names - ids if RUN_ID.fullmatch(name)}
            arrived = {name for name in called if _is_folder(f"{place}/{name}")}
            strange = called != arrived
            suspects.update(dict.fromkeys(ids - names))
            news |= {run_id[0] for run_id in arrived}
    announced, counted = _announced(place, news, known)
    closely = {*arrived, *known.doubtful(), *announced}
    closely |= set(_moved(place, known.unfinished()))
    closely |= set(_moved(place, known.turn(None if thorough else IN_TURN)))
    waiting = set()
    for run_id in closely - suspects.keys():
        old = known.seen(run_id)
        count = counted.get(run_id, 0 if old is None else old.marks)
        suspects[run_id] = new = _closely(f"{place}/{run_id}", latest, announced.get(run_id, ()), count)
        # One that went after it was listed may come again, and the names will be the same.
        strange |= new is None
        if new is not None and new.marks < 0:
            waiting.add(run_id[0])
    runs = {run_id: new for run_id, new in suspects.items() if new != known.seen(run_id)}
    sight = Sight(
        0 if changed > latest else changed,
        # A shelf with a mark whose fact is still to come is read again, like one that may change within this tick.
        {shelf: 0 if when > latest or shelf in waiting else when for shelf, when in shelves.items()},
        _stamp(before.stamp, runs, known),
        "" if strange else listing,
    )
    return News(sight, runs) if runs or sight != before else None


def _announced(place: str, shelves: Iterable[str], known: Known) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Return the facts of the runs of which more or fewer are announced than were seen, and all counts."""
    announced, counted = {}, {}
    for shelf in shelves:
        before = known.marks(shelf)
        for run_id, facts in marked(place, shelf).items():
            counted[run_id] = len(facts)
            if before.get(run_id) != len(facts) and RUN_ID.fullmatch(run_id):
                announced[run_id] = facts
    return announced, counted


def _moved(place: str, runs: Iterable[tuple[str, int, int]]) -> Iterator[str]:
    """Yield the runs whose folders have other times than those that were seen."""
    for run_id, changed, said in runs:
        # Where there was no `after/`, none has come either: it would have changed the time of the run's folder.
        if changed != _time(f"{place}/{run_id}") or (said and said != _time(f"{place}/{run_id}/after")):
            yield run_id


def _closely(place: str, latest: int, announced: Iterable[str], marks: int) -> Seen | None:
    """Return a run as it is; None where there is none."""
    changed, said = _time(place), _time(f"{place}/after")
    if not changed:
        return None
    written = _written(f"{place}/run.json")
    names, digest = _statements(place) if said else (set(), "")
    missing = [fact for fact in announced if (fact not in names if fact != "run.json" else written == _ABSENT)]
    young = max(changed, said) > latest
    return Seen(
        0 if young else changed,
        0 if young else said,
        f"{written} {digest}",
        -1 if missing else marks,
        written != _ABSENT,
    )


_ABSENT = "FileNotFoundError"


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - a hundred thousand names
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unreadable(folder, error) from error


def _digest(names: list[str]) -> str:
    """Return a digest of the names in a folder, in the order in which the system lists them."""
    return hashlib.sha256("/".join(names).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _unreadable(path: Path | str, error: OSError) -> StoreError:
    return StoreError(
        "The runs of a problem must be readable.",
        f"`{path}` is not: {error.strerror or error}.",
        "Mend the permissions, or name another store with `--store DIR`.",
    )


def _is_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)  # noqa: PTH112, PTH114 - plain texts, as below


def _time(path: str) -> int:
    """Return a folder's time, ns; 0 where there is none."""
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - asked a hundred thousand times
    except (FileNotFoundError, NotADirectoryError):
        return 0
    except OSError as error:
        # What cannot be seen just now is not gone.
        raise _unreadable(path, error) from error


def _written(path: str) -> str:
    try:
        status = os.stat(path)  # noqa: PTH116 - as above
    except OSError as error:
        return type(error).__name__
    return f"{status.st_ctime_ns}.{status.st_size}"


def _statements(place: str) -> tuple[set[str], str]:
    """Return the statements' names and a digest of them; they are written once."""
    try:
        names = [path.name for path in statement_paths(Path(place))]
    except OSError as error:
        return set(), type(error).__name__
    return set(names), hashlib.sha256("/".join(names).encode()).hexdigest()[:16] if names else ""


def _stamp(before: str, runs: dict[str, Seen | None], known: Known) -> str:
    """Return a stamp of all runs: the sum of their digests, from which one run can be taken away again."""
    total = int(before, 16)
    for run_id, new in runs.items():
        total += _number(run_id, new) - _number(run_id, known.seen(run_id))
    return f"{total % (1 << 256):x}"


def _number(run_id: str, seen: Seen | None) -> int:
    if seen is None:
        return 0
    return int.from_bytes(hashlib.sha256(f"{run_id} {seen.content}".encode()).digest(), "big")
