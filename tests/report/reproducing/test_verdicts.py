"""Verdicts as people see them."""

from __future__ import annotations

from typing import Any

import pytest

from bancada.display import to_text
from bancada.report.reproducing import reproduction_text, reproductions_table, verdict_line
from bancada.reproduction import Difference, Reproduction, Reproductions, ScoreDifference


def found(verdict: str = "identical", **fields: Any) -> Reproduction:
    told = {"run_id": "abcdefgh", "candidate": "boosting", "problem": "churn", "predictions": 16_902, "folds": 15}
    return Reproduction(verdict=verdict, **{**told, **fields})


DIVERGED = found(
    "diverged",
    differing=12,
    max_abs_difference=0.0123,
    first_difference=Difference(repeat=0, fold=1, id="x\x1b[2J", column="probability", recorded=0.5, found=0.25),
    largest_difference=Difference(repeat=1, fold=1, id=7, column="label", recorded=True, found=False),
    scores=(ScoreDifference(metric="roc_auc", slice="region=north", recorded=0.8, found=None),),
    drifted=("CPU A → B",),
)


@pytest.mark.parametrize(
    ("reproduction", "line"),
    [
        (found(), "identical: 16,902 predictions, 0 differ"),
        (DIVERGED, "diverged: 12 of 16,902 predictions differ, by up to 0.0123"),
        (
            found("within-tolerance", differing=1, max_abs_difference=1e-9),
            "within-tolerance: 1 of 16,902 predictions differ, by up to 1e-09",
        ),
        (found("impossible", missing=("a", "b")), "impossible: 2 things missing"),
        (
            found("diverged", scores=DIVERGED.scores),
            "diverged: 16,902 predictions, 0 differ, and scores do",
        ),
        (found("diverged"), "diverged: 16,902 predictions, 0 differ, and a fold failed"),
    ],
)
def test_a_verdict_is_a_line(reproduction: Reproduction, line: str) -> None:
    assert verdict_line(reproduction) == line


def test_what_diverged_is_told_with_both_values_and_what_drifted() -> None:
    text = reproduction_text(DIVERGED)
    assert "first: repeat 0, fold 1, id 'x\\x1b[2J', `probability`: 0.5 recorded, 0.25 now\n" in text
    assert "largest: repeat 1, fold 1, id 7, `label`: True recorded, False now\n" in text
    assert "score `roc_auc` on `region=north`: 0.8 recorded, none now\n" in text
    assert "drifted: CPU A → B\n" in text
    assert "\x1b" not in text


def test_all_that_is_missing_is_listed_and_a_long_list_is_cut() -> None:
    text = reproduction_text(found("impossible", missing=tuple(f"thing {number}" for number in range(20))))
    assert "missing: thing 0\n" in text
    assert "missing: 8 more; `--json` lists all\n" in text


def test_what_was_taken_as_now_is_said() -> None:
    text = reproduction_text(found(current=("code", "environment"), unscored=("mine",)))
    assert "with the code and the environment as now: this grants no `reproduced`\n" in text
    assert "not scored: `mine` exist in a session only\n" in text


def test_a_table_of_what_was_taken_as_now_says_so_once() -> None:
    items = (found(current=("environment",)), found("diverged", current=("environment",), differing=1))
    text = to_text(reproductions_table(Reproductions(reproductions=items)), width=None, color=False)
    assert text.count("with the environment as now: this grants no `reproduced`") == 1


def test_the_reason_comes_first_and_no_package_twice() -> None:
    names = [f"p{number}" for number in range(1, 90)]
    reason = f"Found neither the network nor, in uv's cache, {', '.join(f'`{name}` 1.0' for name in names[:10])}."
    packages = tuple(f"package `{name}`" for name in names)
    text = reproduction_text(found("impossible", missing=packages, reason=f"{reason} Ask again with a network."))
    lines = text.splitlines()
    assert lines[0].endswith("impossible: 89 things missing")
    assert lines[1] == f"  why: {reason} Ask again with a network."
    assert lines[2] == "  missing: package `p11`"
    assert lines[-1] == "  missing: 67 more; `--json` lists all"
    assert text.count("`p1`") == 1


def test_a_tolerance_is_told_where_it_decided() -> None:
    text = reproduction_text(found("within-tolerance", differing=1, tolerances={"probability": 1e-6}))
    assert "tolerance: `probability` 1e-06\n" in text


def test_several_are_a_table_with_the_reasons_below() -> None:
    table = reproductions_table(Reproductions(reproductions=(found(), DIVERGED, found("impossible", missing=("a",)))))
    text = to_text(table, width=None, color=False)
    assert [line.split()[2] for line in text.splitlines()[1:4]] == ["identical", "diverged", "impossible"]
    assert "boosting (r-abcdef): missing: a" in text
    assert "drifted: CPU A → B" in text
