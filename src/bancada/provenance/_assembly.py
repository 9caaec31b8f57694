"""The pieces of an extracted module in one order, whatever the order in which they were found."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bancada.identity import tree_digest
from bancada.provenance._origins import Unfit
from bancada.provenance._scopes import uses_of
from bancada.provenance._toplevel import executed

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Piece", "assembled"]


@dataclass(frozen=True, slots=True)
class Piece:
    """The statements that bind one name.

    Attributes:
        statements: In their order.
        uses: Names that they use in all.
        eager: Those that they need at once, and not only when a function is called.
    """

    statements: tuple[ast.stmt, ...]
    uses: frozenset[str]
    eager: frozenset[str]

    @classmethod
    def of(cls, *statements: ast.stmt) -> Piece:
        """Read what statements use."""
        uses = {use.chain[0] for node in statements for use in uses_of(node, "") if use.imported is None}
        eager = {
            inner.id
            for node in statements
            for inner in executed(node)
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load)
        }
        return cls(statements, frozenset(uses), frozenset(eager))

    def joined(self, other: Piece) -> Piece:
        """Return a piece with the statements of another that it lacks."""
        known = {ast.unparse(node) for node in self.statements}
        more = [node for node in other.statements if ast.unparse(node) not in known]
        first, *rest = (*self.statements, *more)
        return Piece((first, *sorted(rest, key=ast.unparse)), self.uses | other.uses, self.eager | other.eager)


def assembled(pieces: Mapping[str, Piece]) -> str:
    """Return the text of a module: imports first, then everything after what it needs at once, else by name.

    Raises:
        Unfit: Python does not read what it writes as it was.
    """
    order: list[str] = []
    seen: set[tuple[str, bool]] = set()

    def place(name: str, *, whole: bool) -> None:
        """Put a name in order behind what it needs; `whole` where it may be called at once, with all that it uses."""
        if name not in pieces or (name, whole) in seen:
            return
        seen.add((name, whole))
        piece = pieces[name]
        for needed in sorted(piece.eager):
            place(needed, whole=True)
        if name not in order:
            order.append(name)
        for needed in sorted(piece.uses if whole else ()):
            place(needed, whole=True)

    for name in sorted(pieces):
        place(name, whole=False)
    imports = [name for name in order if isinstance(pieces[name].statements[0], ast.Import | ast.ImportFrom)]
    rest = [name for name in order if name not in set(imports)]
    future = ast.ImportFrom("__future__", [ast.alias("annotations")], 0)
    nodes = [node for name in (*sorted(imports), *rest) for node in pieces[name].statements]
    body = [future, *(copy.deepcopy(node) for node in nodes)]
    module = ast.fix_missing_locations(ast.Module(body, []))
    text = ast.unparse(module) + "\n"
    if tree_digest(ast.parse(text)) != tree_digest(module):
        message = "it cannot be written out so that it reads the same"
        raise Unfit(message)
    return text
