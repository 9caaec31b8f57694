"""Whether the code in memory is the code on the disk.

The identity of a candidate is read from its sources; its predictions come from what was imported. Where a file was
edited since, the two are different claims, and storing one under the other's key would poison the store.
"""

from __future__ import annotations

import ast
import inspect
import sys
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

from bancada.engine._likeness import Likeness, likeness
from bancada.exceptions import UsageError
from bancada.identity import same_code, touched_since

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from bancada.provenance import CodeClosure

__all__ = ["refuse_stale"]

PLAIN = (bool, int, float, complex, str, bytes, type(None))


def refuse_stale(closure: CodeClosure, root: Path) -> str:
    """Refuse a candidate whose modules were edited after they were imported.

    Compared are the code and the defaults of functions and methods, and constants of plain types, of the modules that
    the closure consists of; and of the closure itself class attributes, bases and imports. What is computed, such as a
    constant or the arguments of a decorator, cannot be compared, and counts as edited once its file was touched.
    Modules that are not imported yet will be read from the disk and cannot differ.

    Args:
        closure: What the candidate consists of.
        root: The project's root.

    Returns:
        Why it cannot be told whether what is in memory is what the files say; empty where it can.

    Raises:
        UsageError: A module in memory is not what its file says.
    """
    doubt = ""
    for module, path in sorted({(item.module, item.path) for item in closure.items}):
        live = sys.modules.get(module)
        if live is None or not path.endswith(".py"):
            continue
        source = (root / path).read_bytes()
        name = next(_differing(live, source, path), None)
        unknown = ""
        if name is None and touched_since(module, root / path):
            names = sorted({item.qualname.partition(".")[0] for item in closure.items if item.module == module})
            name, unknown = _apart(names, source, live)
        if name is not None:
            raise UsageError(
                "A candidate is scored as its file says, so what was imported must be what the file says.",
                f"`{path}` was edited after `{module}` was imported: `{name}` differs.",
                "Start again, or reload it with `importlib.reload` before you go on.",
            )
        if unknown:
            what = f"`{module}`" if unknown == "*" else f"`{unknown}`"
            doubt = doubt or f"`{path}` was edited while it was in use, and {what} may be older in memory"
    return doubt


def _apart(names: list[str], source: bytes, live: ModuleType) -> tuple[str | None, str]:
    """Return a name that differs from the text, and one of which that cannot be told."""
    tree = ast.parse(source)
    told = {name: likeness(name, tree, live) for name in names}
    unlike = next((name for name in names if told[name] is Likeness.UNLIKE), None)
    return unlike, next((name for name in names if told[name] is Likeness.UNKNOWN), "")


def _differing(live: ModuleType, source: bytes, path: str) -> Iterator[str]:
    """Yield the names whose definition in memory is not that of the source."""
    tree = ast.parse(source)
    written = dict(_code_objects(compile(source, path, "exec", dont_inherit=True)))
    for name, function in _functions(live):
        code = written.get(name)
        if code is not None and not same_code(code, function.__code__):
            yield name
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield from _differing_defaults(node, vars(live).get(node.name))
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            yield from _differing_constant(node.targets[0].id, node.value, live)


def _code_objects(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant.co_qualname, constant
            yield from _code_objects(constant)


def _functions(live: ModuleType) -> Iterator[tuple[str, FunctionType]]:
    """Yield the functions and methods that a module defines, by qualified name."""
    stack: list[Any] = list(vars(live).values())
    seen: set[int] = set()
    while stack:
        value = stack.pop()
        if id(value) in seen or getattr(value, "__module__", None) != live.__name__:
            continue
        seen.add(id(value))
        if inspect.isclass(value):
            stack.extend(vars(value).values())
        function = inspect.unwrap(getattr(value, "fget", None) or getattr(value, "__func__", None) or value)
        if isinstance(function, FunctionType) and function.__module__ == live.__name__:
            yield function.__qualname__, function


def _differing_defaults(node: ast.FunctionDef, value: Any) -> Iterator[str]:
    function = inspect.unwrap(value) if callable(value) else None
    if not isinstance(function, FunctionType) or len(node.args.defaults) != len(function.__defaults__ or ()):
        return
    for default, live in zip(node.args.defaults, function.__defaults__ or (), strict=True):
        if isinstance(default, ast.Constant) and isinstance(live, PLAIN) and repr(default.value) != repr(live):
            yield node.name


def _differing_constant(name: str, value: ast.expr, live: ModuleType) -> Iterator[str]:
    present = vars(live).get(name)
    if isinstance(value, ast.Constant) and isinstance(present, PLAIN) and repr(value.value) != repr(present):
        yield name
