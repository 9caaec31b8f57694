"""The contract of a model."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

__all__ = ["Model"]


@runtime_checkable
class Model(Protocol):
    """What a candidate returns: scikit-learn's shape, and no more of it than is used.

    A fresh model is fitted once, in a worker, and asked for predictions afterwards, in the same process.
    `predict_proba` and `decision_function` are used where the task asks for them and the model has them. Where the
    signature of `fit` names `validation`, it receives `(X_valid, y_valid)`; where it names `sample_weight` and the
    problem says `fit_weight=True`, the weights. Where the task judges rows together, such as those of a query, and the
    signature names `qid`, `group_id` or `groups`, it receives a number for each row, and where it names `group` the
    count of rows of each; the rows of X then stand in order of these numbers.

    Laws:
        * `fit` does not keep what earlier fits learnt.
        * `predict` returns one value per row of X, in order; what it says of a row does not depend on the other rows,
          and there may be one row only, or a category that training lacked.
        * The same seed, set in the global generators and in `random_state`, gives the same answers.
        * X, y and the process around it stay as they were: generators that it need not draw from, environment, folder.
        * Columns in another order are refused, or change nothing.
        * Fresh models share nothing, and a fitted one can be pickled.

    `bancada.testing.model_checks` holds a model to them; `bancada.testing.Memoriser` is one in memory.
    """

    def fit(self, X: Any, y: Any) -> Any:
        """Learn from X, (n_rows, n_features), and y, (n_rows,) or (n_rows, n_targets)."""

    def predict(self, X: Any) -> Any:
        """Return predictions for X, (n_rows,)."""
