"""What the index keeps of looks at holdouts, so that they are counted without opening a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.records.looks import Look

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from bancada.records import Statement

__all__ = ["insert_looks", "look_of"]


def look_of(statement: Statement) -> Look | None:
    """Return the look that a statement tells of; None where it is about something else, or cannot be read."""
    if statement.kind != "look":
        return None
    try:
        return msgspec.convert(statement.content, Look)
    except msgspec.ValidationError:
        return None


def insert_looks(connection: sqlite3.Connection, problem: str, run_id: str, statements: Iterable[Statement]) -> None:
    """Keep the looks that were taken with a run."""
    looks = {look.look_id: look for statement in statements if (look := look_of(statement)) is not None}
    for look in looks.values():
        row = (problem, run_id, look.look_id, look.looked, msgspec.json.encode(look))
        connection.execute("insert into looks values (?, ?, ?, ?, ?)", row)
