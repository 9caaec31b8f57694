"""Live values as expressions: what can be written out, so that reading it gives an equal value."""

from __future__ import annotations

import ast
import enum
import functools
import math
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from bancada.provenance._origins import Unfit

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Writer", "is_reference"]

_PLAIN = (bool, int, str, bytes, type(None), type(...))
MOST_VALUES = 10_000


def is_reference(value: object) -> bool:
    """Tell whether a value is written by its name: a function, a class, a module."""
    return isinstance(value, FunctionType | BuiltinFunctionType | type | ModuleType)


class Writer:
    """Writes values as expressions; functions, classes and modules by the name that they are given.

    Args:
        refer: Returns the expression by which a function, class, module or other named thing is reached; raises `Unfit`
            where there is none.
    """

    def __init__(self, refer: Callable[[Any], ast.expr]) -> None:
        self._refer = refer
        self._shared: dict[int, Any] = {}
        self._count = 0

    def write(self, value: Any) -> ast.expr:
        """Return an expression of a value.

        Raises:
            Unfit: It cannot be written out; the text completes `it is …`.
        """
        self._count += 1
        if self._count > MOST_VALUES:
            message = f"more than {MOST_VALUES:,} values, too many to be written out"
            raise Unfit(message)
        kind = type(value)
        if kind in _PLAIN:
            return _parsed(value)
        if kind in {float, complex}:
            return _number(value)
        if kind in {tuple, list, set, frozenset, dict}:
            return self._container(value)
        if kind is functools.partial:
            return self._partial(value)
        if isinstance(value, enum.Enum) and not isinstance(value, enum.Flag):
            return ast.Attribute(self._refer(kind), value.name, ast.Load())
        return self._refer(value)

    def seen(self) -> dict[int, Any]:
        """Return what was written so far and may be written once only."""
        return dict(self._shared)

    def rewind(self, seen: dict[int, Any]) -> None:
        """Forget what was written after `seen` was asked for."""
        self._shared = seen

    def _container(self, value: Any) -> ast.expr:
        kind = type(value)
        if kind in {list, set, dict}:
            if id(value) in self._shared:
                message = f"a `{kind.__name__}` that is held in two places"
                raise Unfit(message)
            # Kept, so that no other value can take its address.
            self._shared[id(value)] = value
        if kind is dict:
            return ast.Dict([self.write(key) for key in value], [self.write(item) for item in value.values()])
        written = [self.write(item) for item in value]
        if kind is list:
            return ast.List(written, ast.Load())
        if kind is tuple:
            return ast.Tuple(written, ast.Load())
        ordered = sorted(written, key=ast.unparse)
        empty = ast.Starred(ast.Tuple([], ast.Load()), ast.Load())
        as_set = ast.Set(ordered or [empty])  # `{*()}`, because `set` may be another's name
        return as_set if kind is set else ast.Call(self._refer(frozenset), [as_set], [])

    def _partial(self, value: functools.partial[Any]) -> ast.expr:
        if vars(value):
            message = "a `partial` with attributes"
            raise Unfit(message)
        keywords = [ast.keyword(name, self.write(item)) for name, item in value.keywords.items()]
        arguments = [self.write(item) for item in (value.func, *value.args)]
        return ast.Call(self._refer(functools.partial), arguments, keywords)


def _number(value: Any) -> ast.expr:
    if isinstance(value, complex):
        if not (math.isfinite(value.real) and math.isfinite(value.imag)):
            message = f"{value!r}, which has no literal"
            raise Unfit(message)
        return _parsed(value)
    if math.isnan(value):
        return ast.BinOp(ast.Constant(math.inf), ast.Sub(), ast.Constant(math.inf))
    return _parsed(value) if math.isfinite(value) else _parsed_text("1e999" if value > 0 else "-1e999")


def _parsed(value: object) -> ast.expr:
    try:
        return _parsed_text(repr(value))
    except ValueError as error:
        message = "a number of too many digits"
        raise Unfit(message) from error


def _parsed_text(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body
