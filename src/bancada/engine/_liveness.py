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

from bancada.exceptions import UsageError
from bancada.identity import same_code

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from bancada.provenance import CodeClosure

__all__ = ["refuse_stale"]

PLAIN = (bool, int, float, complex, str, bytes, type(None))


def refuse_stale(closure: CodeClosure, root: Path) -> None:
    """Refuse a candidate whose modules were edited after they were imported.

    Compared are the code and the defaults of functions and methods, and constants of plain types, of the modules that
    the closure consists of. Modules that are not imported yet will be read from the disk and cannot differ.

    Args:
        closure: What the candidate consists of.
        root: The project's root.

    Raises:
        UsageError: A module in memory is not what its file says.
    """
    for module, path in sorted({(item.module, item.path) for item in closure.items}):
        live = sys.modules.get(module)
        if live is None or not path.endswith(".py"):
            continue
        source = (root / path).read_bytes()
        name = next(_differing(live, source, path), None)
        if name is not None:
            raise UsageError(
                "A candidate is scored as its file says, so what was imported must be what the file says.",
                f"`{path}` was edited after `{module}` was imported: `{name}` differs.",
                "Start again, or reload it with `importlib.reload` before you go on.",
            )


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
