"""The identity of a user's function: the digest of its code with all that it uses, and the values that it carries."""

from __future__ import annotations

import inspect
from functools import partial
from types import FunctionType
from typing import TYPE_CHECKING, Any, Never

from bancada.exceptions import DefinitionError
from bancada.identity import canonical_json, tree_digest
from bancada.metrics._forms import form_digest
from bancada.metrics._named import name_of_installed
from bancada.metrics._texts import definition_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["carried", "code_digest", "name_of"]


def innermost(function: Callable[..., Any]) -> Any:
    """Return what a partial or a decorator that uses `functools.wraps` wraps."""
    while isinstance(function, partial):
        function = function.func
    return inspect.unwrap(function)


def name_of(function: Callable[..., Any]) -> str:
    """Return the name of a function, or of the one that a partial holds.

    Raises:
        DefinitionError: It has none, such as a lambda.
    """
    name = getattr(innermost(function), "__name__", "<none>")
    if name.startswith("<"):
        rule = "A metric needs a name under which its scores are shown."
        raise DefinitionError(rule, f"{function!r} has none.", "Say `name=…`, or define it by `def`.")
    return str(name)


def code_digest(function: Callable[..., Any]) -> str:
    """Return the digest of a function with all that it uses, transitively.

    These are the functions and classes that its names resolve to now, those that it wraps and the decorators around it,
    by what they say; the defaults, constants and objects that they use, by value; modules of installed packages and
    what is in them, by name. A function of an installed package is known by its own definition alone. What `carried`
    tells is left out.

    Raises:
        DefinitionError: There is no `def` to read, as for a lambda, a compiled function or one typed at a bare prompt;
            or something that it uses has no form, such as an open file or a lock.
    """
    while isinstance(function, partial):
        function = function.func
    inner = innermost(function)
    definition = definition_of(inner.__code__) if isinstance(inner, FunctionType) else None
    if definition is None:
        _refuse_source(inner)
    if name_of_installed(function) is not None:
        return tree_digest(definition)
    return form_digest(function, own=inner)


def _refuse_source(function: Any) -> Never:
    rule = "A metric's function must have a source, by which its scores are known."
    remedy = "Define it by `def` in a file or a notebook cell, or say which code it is by `.with_code(…)`."
    raise DefinitionError(rule, f"{function!r} has no `def` that can be read.", remedy)


def carried(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the values that a function computes with and its source does not show.

    These are the arguments of a partial and the variables of an enclosing function.

    Raises:
        DefinitionError: One of them is neither plain data, a function nor a class.
    """
    values: dict[str, Any] = {}
    while isinstance(function, partial):
        # An outer partial overrides an inner one.
        values = {
            **{f"argument {index}": item for index, item in enumerate(function.args)},
            **function.keywords,
            **values,
        }
        function = function.func
    inner = innermost(function)
    cells = getattr(inner, "__closure__", None) or ()
    names = inner.__code__.co_freevars if cells else ()
    enclosed = {name: cell.cell_contents for name, cell in zip(names, cells, strict=True)}
    values |= {name: value for name, value in enclosed.items() if value is not inner}
    return {name: _described(name, value) for name, value in values.items()}


def _described(name: str, value: Any) -> Any:
    try:
        canonical_json(value)
    except DefinitionError:
        installed = name_of_installed(value)
        if installed is not None:
            return ".".join(installed)
        if isinstance(value, FunctionType | partial | type):
            return {"code": form_digest(value)}
        rule = "What a metric's function carries along must be plain data, a function or a class."
        remedy = "Compute it inside the function, or give it as numbers and text by `functools.partial`."
        raise DefinitionError(rule, f"`{name}` is {type(value).__name__}.", remedy) from None
    return value
