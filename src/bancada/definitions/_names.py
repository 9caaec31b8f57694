"""Which names people may give to what they define."""

from __future__ import annotations

import re

from bancada.exceptions import DefinitionError

__all__ = ["check_column", "check_name"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_METRIC = re.compile(_NAME.pattern + r"(@[A-Za-z0-9][A-Za-z0-9._-]*)?")
_LONGEST = 80


def check_name(owner: str, name: object) -> str:
    """Return a name that may stand in paths, on the command line and on a board.

    Args:
        owner: What is named, for the error: `problem`, `candidate`.
        name: The name as it was given.

    Raises:
        DefinitionError: It is no text, longer than 80 characters, or has other than letters, digits, `.`, `_` and `-`.
            A metric may have its option after an `@`.
    """
    form = _METRIC if owner == "metric" else _NAME
    if isinstance(name, str) and len(name) <= _LONGEST and form.fullmatch(name):
        return name
    rule = (
        f"The name of a {owner} begins with a letter or digit (a-z, A-Z, 0-9), goes on with those and `.`, `_`, `-`, "
        f"and has up to {_LONGEST} characters."
    )
    raise DefinitionError(rule, f"Found {name!r}.", f"Give the {owner} such a name with `name=`.")


def check_column(owner: str, role: str, column: object) -> str:
    """Return the name of a column.

    Raises:
        DefinitionError: It is no text, or empty.
    """
    if isinstance(column, str) and column:
        return column
    rule = f"`{role}` of {owner} names columns of its dataset."
    raise DefinitionError(rule, f"Found {column!r}.", "Give the column's name as text.")
