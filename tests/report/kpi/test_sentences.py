"""What is said beside the numbers of a KPI."""

from __future__ import annotations

from typing import Any

import pytest

from bancada.judgement.kpi import KpiLine, KpiReport
from bancada.judgement.kpi._document import KpiThreshold
from bancada.report.kpi._sentences import (
    metric_notes,
    number,
    rationale_sentence,
    sensitivity_notes,
    source_sentence,
    threshold_notes,
)


def line(label: str, **fields: Any) -> KpiLine:
    given: dict[str, Any] = {"candidate": label, "label": label, "run_id": label, "baseline": False}
    return KpiLine(**(given | {"value": 1.0, "low": 0.5, "high": 1.5} | fields))


def report(**fields: Any) -> KpiReport:
    given: dict[str, Any] = {
        "name": "cost",
        "unit": "EUR",
        "direction": "lower",
        "metric_id": "m",
        "rationale": "",
        "rationale_file": False,
        "decide": "label",
        "costs": {"c10": 1.0, "c01": "invoice", "c00": 0.0, "c11": 0.0},
        "columns": ("invoice",),
        "lines": (line("a", at_threshold=0.9, at_best=0.8, calibration="miscalibrated"),),
        "threshold": KpiThreshold(value=0.02, low=0.02, high=0.02, without=0),
        "sensitivity": (),
        "relations": (),
        "names": 4,
        "names_needed": 8,
    }
    return KpiReport(**(given | fields))


def test_costs_are_said_in_words() -> None:
    assert source_sentence(report()) == (
        "Costs: a false positive costs 1, a false negative costs invoice, a true negative costs 0, a true positive "
        "costs 0. What is done is decided by the model's own label."
    )
    assert source_sentence(report(costs=None)) == "A function gives the amount of each row. It reads invoice."


@pytest.mark.parametrize(
    ("threshold", "told"),
    [
        (KpiThreshold(value=0.02, low=0.02, high=0.02, without=0), "from a probability of 0.02 on (p*, Elkan 2001)"),
        (KpiThreshold(value=0.2, low=0.1, high=0.5, without=3), "0.1 to 0.5, in the middle 0.2"),
        (KpiThreshold(value=0.2, low=0.1, high=0.5, without=3), "In 3 rows no error is dearer than being right"),
        (KpiThreshold(value=None, low=None, high=None, without=9), "No threshold is best"),
    ],
)
def test_the_threshold_is_said_as_it_is(threshold: KpiThreshold, told: str) -> None:
    assert told in " ".join(threshold_notes(report(threshold=threshold)))


def test_probabilities_that_do_not_mean_what_they_say_are_warned_of() -> None:
    assert "Warning: the probabilities of a do not mean what they say" in " ".join(threshold_notes(report()))
    sound = report(lines=(line("a", calibration="compatible"), line("b", calibration="miscalibrated", baseline=True)))
    assert "Warning" not in " ".join(threshold_notes(sound))
    assert list(threshold_notes(report(threshold=None))) == []


def test_the_rationale_is_a_file_or_a_sentence() -> None:
    assert list(rationale_sentence(report())) == []
    assert list(rationale_sentence(report(rationale="docs/kpi.md", rationale_file=True))) == [
        "Why this is what counts: see docs/kpi.md."
    ]
    assert list(rationale_sentence(report(rationale="It is."))) == ["Why this is what counts: It is."]


def test_too_few_candidates_are_told() -> None:
    told = "This needs at least 8 candidates by different names, the baseline apart; there are 4."
    assert list(metric_notes(report())) == [f"{told} Fewer show nothing that luck could not."]
    assert list(metric_notes(report(names=8))) == ["The evaluation has no metric beside its KPIs."]
    assert "exact" in " ".join(sensitivity_notes(report()))


def test_a_number_never_looks_like_what_it_is_not() -> None:
    assert (number(20.04, 20), number(20.0, 20), number(1.0051, 1)) == ("20.04", "20", "1.01")
