"""`bc.evaluate`, `bc.compare` and `bc.load`: the same in a notebook as in a project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import StratifiedKFold, cross_validate
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

import bancada as bc
from bancada.exceptions import DataError, DefinitionError, NotFoundError, UsageError

X, y = load_breast_cancer(return_X_y=True, as_frame=True)
X = X[["mean radius", "mean texture"]]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def scored(models: Any, **options: Any) -> bc.Board:
    return bc.evaluate(models, X, y, **({"split": 3, "workers": 1} | options))


def test_scores_are_those_of_cross_validate() -> None:
    splitter = StratifiedKFold(4, shuffle=True, random_state=2)
    board = scored({"bayes": GaussianNB()}, split=splitter)
    expected = cross_validate(GaussianNB(), X, y, cv=splitter, scoring=["roc_auc", "accuracy"])
    run = board["bayes"].run
    values = {score.metric: [fold.value for fold in score.folds] for score in run.scores}
    assert values["roc_auc"] == pytest.approx(expected["test_roc_auc"])
    assert values["accuracy"] == pytest.approx(expected["test_accuracy"])


def test_the_board_shows_itself() -> None:
    board = scored({"bayes": GaussianNB(), "logistic": LogisticRegression()})
    assert [line.candidate for line in board] == ["logistic", "bayes", "baseline"]
    assert "logistic" in str(board)
    assert "<table" in board._repr_html_()
    assert board.best.candidate == "logistic"
    assert len(board) == 3


def test_the_best_can_be_fitted_and_loaded() -> None:
    board = scored({"bayes": GaussianNB(), "logistic": LogisticRegression()})
    model = board.best.fit()
    assert model.predict(X).shape == (569,)
    assert np.allclose(bc.load("best").coef_, model.coef_)
    with pytest.raises(NotFoundError, match=r"None was fitted for run `r-\w+` of `bayes`"):
        bc.load("bayes")


def test_nothing_is_computed_twice_and_names_are_labels() -> None:
    first = scored({"bayes": GaussianNB()})
    second = scored({"naive": GaussianNB()})
    assert second["naive"].run.run_id == first["bayes"].run.run_id
    assert second.best.fit().predict(X).shape == (569,)


def test_what_was_expected_is_told_by_the_board() -> None:
    X, y = load_iris(return_X_y=True)
    board = bc.evaluate(
        {"bayes": GaussianNB()}, X, y, split=3, because="iris is easy", expect="accuracy > 0.1", workers=1
    )
    assert board.expected is not None
    assert (board.expected.because, board.expected.outcome) == ("iris is easy", "supported")
    told = board.best.run.provenance["hypothesis"]
    assert (told["expect"], told["claims"]) == ("accuracy > 0.1", 1)
    with pytest.raises(NotFoundError, match=r"Found no metric `acuracy`\. Did you mean `accuracy`\?"):
        bc.evaluate({"bayes": GaussianNB()}, X, y, split=3, expect="acuracy > 0.1", workers=1)


def test_two_names_for_one_model_are_refused() -> None:
    with pytest.raises(DefinitionError, match="`b` is the same model with the same parameters as one before it"):
        scored({"a": GaussianNB(), "b": GaussianNB()})


@pytest.mark.parametrize(
    "features",
    [X, pl.from_pandas(X), X.to_numpy(), X.to_numpy().tolist()],
    ids=["pandas", "polars", "numpy", "lists"],
)
def test_every_kind_of_frame_gives_the_same_scores(features: Any) -> None:
    models = {"logistic": LogisticRegression()}
    board = bc.evaluate(models, features, y, split=3, workers=1)
    assert board.best.value == pytest.approx(scored(models).best.value, abs=1e-9)


def test_the_task_follows_from_the_target() -> None:
    iris = bc.evaluate({"bayes": GaussianNB()}, *load_iris(return_X_y=True), split=3, workers=1)
    assert iris.document.metric == "accuracy"
    sugar = bc.evaluate({"ridge": Ridge()}, *load_diabetes(return_X_y=True), split=3, workers=1)
    assert (sugar.document.metric, sugar.document.direction) == ("rmse", "lower")


def test_a_column_may_be_the_target_the_group_and_the_weight() -> None:
    data = X.assign(sick=y, ward=np.arange(569) % 40, weight=np.arange(569) + 1.0)
    board = bc.evaluate(GaussianNB(), data, "sick", groups="ward", weight="weight", split=3, workers=1)
    assert board.best.candidate == "GaussianNB"


def test_lines_can_be_compared() -> None:
    board = scored({"bayes": GaussianNB(), "logistic": LogisticRegression()}, split=bc.splits.KFold(5, repeats=3))
    found = bc.compare(board["logistic"], board["baseline"])
    assert found.verdict == "better"
    assert found == board.compare("logistic", "baseline") == bc.compare("logistic", "baseline")


def test_unlike_lines_are_not_compared() -> None:
    one = scored({"bayes": GaussianNB()})
    other = bc.evaluate({"bayes": GaussianNB()}, X.iloc[:500], y.iloc[:500], split=3, workers=1)
    with pytest.raises(bc.NotComparable, match=r"data\.table") as refused:
        bc.compare(one["bayes"], other["bayes"])
    assert refused.value.fields == ("data.table",)


def test_a_lambda_without_a_text_runs_and_its_evidence_says_what_is_missing() -> None:
    model = LogisticRegression()
    scaled = make_pipeline(FunctionTransformer(eval("lambda frame: frame / 10")), model)  # noqa: S307 - so that it has no text
    steps = bc.evaluate({"scaled": scaled}, X, y, split=3, workers=1)
    evidence = steps["scaled"].run.evidence
    assert evidence.grade == "incomplete"
    assert "model's code" in evidence.missing[0]


def test_data_of_a_session_are_kept_where_that_is_asked_for_and_else_the_evidence_says_so() -> None:
    run = scored({"bayes": GaussianNB()})["bayes"].run
    assert run.evidence.missing == ("the data: they exist in this session only (`snapshot=True` keeps them)",)
    assert run.provenance["data"]["snapshot"] is None
    kept = scored({"bayes": GaussianNB()}, again=True, snapshot=True)["bayes"].run
    assert kept.evidence.grade == "complete"
    assert (Path(".bancada") / "objects" / kept.provenance["data"]["snapshot"]).is_file()


def test_a_candidate_of_a_test_module_is_extracted() -> None:
    @bc.candidate
    def smoothed(amount: float = 1e-3) -> GaussianNB:
        return GaussianNB(var_smoothing=amount)

    line = scored([smoothed], snapshot=True)["smoothed"]
    assert line.run.status == "done"
    assert line.run.evidence.grade == "complete"
    assert scored([smoothed])["smoothed"].run.run_id == line.run.run_id


@pytest.mark.parametrize(
    ("models", "message"),
    [
        ({}, "There must be a model to evaluate"),
        ({"a": LogisticRegression}, r"`a` is <class .*Construct it"),
        ({"a": 3}, "A model is an estimator with `fit`"),
        ({1: GaussianNB()}, "A model is named by a text. Found 1"),
        ({"baseline": GaussianNB()}, "`baseline` names the task's own baseline"),
    ],
)
def test_what_is_no_model_is_refused_before_anything_is_written(models: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=message):
        scored(models)
    assert not (tmp_path / ".bancada").exists()


def test_unlike_lengths_are_refused() -> None:
    with pytest.raises(DataError, match="rows"):
        bc.evaluate(GaussianNB(), X, y.iloc[:10])
    with pytest.raises(UsageError, match="Scoring needs the truth"):
        bc.evaluate(GaussianNB(), X, None)


def test_text_labels_need_their_positive_class() -> None:
    named = pd.Series(np.where(y == 1, "benign", "malignant"))
    with pytest.raises(DataError, match=r"positive"):
        bc.evaluate(GaussianNB(), X, named, split=3)
    board = bc.evaluate(GaussianNB(), X, named, task=bc.tasks.Binary(positive="malignant"), split=3, workers=1)
    assert board.best.value is not None
    assert board.best.value > 0.9
