"""The top level of a module: which statements bind which names, and what else it does."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bancada.provenance._imports import Imported, imported_names
from bancada.provenance._scopes import Use, bound_names, uses_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["TopLevel", "Unit", "executed", "read_top_level", "shown"]

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_ASSIGNMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign)
_TRIES = (ast.Try, ast.TryStar)
_SHOWN_CHARACTERS = 60


@dataclass(eq=False, slots=True)
class Unit:
    """A statement at the top level that binds names; of an import statement, one name alone.

    Attributes:
        node: The statement.
        package: The package in which it stands.
        imported: What an import statement binds; None for other statements.
        inner: What import statements inside a conditional block bind.
    """

    node: ast.stmt
    package: str
    imported: Imported | None = None
    inner: tuple[Imported, ...] = ()
    _uses: tuple[Use, ...] | None = None

    def uses(self) -> tuple[Use, ...]:
        """Return what the statement's names refer to outside of itself."""
        if self._uses is None:
            self._uses = () if self.imported is not None else uses_of(self.node, self.package)
        return self._uses


@dataclass(slots=True)
class TopLevel:
    """What a module's top level binds and does.

    Attributes:
        units: Statements that bind each name, in order.
        stars: Star imports, in blocks too.
        imports: What importing the module imports first.
        statements: What importing the module runs, in order.
        effects: What it plainly does beside defining, a phrase each.
    """

    units: dict[str, list[Unit]] = field(default_factory=dict)
    stars: list[Unit] = field(default_factory=list)
    imports: list[Imported] = field(default_factory=list)
    statements: list[ast.stmt] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)

    def bind(self, name: str, unit: Unit) -> None:
        """Note that a statement binds a name."""
        self.units.setdefault(name, []).append(unit)


def read_top_level(tree: ast.Module, package: str) -> TopLevel:
    """Sort the statements of a module into definitions and effects.

    Definitions are functions, classes, assignments to names, imports, and conditional or guarded blocks of these.
    Docstrings count for nothing, nor does what stands under `if __name__ == "__main__":`; `if TYPE_CHECKING:` binds
    names and runs nothing.

    Args:
        tree: The module.
        package: The package that relative imports start from.
    """
    top = TopLevel()
    _read(tree.body, package, top, runs=True)
    return top


def executed(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a statement that importing its module runs, itself first: not what functions hold."""
    pending = [node]
    while pending:
        inner = pending.pop()
        yield inner
        pending += reversed(_run_with(inner))


def _run_with(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        defaults: list[ast.AST] = [*node.args.defaults, *(value for value in node.args.kw_defaults if value)]
        return defaults if isinstance(node, ast.Lambda) else [*node.decorator_list, *defaults]
    if isinstance(node, ast.If) and (_is_main_guard(node.test) or _is_type_checking(node.test)):
        return [*node.orelse]
    return list(ast.iter_child_nodes(node))


def _read(body: list[ast.stmt], package: str, top: TopLevel, *, runs: bool) -> None:
    for node in body:
        if isinstance(node, ast.If) and _is_main_guard(node.test):
            _read(node.orelse, package, top, runs=runs)
        elif isinstance(node, ast.If) and _is_type_checking(node.test):
            _read(node.body, package, top, runs=False)
            _read(node.orelse, package, top, runs=runs)
        else:
            if runs:
                top.statements.append(node)
            _read_imports(node, package, top, runs=runs)
            _read_statement(node, package, top)


def _read_imports(node: ast.stmt, package: str, top: TopLevel, *, runs: bool) -> None:
    """Note what a statement imports, in its blocks too."""
    for inner in executed(node):
        if isinstance(inner, ast.Import | ast.ImportFrom):
            for imported, alone in imported_names(inner, package):
                if runs:
                    top.imports.append(imported)
                if imported.attribute == "*":
                    top.stars.append(Unit(alone, package, imported=imported))


def _read_statement(node: ast.stmt, package: str, top: TopLevel) -> None:
    """Note what a statement binds, and whether it does more."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        for imported, alone in imported_names(node, package):
            if imported.attribute != "*":
                top.bind(imported.bound, Unit(alone, package, imported=imported))
        return
    if not _defines(node):
        top.effects.append(_effect(node))
    found = bound_names([node], package)
    for name in sorted(found.names - {"*"}):
        inner = () if isinstance(node, _DEFINITIONS) else tuple(found.imports.get(name, ()))
        top.bind(name, Unit(node, package, inner=inner))


def _defines(node: ast.stmt) -> bool:
    """Tell whether a statement does nothing but bind names of its own module."""
    if isinstance(node, _ASSIGNMENTS):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return all(_is_name(target) for target in targets)
    if isinstance(node, ast.If):
        return all(_defines_inside(child) for child in node.body + node.orelse)
    if isinstance(node, _TRIES):
        handled = [child for handler in node.handlers for child in handler.body]
        return all(_defines_inside(child) for child in node.body + handled + node.orelse + node.finalbody)
    alias = getattr(ast, "TypeAlias", ())  # since Python 3.12
    return isinstance(node, _DEFINITIONS) or _says_nothing(node) or isinstance(node, alias)


def _defines_inside(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom | ast.Raise) or _defines(node)


def _says_nothing(node: ast.stmt) -> bool:
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _is_name(target: ast.expr) -> bool:
    if isinstance(target, ast.Tuple | ast.List):
        return all(_is_name(element) for element in target.elts)
    return isinstance(target.value if isinstance(target, ast.Starred) else target, ast.Name)


def _is_main_guard(test: ast.expr) -> bool:
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq)):
        return False
    sides = {ast.unparse(side) for side in (test.left, test.comparators[0])}
    return sides == {"__name__", "'__main__'"}


def _is_type_checking(test: ast.expr) -> bool:
    return ast.unparse(test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING", "t.TYPE_CHECKING"}


def _effect(node: ast.stmt) -> str:
    """Say what a statement does that is no definition."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        what = f"calls `{shown(node.value.func)}`"
    elif isinstance(node, _ASSIGNMENTS):
        what = f"changes `{shown(node.targets[0] if isinstance(node, ast.Assign) else node.target)}`"
    else:
        what = f"runs `{shown(node)}`"
    return f"its top level {what} in line {node.lineno}"


def shown(node: ast.AST) -> str:
    """Return the first line of a piece of code, shortened."""
    first = ast.unparse(node).partition("\n")[0]
    return first if len(first) <= _SHOWN_CHARACTERS else f"{first[:_SHOWN_CHARACTERS]}…"
