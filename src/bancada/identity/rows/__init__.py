"""Digests of rows, by which two versions of a table are told apart row by row."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bancada.identity.rows._digests import row_digests

__all__ = ["row_digests"]


def __getattr__(name: str) -> object:
    """Load a public name from the file that holds it."""
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}._digests"), name)
