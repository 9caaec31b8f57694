"""What tells a claim from the candidate's other claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.judgement._labels import labels_of, params_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.records import RunRecord

    MakeRun = Callable[..., RunRecord]


def test_a_lone_claim_is_called_by_its_name(run_of: MakeRun) -> None:
    run = run_of("logistic", params={"C": 0.1, "penalty": "l2"})
    assert labels_of([run], params_of([run])) == {run.run_id: "logistic"}


def test_parameters_stand_in_the_label_where_the_claims_differ(run_of: MakeRun) -> None:
    runs = [run_of("logistic", params={"C": c, "penalty": "l2", "deep": None}) for c in (0.1, 1.0)]
    assert list(labels_of(runs, params_of(runs)).values()) == ["logistic C=0.1", "logistic C=1.0"]
    assert list(labels_of(runs[:1], params_of(runs)).values()) == ["logistic C=0.1"], "claims that are not shown count"


def test_a_parameter_that_only_some_have_is_shown(run_of: MakeRun) -> None:
    runs = [run_of("logistic", params={"C": 1}), run_of("logistic", params={"C": 1, "deep": True}, code="c2")]
    assert list(labels_of(runs, params_of(runs)).values()) == ["logistic", "logistic deep=true"]


def test_equal_labels_are_told_apart_by_the_run(run_of: MakeRun) -> None:
    runs = [run_of("logistic", code=code) for code in ("c1", "c2")]
    assert list(labels_of(runs, params_of(runs)).values()) == [f"logistic (r-{run.run_id[:6]})" for run in runs]


def test_long_numbers_are_shortened_as_far_as_claims_stay_apart(run_of: MakeRun) -> None:
    runs = [run_of("logistic", params={"C": c}) for c in (0.0316227766017, 0.001, 10.0)]
    assert list(labels_of(runs, params_of(runs)).values()) == [
        "logistic C=0.03162",
        "logistic C=0.001",
        "logistic C=10.0",
    ]
    close = [*runs, run_of("logistic", params={"C": 0.0316234})]
    assert labels_of(close[:1], params_of(close)) == {runs[0].run_id: "logistic C=0.0316228"}
