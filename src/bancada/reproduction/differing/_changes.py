"""Which values of two nested mappings differ, and how two texts do."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING, Any

from bancada.reproduction.differing._document import Change

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["changes", "text_diff", "text_of"]

LONGEST_TEXT = 400_000
LINES_AROUND = 3


def changes(a: Mapping[str, Any], b: Mapping[str, Any], prefix: str = "") -> tuple[Change, ...]:
    """Return the values that differ, by their dotted names, sorted; lists are compared as wholes.

    Args:
        a: One mapping, as JSON has it.
        b: The other.
        prefix: What stands before each name.

    Examples:
        >>> [(item.name, item.a, item.b) for item in changes({"split": {"k": 5}}, {"split": {"k": 10}, "x": 1})]
        [('split.k', 5, 10), ('x', None, 1)]
    """
    found: list[Change] = []
    for name in sorted({*a, *b}):
        first, second = a.get(name), b.get(name)
        if _same(first, second):
            continue
        if isinstance(first, dict) and isinstance(second, dict):
            found.extend(changes(first, second, f"{prefix}{name}."))
        else:
            found.append(Change(name=f"{prefix}{name}", a=first, b=second))
    return tuple(found)


def _same(a: Any, b: Any) -> bool:
    # To an identity 1, 1.0 and True are three values, however deep they lie; to Python they are equal.
    return a == b and json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


def text_of(data: bytes | None) -> str | None:
    """Return bytes as text; None where they are none, or too many to be compared line by line."""
    if data is None or len(data) > LONGEST_TEXT or b"\0" in data:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def text_diff(a: str, b: str, name: str) -> str:
    """Return a unified diff of two texts.

    Args:
        a: The text before.
        b: The text after.
        name: What they are of.
    """
    lines = difflib.unified_diff(
        a.splitlines(), b.splitlines(), f"a/{name}" if a else "/dev/null", f"b/{name}" if b else "/dev/null",
        lineterm="", n=LINES_AROUND,
    )  # fmt: skip
    return "\n".join(lines)
