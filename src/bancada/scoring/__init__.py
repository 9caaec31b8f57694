"""Arrays in, values out: scores with intervals, and the one function that makes every word."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.scoring._aggregate import FoldSample, score_metric
    from bancada.scoring._blocks import short_blocks
    from bancada.scoring._design import Design
    from bancada.scoring._interval import interval
    from bancada.scoring._needed import folds_needed
    from bancada.scoring._paired import bayesian_t, paired
    from bancada.scoring._pairs import pairwise, rank_intervals
    from bancada.scoring._procedures import refuse
    from bancada.scoring._racing import falls_behind
    from bancada.scoring._settle import repeats_needed
    from bancada.scoring._verdict import Verdict, verdict

__all__ = [
    "Design",
    "FoldSample",
    "Verdict",
    "bayesian_t",
    "falls_behind",
    "folds_needed",
    "interval",
    "paired",
    "pairwise",
    "rank_intervals",
    "refuse",
    "repeats_needed",
    "score_metric",
    "short_blocks",
    "verdict",
]

_MODULES = {
    "Design": "_design",
    "FoldSample": "_aggregate",
    "Verdict": "_verdict",
    "bayesian_t": "_paired",
    "falls_behind": "_racing",
    "folds_needed": "_needed",
    "interval": "_interval",
    "paired": "_paired",
    "pairwise": "_pairs",
    "rank_intervals": "_pairs",
    "refuse": "_procedures",
    "repeats_needed": "_settle",
    "score_metric": "_aggregate",
    "short_blocks": "_blocks",
    "verdict": "_verdict",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
