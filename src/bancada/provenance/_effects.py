"""What importing a module does beside binding names, where it looks like a definition."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bancada.provenance._scopes import chain_of
from bancada.provenance._toplevel import executed, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bancada.provenance._imports import Imported
    from bancada.provenance._toplevel import TopLevel, Unit

__all__ = ["Act", "Judge"]

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_ASSIGNMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_PLAIN = (
    *_COMPREHENSIONS, ast.BinOp, ast.BoolOp, ast.Compare, ast.Constant, ast.Dict, ast.JoinedStr, ast.List, ast.Set,
    ast.Tuple, ast.UnaryOp,
)  # fmt: skip
_BUILTINS = frozenset(dir(builtins))
_IMPURE_BUILTINS = frozenset(
    {"__import__", "breakpoint", "compile", "delattr", "eval", "exec", "globals", "input", "next", "setattr", "vars"}
)
_DECORATING_BUILTINS = frozenset({"classmethod", "property", "staticmethod"})
_ACCESSORS = frozenset({"deleter", "getter", "setter"})
_THROWN_AWAY = frozenset({"_", "__"})
# What changes an argument or a library, by the habits of naming.
_CHANGING = frozenset(
    {
        "add", "append", "clear", "discard", "extend", "filterwarnings", "insert", "pop", "popitem", "putenv", "remove",
        "reverse", "seed", "setdefault", "setenv", "shuffle", "simplefilter", "sort", "update",
    }
)  # fmt: skip
_CHANGING_STARTS = ("disable_", "enable_", "manual_seed", "monkeypatch", "patch", "register", "set_", "unregister")
# Methods of values that leave the value as it was.
_READING = frozenset(
    {
        "absolute", "as_posix", "astype", "copy", "count", "encode", "decode", "endswith", "exists", "expanduser",
        "format", "get", "glob", "index", "is_dir", "is_file", "isoformat", "items", "iterdir", "join", "joinpath",
        "keys", "lower", "lstrip", "read_bytes", "read_text", "replace", "resolve", "rglob", "rstrip", "split",
        "splitlines", "startswith", "strip", "title", "tolist", "union", "upper", "values", "with_name", "with_suffix",
    }
)  # fmt: skip
# What calls a function that it is given, at once.
_CALLING = frozenset(
    {"agg", "apply", "applymap", "filter", "map", "max", "min", "pipe", "reduce", "sorted", "starmap", "transform"}
)


@dataclass(frozen=True, slots=True)
class Act:
    """A piece of the top level that runs code of the project.

    Attributes:
        said: What it does, a phrase.
        node: The statement, or the expression alone where nothing else of the statement decides on it.
        whole: True where its module counts whole for it.
    """

    said: str
    node: ast.stmt
    whole: bool = False


class Judge:
    """Tells which definitions of a module do more than define.

    A call of the project's own code can change anything, and so can a method of an object that a name holds. What
    another library's call returns is only stored, unless its name says that it changes something.

    Args:
        top: The module's top level.
        ours: Tells whether an import is one of the project's modules.
        registers: Tells whether making a class runs code of the project.
    """

    def __init__(
        self, top: TopLevel, ours: Callable[[Imported], bool], registers: Callable[[ast.ClassDef], bool]
    ) -> None:
        self.top = top
        self.ours = ours
        self.registers = registers
        self._kinds: dict[str, str] = {}

    def acts(self) -> Iterator[Act]:
        """Yield what acts, statement by statement."""
        for statement in self.top.statements:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                continue
            for said in self._registrations(statement):
                yield Act(f"its top level {said} in line {statement.lineno}", statement, whole=True)
            for node in self._calls(statement):
                alone = node if isinstance(node, ast.stmt) else ast.copy_location(ast.Expr(node), node)
                yield Act(f"its top level runs `{shown(node)}` in line {statement.lineno}", alone)

    def _registrations(self, statement: ast.stmt) -> Iterator[str]:
        """Yield decorators and base classes by which a definition may become known elsewhere."""
        for node in executed(statement):
            if not isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
                continue
            for decorator in node.decorator_list:
                if self._decorates(decorator) == "project":
                    yield f"decorates `{node.name}` with `{shown(decorator)}`"
            if isinstance(node, ast.ClassDef) and self.registers(node):
                yield f"makes `{node.name}`, which its base class or metaclass learns of,"

    def _decorates(self, decorator: ast.expr) -> str:
        """Return whose a decorator is: `project`, where it may be; `value` for that of an object of the module."""
        chain = chain_of(decorator.func if isinstance(decorator, ast.Call) else decorator)
        if not chain or chain[-1] == "partial":
            return "project"
        if chain[-1] in _ACCESSORS and chain[0] not in self.top.units:
            return "foreign"
        if len(chain) == 1 and chain[0] in _DECORATING_BUILTINS:
            return "foreign"
        if len(chain) == 1 and self._only_wraps(chain[0], called=isinstance(decorator, ast.Call)):
            return "foreign"
        kind = self._kind(chain[0])
        return "project" if kind == "builtin" else kind

    def _only_wraps(self, name: str, *, called: bool) -> bool:
        """Tell whether a decorator of this module returns a wrapper and does nothing else.

        Args:
            name: Its name.
            called: True where it is called for the decorator, so that what it defines inside is run as well.
        """
        nodes = [unit.node for unit in self.top.units.get(name, ())]
        if not nodes or not all(isinstance(node, _FUNCTIONS) and not node.decorator_list for node in nodes):
            return False
        runs = [inner for node in nodes for inner in _body(node)]
        if called:
            runs += [inner for node in runs if isinstance(node, _FUNCTIONS) for inner in _body(node)]
        return not any(self._acts_inside(inner) or isinstance(inner, ast.Nonlocal) for inner in runs)

    def _calls(self, statement: ast.stmt) -> Iterator[ast.stmt | ast.expr]:
        """Yield what runs code of the project: single calls, or the statement where these depend on the rest of it."""
        if isinstance(statement, _ASSIGNMENTS) and statement.value is not None:
            if self._changes_in_place(statement):
                yield statement
            elif _is_thrown_away(statement) and any(isinstance(node, ast.Call) for node in executed(statement.value)):
                yield statement.value
            else:
                yield from self._impure(statement.value)
        elif isinstance(statement, _FUNCTIONS):
            decorators = [node for node in statement.decorator_list if self._decorates(node) == "value"]
            if decorators:
                yield statement
            for default in (*statement.args.defaults, *(node for node in statement.args.kw_defaults if node)):
                yield from self._impure(default)
            for decorator in statement.decorator_list:
                for argument in ast.iter_child_nodes(decorator) if isinstance(decorator, ast.Call) else ():
                    yield from self._impure(argument)
        elif any(self._acts_inside(node) for node in executed(statement)):
            yield statement

    def _changes_in_place(self, statement: ast.stmt) -> bool:
        """Tell whether `+=` may change an object that another name holds as well."""
        if not isinstance(statement, ast.AugAssign) or not isinstance(statement.target, ast.Name):
            return False
        makings = [getattr(unit.node, "value", None) for unit in self.top.units.get(statement.target.id, ())]
        return not all(isinstance(value, (ast.Call, *_PLAIN)) for value in makings)

    def _acts_inside(self, node: ast.AST) -> bool:
        """Tell whether a part of a block or of a class does more than bind a name there."""
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            return any(self._decorates(decorator) == "value" for decorator in node.decorator_list)
        if isinstance(node, _ASSIGNMENTS):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            return any(isinstance(inner, ast.Attribute | ast.Subscript) for inner in targets)
        if isinstance(node, ast.Call):
            return self._is_impure(node)
        return isinstance(node, ast.Delete | ast.Global)

    def _impure(self, node: ast.AST) -> list[ast.expr]:
        """Return the outermost expressions that run code of the project."""
        if isinstance(node, ast.Call) and self._is_impure(node):
            return [node]
        if isinstance(node, ast.Lambda):
            return [found for default in node.args.defaults for found in self._impure(default)]
        inner = [found for child in ast.iter_child_nodes(node) for found in self._impure(child)]
        if inner and isinstance(node, (*_COMPREHENSIONS, ast.BoolOp, ast.IfExp)):
            return [node]
        return inner

    def _is_impure(self, call: ast.Call) -> bool:
        callee = call.func
        name = callee.attr if isinstance(callee, ast.Attribute) else getattr(callee, "id", "")
        if name in _CALLING and self._gives_a_function(call):
            return True
        if isinstance(callee, ast.Name):
            return self._calls_by_name(call, callee.id)
        if isinstance(callee, ast.Attribute):
            if isinstance(callee.value, (ast.Call, *_PLAIN)):
                return self._value(callee.value) == "project"  # nobody else holds that value
            kind = self._value(callee.value)
            return kind == "project" or _changes(name) or (kind == "value" and name not in _READING)
        return not (isinstance(callee, ast.Subscript) and self._value(callee.value) in {"foreign", "builtin"})

    def _calls_by_name(self, call: ast.Call, name: str) -> bool:
        kind = self._kind(name)
        if kind == "builtin":
            return name in _IMPURE_BUILTINS or (name == "type" and len(call.args) > 1)
        return not (kind == "foreign" and not _changes(name)) and not self._is_plain_class(name)

    def _gives_a_function(self, call: ast.Call) -> bool:
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        return any(
            isinstance(node, ast.Lambda) or (isinstance(node, ast.Name) and self._kind(node.id) == "project")
            for node in given
        )

    def _is_plain_class(self, name: str) -> bool:
        """Tell whether a name is a class of this module that does nothing when it is called."""
        nodes = [unit.node for unit in self.top.units.get(name, ())]
        return bool(nodes) and all(isinstance(node, ast.ClassDef) and self._only_holds(node) for node in nodes)

    def _only_holds(self, node: ast.ClassDef) -> bool:
        if node.bases or node.keywords or any(self._decorates(item) != "foreign" for item in node.decorator_list):
            return False
        made = {"__init__", "__new__", "__post_init__"}
        return not any(
            (isinstance(inner, _FUNCTIONS) and inner.name in made)
            or (
                isinstance(inner, ast.keyword)
                and inner.arg == "default_factory"
                and self._value(inner.value) == "project"
            )
            for inner in executed(node)
        )

    def _value(self, node: ast.expr) -> str:
        """Return whose an expression's value is."""
        while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred | ast.Await):
            node = node.value
        if isinstance(node, ast.Name):
            return self._kind(node.id)
        if isinstance(node, ast.NamedExpr):
            return self._value(node.value)
        if isinstance(node, ast.IfExp):
            return _worst([self._value(node.body), self._value(node.orelse)])
        if isinstance(node, ast.Call):
            return "project" if self._is_impure(node) else "value"
        return "value" if isinstance(node, _PLAIN) else "project"

    def _kind(self, name: str) -> str:
        """Return whose a name of the module is: `project`, `value` (of a known making), `foreign` or `builtin`."""
        if name not in self._kinds:
            self._kinds[name] = "project"  # where its making leads back to itself
            self._kinds[name] = self._find_kind(name)
        return self._kinds[name]

    def _find_kind(self, name: str) -> str:
        units = self.top.units.get(name)
        if units:
            return _worst([self._made_by(unit) for unit in units])
        stars = [unit.imported for unit in self.top.stars if unit.imported is not None]
        if any(self.ours(imported) for imported in stars):
            return "project"
        if name in _BUILTINS:
            return "builtin"
        return "foreign" if stars or name.startswith("__") else "project"

    def _made_by(self, unit: Unit) -> str:
        imports = [unit.imported] if unit.imported else unit.inner
        if imports:
            return "project" if any(self.ours(imported) for imported in imports) else "foreign"
        if isinstance(unit.node, _ASSIGNMENTS) and unit.node.value is not None:
            kind = self._value(unit.node.value)
            return "value" if isinstance(unit.node, ast.AugAssign) and kind != "project" else kind
        return "project"


def _body(node: ast.AST) -> list[ast.AST]:
    """Return what calling a function runs, without what it only defines."""
    return [inner for statement in getattr(node, "body", ()) for inner in executed(statement)]


def _is_thrown_away(statement: ast.Assign | ast.AnnAssign | ast.AugAssign) -> bool:
    """Tell whether nobody is meant to use what is assigned."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return all(isinstance(target, ast.Name) and target.id in _THROWN_AWAY for target in targets)


def _worst(kinds: list[str]) -> str:
    return next((kind for kind in ("project", "value", "foreign") if kind in kinds), "builtin")


def _changes(name: str) -> bool:
    return name in _CHANGING or name.startswith(_CHANGING_STARTS)
