"""Hypotheses and the journal as people see them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.report.journal._expected import expected_lines, expected_text, with_expected
    from bancada.report.journal._markdown import journal_markdown
    from bancada.report.journal._text import WIDTH, journal_text

__all__ = ["WIDTH", "expected_lines", "expected_text", "journal_markdown", "journal_text", "with_expected"]

_MODULES = {
    "WIDTH": "_text",
    "expected_lines": "_expected",
    "expected_text": "_expected",
    "journal_markdown": "_markdown",
    "journal_text": "_text",
    "with_expected": "_expected",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
