"""Classes whose making runs code of the project."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from bancada.provenance._scopes import chain_of
from bancada.provenance._toplevel import executed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bancada.provenance._imports import Imported
    from bancada.provenance._project import ModuleCode

    Lookup = Callable[[str], ModuleCode | None]

__all__ = ["registers"]

Place = tuple[str, tuple[str, ...]]


def registers(node: ast.ClassDef, code: ModuleCode, lookup: Lookup) -> bool:
    """Tell whether making a class runs code of the project: `__init_subclass__` of a base, or a metaclass.

    Args:
        node: The class.
        code: The module in which it stands.
        lookup: Returns a module of the project by name; None where there is none.
    """
    return _has_own_metaclass(node, code, lookup, set()) or any(
        _tells(base, home, lookup, seen)
        for seen in (set[int](),)
        for expression in node.bases
        for base, home in _resolve(expression, code, lookup, set())
    )


def _tells(node: ast.ClassDef, code: ModuleCode, lookup: Lookup, seen: set[int]) -> bool:
    """Tell whether a class, or one of its bases, acts when it is subclassed."""
    if id(node) in seen:
        return False
    seen.add(id(node))
    if any(getattr(inner, "name", getattr(inner, "id", "")) == "__init_subclass__" for inner in ast.walk(node)):
        return True
    return _has_own_metaclass(node, code, lookup, set()) or any(
        _tells(base, home, lookup, seen)
        for expression in node.bases
        for base, home in _resolve(expression, code, lookup, set())
    )


def _has_own_metaclass(node: ast.ClassDef, code: ModuleCode, lookup: Lookup, seen: set[Place]) -> bool:
    return any(
        keyword.arg in {"metaclass", None} and any(_resolve(keyword.value, code, lookup, seen))
        for keyword in node.keywords
    )


def _resolve(
    expression: ast.expr, code: ModuleCode, lookup: Lookup, seen: set[Place]
) -> Iterator[tuple[ast.ClassDef, ModuleCode]]:
    """Yield the project's classes that an expression may name, with their modules."""
    chain = chain_of(expression.value if isinstance(expression, ast.Subscript) else expression)
    if chain:
        yield from _named(chain, code, lookup, seen)


def _named(
    chain: tuple[str, ...], code: ModuleCode, lookup: Lookup, seen: set[Place]
) -> Iterator[tuple[ast.ClassDef, ModuleCode]]:
    if (code.name, chain) in seen:
        return
    seen.add((code.name, chain))
    for unit in code.top.units.get(chain[0], ()):
        for node in _defined(unit.node, chain[0]):
            yield node, code
        if isinstance(unit.node, ast.Assign):
            yield from _resolve(unit.node.value, code, lookup, seen)
        for imported in (*unit.inner, *([unit.imported] if unit.imported else [])):
            yield from _imported(imported, chain, lookup, seen)
    for star in code.top.stars:
        source = lookup(star.imported.module) if star.imported else None
        if source is not None:
            yield from _named(chain, source, lookup, seen)


def _defined(node: ast.stmt, name: str) -> Iterator[ast.ClassDef]:
    """Yield the classes of a name that a statement defines, in its blocks too."""
    return (inner for inner in executed(node) if isinstance(inner, ast.ClassDef) and inner.name == name)


def _imported(
    imported: Imported, chain: tuple[str, ...], lookup: Lookup, seen: set[Place]
) -> Iterator[tuple[ast.ClassDef, ModuleCode]]:
    if imported.attribute is not None:
        full = (*imported.module.split("."), imported.attribute, *chain[1:])
    else:
        full = chain if imported.plain else (*imported.module.split("."), *chain[1:])
    for length in range(len(full) - 1, 0, -1):
        source = lookup(".".join(full[:length]))
        if source is not None:
            yield from _named(full[length:], source, lookup, seen)
