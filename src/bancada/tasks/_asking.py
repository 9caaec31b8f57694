"""Asking a classifier for all that it can tell with as few passes over X as give the same answers.

Most of the time that a small model spends on predicting goes into checking X, once for each question. Two facts save
most of it, and both are facts about code, not about names: a `Pipeline` asks its last step after transforming X, and
some classes compute labels from what they have just been asked for.
"""

from __future__ import annotations

import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from bancada.contracts import Model

__all__ = ["Questions"]


class Questions:
    """The questions that a fitted classifier may be asked about one X; each is asked once.

    Args:
        model: A fitted model.
        X: What it predicts for, (n_rows, n_features).
    """

    def __init__(self, model: Model, X: Any) -> None:
        self.model, self.X = _last_step(model, X)

    def can(self, method: str) -> bool:
        """Tell whether the model has a method."""
        return hasattr(self.model, method)

    @cached_property
    def probability(self) -> Any:
        """What `predict_proba` returns."""
        return self.model.predict_proba(self.X)

    @cached_property
    def decision(self) -> Any:
        """What `decision_function` returns."""
        return self.model.decision_function(self.X)

    @cached_property
    def labels(self) -> Any:
        """What `predict` returns."""
        source = _label_source(self.model)
        if source == "decision":
            values = np.asarray(self.decision)
            codes = (values > 0).astype(np.intp) if values.ndim == 1 else values.argmax(axis=1)
            return self.model.classes_[codes]
        if source == "probability":
            return self.model.classes_.take(np.argmax(self.probability, axis=1), axis=0)
        return self.model.predict(self.X)


def _last_step(model: Any, X: Any) -> tuple[Any, Any]:
    """Return the last step of a plain pipeline and X as it comes to it; any other model as it is."""
    pipeline = _loaded("sklearn.pipeline")
    if pipeline is None or type(model) is not pipeline.Pipeline or not hasattr(model[-1], "predict"):
        return model, X
    if _loaded("sklearn").get_config()["enable_metadata_routing"]:
        return model, X
    for _, step in model.steps[:-1]:
        if step is not None and step != "passthrough":
            X = step.transform(X)
    return _last_step(model[-1], X)


def _label_source(model: Any) -> str:
    """Tell from which answer a class computes its labels; empty where that is not known."""
    predict = getattr(type(model), "predict", None)
    linear, forests = _loaded("sklearn.linear_model"), _loaded("sklearn.ensemble")
    if linear is not None and predict is linear.LogisticRegression.predict:
        return "decision"
    if forests is not None and predict in {
        forests.RandomForestClassifier.predict,
        forests.ExtraTreesClassifier.predict,
    }:
        return "probability" if np.ndim(model.classes_[0]) == 0 else ""
    return ""


def _loaded(module: str) -> Any:
    """Return a module if it is loaded: no model is of one that is not, and importing it takes a tenth of a second."""
    return sys.modules.get(module)
