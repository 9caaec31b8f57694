"""Functions and classes of a session as a module of their own: all that they use, written out as it is now."""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import dataclass, replace
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from bancada.exceptions import DefinitionError
from bancada.provenance._assembly import Piece, assembled
from bancada.provenance._closure import CodeClosure, close_over, code_closure
from bancada.provenance._forms import has_place, places_of, value_closure
from bancada.provenance._literals import Writer
from bancada.provenance._origins import Unfit, class_definition, function_definition, layers_of
from bancada.provenance._places import importable, is_outside, submodules
from bancada.provenance._rewriting import Rewriter, bare, scope_of
from bancada.provenance._scopes import uses_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bancada.provenance._project import ProjectCode
    from bancada.provenance._scopes import Use

__all__ = ["EXTRACTED", "Extraction", "extract"]

# Under this name the walker meets the text, wherever it came from: the same text is the same code.
EXTRACTED = "__extracted__"
# These reach what no reading can tell, or what the text does not have.
_DYNAMIC = frozenset({"__import__", "compile", "eval", "exec", "globals"})
_OF_THE_MODULE = frozenset({"__builtins__", "__cached__", "__file__", "__loader__", "__name__", "__path__", "__spec__"})
_IN_QUERIES = re.compile(r"@([A-Za-z_]\w*)")
_BUILTIN_MODULES = frozenset({"_io", "_sitebuiltins", "builtins", "io"})


@dataclass(frozen=True, slots=True)
class Extraction:
    """What became of an extraction: a module's text with its identity, or the reason why there is none.

    Attributes:
        text: The module; empty where nothing had to be written out, or nothing could be.
        named: Each object that was written out, with its name in the module.
        closure: The code of all objects, as the walker reads it; None where one of them could not be written out.
        reason: What stood in the way; empty where nothing did.
    """

    text: str = ""
    named: tuple[tuple[Any, str], ...] = ()
    closure: CodeClosure | None = None
    reason: str = ""

    @property
    def references(self) -> tuple[tuple[Any, str], ...]:
        """Each object that was written out, with the reference that stands for it in identities."""
        return tuple((item, f"{EXTRACTED}:{name}") for item, name in self.named)


def extract(objects: Iterable[Any], project: ProjectCode) -> Extraction:
    """Write functions and classes of a session out, with all that they use, as they are in this process now.

    Those of the project and of installed packages are closed over as `value_closure` does. Of the others, definitions
    come from their text, once it is sure that it says what lives; defaults and plain constants from the live values;
    what is installed or of the project is imported. Nothing is run. The digest is that of the text by the walker, so
    that order, layout and comments of cells leave no trace, and neither does the name of a single function.

    Args:
        objects: Functions and classes.
        project: The code of the project, whose modules the text may import.
    """
    given = tuple(objects)
    outside = tuple(item for item in given if _has_no_home(item, project))
    if not outside:
        return Extraction(closure=value_closure(given, project))
    extractor = _Extractor(project)
    try:
        named = tuple((item, extractor.root(item)) for item in outside)
        text = assembled(extractor.pieces)
        known = project.with_text(EXTRACTED, text)
    except Unfit as unfit:
        return Extraction(reason=str(unfit))
    except (DefinitionError, RecursionError, SyntaxError, ValueError) as error:
        return Extraction(reason=f"it cannot be written out ({type(error).__name__}: {error})")
    if len(given) == 1 and isinstance(given[0], FunctionType):
        closure = code_closure(EXTRACTED, named[0][1], known)
    else:
        places = places_of((item for item in given if not _has_no_home(item, project)), project)
        told = [*((EXTRACTED, name) for _, name in named), *places.roots]
        names = sorted([*(f"{EXTRACTED}:{name}" for _, name in named), *places.names])
        closure = close_over(sorted(set(told)), [[name] for name in names], known, imports=places.imports)
    sources = {path: digest for path, digest in closure.sources.items() if path != EXTRACTED}
    return Extraction(text, named, replace(closure, sources=sources))


def _has_no_home(item: Any, project: ProjectCode) -> bool:
    """Tell whether no worker could import a thing by name, or what it imported could not be identified."""
    module = getattr(item, "__module__", None)
    return importable(item, project) is None and (not has_place(item) or is_outside(str(module), project))


class _Extractor:
    """Collects the pieces of one module, each name once."""

    def __init__(self, project: ProjectCode) -> None:
        self.project = project
        self.pieces: dict[str, Piece] = {}
        self._bound: dict[str, Any] = {}
        self._scope: Mapping[str, Any] = {}
        self._writer = Writer(self.refer)
        self._rewriter = Rewriter(self._writer, self._value_of, self._is_outside)

    def root(self, value: Any) -> str:
        """Bind what was asked for and return its name."""
        _, function = layers_of(value)
        if function is not None and (function.__name__ == "<lambda>" or function.__closure__):
            name = f"made_{len(self.pieces)}" if self.pieces else "made"
        else:
            name = str(getattr(value if function is None else function, "__name__", ""))
        self.bind(name, value, is_root=True)
        return name

    def bind(self, name: str, value: Any, chain: tuple[str, ...] = (), *, is_root: bool = False) -> None:
        """Bind a name of the module to a live value, with all that it uses.

        Raises:
            Unfit: It cannot be written out, or the name is taken.
        """
        if name in self._bound:
            if self._bound[name] is not value:
                message = f"`{name}` means two things"
                raise Unfit(message)
            if isinstance(value, ModuleType):
                self.pieces[name] = self.pieces[name].joined(self._modules(name, value, chain))
            return
        self._bound[name] = value
        self.pieces[name] = self._piece(name, value, chain, is_root=is_root)

    def refer(self, value: Any) -> ast.expr:
        """Return the expression by which a thing is reached, and bind what it needs.

        Raises:
            Unfit: It has no name.
        """
        if isinstance(value, ModuleType):
            name = f"_{value.__name__.replace('.', '_')}"
        elif place := importable(value, self.project):
            name = f"_{place[0].replace('.', '_')}_{place[1]}"
        else:
            _, function = layers_of(value)
            if not isinstance(value, type) and function is None:
                message = f"a `{type(value).__name__}`"
                raise Unfit(message)
            name = str(value.__name__)
            if function is not None and (function.__name__ == "<lambda>" or function.__closure__):
                name = f"_{function.__qualname__.rpartition('.')[2].strip('<>')}_{len(self.pieces)}"
        self.bind(name, value)
        return ast.Name(name, ast.Load())

    def _piece(self, name: str, value: Any, chain: tuple[str, ...], *, is_root: bool) -> Piece:
        if isinstance(value, ModuleType):
            return self._modules(name, value, chain)
        place = importable(value, self.project)
        if place is not None:
            return Piece.of(ast.ImportFrom(place[0], [ast.alias(place[1], None if place[1] == name else name)], 0))
        if isinstance(value, type):
            return self._class(name, value)
        layers, function = layers_of(value)
        if function is not None:
            return self._function(name, value, layers, function, is_root=is_root)
        try:
            return Piece.of(_assign(name, self._writer.write(value)))
        except Unfit as unfit:
            message = str(unfit)
            if message.startswith(("a ", "more ")):
                message = f"global `{name}` is {message}"
            raise Unfit(message) from None

    def _modules(self, name: str, value: ModuleType, chain: tuple[str, ...]) -> Piece:
        found = submodules(value, chain)
        for module in found:
            self._check_module(module)
        first = ast.Import([ast.alias(found[0], None if found[0] == name else name)])
        others = [ast.Import([ast.alias(module, f"_{module.replace('.', '_')}")]) for module in found[1:]]
        return Piece.of(first, *others)

    def _check_module(self, module: str) -> None:
        if self._is_outside(module):
            message = f"module `{module}` is neither installed nor of the project"
            raise Unfit(message)

    def _class(self, name: str, cls: type) -> Piece:
        if cls.__name__ != name:
            return self._alias(name, cls.__name__, cls)
        scope = scope_of(cls, self._scope)
        written = self._rewriter.of_class(class_definition(cls), cls, scope)
        self._follow(bare(written.plain), scope, cls.__name__)
        self._follow_softly(written.plain, scope)
        return Piece.of(written.node)

    def _function(
        self, name: str, value: Any, layers: tuple[Any, ...], function: FunctionType, *, is_root: bool
    ) -> Piece:
        if not self._is_outside(str(function.__module__)):
            message = f"`{name}` is a `{type(value).__name__}` around `{function.__name__}`, and no import leads to it"
            raise Unfit(message)
        definition = function_definition(function)
        scope = function.__globals__
        is_made = isinstance(definition, ast.Lambda) or function.__closure__ is not None
        if not is_made and function.__name__ != name:
            return self._alias(name, function.__name__, value)
        written = self._rewriter.of_function(definition, value, layers, function, name, is_root=is_root)
        self._follow(bare(written.plain), scope, name)
        self._follow_softly(written.plain, scope)
        return Piece.of(written.node, *written.after)

    def _alias(self, name: str, own: str, value: Any) -> Piece:
        self.bind(own, value)
        return Piece.of(_assign(name, ast.Name(own, ast.Load())))

    def _follow(self, node: ast.stmt, scope: Mapping[str, Any], user: str) -> None:
        """Bind every name that a definition takes from its module."""
        _refuse_writes(node, user)
        self._scope = scope
        for use in uses_of(node, ""):
            if use.imported is not None:
                self._check_module(use.imported.module)
            elif use.chain[0] != user or scope.get(user) is not self._bound.get(user):
                self._bind_use(use, scope, user)
        self._follow_queries(node, scope)

    def _follow_queries(self, node: ast.stmt, scope: Mapping[str, Any]) -> None:
        """Bind the names that the texts of `frame.query("a > @limit")` take from the module."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                for name in _IN_QUERIES.findall(inner.value):
                    self._try(name, (), scope)

    def _follow_softly(self, node: ast.stmt, scope: Mapping[str, Any]) -> None:
        """Bind what annotations name, where it can be: they are not evaluated, and mostly say nothing of behaviour."""
        for use in uses_of(node, ""):
            if use.imported is None:
                self._try(use.chain[0], use.chain[1:], scope)

    def _try(self, name: str, chain: tuple[str, ...], scope: Mapping[str, Any]) -> None:
        if name not in scope or name in self._bound:
            return
        before = dict(self.pieces), dict(self._bound), self._writer.seen()
        try:
            self.bind(name, scope[name], chain)
        except Unfit:
            self.pieces, self._bound, seen = before
            self._writer.rewind(seen)

    def _bind_use(self, use: Use, scope: Mapping[str, Any], user: str) -> None:
        name = use.chain[0]
        found = vars(builtins).get(name, self)
        value = scope.get(name, found)
        if name in _OF_THE_MODULE or (name in _DYNAMIC and value is found):
            message = f"`{user}` uses `{name}`, which can reach what is not seen"
            raise Unfit(message)
        if value is self or (value is found and _is_pythons(value)) or _is_around(value, found):
            return
        self.bind(name, value, use.chain[1:])

    def _value_of(self, chain: tuple[str, ...], scope: Mapping[str, Any]) -> Any:
        """Return what a name and its attributes mean now; `Unfit` where they mean nothing."""
        value = scope.get(chain[0], vars(builtins).get(chain[0], self)) if chain else self
        for name in chain[1:]:
            value = getattr(value, name, self)
        if value is self:
            message = f"`{'.'.join(chain)}` cannot be resolved" if chain else "a decorator or base is computed"
            raise Unfit(message)
        return value

    def _is_outside(self, module: str) -> bool:
        return is_outside(module, self.project)


def _assign(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value)


def _is_pythons(value: Any) -> bool:
    """Tell what every Python has among its builtins from what a notebook adds to them."""
    return getattr(value, "__module__", "builtins") in _BUILTIN_MODULES


def _is_around(value: Any, builtin: Any) -> bool:
    """Tell whether a notebook's own `open` or the like stands for a builtin."""
    layers, _ = layers_of(value)
    return bool(layers) and getattr(layers[-1], "__wrapped__", None) is builtin


def _refuse_writes(node: ast.stmt, user: str) -> None:
    """Refuse what changes its module, and relative imports."""
    names = {name for inner in ast.walk(node) if isinstance(inner, ast.Global) for name in inner.names}
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and inner.id in names and not isinstance(inner.ctx, ast.Load):
            message = f"`{user}` changes the global `{inner.id}`"
            raise Unfit(message)
        if isinstance(inner, ast.ImportFrom) and inner.level:
            message = f"`{user}` imports `{'.' * inner.level}{inner.module or ''}` relative to its package"
            raise Unfit(message)
