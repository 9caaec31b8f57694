"""Parts of the rows against all the others: declared slices, and those that are found."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.scoring.slices._binned import BinMean, bin_means, quantile_bins
    from bancada.scoring.slices._complement import Complement, Part, complement, eligible, mean_part
    from bancada.scoring.slices._found import FoundSlice, Literal, find_slices, halves

__all__ = [
    "BinMean",
    "Complement",
    "FoundSlice",
    "Literal",
    "Part",
    "bin_means",
    "complement",
    "eligible",
    "find_slices",
    "halves",
    "mean_part",
    "quantile_bins",
]

_MODULES = {
    "BinMean": "_binned",
    "Complement": "_complement",
    "FoundSlice": "_found",
    "Literal": "_found",
    "Part": "_complement",
    "bin_means": "_binned",
    "complement": "_complement",
    "eligible": "_complement",
    "find_slices": "_found",
    "halves": "_found",
    "mean_part": "_complement",
    "quantile_bins": "_binned",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
