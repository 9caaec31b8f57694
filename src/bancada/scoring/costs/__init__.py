"""What errors cost: where to decide, how far assumptions move, what a metric says of a KPI (STATISTICS §7)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.scoring.costs._halves import half_means, halves
    from bancada.scoring.costs._relation import FEWEST_NAMES, Relation, relation
    from bancada.scoring.costs._threshold import BestThreshold, best_threshold, optimal_thresholds
    from bancada.scoring.costs._tipping import Tipping, TippingPoint, searched_tipping, straight_tipping

__all__ = [
    "FEWEST_NAMES",
    "BestThreshold",
    "Relation",
    "Tipping",
    "TippingPoint",
    "best_threshold",
    "half_means",
    "halves",
    "optimal_thresholds",
    "relation",
    "searched_tipping",
    "straight_tipping",
]

_MODULES = {
    "FEWEST_NAMES": "_relation",
    "BestThreshold": "_threshold",
    "Relation": "_relation",
    "Tipping": "_tipping",
    "TippingPoint": "_tipping",
    "best_threshold": "_threshold",
    "half_means": "_halves",
    "halves": "_halves",
    "optimal_thresholds": "_threshold",
    "relation": "_relation",
    "searched_tipping": "_tipping",
    "straight_tipping": "_tipping",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
