"""What people and bancada said about runs later, as the journal tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bancada.records import Statement

__all__ = ["TOLD", "statement_text"]

TOLD = frozenset({"note", "withdrawn", "restored", "verdict", "look"})


def statement_text(statement: Statement) -> str:
    """Return what was said; whoever said it may have said anything."""
    content = statement.content
    match statement.kind:
        case "note":
            return str(content.get("text", ""))
        case "withdrawn" | "restored":
            return str(content.get("because", ""))
        case "verdict":
            differing, predictions = content.get("differing"), content.get("predictions")
            counts = isinstance(differing, int) and isinstance(predictions, int) and predictions
            return str(content.get("verdict", "")) + (
                f", {differing:,} of {predictions:,} predictions differ" if counts else ""
            )
        case "look":
            number = content.get("number")
            return f"look {number}" if isinstance(number, int) else ""
    return ""
