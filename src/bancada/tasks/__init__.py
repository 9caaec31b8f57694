"""Kinds of prediction: their schemas, the reading of a model's output, default metrics and the baseline."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.tasks._binary import Binary
    from bancada.tasks._derived import derived
    from bancada.tasks._forecast import Forecast
    from bancada.tasks._infer import infer
    from bancada.tasks._multiclass import Multiclass
    from bancada.tasks._multilabel import Multilabel
    from bancada.tasks._quantile import Quantile
    from bancada.tasks._ranking import Ranking
    from bancada.tasks._recorded import recorded, recorded_columns
    from bancada.tasks._regression import Regression
    from bancada.tasks._text import Text

__all__ = [
    "Binary",
    "Forecast",
    "Multiclass",
    "Multilabel",
    "Quantile",
    "Ranking",
    "Regression",
    "Text",
    "derived",
    "infer",
    "recorded",
    "recorded_columns",
]

_HOMES = {
    "Binary": "_binary",
    "Forecast": "_forecast",
    "Multiclass": "_multiclass",
    "Multilabel": "_multilabel",
    "Quantile": "_quantile",
    "Ranking": "_ranking",
    "Regression": "_regression",
    "Text": "_text",
    "derived": "_derived",
    "infer": "_infer",
    "recorded": "_recorded",
    "recorded_columns": "_recorded",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
