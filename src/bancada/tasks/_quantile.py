"""Quantiles of a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bancada.exceptions import DefinitionError, PredictionError, nearest
from bancada.tasks._checks import check_table
from bancada.tasks._outputs import numbers, require
from bancada.tasks._regression import Regression
from bancada.tasks._tolerances import of_spread

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy.typing as npt

    from bancada.contracts import Model, RemarkingTask, Task

__all__ = ["Quantile"]


@dataclass(frozen=True)
class Quantile:
    """Predict quantiles of a number: how likely it is to stay below.

    Truth is `value`, float64. Predictions are `q_<level>` for each level, such as `q_0.05`. `predict` returns
    (n_rows, n_levels), a column for each level in their order, or a frame or mapping whose columns are called by the
    levels (`q_0.05` or 0.05) in any order; with one level (n_rows,) will do. Estimators that predict one quantile each
    are bound together by `bc.models.QuantileBundle`.

    Quantiles of a row that cross, a higher level below a lower one, are kept as they are and told with the fold: sorted
    ones would hide that the model contradicts itself.

    Args:
        levels: The levels, strictly ascending, between 0 and 1. The outermost two are the interval that is judged.

    Raises:
        DefinitionError: The levels are none.

    Examples:
        >>> Quantile((0.1, 0.9)).schema().names
        ['q_0.1', 'q_0.9']
    """

    levels: Sequence[float] = (0.05, 0.5, 0.95)

    def __post_init__(self) -> None:
        """Check the levels."""
        levels: object = self.levels
        listed = list(levels) if isinstance(levels, list | tuple | np.ndarray) else []
        real = all(isinstance(level, float | np.floating) and 0 < level < 1 for level in listed)
        if not listed or not real or sorted(set(listed)) != listed:
            rule = "`levels` must be numbers between 0 and 1, strictly ascending."
            better = tuple(sorted(set(map(float, listed)))) if listed and real else (0.05, 0.5, 0.95)
            raise DefinitionError(rule, f"Found {levels!r}.", f"Say `levels={better!r}`.")
        object.__setattr__(self, "levels", tuple(float(level) for level in listed))

    @property
    def name(self) -> str:
        """`quantile`."""
        return "quantile"

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the default metrics, the primary first; one level has no interval."""
        intervals = ("interval_score", "coverage_error", "interval_width")
        return ("pinball", *(intervals if len(self.levels) > 1 else ()))

    @property
    def has_classes(self) -> bool:
        """False: a split does not stratify."""
        return False

    def identity(self) -> dict[str, Any]:
        """Return name and levels."""
        return {"name": self.name, "levels": list(self.levels)}

    def resolve(self, target: pa.Table) -> Task:
        """Return this task, once the target is known to be finite numbers.

        Raises:
            DataError: The target is no number, null, NaN or infinite.
        """
        self.truth(target)
        return self

    def truth(self, target: pa.Table) -> pa.Table:
        """Return `value`, (n_rows,).

        Raises:
            DataError: A target is no number, null, NaN or infinite.
        """
        return Regression().truth(target)

    def truth_schema(self) -> pa.Schema:
        """Return the schema of `truth`."""
        return Regression().truth_schema()

    def schema(self) -> pa.Schema:
        """Return the schema of predictions."""
        return pa.schema([pa.field(f"q_{level!r}", pa.float64()) for level in self.levels])

    def read(
        self,
        model: Model,
        X: Any,
        n_rows: int,
        columns: Collection[str] | None = None,  # noqa: ARG002 - one call gives all levels
    ) -> pa.Table:
        """Ask a fitted model for every level.

        Raises:
            PredictionError: What it returned breaks a rule of this task.
        """
        found = model.predict(X)
        named = _named(found)
        matrix = self._positional(found, n_rows) if named is None else self._by_name(named, n_rows)
        table = pa.table([pa.array(column) for column in matrix.T], schema=self.schema())
        self.check(table, n_rows)
        return table

    def flags(self, model: Model) -> tuple[str, ...]:  # noqa: ARG002 - the contract's signature
        """Return nothing: no training part lacks anything that this task could tell."""
        return ()

    def remarks(self, predictions: pa.Table) -> tuple[str, ...]:
        """Return in how many rows quantiles cross."""
        matrix = np.column_stack([predictions.column(name).to_numpy() for name in self.schema().names])
        crossed = int((np.diff(matrix, axis=1) < 0).any(axis=1).sum())
        return (f"quantiles cross in {crossed:,} of {len(matrix):,} rows",) if crossed else ()

    def check(self, predictions: pa.Table, n_rows: int) -> None:
        """Raise `PredictionError` unless these are valid predictions of every level for `n_rows` rows."""
        check_table(predictions, self.schema(), n_rows)
        absent = [name for name in self.schema().names if name not in predictions.column_names]
        if absent:
            rule = "Predictions of quantiles hold every level of the task."
            raise PredictionError(rule, f"There is no `{absent[0]}`.", f"Give {', '.join(self.schema().names)}.")

    def tolerances(self, truth: pa.Table, predictions: pa.Table) -> Mapping[str, float]:  # noqa: ARG002 - the contract's signature
        """Return a millionth of the standard deviation of the truth, for each level."""
        return dict.fromkeys(self.schema().names, of_spread(truth.column("value")))

    def baseline(self) -> Model:
        """Return a model that predicts the quantiles of its training part."""
        return TrainingQuantiles(tuple(self.levels))

    def _positional(self, found: Any, n_rows: int) -> npt.NDArray[np.float64]:
        try:
            array = np.asarray(found)
        except (TypeError, ValueError) as error:
            rule = "`predict` must return an array, a frame or a mapping of columns."
            raise PredictionError(
                rule, f"It returned {type(found).__name__}, which is no array ({error}).", self._remedy
            ) from error
        if array.ndim == 1 and len(self.levels) == 1:
            array = array[:, np.newaxis]
        if array.ndim != 2 or array.shape[1] != len(self.levels):
            rule = "`predict` must return one column for each level of the task."
            raise PredictionError(
                rule, f"It returned the shape {array.shape} for {len(self.levels)} levels.", self._remedy
            )
        require("predict", array, n_rows)
        return numbers("predict", array)

    def _by_name(self, named: Mapping[str, Any], n_rows: int) -> npt.NDArray[np.float64]:
        wanted = self.schema().names
        for name in (*wanted, *named):
            if name not in named or name not in wanted:
                rule = "Named columns of `predict` must be the levels of the task, each once."
                known = set(named) - set(wanted) if name in wanted else set(wanted) - set(named)
                found = f"There is no `{name}`." if name in wanted else f"There is a column `{name}`."
                raise PredictionError(rule, found, nearest(name, known))
        for name in wanted:
            require("predict", np.asarray(named[name]), n_rows)
        return np.column_stack([numbers("predict", np.asarray(named[name]).reshape(-1)) for name in wanted])

    @property
    def _remedy(self) -> str:
        shape = f"(n_rows, {len(self.levels)})"
        return f"Return {shape}, or bind estimators together: `bc.models.QuantileBundle(estimator, {self.levels!r})`."


class TrainingQuantiles:
    """The baseline: the quantiles of the target in the training part, whatever X says.

    Args:
        levels: The levels.
    """

    def __init__(self, levels: tuple[float, ...]) -> None:
        self.levels = levels

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> TrainingQuantiles:  # noqa: ARG002 - it ignores X
        """Keep the smallest values whose cumulated share, by weight, reaches each level."""
        values = np.asarray(y, dtype=np.float64).reshape(-1)
        weights = None if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
        self.quantiles_ = np.quantile(values, self.levels, method="inverted_cdf", weights=weights)
        return self

    def predict(self, X: Any) -> npt.NDArray[np.float64]:
        """Return the same quantiles for each row, (n_rows, n_levels)."""
        return np.tile(self.quantiles_, (len(X), 1))


def _named(found: Any) -> dict[str, Any] | None:
    """Return columns by the names of their levels; None where they have none, as in an array."""
    if isinstance(found, Mapping):
        names = list(found)
    elif isinstance(found, pa.Table):
        names = found.column_names
    else:
        names = list(getattr(found, "columns", ()))
    if not names or names == list(range(len(names))):
        return None
    return {f"q_{float(name)!r}" if isinstance(name, float) else str(name): found[name] for name in names}


if TYPE_CHECKING:
    _task: RemarkingTask = Quantile()
