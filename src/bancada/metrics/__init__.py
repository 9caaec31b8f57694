"""What is computed from truth and predictions: built-in metrics, functions and scikit-learn scorers."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.metrics._conversion import as_metric
    from bancada.metrics._function import from_function
    from bancada.metrics._recorded import recorded
    from bancada.metrics._registry import get, names, table
    from bancada.metrics._scorer import from_scorer

__all__ = ["as_metric", "from_function", "from_scorer", "get", "names", "recorded", "table"]

_HOMES = {
    "as_metric": "_conversion",
    "from_function": "_function",
    "from_scorer": "_scorer",
    "get": "_registry",
    "names": "_registry",
    "recorded": "_recorded",
    "table": "_registry",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
