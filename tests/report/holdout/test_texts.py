"""Looks as people read them."""

from __future__ import annotations

import msgspec
from tests.engine.holdout.test_file import look
from tests.store.store_samples import run_record

from bancada.display import to_text
from bancada.engine.holdout import Foreseen, Looked
from bancada.records import Estimate, Score, Statement
from bancada.records.looks import HoldoutRows, Look
from bancada.report.holdout import cost_text, holdout_document, holdout_tables, look_lines, looks_tables
from bancada.scoring.looks import look_level

ROWS = HoldoutRows.of("d" * 64, 1_409, range(1, 10**18, 10**17))


def scored(number: int) -> Look:
    estimate = Estimate(value=0.8412, low=0.8312, high=0.8512, procedure="DeLong over rows, logit scale")
    all_rows = Score(metric="roc_auc", metric_id="m", estimate=estimate, folds=(), n_rows=1_409)
    few = msgspec.structs.replace(all_rows, slice="new", estimate=Estimate(value=None), n_rows=4, flags=("too few",))
    return msgspec.structs.replace(look(number), level=look_level(number), holdout=ROWS, scores=(all_rows, few))


def test_a_look_is_shown_with_its_level_its_number_and_what_it_means() -> None:
    document = holdout_document("churn", ROWS, Looked((scored(1), scored(2))), shown={scored(2).look_id}, again=set())
    text = to_text(holdout_tables(document)[0], width=None, color=False)
    assert "boosting (r-rrrrrr) · holdout of churn · 1,409 sealed rows · look 2 of 2" in text
    assert "99.24 % interval" in text
    assert "0.841–" not in text
    assert "0.831–0.851" in text
    assert "`roc_auc`, new: too few." in text
    assert "It says nothing of how the candidate would do when trained again." in text


def test_all_looks_are_listed_with_what_comes_next() -> None:
    known = msgspec.structs.replace(scored(2), scores=(), problem="other")
    document = holdout_document("churn", ROWS, Looked((scored(1), known), warnings=("line 4 was altered",)))
    text = to_text(looks_tables(document), width=None, color=False)
    assert "churn · 1,409 sealed rows · looked at twice" in text
    assert "not in this store" in text
    assert "The next is look 3, its intervals at 99.66 %." in text
    assert "The same rows were looked at as `other`" in text
    assert "Line 4 was altered." in text
    assert "by nobody yet" in to_text(
        looks_tables(holdout_document("churn", ROWS, Looked(()))), width=None, color=False
    )


def test_the_price_is_said_before() -> None:
    first = Foreseen(run_record("a"), ROWS, Looked(()), 1, look_level(1), None, fits=True)
    again = Foreseen(run_record("b"), ROWS, Looked(()), 1, look_level(1), scored(1), fits=False)
    text = cost_text([first, again])
    assert "1,409 sealed rows; nobody has looked at it yet." in text
    assert "fitted on all other rows and scored: this is look 1; its intervals are at 96.96 %" in text
    assert "no look is counted" in text
    hundredth = Foreseen(run_record("a"), ROWS, Looked((scored(1),)), 100, look_level(100), None, fits=False)
    assert "was looked at once." in cost_text([hundredth])
    assert "99.9997 %" in cost_text([hundredth])


def test_a_runs_looks_are_lines_and_whoever_said_them_may_have_said_anything() -> None:
    said = [
        Statement(kind="look", said="x", content=msgspec.to_builtins(scored(1))),
        Statement(kind="look", said="x", content={"number": ["a"]}),
        Statement(kind="note", said="x", content={}),
    ]
    lines = look_lines(said)
    assert lines[0] == "holdout: look 1 on 2026-11-01, intervals at 96.96 %; `bancada holdout show` shows it"
    assert len(lines) == 2
