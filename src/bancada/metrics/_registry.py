"""The built-in metrics by name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bancada.exceptions import NotFoundError, nearest
from bancada.metrics import (
    _answers,
    _forecast,
    _labels,
    _multilabel,
    _probability,
    _quantile,
    _queries,
    _ranking,
    _regression,
)

if TYPE_CHECKING:
    from bancada.metrics._builtin import BuiltIn

__all__ = ["FILES", "Entry", "get", "has", "names", "table"]

FILES = (_ranking, _probability, _labels, _regression, _quantile, _forecast, _multilabel, _queries, _answers)
_METRICS: dict[str, BuiltIn] = {
    metric.name: replace(metric, ways=metric.ways + _multilabel.SHARED.get(metric.name, ()))
    for file in FILES
    for metric in file.METRICS
}
# By what stands before the `@`.
_ADJUSTABLE = {name.partition("@")[0]: metric for name, metric in _METRICS.items() if metric.option is not None}


@dataclass(frozen=True)
class Entry:
    """A built-in metric as the documentation shows it."""

    name: str
    greater_is_better: bool
    tasks: tuple[str, ...]
    aggregate: str
    formula: str
    option: str = ""


def get(name: str, **option: Any) -> BuiltIn:
    """Return the built-in metric of a name.

    Args:
        name: One of `names()`. A metric with an option may have its value after an `@`: `ndcg@10`.
        **option: The same as an argument: `k=10`.

    Raises:
        NotFoundError: There is no such metric.
        DefinitionError: The metric has no such option, or the option cannot have this value.

    Examples:
        >>> get("roc_auc").greater_is_better
        True
        >>> get("ndcg", k=10) == get("ndcg@10")
        True
    """
    base, at, setting = name.partition("@")
    adjustable = _ADJUSTABLE.get(base)
    if adjustable is not None and adjustable.option is not None and at:
        option = {adjustable.option.name: setting, **option}
    elif name not in _METRICS:
        rule = "A metric named by text must be a built-in one."
        remedy = f"{nearest(name, _METRICS)} A scikit-learn scorer is `bc.metrics.from_scorer({name!r})`."
        raise NotFoundError(rule, f"There is no metric `{name}`.", remedy)
    if not option:
        return _METRICS[name]
    return (adjustable or _METRICS[name]).with_option(**option)


def has(name: str) -> bool:
    """Tell whether a name, with its option if it has one, is that of a built-in metric."""
    return name in _METRICS or name.partition("@")[0] in _ADJUSTABLE


def names() -> tuple[str, ...]:
    """Return the names of all built-in metrics, ascending."""
    return tuple(sorted(_METRICS))


def table() -> tuple[Entry, ...]:
    """Return what each built-in metric is: its direction, tasks, aggregate and formula, by name."""
    metrics = (_METRICS[name] for name in names())
    return tuple(
        Entry(
            metric.name,
            metric.greater_is_better,
            metric.tasks,
            metric.aggregate,
            metric.formula,
            "" if metric.option is None else metric.option.name,
        )
        for metric in metrics
    )
