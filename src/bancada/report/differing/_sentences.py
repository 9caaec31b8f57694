"""What a difference amounts to, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.display import count
from bancada.exceptions import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.reproduction.differing import DataChange, Diff

__all__ = ["rows_text", "summary"]


def summary(document: Diff) -> str:
    """Say in a sentence what differs, and in another what became of the predictions."""
    return f"{_differs(document)} {_predictions(document)}".rstrip()


def _differs(document: Diff) -> str:
    if document.a.run_id == document.b.run_id:
        return "Both names mean one run."
    parts = [_part(name, document) for name in document.differs]
    if not parts:
        claim = "both runs assert the very same" if document.same_claim else "of what is recorded and may matter"
        return f"Nothing differs: {claim}." if document.same_claim else f"Nothing differs {claim}."
    if len(parts) == 1:
        return f"Nothing differs but {parts[0]}."
    same = "The claim is the same, but they" if document.same_claim else "They"
    return f"{same} differ in {_listed(parts)}."


def _part(name: str, document: Diff) -> str:
    match name:
        case "code" if document.code:
            return f"the code ({counted(len(document.code), 'definition')})"
        case "parameters":
            return _some([item.name for item in document.parameters], "parameter")
        case "files":
            return _some([item.path for item in document.files if item.counts], "file")
        case "packages":
            return _some([item.name for item in document.packages if item.used], "package")
        case "problem":
            return f"the problem ({', '.join(item.name for item in document.problem)})"
        case _:
            return f"the {name}"


def _some(names: Sequence[str], what: str) -> str:
    return f"the {what} `{names[0]}`" if len(names) == 1 else f"{len(names)} {what}s"


def _listed(parts: list[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _predictions(document: Diff) -> str:
    if document.a.run_id == document.b.run_id:
        return ""
    match document.predictions:
        case "identical":
            return "Their predictions are identical."
        case "different" if document.differs:
            return "Their predictions differ."
        case "different":
            return "Their predictions differ all the same: what was computed is not deterministic, or depends on more."
        case "other rows":
            return "They predicted in other folds, so that no prediction can be held against another."
        case _:
            return ""


def rows_text(data: DataChange) -> str:
    """Say how rows differ; how many there are where they cannot be told apart."""
    told = [
        f"{count(number)} {word}"
        for number, word in (
            (data.rows_added, "added"),
            (data.rows_removed, "removed"),
            (data.rows_changed, "changed"),
        )
        if number
    ]
    return ", ".join(told)
