"""The project's source files: which modules they are, and where a name is bound in them."""

from __future__ import annotations

import ast
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

__all__ = ["Source", "bound_names", "loaded_sources", "relative"]

_FOREIGN = frozenset({"site-packages", "dist-packages"})


@dataclass(frozen=True)
class Source:
    """A module of the project and its file, relative to the root."""

    module: str
    file: str


def relative(file: str | None, root: Path) -> str | None:
    """Return a file's path relative to the root, with `/`; None where it is not the project's own.

    An environment that lies below the root is not the project's own.
    """
    if not file or file.startswith("<"):  # the interpreter's own frames, such as `<frozen importlib._bootstrap>`
        return None
    path, top = Path(os.path.realpath(file)), Path(os.path.realpath(root))
    if not path.is_relative_to(top):
        return None
    environment = Path(os.path.realpath(sys.prefix))
    inside = path.relative_to(top)
    if _FOREIGN.intersection(inside.parts) or (environment.is_relative_to(top) and path.is_relative_to(environment)):
        return None
    return inside.as_posix()


def loaded_sources(root: Path) -> tuple[Source, ...]:
    """Return the project's modules that are imported at this moment, helpers included, sorted by name."""
    found = []
    starts = (str(root), os.path.realpath(root))
    # A copy is made at once: while pairs are collected, the garbage collector or a thread may import something.
    for name, module in sys.modules.copy().items():
        path = _file(module)
        # Resolving links takes a system call for each part of a path, and thousands of modules are not the project's.
        if path is None or not path.startswith(starts) or not path.endswith(".py") or name == "__main__":
            continue
        file = relative(path, root)
        if file is not None:
            found.append(Source(name, file))
    return tuple(sorted(found, key=lambda source: source.module))


def _file(module: ModuleType | None) -> str | None:
    file = getattr(module, "__file__", None)
    return file if isinstance(file, str) else None


def bound_names(source: str) -> dict[str, int]:
    r"""Return the names that a module's own text binds at its top level, by assignment or definition, and their lines.

    Names that are only imported are not among them. A text that is no Python binds none.

    Examples:
        >>> bound_names("from a import b\nc = 1\nif c:\n    def d(): ...\n")
        {'c': 2, 'd': 4}
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return {}
    return dict(_bindings(tree.body))


def _bindings(body: list[ast.stmt]) -> Iterator[tuple[str, int]]:
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield statement.name, statement.lineno
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name):
                yield target.id, statement.lineno
        for part in ("body", "orelse", "finalbody"):
            yield from _bindings(getattr(statement, part, []))
        for handler in getattr(statement, "handlers", []):
            yield from _bindings(handler.body)
