"""What a run has kept beside its scores: its code with the texts, the patch, where it ran."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.report.recorded._lines import claim_text, recorded_lines, twice_text
    from bancada.report.recorded._patch import PatchDocument, patch_document, patch_text
    from bancada.report.recorded._texts import SourceCode, code_tables, source_code

__all__ = [
    "PatchDocument",
    "SourceCode",
    "claim_text",
    "code_tables",
    "patch_document",
    "patch_text",
    "recorded_lines",
    "source_code",
    "twice_text",
]

_MODULES = {
    "PatchDocument": "_patch",
    "SourceCode": "_texts",
    "claim_text": "_lines",
    "code_tables": "_texts",
    "patch_document": "_patch",
    "patch_text": "_patch",
    "recorded_lines": "_lines",
    "source_code": "_texts",
    "twice_text": "_lines",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
