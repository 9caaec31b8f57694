"""Where models err: rows, slices, residuals, suspected labels; of one run, or of two side by side."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.judgement.errors._analysis import analyse
    from bancada.judgement.errors._changes import with_rows
    from bancada.judgement.errors._document import (
        Binned,
        Confusion,
        ErrorRow,
        Errors,
        FoundPart,
        SlicePart,
        Subject,
        Suspect,
        Versus,
    )
    from bancada.judgement.errors._opening import open_examples
    from bancada.judgement.errors._take_away import take_away

__all__ = [
    "Binned",
    "Confusion",
    "ErrorRow",
    "Errors",
    "FoundPart",
    "SlicePart",
    "Subject",
    "Suspect",
    "Versus",
    "analyse",
    "open_examples",
    "take_away",
    "with_rows",
]

_MODULES = {
    "Binned": "_document",
    "Confusion": "_document",
    "ErrorRow": "_document",
    "Errors": "_document",
    "FoundPart": "_document",
    "SlicePart": "_document",
    "Subject": "_document",
    "Suspect": "_document",
    "Versus": "_document",
    "analyse": "_analysis",
    "open_examples": "_opening",
    "take_away": "_take_away",
    "with_rows": "_changes",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use; the documents alone load nothing heavy."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
