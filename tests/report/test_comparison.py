"""A comparison says its verdict in a sentence and how it was found."""

from __future__ import annotations

from typing import Any

import pytest

from bancada.display import to_html, to_text
from bancada.judgement import Check, Comparison, MetricDifference, Side, SliceDifference
from bancada.judgement._comparison import Probabilities, Settle
from bancada.report import comparison_table


def _side(candidate: str, value: float, **other: Any) -> Side:
    fields: dict[str, Any] = {
        "run_id": f"{candidate}0123456789",
        "claim_id": candidate,
        "candidate": candidate,
        "params": {},
        "runs": (candidate,),
        "value": value,
        "low": value - 0.009,
        "high": value + 0.009,
    }
    return Side(**{**fields, **other})


def comparison(**other: Any) -> Comparison:
    fields: dict[str, Any] = {
        "a": _side("boosting", 0.8476),
        "b": _side("logistic", 0.8256),
        "problem": "churn",
        "metric": "roc_auc",
        "direction": "higher",
        "procedure": "corrected resampled t",
        "statement": "the procedure, trained on samples like this one",
        "n_folds": 15,
        "delta": 0.022,
        "low": 0.010,
        "high": 0.034,
        "p": 0.0031,
        "mde": 0.0061,
        "verdict": "better",
        "note": "",
        "margin": None,
        "alpha": 0.05,
        "level": 0.05 / 1891,
        "family": 1891,
        "tried": 62,
        "champion": False,
        "probabilities": None,
        "settle": None,
        "checks": (),
        "slices": (
            SliceDifference(slice="region = north", n_rows=1204, a=0.84, b=0.82, delta=0.02, low=-0.01, high=0.05),
        ),
        "other_metrics": (
            MetricDifference(metric="log_loss", direction="lower", a=0.31, b=0.36, delta=0.05, low=0.03, high=0.07),
        ),
    }
    return Comparison(**{**fields, **other})


def _text(document: Comparison) -> str:
    return to_text(comparison_table(document))


def test_the_comparison_reads_as_a_verdict_above_its_numbers() -> None:
    assert _text(comparison()).splitlines()[:6] == [
        "boosting against logistic · roc_auc ↑ · churn",
        "boosting is better than logistic by .022 roc_auc: what was measured fits a difference of +.010 to +.034.",
        "                   boosting  logistic  difference  interval         rows",
        " roc_auc ↑            0.848     0.826       +.022  +.010 to +.034",
        "   region = north     0.840     0.820       +.020  −.010 to +.050  1,204",
        " log_loss ↓           0.310     0.360       +.050  +.030 to +.070",
    ]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"verdict": "worse", "delta": -0.022, "low": -0.034, "high": -0.01},
            "boosting is worse than logistic by .022",
        ),
        (
            {"note": "by more than the margin", "margin": 0.005},
            "better than logistic by .022 roc_auc (by more than the",
        ),
        ({"verdict": "equivalent", "margin": 0.005}, "are equivalent: they differ by less than .005, the margin that"),
        ({"verdict": "inconclusive", "low": -0.002}, "It is open which of boosting and logistic is better"),
        ({"verdict": "inconclusive", "low": -0.002}, "Inconclusive does not mean equal."),
        ({"verdict": "identical", "delta": 0.0}, "boosting and logistic scored the same on every fold."),
        ({"verdict": "none", "note": "one split"}, "No verdict: one split. boosting less logistic is +.022."),
        ({"verdict": "none", "delta": None, "low": None, "high": None}, "boosting less logistic is –."),
    ],
)
def test_each_verdict_is_a_sentence(fields: dict[str, Any], sentence: str) -> None:
    assert sentence in comparison_table(comparison(**fields)).caption[1]


def test_procedure_level_and_what_could_be_found_are_told_in_plain_words() -> None:
    text = _text(comparison())
    assert "Procedure: corrected resampled t (a t interval, widened because" in text
    assert "on the 15 folds that both have" in text
    assert "level 99.9974 %: a 5 % chance of error is shared by all 1,891 pairs of the 62 claims tried" in text
    assert "p = 0.0031, adjusted likewise." in text
    assert ".006 is the smallest difference that these folds would find in 4 of 5 cases (MDE)." in text
    assert "No margin is declared" in text
    assert "intervals of 95 %, not adjusted for their number; they carry no verdict." in text


def test_a_champion_was_named_in_advance() -> None:
    assert "the 61 comparisons with the champion" in _text(comparison(champion=True, family=61, level=0.05 / 61))


def test_a_comparison_of_two_alone_shares_nothing() -> None:
    assert "has level 95 %; p" in _text(comparison(family=1, level=0.05, tried=2))


def test_what_would_settle_it_is_told() -> None:
    settle = Settle(text="no number of repeats would; about 9000 rows would", rows=9000)
    text = _text(comparison(verdict="inconclusive", settle=settle))
    assert (
        "To settle it, if the difference stays as it is: no number of repeats would; about 9000 rows would, in all."
        in text
    )


def test_probabilities_are_never_certain() -> None:
    chances = Probabilities(worse=1e-6, inside=0.0312, better=0.9968)
    text = _text(comparison(margin=0.005, probabilities=chances))
    assert "worse by more than the margin: under 1 %; within it: 3 %; better by more: over 99 %." in text
    assert ".005 is the declared margin" in text


def test_checks_and_flags_are_told() -> None:
    text = _text(
        comparison(
            checks=(Check(name="lag-1 autocorrelation", statistic=0.4, p=0.02, note="blocks are short"),),
            a=_side("boosting", 0.8, flags=("class 2 absent from training in repeat 0, fold 1",)),
        )
    )
    assert "Beside it, lag-1 autocorrelation: 0.4, p = 0.02; blocks are short." in text
    assert "Boosting: class 2 absent from training" not in text
    assert "boosting: class 2 absent from training in repeat 0, fold 1." in text


def test_two_claims_of_one_candidate_are_told_apart() -> None:
    a, b = (_side("boosting", 0.8, params={"depth": depth, "rate": 0.1}, run_id=f"{depth}abcdefgh") for depth in (3, 6))
    assert comparison_table(comparison(a=a, b=b)).caption[0].startswith("boosting depth=3 against boosting depth=6 ·")
    same = comparison(a=a, b=_side("boosting", 0.8, params=a.params, run_id="zyxwvuts"))
    assert comparison_table(same).caption[0].startswith("boosting (r-3abcde) against boosting (r-zyxwvu) ·")


def test_hostile_names_are_text() -> None:
    html = to_html(comparison_table(comparison(a=_side("<script>\x1b", 0.8))))
    assert "<script" not in html
    assert "\x1b" not in html
