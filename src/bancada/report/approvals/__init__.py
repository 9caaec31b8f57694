"""How a problem is judged and who approved it, shown: as text, Markdown, HTML and JSON."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.report.approvals._document import EvaluationDocument, evaluation_document
    from bancada.report.approvals._given import ApprovalDocument, approval_document, approval_text
    from bancada.report.approvals._rows import KnownRows, known_rows
    from bancada.report.approvals._sections import document_title, evaluation_sections, page_fragments
    from bancada.report.approvals._status import StatusDocument, status_document, status_tables

__all__ = [
    "ApprovalDocument",
    "EvaluationDocument",
    "KnownRows",
    "StatusDocument",
    "approval_document",
    "approval_text",
    "document_title",
    "evaluation_document",
    "evaluation_sections",
    "known_rows",
    "page_fragments",
    "status_document",
    "status_tables",
]

_HOMES = {
    "ApprovalDocument": "_given",
    "EvaluationDocument": "_document",
    "KnownRows": "_rows",
    "StatusDocument": "_status",
    "approval_document": "_given",
    "approval_text": "_given",
    "document_title": "_sections",
    "evaluation_document": "_document",
    "evaluation_sections": "_sections",
    "known_rows": "_rows",
    "page_fragments": "_sections",
    "status_document": "_status",
    "status_tables": "_status",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
