"""Programs as models: which files of the project they are, and what of them is not captured."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from bancada import models

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from bancada.provenance import CodeClosure, ProjectCode

__all__ = ["Programs", "programs_in", "programs_of_value"]

COMMAND = "Command"


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs that a candidate may run, as far as reading its code can tell.

    Attributes:
        reads: Files below the root that its code names, relative to the root.
        missing: What of them is not captured, a phrase each.
    """

    reads: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def programs_in(closure: CodeClosure, code: ProjectCode, text: str = "") -> Programs:
    """Return the programs that a candidate's code names.

    Args:
        closure: The candidate's code.
        code: The project that it is part of.
        text: What was extracted of it from a session.
    """
    return _programs([*_nodes(closure, code), ast.parse(text)], code.root)


def programs_of_value(value: object, root: Path) -> Programs:
    """Return the programs of a model that was handed over as a value."""
    commands = [item for item in _values(value) if isinstance(item, models.Command)]
    texts = [argument for item in commands for argument in item.argv]
    return Programs(_files(texts, root), tuple(_missing(item.argv[0] for item in commands)))


def _nodes(closure: CodeClosure, code: ProjectCode) -> Iterator[ast.AST]:
    for item in closure.items:
        module = code.module(item.module)
        if module is None:
            continue
        if item.qualname == "*":
            yield module.tree
        else:
            yield from (unit.node for unit in module.top.units.get(item.qualname, ()))


def _programs(nodes: list[ast.AST], root: Path) -> Programs:
    """Return what code says of programs: where it names `Command`, each of its texts may be a file of the project."""
    parts = [part for node in nodes for part in ast.walk(node)]
    calls = [part for part in parts if isinstance(part, ast.Call) and _name(part.func) == COMMAND]
    if not calls:
        return Programs()
    texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return Programs(_files(texts, root), tuple(_missing(_program(call) for call in calls)))


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _program(call: ast.Call) -> str:
    """Return the program that a call names; empty where only running the code would tell."""
    argv = next((word.value for word in call.keywords if word.arg == "argv"), call.args[0] if call.args else None)
    first = argv.elts[0] if isinstance(argv, ast.List | ast.Tuple) and argv.elts else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def _missing(programs: Iterable[str]) -> Iterator[str]:
    for program in dict.fromkeys(programs):
        name = f"`{PurePosixPath(program).name}`" if program else "another program"
        yield f"version and libraries of {name}"


def _files(texts: Iterable[str], root: Path) -> tuple[str, ...]:
    """Return the texts that name files below the root, as relative paths."""
    found: set[str] = set()
    for text in texts:
        path = PurePosixPath(text) if text and "\0" not in text and len(text) < 1_000 else None
        if path is None or path.is_absolute() or ".." in path.parts:
            continue
        try:
            if (root / path).is_file():
                found.add(path.as_posix())
        except OSError:
            continue
    return tuple(sorted(found))


def _values(value: Any) -> Iterator[Any]:
    yield value
    if models.is_estimator(value) and not isinstance(value, models.Command):
        for item in value.get_params(deep=True).values():
            if models.is_estimator(item):
                yield item
