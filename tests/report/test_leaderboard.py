"""The board as it is printed: what it says, and what it never hides."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bancada.display import to_csv, to_html, to_text
from bancada.judgement import AgainstLeader, Leaderboard, LeaderboardRow
from bancada.judgement._documents import ChoosingOptimism, Incomparable
from bancada.judgement.champions import Champion
from bancada.records import Evidence
from bancada.report import leaderboard_table


def _against(verdict: str, delta: float, **other: Any) -> AgainstLeader:
    fields: dict[str, Any] = {"low": delta - 0.01, "high": delta + 0.01, "p": 0.2, "mde": 0.0061}
    return AgainstLeader(
        **{"delta": delta, "procedure": "corrected resampled t", "verdict": verdict, **fields, **other}
    )


def _row(candidate: str, value: float | None, rank: tuple[int, int] | None, **other: Any) -> LeaderboardRow:
    known = value is not None
    fields: dict[str, Any] = {
        "rank_low": rank[0] if rank else None,
        "rank_high": rank[1] if rank else None,
        "run_id": f"{candidate}0123456789",
        "claim_id": candidate,
        "candidate": candidate,
        "label": candidate,
        "params": {},
        "status": "done",
        "baseline": False,
        "value": value,
        "low": value - 0.0085 if value is not None else None,
        "high": value + 0.0085 if value is not None else None,
        "against_leader": None,
        "train_gap": 0.021 if known else None,
        "n_folds": 15 if known else 0,
        "runs": (candidate,),
        "seeds": (0,),
        "flags": (),
        "evidence": Evidence(grade="complete"),
    }
    return LeaderboardRow(**{**fields, **other})


ROWS = (
    _row("boosting", 0.8476, (1, 2), evidence=Evidence(grade="reproduced")),
    _row("logistic", 0.845, (1, 2), label="logistic C=0.1", against_leader=_against("inconclusive", -0.003)),
    _row(
        "forest",
        0.826,
        (3, 3),
        against_leader=_against("worse", -0.022),
        evidence=Evidence(grade="incomplete", missing=("git state",)),
    ),
    _row("baseline", 0.5, None, baseline=True, low=None, high=None, against_leader=_against("worse", -0.348)),
    _row("broken", None, None, status="failed", error="ValueError: Input X contains NaN.", train_gap=None),
)


def board(rows: tuple[LeaderboardRow, ...] = ROWS, **other: Any) -> Leaderboard:
    fields: dict[str, Any] = {
        "problem": "churn",
        "metric": "roc_auc",
        "direction": "higher",
        "primary": True,
        "problem_id": "a" * 64,
        "evaluation_id": "9f3a61" + "0" * 58,
        "dataset": "churn",
        "version": "2024-05",
        "n_rows": 5634,
        "n_sealed": 1409,
        "kind": "random",
        "folds": 5,
        "repeats": 3,
        "procedure": "corrected resampled t",
        "tried": 62,
        "alpha": 0.05,
        "level": 0.05 / 1891,
        "margin": None,
        "not_shown": 0,
        "incomparable": (),
        "notes": (),
    }
    return Leaderboard(rows=rows, **{**fields, **other})


def _text(document: Leaderboard, width: int | None = None) -> str:
    return to_text(leaderboard_table(document), width=width, color=False)


def test_the_board_reads_as_designed() -> None:
    assert _text(board()).splitlines()[:7] == [
        "churn · roc_auc ↑ · 5,634 rows (1,409 sealed), version 2024-05 · 5 folds × 3 · 62 claims tried",
        " rank  candidate       roc_auc  95 % interval  against the leader       train gap  evidence",
        " 1–2   boosting          0.848  0.839–0.856    —                            +.021  reproduced",
        " 1–2   logistic C=0.1    0.845  0.837–0.853    inconclusive (MDE .006)      +.021  complete",
        " 3     forest            0.826  0.818–0.834    worse, −.022                 +.021  incomplete (1)",
        " –     baseline          0.500  –              worse, −.348                 +.021  complete",
        " –     broken            –      –              failed: ValueError           –      complete",
    ]


def test_every_word_that_needs_one_has_a_gloss() -> None:
    text = _text(board())
    for words in ("95 % interval: where", "Inconclusive is not equal", "(MDE)", "a claim is", "Train gap:"):
        assert words in text


def test_nothing_is_explained_that_is_not_there() -> None:
    plain = _row("only", 0.5, (1, 1), low=None, high=None, train_gap=None)
    lines = _text(board((plain,), tried=1)).splitlines()
    assert len(lines) == 3
    assert lines[0].endswith("1 claim tried")


def test_the_reason_of_a_failure_is_told() -> None:
    assert "broken failed: ValueError: Input X contains NaN." in _text(board())


def test_runs_that_are_not_comparable_are_listed_with_the_fields_that_differ() -> None:
    other = Incomparable(run_id="k3v9qa7m2x4c", candidate="old", differs=("split.k", "data"))
    text = _text(board(incomparable=(other,) * 12))
    assert "Not comparable with these, because they answered another question:" in text
    assert text.count("  r-k3v9qa old: differs in split.k, data") == 10
    assert "and 2 more; `--json` lists all" in text
    assert "Not comparable" not in _text(board())


def test_what_must_be_told_of_a_line_is_told() -> None:
    rows = (
        ROWS[0],
        _row("part", 0.8, None, n_folds=9, flags=tuple(f"flag {number}" for number in range(5)), seeds=(0, 1, 2)),
    )
    text = _text(board(rows, not_shown=1200, notes=("one repeat: wide",)))
    assert "part, mean of 3 seeds" in text
    assert "part was scored on 9 of 15 folds." in text
    assert "part: flag 0, flag 1, flag 2 and 2 more." in text
    assert "1,200 more ranked lines are not shown" in text
    assert "One repeat: wide." in text


@pytest.mark.parametrize(
    ("verdict", "shown"),
    [
        ("better", "better, +.004"),
        ("equivalent", "equivalent, +.004"),
        ("identical", "identical"),
        ("inconclusive", "inconclusive (MDE .006)"),
        ("none", "+.004"),
    ],
)
def test_each_verdict_has_its_words(verdict: str, shown: str) -> None:
    row = _row("b", 0.8, None, against_leader=_against(verdict, 0.004))
    assert leaderboard_table(board((ROWS[0], row))).rows[1][4] == shown


def test_what_is_not_deterministic_is_said_so() -> None:
    row = _row("b", 0.8, None, evidence=Evidence(grade="incomplete", missing=("x", "not deterministic: 2 of 5 folds")))
    assert leaderboard_table(board((row,))).rows[0][6] == "not deterministic (2)"
    assert "Evidence: in brackets what is missing; `bancada show b` tells it." in _text(board((row,)))


def test_what_evidence_lacks_is_counted() -> None:
    row = _row("b", 0.8, None, evidence=Evidence(grade="incomplete", missing=("git state", "lock file", "third")))
    assert leaderboard_table(board((row,))).rows[0][6] == "incomplete (3)"


def test_a_run_that_did_not_finish_says_so() -> None:
    row = _row("b", 0.8, None, status="interrupted", n_folds=3)
    assert leaderboard_table(board((ROWS[0], row))).rows[1][4] == "interrupted"


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"kind": "single", "folds": 1, "repeats": 1}, "· one split ·"),
        ({"kind": "site", "folds": 7, "repeats": 1}, "· 7 sites ·"),
        ({"kind": "time", "folds": 6, "repeats": 1}, "· 6 time blocks ·"),
        ({"n_sealed": msgspec.UNSET}, "· 5,634 rows, version 2024-05 ·"),
        ({"version": ""}, "· 5,634 rows (1,409 sealed) ·"),
        ({"direction": "lower"}, "· roc_auc ↓ ·"),
    ],
)
def test_the_header_says_what_was_done(fields: dict[str, Any], shown: str) -> None:
    assert shown in leaderboard_table(board(**fields)).caption[0]


def test_a_difference_by_a_loss_says_which_sign_is_better() -> None:
    assert "+ is better" in _text(board(direction="lower"))
    assert "+ is better" not in _text(board())


def test_all_scores_of_a_board_have_equally_many_digits() -> None:
    wild = _row("wild", 0.7, (4, 4), low=0.2, high=0.9999)
    shown = [row[2] for row in leaderboard_table(board((*ROWS[:3], wild))).rows]
    assert {len(figure.text) for figure in shown if not isinstance(figure, str | int | float | None)} == {5}


def test_every_view_shows_hostile_names_as_text() -> None:
    nasty = "\x1b[31m<script>=1"
    table = leaderboard_table(board((_row("x", 0.8, (1, 1), label=nasty, flags=(nasty,)),), problem=nasty))
    assert "\x1b" not in to_text(table) + to_html(table) + to_csv(table)
    assert "<script" not in to_html(table)


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_the_board_fits_usual_screens(width: int) -> None:
    assert max(map(len, _text(board(), width).splitlines())) <= width


def test_a_table_as_text_needs_no_heavy_library() -> None:
    code = (
        "import sys\nfrom bancada.report import comparison_table, leaderboard_table\n"
        "from bancada.display import to_text\n"
        "print([name for name in ('numpy', 'pandas', 'sklearn', 'scipy', 'pyarrow', 'jinja2') if name in sys.modules])"
    )
    source = Path(leaderboard_table.__code__.co_filename).parents[2]
    shown = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(source)}, capture_output=True, check=True
    )
    assert shown.stdout == b"[]\n"


def test_with_a_champion_the_column_is_against_it_and_the_board_says_so() -> None:
    rows = tuple(msgspec.structs.replace(row, against_champion=_against("better", 0.02)) for row in ROWS[:2])
    champion = Champion(named="live", run_id=ROWS[0].run_id, label="live", family=61, level=0.05 / 61, late=("old",))
    text = _text(board(rows, champion=champion))
    assert "against the champion" in text
    assert "against the leader" not in text
    assert (
        "Champion: live, named in the problem. Words allow for 61 comparisons with it, ranks for all 62 claims tried"
        in text
    )
    assert "Scored before the champion was named, so that their words allow for all 62 claims tried" in text
    absent = msgspec.structs.replace(champion, run_id=None, label=None)
    assert "against the leader" in _text(board(ROWS, champion=absent))


def test_what_choosing_adds_is_told_where_it_was_computed_and_offered_where_many_were_tried() -> None:
    found = ChoosingOptimism(
        run_id=ROWS[0].run_id,
        value=0.848,
        optimism=0.006,
        corrected=0.842,
        compared=62,
        tried=62,
        resamples=500,
        problem_id="p",
        metric_id="m",
    )
    assert "Best of 62: 0.848; corrected for choosing: 0.842." in _text(board(optimism=found))
    part = msgspec.structs.replace(found, compared=40)
    told = "corrected for choosing: 0.842, at most (of 40 of them every row was at hand)."
    assert told in _text(board(optimism=part))
    offered = "The best of 62 looks better than it is; `bancada leaderboard --corrected` tells by how much."
    assert offered in _text(board())
    assert "--corrected" not in _text(board(tried=9))
    assert "--corrected" not in _text(board(primary=False))
