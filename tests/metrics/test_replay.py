"""Stored predictions in the shape of an estimator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.base import is_classifier, is_regressor
from sklearn.utils.validation import check_is_fitted

from bancada.metrics._replay import Replay, probe, replay

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.samples import Sample

    Make = Callable[..., Sample]


def test_scikit_learn_takes_it_for_a_fitted_estimator(binary: Make, regression: Make) -> None:
    classifier, regressor = replay(binary([0, 1], [0.1, 0.9])), replay(regression([1], [2]))
    assert is_classifier(classifier)
    assert is_regressor(regressor)
    check_is_fitted(classifier)
    assert classifier.fit(classifier.X, classifier.y_true) is classifier


def test_answers_follow_the_rows_that_are_asked_for(binary: Make) -> None:
    estimator = replay(binary([0, 1, 1], [0.25, 0.5, 0.75]))
    assert estimator.predict(estimator.X[[2, 0]]).tolist() == [1, 0]
    assert estimator.predict_proba(estimator.X[1:]).tolist() == [[0.5, 0.5], [0.25, 0.75]]


def test_only_stored_answers_are_methods_and_others_are_noted(regression: Make) -> None:
    estimator = replay(regression([1], [2]))
    assert hasattr(estimator, "predict")
    assert not hasattr(estimator, "predict_proba")
    assert not hasattr(estimator, "classes_")
    assert estimator.asked == ["predict_proba"]


def test_an_unknown_attribute_is_none_of_its_own() -> None:
    with pytest.raises(AttributeError, match="'Replay' object has no attribute 'coef_'"):
        _ = Replay(np.zeros(1), {}, None).coef_


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_a_probe_answers_what_the_sample_would(task: str, samples: dict[str, Sample]) -> None:
    sample = samples[task]
    made, real = probe(sample.truth.schema, sample.predictions.schema), replay(sample)
    assert made is not None
    for method in ("predict", "predict_proba", "decision_function"):
        assert hasattr(made, method) == hasattr(real, method)
        if hasattr(real, method):
            assert getattr(made, method)(made.X).ndim == getattr(real, method)(real.X).ndim


def test_there_is_no_probe_of_a_task_of_ones_own(tags: Sample) -> None:
    assert probe(tags.truth.schema, tags.predictions.schema) is None
