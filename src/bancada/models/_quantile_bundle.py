"""One estimator for each quantile, behind one `predict`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin, clone

from bancada.exceptions import DefinitionError
from bancada.models._fitting import fit

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["QuantileBundle"]

_NAMES = ("quantile", "quantile_alpha", "alpha")
_LOSSES = ("loss", "objective")


class QuantileBundle(RegressorMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn has no types
    """Fit one copy of an estimator for each quantile, for the task `bc.tasks.Quantile`.

    The copies differ in the one parameter that sets the quantile. It is found by its name: `quantile`
    (`QuantileRegressor`, `HistGradientBoostingRegressor(loss="quantile")`), `quantile_alpha` (XGBoost), or `alpha` of
    an estimator whose `loss` or `objective` is `quantile` (`GradientBoostingRegressor`, LightGBM); in a pipeline too.

    Args:
        estimator: An estimator that predicts one quantile.
        levels: The levels of the task, in its order.
        parameter: Name of the parameter that sets the quantile, as `get_params` has it, where it is not found.

    Examples:
        >>> from sklearn.linear_model import QuantileRegressor
        >>> bundle = QuantileBundle(QuantileRegressor(alpha=0), levels=(0.25, 0.75))
        >>> bundle.fit([[0.0], [0.0], [0.0], [0.0], [0.0]], [1, 2, 3, 4, 5]).predict([[0.0]]).round(6).tolist()
        [[2.0, 4.0]]
    """

    def __init__(
        self, estimator: Any, levels: tuple[float, ...] = (0.05, 0.5, 0.95), parameter: str | None = None
    ) -> None:
        self.estimator = estimator
        self.levels = levels
        self.parameter = parameter

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> QuantileBundle:
        """Fit a copy for each level.

        Raises:
            DefinitionError: The parameter that sets the quantile is not found, or the copies cannot take weights.
        """
        name = self._parameter()
        self.estimators_ = [clone(self.estimator).set_params(**{name: level}) for level in self.levels]
        for model in self.estimators_:
            fit(model, X, y, sample_weight=sample_weight)
        return self

    def predict(self, X: Any) -> npt.NDArray[np.float64]:
        """Return every level, (n_rows, n_levels)."""
        return np.column_stack([np.asarray(model.predict(X), dtype=np.float64) for model in self.estimators_])

    def _parameter(self) -> str:
        known = self.estimator.get_params(deep=True)
        if self.parameter is not None:
            found = [self.parameter] if self.parameter in known else []
        else:
            found = next(filter(None, ([name for name in known if _sets(name, last, known)] for last in _NAMES)), [])
        if len(found) != 1:
            told = f"`{type(self.estimator).__name__}` has " + (", ".join(f"`{name}`" for name in found) or "none")
            if self.parameter is not None:
                told = f"`{type(self.estimator).__name__}` has no `{self.parameter}`"
            raise DefinitionError(
                "One parameter of the estimator must set the quantile, and its loss must be that of a quantile.",
                f"{told}.",
                "Set `loss='quantile'` where it has a loss, or name the parameter: `parameter='quantile'`.",
            )
        return found[0]


def _sets(name: str, last: str, known: dict[str, Any]) -> bool:
    """Tell whether a parameter sets the quantile: by its name, and by the loss beside it."""
    prefix, mark, own = name.rpartition("__")
    losses = [known[place] for loss in _LOSSES if (place := f"{prefix}{mark}{loss}") in known]
    if own != last:
        return False
    return "quantile" in losses if losses and last != "quantile_alpha" else last != "alpha"
