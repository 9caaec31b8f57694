"""Rows whose truth may be wrong: by the confidence of a classifier, by the residuals of a regression."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.scoring.suspects._labels import SuspectLabels, suspect_labels
    from bancada.scoring.suspects._residuals import SuspectResiduals, suspect_residuals

__all__ = ["SuspectLabels", "SuspectResiduals", "suspect_labels", "suspect_residuals"]

_MODULES = {
    "SuspectLabels": "_labels",
    "SuspectResiduals": "_residuals",
    "suspect_labels": "_labels",
    "suspect_residuals": "_residuals",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
