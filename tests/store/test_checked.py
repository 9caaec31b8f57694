"""What a data check found is kept once, and the newest holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bancada.store import Store

NOW, LATER = "2026-01-02T00:00:00+00:00", "2026-01-03T00:00:00+00:00"
PROBLEM, DATA = "a" * 64, "d" * 64


@dataclass
class Found:
    """A finding with more than is kept."""

    check: str
    columns: tuple[str, ...]
    found: str
    ids: tuple[str, ...] = ("17",)


LEAK = Found("alone", ("x",), "`x` alone predicts")


def test_the_same_is_said_once_and_the_newest_holds(store: Store) -> None:
    assert store.checks.newest(PROBLEM) is None
    first = store.checks.say(PROBLEM, DATA, NOW, [LEAK])
    assert store.checks.say(PROBLEM, DATA, LATER, [LEAK]) == first
    mended = store.checks.say(PROBLEM, DATA, LATER, [])
    assert store.checks.newest(PROBLEM) == mended
    assert store.checks.newest("b" * 64) is None
    assert len(list(store.checks.folder.iterdir())) == 2
    assert store.verify() == ()


def test_no_more_of_a_finding_is_kept_than_what_the_board_shows(store: Store) -> None:
    store.checks.say(PROBLEM, DATA, NOW, [LEAK])
    (path,) = store.checks.folder.iterdir()
    assert b"17" not in path.read_bytes().replace(path.name.encode(), b"")
    assert b"ids" not in path.read_bytes()


def test_what_cannot_be_read_is_told_and_stops_nothing(store: Store) -> None:
    entry = store.checks.say(PROBLEM, DATA, NOW, [LEAK])
    (path,) = store.checks.folder.iterdir()
    bad = store.checks.folder / f"{PROBLEM}-{'0' * 12}.json"
    bad.write_bytes(b'{"schema": "store.data-check/9"}')
    (store.checks.folder / "notes.txt").write_text("x")
    assert store.checks.newest(PROBLEM) == entry
    told = [finding.what for finding in store.verify()]
    assert told == [
        f"checks/{name}: it cannot be read as what a data check found" for name in sorted([bad.name, "notes.txt"])
    ]
    assert path.is_file()


def test_a_sample_of_the_first_version_stays_readable(store: Store) -> None:
    sample = (
        f'{{"schema": "store.data-check/1", "problem": "{PROBLEM}", "data": "{DATA}", "said": "{NOW}", "later": 1, '
        '"serious": [{"check": "alone", "columns": ["x"], "found": "`x` alone predicts", "later": 2}]}'
    )
    store.checks.folder.mkdir()
    (store.checks.folder / f"{PROBLEM}-{'0' * 12}.json").write_text(sample)
    entry = store.checks.newest(PROBLEM)
    assert entry is not None
    assert [(item.check, item.columns, item.found) for item in entry.serious] == [
        (LEAK.check, LEAK.columns, LEAK.found)
    ]
    assert store.verify() == ()
