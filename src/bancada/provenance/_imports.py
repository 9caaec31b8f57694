"""What one name of an import statement binds, and from where."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Imported", "imported_names"]


@dataclass(frozen=True, slots=True)
class Imported:
    """One name of an import statement.

    Attributes:
        bound: Name that it binds; `*` for a star import.
        module: Module that is imported, absolute.
        attribute: What is taken from the module; None for `import module`.
        plain: True for `import a.b.c` without `as`, which binds `a`.
    """

    bound: str
    module: str
    attribute: str | None = None
    plain: bool = False


def imported_names(node: ast.Import | ast.ImportFrom, package: str) -> Iterator[tuple[Imported, ast.stmt]]:
    """Yield each name of an import statement with a statement that imports it alone.

    Args:
        node: The statement.
        package: The package in which it stands, for relative imports; empty at the top.
    """
    for alias in node.names:
        if isinstance(node, ast.Import):
            plain = alias.asname is None
            bound = alias.name.partition(".")[0] if alias.asname is None else alias.asname
            imported, alone = Imported(bound, alias.name, None, plain), ast.Import([alias])
            yield imported, ast.copy_location(alone, node)
        else:
            source = Imported(alias.asname or alias.name, _absolute(node, package), alias.name)
            yield source, ast.copy_location(ast.ImportFrom(node.module, [alias], node.level), node)


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".") if package else []
    kept = parts[: len(parts) - node.level + 1] if node.level - 1 <= len(parts) else []
    return ".".join([*kept, *([node.module] if node.module else [])])
