"""Rows as the evidence: intervals and paired differences of fitted models (STATISTICS §4)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.scoring.rows._checks import delong, mcnemar
    from bancada.scoring.rows._difference import RowDifference, bootstrap_difference, row_difference
    from bancada.scoring.rows._estimate import RowEstimate, bootstrap_estimate, row_estimate
    from bancada.scoring.rows._proportions import wilson
    from bancada.scoring.rows._slices import by_score, estimate_rows, score_slices
    from bancada.scoring.rows._spread import over_repeats, spread, time_blocks

__all__ = [
    "RowDifference",
    "RowEstimate",
    "bootstrap_difference",
    "bootstrap_estimate",
    "by_score",
    "delong",
    "estimate_rows",
    "mcnemar",
    "over_repeats",
    "row_difference",
    "row_estimate",
    "score_slices",
    "spread",
    "time_blocks",
    "wilson",
]

_MODULES = {
    "RowDifference": "_difference",
    "RowEstimate": "_estimate",
    "bootstrap_difference": "_difference",
    "bootstrap_estimate": "_estimate",
    "by_score": "_slices",
    "delong": "_checks",
    "estimate_rows": "_slices",
    "mcnemar": "_checks",
    "over_repeats": "_spread",
    "row_difference": "_difference",
    "row_estimate": "_estimate",
    "score_slices": "_slices",
    "spread": "_spread",
    "time_blocks": "_spread",
    "wilson": "_proportions",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
