"""Any function of truth and predictions as a metric."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.exceptions import DefinitionError, nearest
from bancada.identity import digest
from bancada.metrics._arguments import KINDS, arguments, lacking
from bancada.metrics._builtin import FOLD_MEAN, POOLED
from bancada.metrics._source import carried, code_digest, name_of
from bancada.records import MetricIdentity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa

    from bancada.samples import Sample

__all__ = ["HINTS", "FunctionMetric", "checked_aggregate", "from_function"]

_EXTRAS = ("rows", "sample_weight")
HINTS = {
    "y_prob": "probability",
    "y_proba": "probability",
    "probability": "probability",
    "probabilities": "probability",
    "y_score": "score",
    "score": "score",
    "scores": "score",
}


@dataclass(frozen=True)
class FunctionMetric:
    """A user's function as a metric; `from_function` makes it.

    Attributes:
        name: Name under which scores are shown.
        function: The function.
        greater_is_better: Direction.
        reads: Kind or columns of predictions that it reads.
        hint: The kind that `auto` reads where the task has classes.
        extras: Which of `rows` and `sample_weight` it takes.
        bounds: Smallest and largest possible value; None where unbounded.
        aggregate: How fold values become one number.
        columns: Row columns that it reads.
        code: Digest of its code; while it is None, that of what the function and all that it uses say now.
    """

    name: str
    function: Callable[..., Any]
    greater_is_better: bool
    reads: str | tuple[str, ...] = "auto"
    hint: str = "label"
    extras: tuple[str, ...] = ()
    bounds: tuple[float | None, float | None] = (None, None)
    aggregate: str = FOLD_MEAN
    columns: tuple[str, ...] = ()
    code: str | None = None

    def identity(self) -> MetricIdentity:
        """Return name, code, parameters and their digest.

        Raises:
            DefinitionError: The code cannot be identified.
        """
        ingredients: dict[str, Any] = {
            "name": self.name,
            "code": self.code or code_digest(self.function),
            "parameters": {
                "aggregate": self.aggregate,
                "carried": carried(self.function),
                "columns": list(self.columns),
                "reads": self.reads,
            },
        }
        return MetricIdentity(
            name=self.name,
            digest=digest(ingredients),
            ingredients=ingredients,
            greater_is_better=self.greater_is_better,
            bounds=self.bounds,
        )

    def with_code(self, code: str) -> FunctionMetric:
        """Return this metric identified by another text for its code: a digest, or a version that its author keeps."""
        return replace(self, code=code)

    def missing(self, truth: pa.Schema, predictions: pa.Schema) -> tuple[str, ...]:
        """Return what the function reads and the schemas lack."""
        return lacking(self.reads, self.hint, truth, predictions)

    def score(self, sample: Sample) -> float:
        """Return what the function gives on these rows; NaN without rows, and where a prediction is NaN.

        Raises:
            DefinitionError: The sample lacks what the function reads, or it returned no number.
        """
        absent = self.missing(sample.truth.schema, sample.predictions.schema)
        if absent:
            rule = f"`{self.name}` needs its columns of truth and predictions."
            found = f"There is no {', '.join(f'`{name}`' for name in absent)}."
            raise DefinitionError(rule, found, "Say what it reads by `reads`, or choose a metric that fits the task.")
        if not sample.truth.num_rows:
            return float("nan")
        y_true, y_pred = arguments(self.reads, self.hint, sample)
        if isinstance(y_pred, np.ndarray) and y_pred.dtype.kind == "f" and np.isnan(y_pred).any():
            # A comparison inside the function would take NaN for a wrong answer, or for a right one.
            return float("nan")
        extras: dict[str, Any] = {}
        if "rows" in self.extras:
            extras["rows"] = sample.rows.select(list(self.columns)).to_pandas()
        if "sample_weight" in self.extras:
            extras["sample_weight"] = np.ones(sample.truth.num_rows) if sample.weight is None else sample.weight
        return number(self.name, self.function(y_true, y_pred, **extras))

    def pairs(self, sample: Sample) -> float:  # noqa: ARG002 - the contract's signature
        """Return 0: it is not known to compare pairs."""
        return 0.0


def number(name: str, value: Any) -> float:
    """Return what a metric returned as a float.

    Raises:
        DefinitionError: It is not one number.
    """
    try:
        # Text is no number, even where Python could read one from it.
        return float(None if isinstance(value, str | bytes) else value)  # type: ignore[arg-type]  # refused on purpose
    except (TypeError, ValueError) as error:
        rule = "A metric must return one number."
        shown = f"`{name}` returned a {type(value).__name__}."
        raise DefinitionError(rule, shown, "Return a float, and NaN where it is undefined.") from error


def from_function(
    f: Callable[..., Any],
    *,
    name: str | None = None,
    greater_is_better: bool,
    reads: str | Sequence[str] = "auto",
    bounds: tuple[float | None, float | None] = (None, None),
    aggregate: str = FOLD_MEAN,
    columns: Sequence[str] = (),
) -> FunctionMetric:
    """Make a metric of a function `f(y_true, y_pred)` that returns one number.

    What the function receives, by task:

    * binary: `y_true` 0 or 1, int8, 1 the positive class; `y_pred` the same for `label`, floats for `probability` and
      `score`;
    * multiclass: the class values; for `probability` floats (n_rows, n_classes), classes ascending;
    * multilabel: 0 or 1, int8 (n_rows, n_labels), labels in the order of the truth; `y_pred` the same for `label`,
      floats for `probability` and `score`;
    * regression: floats;
    * ranking: relevance and score, floats; the query is a column that `columns` may name;
    * text: lists of texts; of several references `y_true` holds lists;
    * a task of one's own: numbers as arrays, all else as lists of Python values. `y_true` is the truth of the same
      name, or the only one. Several names make both a mapping from name to values.

    Where the function has a parameter `rows`, it receives the columns named in `columns` as a pandas frame; where it
    has `sample_weight`, the weights, all 1 where the problem has none. Without `sample_weight` it sees no weights.

    Args:
        f: The function, or a partial of one.
        name: Name under which scores are shown; by default the function's.
        greater_is_better: Direction.
        reads: `label`, `probability`, `score`, `value`, or names of prediction columns. `auto` reads `value` of a
            regression and, for classes, `probability` or `score` if the second parameter is named so (`y_proba`,
            `y_score`), else `label`; of another task the columns that truth and predictions share.
        bounds: Smallest and largest possible value; None where unbounded.
        aggregate: `fold-mean` or `pooled`.
        columns: Row columns that `rows` holds.

    Returns:
        The metric. Its identity is the digest of the function's code with all that it uses, and of the values that it
        carries along.

    Raises:
        DefinitionError: The function takes other arguments, has no name, or an option is unknown.

    Examples:
        >>> def within_ten_percent(y_true, y_pred):
        ...     return (abs(y_pred - y_true) <= 0.1 * abs(y_true)).mean()
        >>> from_function(within_ten_percent, greater_is_better=True).name
        'within_ten_percent'
    """
    parameters = _parameters(f)
    extras = tuple(extra for extra in _EXTRAS if extra in parameters)
    if "rows" in extras and not columns:
        rule = "A metric that takes `rows` must say which columns it reads."
        raise DefinitionError(rule, "`columns` is empty.", "Name them: `columns=['amount']`.")
    if isinstance(reads, str) and reads not in KINDS and reads != "auto":
        rule = "`reads` must be a kind of prediction, or a list of column names."
        raise DefinitionError(
            rule, f"It is {reads!r}.", f"{nearest(reads, [*KINDS, 'auto'])} A column is `reads=({reads!r},)`."
        )
    return FunctionMetric(
        name=name_of(f) if name is None else name,
        function=f,
        greater_is_better=greater_is_better,
        reads=reads if isinstance(reads, str) else tuple(reads),
        hint=HINTS.get(parameters[1], "label") if len(parameters) > 1 else "label",
        extras=extras,
        bounds=bounds,
        aggregate=checked_aggregate(aggregate),
        columns=tuple(columns),
    )


def checked_aggregate(aggregate: str) -> str:
    """Return the aggregate.

    Raises:
        DefinitionError: A metric of unknown mathematics cannot have it.
    """
    if aggregate in (FOLD_MEAN, POOLED):
        return aggregate
    rule = f"The aggregate of a function or a scorer is {FOLD_MEAN!r} or {POOLED!r}."
    raise DefinitionError(rule, f"{aggregate!r} was asked for.", "Choose one of the two.")


def _parameters(f: Callable[..., Any]) -> list[str]:
    """Return the names of a function's parameters, once it is known to take `y_true` and `y_pred`."""
    try:
        signature = inspect.signature(f)
        signature.bind(None, None, **{extra: None for extra in _EXTRAS if extra in signature.parameters})
    except (TypeError, ValueError) as error:
        rule = "A metric's function takes `y_true` and `y_pred`, and beside them only `rows` and `sample_weight`."
        remedy = "Wrap it in a function of these arguments, or fill the others in by `functools.partial`."
        raise DefinitionError(rule, f"{f!r} does not ({error}).", remedy) from error
    return list(signature.parameters)
