"""The digest of a piece of Python, by what it says and not by how it is written.

Only the standard library is imported, and nothing of this package, so that other interpreters can run this file alone.
"""

from __future__ import annotations

import ast
import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["TREE_VERSION", "tree_digest"]

TREE_VERSION = 1

_SKIPPED = frozenset({"ctx", "type_comment", "type_ignores", "kind"})


def tree_digest(node: ast.AST) -> str:
    r"""Return the SHA-256 of a syntax tree, 64 hexadecimal digits, equal on every Python version that can parse it.

    Hashed are the class of each node and its fields that are not empty. Not hashed are positions, expression contexts,
    type comments, the prefix of `u"text"`, docstrings and every other statement that is a bare text. Neighbouring texts
    in an f-string are merged and an empty format is dropped, because parsers differ there.

    Args:
        node: What `ast.parse` gave, or any node of it.

    Examples:
        >>> documented = ast.parse("def f( x ):\n  'Doc.'\n  return x  # as it came")
        >>> tree_digest(ast.parse("def f(x): return x")) == tree_digest(documented)
        True
    """
    parts: list[str] = [f"tree/{TREE_VERSION}"]
    _node(node, parts.append)
    return hashlib.sha256("".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _node(node: ast.AST, put: Callable[[str], None]) -> None:
    """Write `(Class field value …)`; every text is preceded by its length, so that no two trees read the same."""
    if isinstance(node, ast.Constant):
        put(f"(Constant {_constant(node.value)})")
        return
    put(f"({type(node).__name__}")
    for field in node._fields:
        if field in _SKIPPED:
            continue
        value = getattr(node, field, None)
        if isinstance(value, list):
            value = _statements(_joined(value) if isinstance(node, ast.JoinedStr) else value)
        elif isinstance(node, ast.FormattedValue) and field == "format_spec" and _is_empty_format(value):
            continue
        if value is None or value == []:
            continue
        put(f" {field} ")
        _value(value, put)
    put(")")


def _value(value: object, put: Callable[[str], None]) -> None:
    if isinstance(value, ast.AST):
        _node(value, put)
    elif isinstance(value, list):
        put("[")
        for item in value:
            _value(item, put)
        put("]")
    elif isinstance(value, str):
        put(_text(value))
    else:
        # `None` stands for the missing key in `{**other}`; the flags of nodes are small integers.
        put(f"<{value!r}>")


def _constant(value: object) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"int {value:x}"  # Decimal text of very long integers is refused by the interpreter.
    return f"{type(value).__name__} {_text(repr(value))}"


def _text(value: str) -> str:
    return f"{len(value)}:{value}"


def _statements(items: list[object]) -> list[object]:
    """Drop docstrings and every other bare text among statements."""
    return [item for item in items if not (isinstance(item, ast.Expr) and _is_text(item.value))]


def _joined(items: Iterable[object]) -> list[object]:
    """Merge neighbouring texts of an f-string and drop empty ones."""
    merged: list[object] = []
    for item in items:
        last = merged[-1] if merged else None
        if isinstance(item, ast.Constant) and isinstance(item.value, str):
            if isinstance(last, ast.Constant) and isinstance(last.value, str):
                merged[-1] = ast.Constant(last.value + item.value)
            elif item.value:
                merged.append(item)
        else:
            merged.append(item)
    return merged


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_empty_format(value: object) -> bool:
    return isinstance(value, ast.JoinedStr) and not _joined(value.values)
