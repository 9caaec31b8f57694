"""The identity of a splitter's class: the digest of its text and of the classes that it is made from."""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from types import FunctionType
from typing import Any

from bancada.exceptions import DefinitionError
from bancada.identity import canonical_json, digest, tree_digest

__all__ = ["code_digest", "is_sklearn"]


def is_sklearn(cls: type) -> bool:
    """Return True for scikit-learn's own classes; what they do is known by their name."""
    return cls.__module__.split(".")[0] == "sklearn"


def code_digest(cls: type) -> str:
    """Return the digest of a class and of its bases that are neither scikit-learn's nor Python's own.

    What their methods call outside of them is not in it.

    Raises:
        DefinitionError: There is no text to read, as for a compiled class or one typed at a bare prompt.
    """
    own = [base for base in cls.__mro__ if base is cls or not _is_foreign(base)]
    return digest([_definition(base) for base in own])


def _is_foreign(cls: type) -> bool:
    return is_sklearn(cls) or cls.__module__.split(".")[0] in sys.stdlib_module_names


def _definition(cls: type) -> Any:
    """Return the digest of the text of a class; where Python does not find it, as in a notebook, what stands in it."""
    try:
        return _tree(cls, ast.ClassDef)
    except (OSError, TypeError, SyntaxError):
        pass
    try:
        return {name: _member(value) for name, value in vars(cls).items() if not _is_made(name)}
    except (OSError, TypeError, SyntaxError, DefinitionError) as error:
        raise DefinitionError(
            "A splitter's class must have a text, by which its folds are known.",
            f"`{cls.__qualname__}` has none that can be read.",
            "Define it in a file or a notebook cell, with methods and plain data alone.",
        ) from error


def _tree(value: Any, kind: type[ast.AST]) -> str:
    tree = ast.parse(textwrap.dedent(inspect.getsource(value))).body[0]
    if not isinstance(tree, kind):
        message = "the text that was found is of something else"
        raise TypeError(message)
    return tree_digest(tree)


def _member(value: Any) -> Any:
    """Return what a method, a property or plain data within a class is known by."""
    if isinstance(value, property):
        return [None if part is None else _member(part) for part in (value.fget, value.fset, value.fdel)]
    if isinstance(value, staticmethod | classmethod):
        return [type(value).__name__, _member(value.__func__)]
    if isinstance(value, FunctionType):
        return _tree(inspect.unwrap(value), ast.FunctionDef)
    canonical_json(value)
    return value


def _is_made(name: str) -> bool:
    """Return True for what Python itself puts into a class."""
    return name.startswith("__") and name not in {"__init__", "__call__", "__iter__", "__len__"}
