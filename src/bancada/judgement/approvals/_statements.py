"""The statements of a definition that tests must execute, and those that they did not."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from types import CodeType

__all__ = ["Piece", "needed_pieces"]

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True, slots=True)
class Piece:
    """A statement of a function.

    Attributes:
        name: The definition that it belongs to.
        function: First line of the function, decorators included, as its code object tells it.
        first: First line of the statement.
        last: Last line of it, or of what stands before its block.
    """

    name: str
    function: int
    first: int
    last: int

    def done(self, executed: Collection[tuple[int, int]]) -> bool:
        """Tell whether it was executed.

        Args:
            executed: First line of the function, and line, of all that was.
        """
        return any((self.function, line) in executed for line in range(self.first, self.last + 1))


def needed_pieces(source: str, names: Collection[str]) -> tuple[Piece, ...]:
    """Return the statements of functions that some definitions of a module consist of.

    What stands outside of functions is executed by the import, and a statement without any code of its own, such as a
    docstring, needs none.

    Args:
        source: Text of the module.
        names: Definitions at its top level; `*` stands for all.

    Raises:
        SyntaxError: It is no Python that this interpreter can read.
    """
    tree = ast.parse(source)
    lines = {(code.co_firstlineno, line) for code in _codes(compile(source, "<code>", "exec")) for line in _lines(code)}
    found = []
    for node in tree.body:
        bound = _bound(node)
        shown = next((name for name in bound if name in names), "" if "*" not in names else (bound or ("*",))[0])
        if shown:
            found += [piece for piece in _pieces(node, shown) if piece.done(lines)]
    return tuple(sorted(set(found), key=lambda piece: (piece.first, piece.function)))


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if hasattr(constant, "co_consts"):
            yield from _codes(constant)


def _lines(code: CodeType) -> set[int]:
    return {line for _, _, line in code.co_lines() if line is not None}


def _bound(node: ast.stmt) -> tuple[str, ...]:
    """Return the names that a statement at the top level binds."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return (node.name,)
    return tuple(
        inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
    )


def _pieces(node: ast.AST, name: str) -> Iterator[Piece]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([inner.lineno, *(decorator.lineno for decorator in inner.decorator_list)])
            for statement in _statements(inner.body):
                if not _says_nothing(statement):
                    yield Piece(name, first, statement.lineno, _end(statement))
        elif isinstance(inner, ast.Lambda):
            yield Piece(name, inner.lineno, inner.body.lineno, inner.body.end_lineno or inner.body.lineno)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements and those of their blocks, not those of functions and classes within."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for block in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(statement, block, []))
        for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
            yield from _statements(part.body)


def _says_nothing(statement: ast.stmt) -> bool:
    """Tell whether there is nothing to execute: a docstring, an ellipsis, a declaration."""
    if isinstance(statement, ast.Global | ast.Nonlocal | ast.Pass):
        return True
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _end(statement: ast.stmt) -> int:
    """Return the last line of a statement, or of what stands before its block."""
    body = getattr(statement, "body", None)
    if isinstance(body, list) and body:
        first: int = min(inner.lineno for inner in body)
        return max(statement.lineno, first - 1)
    if isinstance(statement, ast.Match):
        return max(statement.lineno, statement.cases[0].pattern.lineno - 1)
    return statement.end_lineno or statement.lineno
