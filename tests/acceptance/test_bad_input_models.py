"""A model that does not do what its task asks fails its fold, and only that: the sweep goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed

BOTH = """
{model}

@bc.candidate
def broken():
    return Broken()


@bc.candidate
def fine():
    return Curve()
"""


def _predicting(expression: str) -> str:
    return f"class Broken(Curve):\n    def predict_proba(self, X):\n        return {expression}"


def _fitting(statement: str) -> str:
    return f"class Broken(Curve):\n    def fit(self, X, y):\n        {statement}\n        return self"


@pytest.mark.parametrize(
    ("model", "kind", "type_", "message"),
    [
        pytest.param(
            _predicting("super().predict_proba(X)[:-1]"),
            "prediction",
            "PredictionError",
            "A model must return one prediction for each row of X, in order. `predict_proba` returned 9 for 10 rows.",
            id="too few",
        ),
        pytest.param(
            _predicting("np.where(X[['a', 'a']] > 0, np.nan, 0.5)"),
            "prediction",
            "PredictionError",
            "Predictions must be finite numbers. `predict_proba` returned NaN or infinity",
            id="NaN",
        ),
        pytest.param(
            _predicting("3 * super().predict_proba(X)"),
            "prediction",
            "PredictionError",
            "Probabilities must lie between 0 and 1.",
            id="beyond one",
        ),
        pytest.param(
            _predicting("super().predict_proba(X) / 2"),
            "prediction",
            "PredictionError",
            "The probabilities of a row must sum to 1.",
            id="half",
        ),
        pytest.param(
            _predicting("None"),
            "prediction",
            "PredictionError",
            "A model must return one prediction for each row of X, in order.",
            id="nothing",
        ),
        pytest.param(
            "class Broken:\n    pass",
            "exception",
            "DefinitionError",
            "A candidate returns a model with `fit` and `predict` or `predict_proba`. `broken` gave a `Broken`.",
            id="no model",
        ),
        pytest.param(_fitting("raise ValueError('no')"), "exception", "ValueError", "no", id="raises"),
        pytest.param(_fitting("raise SystemExit(3)"), "exception", "SystemExit", "3", id="leaves"),
        pytest.param(_fitting("return self.fit(X, y)"), "exception", "RecursionError", "maximum", id="endless"),
    ],
)
def test_a_model_that_fails_is_a_row_on_the_board_and_the_sweep_goes_on(
    typed: Typed, model: str, kind: str, type_: str, message: str
) -> None:
    typed.write(BOTH.format(model=model))
    told = typed.runs("--json")
    assert told.code == 1
    runs = {run["candidate"]: run for run in told.document["runs"]}
    assert {name: run["status"] for name, run in runs.items()} == {
        "broken": "failed",
        "fine": "done",
        "baseline": "done",
    }
    error = runs["broken"]["folds"][0]["error"]
    assert (error["kind"], error["type"]) == (kind, type_)
    assert error["message"].startswith(message)
    assert runs["broken"]["scores"] == {}
    board = typed.types("leaderboard", "--json").document
    row = next(row for row in board["rows"] if row["candidate"] == "broken")
    assert (row["status"], row["value"], row["rank_low"]) == ("failed", None, None)
    assert message in typed.types("leaderboard").out.replace("\n", " ")


def test_a_person_sees_the_frames_of_a_failure_that_are_their_own(typed: Typed) -> None:
    typed.write(BOTH.format(model=_fitting("raise ValueError('no')")))
    told = typed.runs()
    assert told.code == 1
    assert "broken: 3 of 3 folds failed, first in repeat 0, fold 0:" in told.err
    assert f'File "{typed.module}.py", line' in told.err
    assert "raise ValueError('no')" in told.err
    assert "bancada/engine" not in told.err


def test_a_failed_fold_is_tried_again_and_never_taken_from_the_store(typed: Typed) -> None:
    typed.write(BOTH.format(model=_fitting("raise ValueError('no')")))
    first, second = (typed.runs("--json", "broken").document["runs"][0] for _ in range(2))
    assert [fold["cached"] for fold in second["folds"]] == [False] * 3
    assert first["run_id"] != second["run_id"]


def test_a_model_that_cannot_be_fitted_on_all_rows_is_not_kept(typed: Typed) -> None:
    typed.write(BOTH.format(model=_fitting("if len(X) == 30: raise ValueError('too many')")))
    assert typed.runs().code == 0
    before = typed.stored()
    told = typed.types("fit", "broken")
    told.refuses("A model is kept once it has been fitted", "ValueError: too many", f'File "{typed.module}.py"')
    assert typed.stored() == before


def test_what_a_model_says_of_its_failure_is_shown_harmlessly(typed: Typed) -> None:
    said = "\\x1b[31m<script>alert(1)</script>\\u202e\\x07\\r=cmd"
    typed.write(BOTH.format(model=_fitting(f"raise ValueError('{said}')")))
    told = [typed.runs(), typed.runs("--json"), typed.types("leaderboard"), typed.types("leaderboard", "--json")]
    told += [typed.types("show", "broken"), typed.types("show", "broken", "--json"), typed.types("list")]
    for text in (stream for answer in told for stream in (answer.out, answer.err)):
        assert not {"\x1b", "\u202e", "\x07", "\r"} & set(text)
    assert r"\x1b[31m<script>" in told[2].out


def test_hostile_parameter_values_are_shown_harmlessly(typed: Typed) -> None:
    typed.write("@bc.candidate\ndef first(s: str = 'x'):\n    return Curve()\n")
    assert typed.runs("first", "s=\x1b]0;owned\x07\u202e").code == 0
    for words in [("leaderboard", "--all"), ("list",), ("show", "first"), ("run", "--plan", "first", "s=\x1b[2J")]:
        for more in [(), ("--json",)]:
            told = typed.types(*words, *more)
            assert told.code == 0
            assert not {"\x1b", "\u202e", "\x07"} & set(told.out + told.err)


def test_an_infinite_parameter_reaches_the_model_as_it_was_typed(typed: Typed) -> None:
    typed.write("@bc.candidate\ndef first(cut: float = 0.0):\n    assert cut == float('-inf')\n    return Curve()\n")
    told = typed.runs("first", "cut=-inf", "--json")
    assert told.code == 0
    assert told.document["runs"][0]["params"] == {"cut": "-inf"}


def test_what_the_project_prints_is_no_part_of_the_answer(typed: Typed) -> None:
    typed.write(BOTH.format(model=_fitting("print('from fit')")), after="print('from import')\n")
    for words in [
        ("run", "--in-process"),
        ("run", "--plan"),
        ("fit", "fine"),
        ("show", "--split"),
    ]:
        told = typed.types(*words, "--json")
        assert told.code == 0
        assert told.document["schema"].startswith("bancada.")
        assert "from import" in told.err
