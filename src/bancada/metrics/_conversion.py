"""Whatever an evaluation names as a metric, as a metric."""

from __future__ import annotations

import inspect
from typing import Any

from bancada.contracts import Metric
from bancada.exceptions import DefinitionError
from bancada.metrics._function import from_function
from bancada.metrics._registry import get
from bancada.metrics._scorer import from_scorer

__all__ = ["as_metric"]


def as_metric(value: Any) -> Metric:
    """Return a metric for a name, a metric, a scikit-learn scorer or a function.

    A callable whose second parameter is named `X` is a scorer. A function `f(y_true, y_pred)` must say its direction,
    by the attribute `greater_is_better` or through `from_function`.

    Raises:
        NotFoundError: There is no built-in metric of that name.
        DefinitionError: It is none of these, or a function without direction.

    Examples:
        >>> as_metric("rmse").greater_is_better
        False
    """
    if isinstance(value, str):
        return get(value)
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


def _is_scorer(value: Any) -> bool:
    try:
        names = list(inspect.signature(value).parameters)
    except (TypeError, ValueError):
        return False
    return len(names) > 2 and names[1] == "X"
