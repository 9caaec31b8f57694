"""The sentinel that says that rows have no id of their own."""

from __future__ import annotations

__all__ = ["ROW", "Row"]


class Row:
    """The type of `ROW`: rows are numbered from 0 in the order of their source."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return the name under which users say it."""
        return "bc.ROW"

    def __reduce__(self) -> str:
        """Unpickle to the one sentinel."""
        return "ROW"


ROW = Row()
