"""Which names of a piece of code come from outside of it, by Python's rules of scope."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bancada.provenance._imports import Imported, imported_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Bound", "Use", "bound_names", "chain_of", "uses_of"]

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_CAPTURES = {ast.ExceptHandler: "name", ast.MatchAs: "name", ast.MatchStar: "name", ast.MatchMapping: "rest"}


@dataclass(frozen=True, slots=True)
class Use:
    """A reference to something that a piece of code does not hold itself.

    Attributes:
        chain: A name of the module and the attributes taken of it: `("np", "linalg", "norm")`. With `imported`, the
            attributes alone.
        imported: The import inside the code by which the name is bound; None for a name of the module.
        passive: True where the import statement itself was met, and not a use of what it binds.
        sure: False where the name may as well be bound nearby, as in the body of a class.
        known: True where a dynamic import names its module by a constant.
    """

    chain: tuple[str, ...]
    imported: Imported | None = None
    passive: bool = False
    sure: bool = True
    known: bool = False


@dataclass(slots=True)
class Bound:
    """Names that statements bind in their own scope, those bound by import, and those declared `global`."""

    names: set[str] = field(default_factory=set)
    imports: dict[str, list[Imported]] = field(default_factory=dict)
    elsewhere: set[str] = field(default_factory=set)

    def take(self, imports: Iterable[Imported]) -> None:
        """Note the names of an import statement."""
        for imported in imports:
            self.names.add(imported.bound)
            self.imports.setdefault(imported.bound, []).append(imported)


@dataclass(slots=True)
class _Frame:
    """A scope inside the module."""

    bound: Bound
    outer: _Frame | None
    is_class: bool = False


def bound_names(body: Iterable[ast.AST], package: str) -> Bound:
    """Collect the names that statements bind in the scope in which they stand.

    Args:
        body: The statements.
        package: The package that relative imports start from.
    """
    found = Bound()
    enclosing: set[str] = set()
    pending = list(body)
    while pending:
        node = pending.pop()
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            found.names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.take(imported for imported, _ in imported_names(node, package))
        elif isinstance(node, ast.Global | ast.Nonlocal):
            (found.elsewhere if isinstance(node, ast.Global) else enclosing).update(node.names)
        elif isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                found.names.add(node.id)
        elif isinstance(node, _COMPREHENSIONS):
            # Its loop variables are its own; a walrus inside binds outside.
            pending += [inner.target for inner in ast.walk(node) if isinstance(inner, ast.NamedExpr)]
        elif not isinstance(node, ast.Lambda):
            captured = getattr(node, _CAPTURES.get(type(node), ""), None)
            if captured:
                found.names.add(captured)
            pending.extend(ast.iter_child_nodes(node))
    found.names -= found.elsewhere | enclosing
    return found


def uses_of(node: ast.AST, package: str) -> tuple[Use, ...]:
    """Return what code at a module's top level refers to, each once, in order of appearance.

    Args:
        node: A statement of the top level, or the whole module.
        package: The package that relative imports start from.
    """
    reader = _Reader(package)
    reader.visit(node)
    return tuple(reader.uses)


class _Reader(ast.NodeVisitor):
    """Walks code with the scopes it opens."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.uses: dict[Use, None] = {}
        self.frame: _Frame | None = None

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._use((node.id,))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        chain = chain_of(node)
        if chain:
            self._use(chain)
            if "__dict__" in chain and not self._is_local(chain[0]):
                self._note(Use(("__dict__", chain[0])))
        else:
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        func = chain_of(node.func)
        name = _constant_text(node.args[1:] if func == ("getattr",) else node.args)
        if func == ("getattr",) and name and (owner := chain_of(node.args[0])):
            self._use((*owner, name))
            self._visit_all(node.args[2:])
        elif func and func[-1] in {"import_module", "__import__"} and name:
            self._use(func, known=True)
            self._note(Use((), Imported("", name)))
        elif func in {("getattr",), ("vars",), ("locals",)} and not self._is_local(func[0]):
            self._look_inside(func[0], node)
            self._visit_all([*node.args, *node.keywords])
        else:
            self.generic_visit(node)

    def _look_inside(self, name: str, node: ast.Call) -> None:
        """Note a builtin that looks into an object; what a function's own names hold is followed anyway."""
        owner = chain_of(node.args[0]) if node.args else ()
        known = bool(_constant_text(node.args[1:])) if name == "getattr" else False
        if owner and not self._is_local(owner[0]):
            self._use((name, owner[0]), known=known)
        else:
            inside = bool(node.args) or (self.frame is not None and not self.frame.is_class)
            self._use((name,), known=known or inside)

    def visit_Import(self, node: ast.Import) -> None:
        self._import(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self._import(node)

    def visit_Global(self, node: ast.Global) -> None:
        for name in node.names:
            self._note(Use((name,), sure=False))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._function(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._visit_all([*node.args.defaults, *(value for value in node.args.kw_defaults if value)])
        self._inside(Bound(_parameters(node.args)), [node.body])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._visit_all(node.decorator_list)
        types = _type_parameters(node)
        outer, self.frame = self.frame, _Frame(Bound(types), self.frame) if types else self.frame
        self._visit_all([*node.bases, *node.keywords, *getattr(node, "type_params", ())])
        self.frame = _Frame(bound_names(node.body, self.package), self.frame, is_class=True)
        self._visit_all(node.body)
        self.frame = outer

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._annotation(node.annotation)
        self._visit_all([node.target, *([node.value] if node.value else [])])

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self._comprehension(node.generators, [node.elt])

    def visit_SetComp(self, node: ast.SetComp) -> None:
        self._comprehension(node.generators, [node.elt])

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._comprehension(node.generators, [node.elt])

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._comprehension(node.generators, [node.key, node.value])

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        arguments = node.args
        self._visit_all(node.decorator_list)
        self._visit_all([*arguments.defaults, *(value for value in arguments.kw_defaults if value)])
        types = _type_parameters(node)
        outer, self.frame = self.frame, _Frame(Bound(types), self.frame) if types else self.frame
        self._visit_all(getattr(node, "type_params", ()))
        for argument in _arguments(arguments):
            self._annotation(argument.annotation)
        self._annotation(node.returns)
        bound = bound_names(node.body, self.package)
        bound.names |= _parameters(arguments)
        self._inside(bound, node.body)
        self.frame = outer

    def _comprehension(self, generators: Sequence[ast.comprehension], elements: Sequence[ast.AST]) -> None:
        self.visit(generators[0].iter)
        targets = bound_names([generator.target for generator in generators], self.package)
        later = [generator.iter for generator in generators[1:]]
        conditions = [condition for generator in generators for condition in generator.ifs]
        self._inside(targets, [*(generator.target for generator in generators), *later, *conditions, *elements])

    def _annotation(self, node: ast.expr | None) -> None:
        """Read an annotation, and what it says in quotes."""
        if node is None:
            return
        self.visit(node)
        for inner in ast.walk(node):
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                try:
                    quoted = ast.parse(inner.value.strip(), mode="eval")
                except (SyntaxError, ValueError):
                    continue
                for name in ast.walk(quoted):
                    if isinstance(name, ast.Name):
                        self._use((name.id,), sure=False)

    def _inside(self, bound: Bound, nodes: Iterable[ast.AST]) -> None:
        outer = self.frame
        self.frame = _Frame(bound, outer)
        self._visit_all(nodes)
        self.frame = outer

    def _visit_all(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self.visit(node)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for imported, _ in imported_names(node, self.package):
            self._note(Use((), imported, passive=True))

    def _use(self, chain: tuple[str, ...], *, known: bool = False, sure: bool = True) -> None:
        """Look a name up from the inside out; a class's names are seen in its body only, and maybe not yet there."""
        frame = self.frame
        while frame is not None:
            if chain[0] in frame.bound.elsewhere:
                break
            if chain[0] in frame.bound.names:
                for imported in frame.bound.imports.get(chain[0], ()):
                    self._note(Use(chain[1:], imported, known=known))
                if not frame.is_class:
                    return
                sure = False
            frame = frame.outer
            while frame is not None and frame.is_class:
                frame = frame.outer
        self._note(Use(chain, known=known, sure=sure))

    def _is_local(self, name: str) -> bool:
        """Tell whether a function or class around binds a name."""
        frame = self.frame
        while frame is not None:
            if name in frame.bound.names:
                return name not in frame.bound.imports
            frame = frame.outer
        return False

    def _note(self, use: Use) -> None:
        self.uses.setdefault(use)


def chain_of(node: ast.AST) -> tuple[str, ...]:
    """Return a name and its attributes; empty where the expression is anything else."""
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.append(node.attr)
        node = node.value
    return (node.id, *reversed(attributes)) if isinstance(node, ast.Name) else ()


def _constant_text(arguments: Sequence[ast.expr]) -> str:
    """Return the first argument where it is a constant name, dotted or not; a relative one starts with a dot."""
    first = arguments[0].value if arguments and isinstance(arguments[0], ast.Constant) else None
    return first if isinstance(first, str) and all(part.isidentifier() for part in first.split(".")) else ""


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    starred = [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *starred]


def _parameters(arguments: ast.arguments) -> set[str]:
    return {argument.arg for argument in _arguments(arguments)}


def _type_parameters(node: Any) -> set[str]:
    return {parameter.name for parameter in getattr(node, "type_params", ())}
