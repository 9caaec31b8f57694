"""Grades: what a run's evidence lacks is refused before with --strict, named after, and told on board and run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.acceptance.conftest import HEAD

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed

TOKEN = "ghp_" + "Z7" * 18


def reading(path: str) -> str:
    return HEAD.replace(
        "        self.known = len(X)", f"        self.known = __import__('pathlib').Path({path!r}).read_text()"
    )


def test_strict_runs_where_nothing_will_be_missing(typed: Typed) -> None:
    told = typed.runs("first", "--strict", "--json")
    assert told.code == 0, told.err
    assert told.document["runs"][0]["evidence"] == {"grade": "complete", "missing": []}
    assert typed.runs("first", "--strict").code == 0  # known, and complete


def test_strict_refuses_before_anything_is_fitted(typed: Typed) -> None:
    typed.write(head=HEAD + f"KEY = 'token = {TOKEN}'\n", candidates="""
        @bc.candidate
        def first(cut: float = 0.0):
            return Curve(cut + len(KEY))
    """)  # fmt: skip
    told = typed.runs("--strict")
    told.refuses("With `--strict` a run starts", f"`{typed.module}.py` was withheld: it holds", "Take the secret out")
    assert [path for path in typed.stored() if path.startswith(("folds", "runs"))] == []
    assert typed.runs().code == 0
    typed.runs("--strict").refuses("was withheld", "run it anew with `--again`")


def test_what_turns_out_to_be_missing_afterwards_is_the_exit_code_and_refused_the_next_time(typed: Typed) -> None:
    outside = Path(__file__).resolve().parents[2] / "pyproject.toml"
    typed.write(head=reading(str(outside)))
    told = typed.runs("first", "--strict")
    assert told.code == 1
    assert f"incomplete: first: `{outside}` was read, outside the project" in told.err
    typed.runs("first", "cut=0.5", "--strict").refuses("outside the project", "Keep it below the root")


def test_run_and_board_tell_what_is_missing(typed: Typed) -> None:
    typed.write(head=reading("conf.ini"))
    (typed.root / "conf.ini").write_text(f"token = {TOKEN}\n")
    assert typed.runs("first").code == 0
    board = typed.types("leaderboard").out
    assert "incomplete (1)" in board
    assert "`bancada show first` tells it" in board
    shown = typed.types("show", "first").out
    assert "evidence: incomplete, 1 thing missing:" in shown
    assert "  file `conf.ini` was withheld: it holds" in shown
