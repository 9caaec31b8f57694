"""Values against annotations: what a candidate's parameter takes."""

from __future__ import annotations

import enum
import math
import numbers
import types
import typing
from typing import Any, Literal, Union, get_args, get_origin

__all__ = ["NoMatch", "conform", "members", "plain", "spelled", "supported"]

_NONE = type(None)
_FREE = (Any, object)
_SEQUENCES = (list, tuple)


class NoMatch(Exception):  # noqa: N818 - a signal between two functions of this package, never shown
    """A value is not of an annotation."""


def members(hint: Any) -> tuple[Any, ...]:
    """Return the alternatives of a union, nested ones flattened; the hint alone where it is none."""
    if get_origin(hint) in {Union, types.UnionType}:
        return tuple(inner for part in get_args(hint) for inner in members(part))
    return (_NONE,) if hint is None else (hint,)


def supported(hint: Any) -> bool:
    """Return whether values of an annotation can be written as text, compared and stored."""
    return all(_supported(part) for part in members(hint))


def _supported(hint: Any) -> bool:
    if hint in _FREE or hint in {bool, int, float, str, _NONE, list, tuple}:
        return True
    if get_origin(hint) is Literal:
        return all(isinstance(value, bool | int | float | str | None) for value in get_args(hint))
    if get_origin(hint) in _SEQUENCES:
        return all(part is Ellipsis or supported(part) for part in get_args(hint))
    return isinstance(hint, type) and issubclass(hint, enum.Enum)


def spelled(hint: Any) -> str:
    """Return an annotation as people write it.

    Examples:
        >>> spelled(int | None)
        'int | None'
    """
    return " | ".join(_spelled(part) for part in members(hint))


def _spelled(hint: Any) -> str:
    if hint in _FREE:
        return "Any"
    if hint is _NONE:
        return "None"
    if get_origin(hint) is Literal:
        return f"Literal[{', '.join(map(repr, get_args(hint)))}]"
    if get_origin(hint) in _SEQUENCES:
        inner = ", ".join("..." if part is Ellipsis else spelled(part) for part in get_args(hint))
        return f"{get_origin(hint).__name__}[{inner}]"
    return str(getattr(hint, "__name__", hint))


def conform(value: object, hint: Any) -> Any:
    """Return a value as its annotation has it: `float` turns an int to a float, an enumeration takes names and values.

    Args:
        value: What was given.
        hint: A resolved annotation; `Any` takes every value that JSON can say.

    Raises:
        NoMatch: The value is not of the annotation.
    """
    parts = members(hint)
    for part in parts:
        if _is_exact(value, part):
            return _conform(value, part)
    for part in parts:
        try:
            return _conform(value, part)
        except NoMatch:
            continue
    raise NoMatch


def _is_exact(value: object, hint: Any) -> bool:
    return isinstance(hint, type) and type(value) is hint


def _conform(value: object, hint: Any) -> Any:
    if hint in _FREE:
        return _free(value)
    if get_origin(hint) is Literal:
        return _first(choice for choice in get_args(hint) if type(choice) is type(value) and choice == value)
    if hint in _SEQUENCES or get_origin(hint) in _SEQUENCES:
        return _sequence(value, hint)
    if issubclass(hint, enum.Enum):
        return _member(value, hint)
    if hint is float and isinstance(value, str) and value in {"inf", "-inf"}:  # what `plain` makes of an infinity
        return float(value)
    return _scalar(value, hint)


def _scalar(value: object, hint: type) -> Any:
    if hint is bool and _is_flag(value):
        return bool(value)
    if hint is int and isinstance(value, numbers.Integral) and not _is_flag(value):
        return _whole(int(value))
    if hint is float and isinstance(value, numbers.Real) and not _is_flag(value):
        return _known(float(value))
    if hint is str and isinstance(value, str) and not isinstance(value, enum.Enum):
        return str(value)
    if hint is _NONE and value is None:
        return None
    raise NoMatch


def _is_flag(value: object) -> bool:
    return isinstance(value, bool) or type(value).__name__ == "bool"  # NumPy's own truth value is no `bool`


def _whole(value: int) -> int:
    """Take what every reader of a record can hold: 64 bits."""
    if not -(2**63) <= value < 2**63:
        raise NoMatch
    return value


def _known(value: float) -> float:
    if math.isnan(value):
        raise NoMatch
    return value


def _first(choices: typing.Iterator[Any]) -> Any:
    for choice in choices:
        return choice
    raise NoMatch


def _member(value: object, hint: type[enum.Enum]) -> enum.Enum:
    if isinstance(value, hint):
        return value
    if isinstance(value, str) and value in hint.__members__:
        return hint[value]
    return typing.cast("enum.Enum", _first(member for member in hint if member.value == value))


def _sequence(value: object, hint: Any) -> Any:
    if not isinstance(value, _SEQUENCES):
        raise NoMatch
    kind = get_origin(hint) or hint
    inner = get_args(hint) or (Any, ...)
    if kind is list or inner[-1] is Ellipsis:
        return kind(conform(item, inner[0]) for item in value)
    if len(inner) != len(value):
        raise NoMatch
    return tuple(conform(item, part) for item, part in zip(value, inner, strict=True))


def _free(value: object) -> Any:
    """Take what JSON can say, sequences and text-keyed mappings included."""
    if isinstance(value, enum.Enum):
        raise NoMatch
    if isinstance(value, _SEQUENCES):
        return type(value)(_free(item) for item in value)
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: _free(item) for key, item in value.items()}
    for scalar in (bool, int, float, str, _NONE):
        try:
            return _scalar(value, scalar)
        except NoMatch:
            continue
    raise NoMatch


def plain(value: Any) -> Any:
    """Return a parameter's value as JSON says it: a member by its name, a tuple as a list, infinity as text."""
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, float) and math.isinf(value):
        return repr(value)
    if isinstance(value, _SEQUENCES):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value
