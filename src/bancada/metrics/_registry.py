"""The built-in metrics by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bancada.exceptions import NotFoundError, nearest
from bancada.metrics import _labels, _probability, _quantile, _ranking, _regression

if TYPE_CHECKING:
    from bancada.metrics._builtin import BuiltIn

__all__ = ["Entry", "get", "names", "table"]

_METRICS: dict[str, BuiltIn] = {
    metric.name: metric for file in (_ranking, _probability, _labels, _regression, _quantile) for metric in file.METRICS
}


@dataclass(frozen=True)
class Entry:
    """A built-in metric as the documentation shows it."""

    name: str
    greater_is_better: bool
    tasks: tuple[str, ...]
    aggregate: str
    formula: str


def get(name: str) -> BuiltIn:
    """Return the built-in metric of a name.

    Args:
        name: One of `names()`.

    Raises:
        NotFoundError: There is no such metric.

    Examples:
        >>> get("roc_auc").greater_is_better
        True
    """
    if name not in _METRICS:
        rule = "A metric named by text must be a built-in one."
        remedy = f"{nearest(name, _METRICS)} A scikit-learn scorer is `bc.metrics.from_scorer({name!r})`."
        raise NotFoundError(rule, f"There is no metric `{name}`.", remedy)
    return _METRICS[name]


def names() -> tuple[str, ...]:
    """Return the names of all built-in metrics, ascending."""
    return tuple(sorted(_METRICS))


def table() -> tuple[Entry, ...]:
    """Return what each built-in metric is: its direction, tasks, aggregate and formula, by name."""
    metrics = (_METRICS[name] for name in names())
    return tuple(
        Entry(metric.name, metric.greater_is_better, metric.tasks, metric.aggregate, metric.formula)
        for metric in metrics
    )
