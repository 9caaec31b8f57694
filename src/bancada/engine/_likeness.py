"""Whether what a module has under a name is what its text says, as far as that can be told without running the text."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import sys
from enum import Enum
from types import FunctionType
from typing import TYPE_CHECKING, Any

from bancada.definitions import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType

__all__ = ["Likeness", "likeness"]

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)


class Likeness(Enum):
    """What a comparison has told."""

    LIKE = "like"
    UNLIKE = "unlike"
    UNKNOWN = "unknown"


def likeness(name: str, tree: ast.Module, live: ModuleType) -> Likeness:
    """Compare what a module has under a name with its text.

    The code of functions and methods is compared elsewhere; here it is what stands around it: defaults, decorators,
    bases, attributes, constants, imports. What is computed cannot be told.

    Args:
        name: A name at the module's top level, or `*` for all that the module is.
        tree: The text.
        live: The module.
    """
    found = [statement for statement in tree.body if name in _bound(statement)]
    if len(found) != 1 or name not in vars(live):
        return Likeness.UNKNOWN
    return _worst(_compared(found[0], name, live))


def _worst(told: Iterable[Likeness]) -> Likeness:
    found = set(told)
    return next((item for item in (Likeness.UNLIKE, Likeness.UNKNOWN) if item in found), Likeness.LIKE)


def _bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement may bind, rather one too many."""
    if isinstance(statement, _DEFINITIONS):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {item.asname or item.name.partition(".")[0] for item in statement.names}
    if _target(statement):
        return {_target(statement)}
    inner = [node for node in ast.walk(statement) if node is not statement]
    names = {node.id for node in inner if isinstance(node, ast.Name)}
    blocks = (*_DEFINITIONS, ast.Import, ast.ImportFrom)
    return names.union(*(_bound(node) for node in inner if isinstance(node, blocks)))


def _target(statement: ast.stmt) -> str:
    """Return the one name that a plain assignment binds; empty for all other statements."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign):
        target = statement.target
    else:
        return ""
    return target.id if isinstance(target, ast.Name) else ""


def _compared(statement: ast.stmt, name: str, live: ModuleType) -> Iterator[Likeness]:
    value = vars(live)[name]
    if isinstance(statement, _FUNCTIONS):
        yield from _of_function(statement, value)
    elif isinstance(statement, ast.ClassDef):
        yield from _of_class(statement, value, live)
    elif isinstance(statement, ast.Assign | ast.AnnAssign):
        yield _of_value(statement.value, value) if _target(statement) else Likeness.UNKNOWN
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        yield _of_import(statement, name, live)
    else:
        yield Likeness.UNKNOWN


def _of_function(node: ast.FunctionDef | ast.AsyncFunctionDef, value: Any) -> Iterator[Likeness]:
    # What a candidate's decorator was given counts by itself, as it is in memory.
    if isinstance(value, Candidate) and len(node.decorator_list) == 1:
        value = value.function
    elif node.decorator_list:
        yield Likeness.UNKNOWN
    if not isinstance(value, FunctionType) or value.__name__ != node.name:
        yield Likeness.UNKNOWN
        return
    written, defaults = node.args.defaults, value.__defaults__ or ()
    if len(written) != len(defaults):
        yield Likeness.UNLIKE
        return
    yield from map(_of_value, written, defaults)
    named = value.__kwdefaults__ or {}
    for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        if (default is None) != (argument.arg not in named):
            yield Likeness.UNLIKE
        elif default is not None:
            yield _of_value(default, named[argument.arg])


def _of_class(node: ast.ClassDef, value: Any, live: ModuleType) -> Iterator[Likeness]:
    if node.decorator_list or node.keywords or not inspect.isclass(value):
        yield Likeness.UNKNOWN
        return
    if len(node.bases) != len(value.__bases__) if node.bases else value.__bases__ != (object,):
        yield Likeness.UNLIKE
    for base, present in zip(node.bases, value.__bases__, strict=False):
        yield Likeness.LIKE if _meant(base, live) is present else Likeness.UNKNOWN
    for item in node.body:
        target = _target(item)
        if isinstance(item, _FUNCTIONS):
            yield from _of_function(item, vars(value).get(item.name))
        elif target and target in vars(value):
            assert isinstance(item, ast.Assign | ast.AnnAssign)  # noqa: S101 - what has a target; it tells the type
            yield _of_value(item.value, vars(value)[target])
        elif not isinstance(item, ast.Pass) and not (
            isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant)
        ):
            yield Likeness.UNKNOWN


def _meant(base: ast.expr, live: ModuleType) -> Any:
    """Return what a chain of names means in a module; None where it is no such chain."""
    if isinstance(base, ast.Name):
        return vars(live).get(base.id, getattr(sys.modules["builtins"], base.id, None))
    return getattr(_meant(base.value, live), base.attr, None) if isinstance(base, ast.Attribute) else None


def _of_import(statement: ast.Import | ast.ImportFrom, name: str, live: ModuleType) -> Likeness:
    value = vars(live)[name]
    item = next(item for item in statement.names if (item.asname or item.name.partition(".")[0]) == name)
    if isinstance(statement, ast.Import):
        meant: Any = sys.modules.get(item.name if item.asname else name)
    else:
        try:
            dots = "." * statement.level
            home = importlib.util.resolve_name(dots + (statement.module or ""), live.__package__ if dots else None)
        except (ImportError, ValueError):
            return Likeness.UNKNOWN
        meant = getattr(sys.modules.get(home), item.name, sys.modules.get(f"{home}.{item.name}"))
    return Likeness.LIKE if meant is value else Likeness.UNKNOWN


def _of_value(written: ast.expr | None, present: Any) -> Likeness:
    if written is None:
        return Likeness.UNKNOWN
    try:
        meant = ast.literal_eval(written)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return Likeness.UNKNOWN
    return Likeness.LIKE if _equal(meant, present) else Likeness.UNLIKE


def _equal(one: Any, other: Any) -> bool:
    """Tell whether two literals are the same, types and order included; they hold nothing but literals."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_equal, one, other))
    if isinstance(one, dict):
        return _equal(list(one.items()), list(other.items()))
    if isinstance(one, set):
        return len(one) == len(other) and all(any(_equal(item, its) for its in other) for item in one)
    return repr(one) == repr(other)
