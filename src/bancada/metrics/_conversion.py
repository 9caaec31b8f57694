"""Whatever an evaluation names as a metric, as a metric."""

from __future__ import annotations

import inspect
from typing import Any

from bancada.contracts import Metric
from bancada.exceptions import DefinitionError
from bancada.metrics._function import FunctionMetric, from_function
from bancada.metrics._packages import packaged
from bancada.metrics._registry import get, has
from bancada.metrics._scorer import ScorerMetric, from_scorer

__all__ = ["as_metric"]


def as_metric(value: Any) -> Metric:
    """Return a metric for a name, a metric, a scikit-learn scorer or a function.

    A name is that of a built-in metric, or else of one that an installed package offers by an entry point of the group
    `bancada.metrics`; its identity then tells the package and its version beside the code. A callable whose second
    parameter is named `X` is a scorer. A function `f(y_true, y_pred)` must say its direction, by the attribute
    `greater_is_better` or through `from_function`.

    Raises:
        NotFoundError: There is no metric of that name, neither built-in nor in an installed package.
        DefinitionError: It is none of these, a function without direction, or a package that offers it is broken.

    Examples:
        >>> as_metric("rmse").greater_is_better
        False
    """
    if isinstance(value, str):
        return get(value) if has(value) else _of_package(value)
    if isinstance(value, Metric):
        return value
    if not callable(value):
        rule = "A metric is a name, a metric, a scikit-learn scorer or a function."
        remedy = "Name a built-in one, or wrap a function in `bc.metrics.from_function(f, greater_is_better=…)`."
        raise DefinitionError(rule, f"Found {value!r}.", remedy)
    if _is_scorer(value):
        return from_scorer(value)
    direction = getattr(value, "greater_is_better", None)
    if not isinstance(direction, bool):
        name = getattr(value, "__name__", repr(value))
        rule = "A metric must say whether greater is better."
        remedy = f"Wrap it: `bc.metrics.from_function({name}, greater_is_better=…)`."
        raise DefinitionError(rule, f"The function `{name}` does not.", remedy)
    return from_function(value, greater_is_better=direction)


def _of_package(name: str) -> Metric:
    """Return the metric that an installed package offers under a name, known by package, version and code."""
    found = packaged(name)
    metric = as_metric(found.value)
    if metric.name != name:
        rule = "A metric that an installed package offers is called as its entry point."
        told = f"`{found.origin}` offers `{name}`, and the metric is called `{metric.name}`."
        raise DefinitionError(rule, told, f"Name it where it is made: `from_function(…, name={name!r})`.")
    if isinstance(metric, FunctionMetric | ScorerMetric) and metric.code is None:
        code = metric.identity().ingredients["code"]
        return metric.with_code(f"{found.origin}: {code}")
    return metric


def _is_scorer(value: Any) -> bool:
    try:
        names = list(inspect.signature(value).parameters)
    except (TypeError, ValueError):
        return False
    return len(names) > 2 and names[1] == "X"
