"""Scorers as metrics: what they give on the model, they give on its stored predictions."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, fbeta_score, get_scorer, log_loss, make_scorer, top_k_accuracy_score

from bancada.contracts import Metric
from bancada.exceptions import DefinitionError, NotFoundError
from bancada.metrics import from_scorer
from bancada.samples import Sample

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., Sample]

N_ROWS = 40


def own_loss(y_true: Any, y_pred: Any) -> float:
    return float(np.mean(y_true != y_pred))


def hits_of_the_first_half(estimator: Any, X: Any, y: Any) -> float:
    half = len(y) // 2
    return float(np.mean(estimator.predict(X[:half]) == y[:half]))


def data(n_classes: int) -> tuple[Any, Any, Any]:
    random = np.random.default_rng(3)
    X = random.normal(size=(N_ROWS, 2))
    y = np.resize(np.arange(n_classes), N_ROWS)
    return X + y[:, None] / 2, y, random.uniform(0.5, 2.0, N_ROWS)


def classified(n_classes: int, weight: Any = None) -> tuple[Any, Any, Any, Sample]:
    """Return a fitted classifier, its data, and what it predicts as a sample."""
    X, y, _ = data(n_classes)
    model = LogisticRegression().fit(X, y)
    share = model.predict_proba(X)
    if n_classes == 2:
        columns = {
            "score": model.decision_function(X),
            "probability": share[:, 1].copy(),
            "label": pa.array(model.predict(X) == 1),
        }
        return model, X, y, Sample(pa.table({"label": pa.array(y == 1)}), pa.table(columns), pa.table({}), weight)
    classes = pa.array(range(n_classes))
    columns = {f"probability_{index}": share[:, index].copy() for index in range(n_classes)}
    columns["label"] = pa.DictionaryArray.from_arrays(model.predict(X).astype(np.int32), classes)
    truth = pa.table({"label": pa.DictionaryArray.from_arrays(y.astype(np.int32), classes)})
    return model, X, y, Sample(truth, pa.table(columns), pa.table({}), weight)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    "name",
    [
        "accuracy",
        "average_precision",
        "balanced_accuracy",
        "f1",
        "matthews_corrcoef",
        "neg_brier_score",
        "neg_log_loss",
        "roc_auc",
    ],
)
def test_replayed_binary_predictions_score_as_the_model_does(name: str, weighted: bool) -> None:
    weight = data(2)[2] if weighted else None
    model, X, y, sample = classified(2, weight)
    options = {"sample_weight": weight} if weighted else {}
    metric = from_scorer(name)
    assert metric.missing(sample.truth.schema, sample.predictions.schema) == ()
    assert metric.score(sample) == pytest.approx(get_scorer(name)(model, X, y, **options))


@pytest.mark.parametrize("name", ["accuracy", "f1_macro", "neg_log_loss", "roc_auc_ovo_weighted"])
def test_replayed_predictions_of_classes_score_as_the_model_does(name: str) -> None:
    model, X, y, sample = classified(3)
    assert from_scorer(name).score(sample) == pytest.approx(get_scorer(name)(model, X, y))


@pytest.mark.parametrize("name", ["r2", "neg_mean_absolute_error", "neg_root_mean_squared_error"])
def test_replayed_values_score_as_the_model_does(name: str, regression: Make) -> None:
    X, y, _ = data(5)
    model = LinearRegression().fit(X, y)
    assert from_scorer(name).score(regression(y, model.predict(X))) == pytest.approx(get_scorer(name)(model, X, y))


def test_a_made_scorer_keeps_its_parameters() -> None:
    model, X, y, sample = classified(3)
    scorer = make_scorer(top_k_accuracy_score, k=2, response_method="predict_proba")
    assert from_scorer(scorer).score(sample) == pytest.approx(scorer(model, X, y))


def test_a_function_that_leaves_rows_out_gets_the_answers_of_the_others() -> None:
    model, X, y, sample = classified(2)
    assert from_scorer(hits_of_the_first_half).score(sample) == hits_of_the_first_half(model, X, y)


def test_greater_is_better_and_errors_are_negative() -> None:
    metric = from_scorer(make_scorer(log_loss, greater_is_better=False, response_method="predict_proba"))
    assert isinstance(metric, Metric)
    assert metric.name == "neg_log_loss"
    assert metric.greater_is_better
    assert metric.score(classified(2)[3]) < 0


def test_names_come_from_the_scorer_unless_given() -> None:
    assert from_scorer("roc_auc").name == "roc_auc"
    assert from_scorer("roc_auc", name="area").name == "area"
    assert from_scorer(make_scorer(fbeta_score, beta=2)).name == "fbeta_score"
    assert from_scorer(hits_of_the_first_half).name == "hits_of_the_first_half"


def test_what_the_scorer_asks_for_in_vain_is_missing() -> None:
    sample = classified(2)[3]
    labels = replace(sample, predictions=sample.predictions.select(["label"]))
    schemas = labels.truth.schema, labels.predictions.schema
    assert from_scorer("accuracy").missing(*schemas) == ()
    assert from_scorer("neg_log_loss").missing(*schemas) == ("predictions.probability",)
    assert from_scorer("roc_auc").missing(*schemas) == ("predictions.score", "predictions.probability")
    with pytest.raises(DefinitionError, match="It asked for `predict_proba`"):
        from_scorer("neg_log_loss").score(labels)


def test_a_second_choice_of_the_scorer_is_enough() -> None:
    sample = classified(2)[3]
    shares = replace(sample, predictions=sample.predictions.select(["probability"]))
    metric = from_scorer("roc_auc")
    assert metric.missing(shares.truth.schema, shares.predictions.schema) == ()
    assert metric.score(shares) == pytest.approx(metric.score(sample))


def test_a_structured_task_is_no_scorers(tags: Sample) -> None:
    assert from_scorer("accuracy").missing(tags.truth.schema, tags.predictions.schema) == ("truth.label", "truth.value")


def test_a_regression_without_values_lacks_them(regression: Make) -> None:
    truth = regression([1.0], [1.0]).truth.schema
    assert from_scorer("r2").missing(truth, pa.schema([])) == ("predictions.value",)


def test_no_rows_have_no_score(binary: Make) -> None:
    assert math.isnan(from_scorer("accuracy").score(binary([], [])))


def test_identities_tell_scorers_apart() -> None:
    metrics = [
        from_scorer("accuracy"),
        from_scorer("accuracy", name="other"),
        from_scorer("accuracy", aggregate="pooled"),
        from_scorer(make_scorer(fbeta_score, beta=2), name="accuracy"),
        from_scorer(make_scorer(fbeta_score, beta=3), name="accuracy"),
        from_scorer(make_scorer(own_loss), name="accuracy"),
        from_scorer(make_scorer(own_loss, greater_is_better=False), name="accuracy"),
        from_scorer(make_scorer(own_loss), name="accuracy").with_code("ab"),
        from_scorer(hits_of_the_first_half, name="accuracy"),
    ]
    assert len({metric.identity().digest for metric in metrics}) == len(metrics)


def test_equal_scorers_have_equal_identities() -> None:
    made = from_scorer(make_scorer(accuracy_score), name="accuracy").identity()
    assert made == from_scorer(make_scorer(accuracy_score), name="accuracy").identity()
    assert made.digest == from_scorer("accuracy").identity().digest


def test_only_a_users_function_is_known_by_its_code() -> None:
    assert from_scorer("accuracy").identity().ingredients["code"] is None
    assert len(from_scorer(make_scorer(own_loss)).identity().ingredients["code"]) == 64


def test_a_scorer_survives_a_process_boundary() -> None:
    metric = from_scorer("neg_log_loss")
    copy = pickle.loads(pickle.dumps(metric))  # noqa: S301 - bytes that this very line has pickled
    assert copy.identity() == metric.identity()
    assert copy.score(classified(2)[3]) == metric.score(classified(2)[3])


def test_an_unknown_scorer_is_answered_with_the_nearest() -> None:
    with pytest.raises(NotFoundError, match=r"There is no scorer `neg_logloss`\. Did you mean `neg_log_loss`\?"):
        from_scorer("neg_logloss")


def test_what_cannot_be_called_is_no_scorer() -> None:
    with pytest.raises(DefinitionError, match="3 is neither"):
        from_scorer(3)


def test_pairs_are_not_counted(binary: Make) -> None:
    metric = from_scorer("roc_auc")
    assert metric.pairs(binary([0, 1], [0, 1])) == 0.0
    assert (metric.columns, metric.bounds) == ((), (None, None))
