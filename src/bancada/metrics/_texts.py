"""What a code object says: its definition, or its instructions where there is none, and the names that it uses."""

from __future__ import annotations

import ast
import dis
import hashlib
import inspect
import sys
import textwrap
from dataclasses import dataclass
from types import CodeType
from typing import TYPE_CHECKING, Any

from bancada.identity import tree_digest

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Uses", "definition_of", "text_of", "uses_of"]

_GLOBAL = frozenset({"LOAD_GLOBAL", "LOAD_NAME"})


@dataclass(frozen=True, slots=True)
class Uses:
    """The names that code uses, nested functions and classes included.

    Attributes:
        globals: Names that are looked up in the module, and then among the builtins.
        names: Every name: these, and attributes.
        imports: Modules that are imported where the code runs, each with the level of a relative import.
    """

    globals: frozenset[str]
    names: frozenset[str]
    imports: frozenset[tuple[str, int]]


def definition_of(code: CodeType) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """Return the `def` of a code object; None for a lambda, a generated function or one typed at a bare prompt."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(code)))
    except (OSError, TypeError, SyntaxError):
        return None
    definition = tree.body[0] if tree.body else None
    # What is found for a lambda can be the statement around it, and what is found in a file that was edited another.
    if isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef) and definition.name == code.co_name:
        return definition
    return None


def text_of(code: CodeType) -> list[Any]:
    """Return what a code object says, in a form that has canonical JSON.

    By its definition that is the same on every Python; by its instructions only on one of the same minor version.
    """
    definition = definition_of(code)
    if definition is not None:
        return ["def", tree_digest(definition)]
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    constants = [text_of(item) if isinstance(item, CodeType) else _constant(item) for item in code.co_consts]
    names = [list(names) for names in (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)]
    counts = [code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags]
    return ["instructions", version, hashlib.sha256(code.co_code).hexdigest(), constants, names, counts]


def uses_of(code: CodeType) -> Uses:
    """Return the names that code uses."""
    found: set[str] = set()
    names: set[str] = set()
    imports: set[tuple[str, int]] = set()
    for part in _with_nested(code):
        names.update(part.co_names)
        instructions = list(dis.get_instructions(part))
        for place, instruction in enumerate(instructions):
            if instruction.opname in _GLOBAL and not str(instruction.argval).startswith("__"):
                found.add(instruction.argval)
            elif instruction.opname == "IMPORT_NAME":
                # The level is put on the stack first, then the names that `from` takes.
                level = instructions[place - 2].argval
                imports.add((instruction.argval, level if isinstance(level, int) else 0))
    return Uses(frozenset(found), frozenset(names), frozenset(imports))


def _with_nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for item in code.co_consts:
        if isinstance(item, CodeType):
            yield from _with_nested(item)


def _constant(value: object) -> str:
    """Return a constant as text: sets in order, for theirs differs from process to process."""
    if isinstance(value, frozenset):
        return f"{{{', '.join(sorted(map(_constant, value)))}}}"
    return repr(value)
