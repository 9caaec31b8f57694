"""A table value and numbers, shown as plain text, HTML or CSV."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.display._csv import to_csv
    from bancada.display._html import page, to_html
    from bancada.display._numbers import count, delta, interval, score, seconds, short_digest, short_id
    from bancada.display._plain import plain
    from bancada.display._table import Column, Figure, Table
    from bancada.display._text import to_text

__all__ = [
    "Column",
    "Figure",
    "Table",
    "count",
    "delta",
    "interval",
    "page",
    "plain",
    "score",
    "seconds",
    "short_digest",
    "short_id",
    "to_csv",
    "to_html",
    "to_text",
]

_MODULES = {
    "Column": "_table",
    "Figure": "_table",
    "Table": "_table",
    "count": "_numbers",
    "delta": "_numbers",
    "interval": "_numbers",
    "page": "_html",
    "plain": "_plain",
    "score": "_numbers",
    "seconds": "_numbers",
    "short_digest": "_numbers",
    "short_id": "_numbers",
    "to_csv": "_csv",
    "to_html": "_html",
    "to_text": "_text",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
