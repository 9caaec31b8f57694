"""What accounts for a difference, as people read it."""

from __future__ import annotations

import msgspec

from bancada.display import to_text
from bancada.report.differing._explained import explained_table
from bancada.reproduction.differing import Effect, Explanation

FOUND = Explanation(
    metric="roc_auc",
    greater_is_better=True,
    procedure="corrected resampled t",
    n_folds=15,
    effects=(
        Effect(ingredient="code", delta=0.0312, low=0.0201, high=0.0423),
        Effect(ingredient="data", delta=-0.002, note="other rows"),
    ),
    not_tried={"machine": "there is no other machine here than this one"},
    total=Effect(ingredient="total", delta=0.0301, low=0.0192, high=0.041),
    interaction=Effect(ingredient="interaction", delta=0.0009, low=-0.004, high=0.006),
)


def test_each_effect_is_a_row_and_the_whole_the_last() -> None:
    lines = to_text(explained_table(FOUND)).splitlines()
    assert lines[0] == "Most comes with the code: alone +.031 in roc_auc."
    assert [line.split("  ")[0].strip() for line in lines[2:6]] == [
        "the code",
        "the data",
        "only together, or not tried",
        "all of it (B − A)",
    ]
    assert lines[-1] == "Not tried: the machine: there is no other machine here than this one."


def test_where_all_was_tried_what_is_left_is_interaction() -> None:
    text = to_text(explained_table(msgspec.structs.replace(FOUND, not_tried={})))
    assert "only together " in text
    assert "not tried" not in text


def test_nothing_exchanged_is_said() -> None:
    nothing = msgspec.structs.replace(FOUND, effects=(), interaction=None, procedure="")
    text = to_text(explained_table(nothing))
    assert "No ingredient could be exchanged" in text
    assert "these folds allow no interval" in text
    same = msgspec.structs.replace(FOUND, effects=(Effect(ingredient="seed", delta=0.0, low=0.0, high=0.0),))
    assert "No ingredient alone changes roc_auc." in to_text(explained_table(same))
