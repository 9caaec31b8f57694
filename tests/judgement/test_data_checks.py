"""The board tells what the last data check of its very problem found, and computes nothing for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bancada.judgement import Leaderboard
from bancada.judgement._data_checks import with_data_check
from bancada.store import Store

if TYPE_CHECKING:
    from pathlib import Path

NOW, LATER = "2026-01-02T00:00:00+00:00", "2026-01-03T00:00:00+00:00"
PROBLEM, DATA = "a" * 64, "d" * 64


@dataclass
class Found:
    """A finding."""

    check: str
    columns: tuple[str, ...]
    found: str


BOARD = Leaderboard(
    problem="churn",
    metric="roc_auc",
    direction="higher",
    primary=True,
    problem_id=PROBLEM,
    evaluation_id="e" * 64,
    dataset="churn",
    version="",
    n_rows=10,
    kind="random",
    folds=5,
    repeats=3,
    procedure="",
    tried=1,
    alpha=0.05,
    level=0.05,
    margin=None,
    rows=(),
    not_shown=0,
    incomparable=(),
    notes=("first",),
)


def test_serious_findings_are_a_note_until_they_are_gone(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", create=True)
    assert with_data_check(BOARD, store) == BOARD
    found = [Found("alone", (name,), f"`{name}` alone predicts") for name in ("x", "y", "z")]
    store.checks.say(PROBLEM, DATA, NOW, found[:1])
    one = "data check: 1 serious finding: `x` alone predicts; see `bancada data check`"
    assert with_data_check(BOARD, store).notes == ("first", one)
    store.checks.say(PROBLEM, DATA, LATER, found)
    (_, three) = with_data_check(BOARD, store).notes
    assert three.startswith("data check: 3 serious findings: `x` alone predicts; `y` alone predicts; and 1 more; see")
    store.checks.say(PROBLEM, DATA, LATER + "1", [])
    assert with_data_check(BOARD, store) == BOARD


def test_findings_of_another_problem_are_not_told(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", create=True)
    store.checks.say("b" * 64, DATA, NOW, [Found("alone", ("x",), "`x` alone predicts")])
    assert with_data_check(BOARD, store) == BOARD
