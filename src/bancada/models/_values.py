"""Estimators as values: the canonical form of a model that was handed over instead of a function that makes one."""

from __future__ import annotations

import datetime as dt
import enum
import functools
import hashlib
import inspect
import math
import pathlib
from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.exceptions import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["describe", "is_estimator", "parts"]

MAX_DEPTH = 30


def is_estimator(value: object) -> bool:
    """Return True for an instance that follows scikit-learn's `get_params` convention."""
    return not inspect.isclass(value) and callable(getattr(value, "get_params", None))


def describe(value: object) -> Any:
    """Return the canonical form of a value: JSON from which equal models give equal digests.

    An estimator becomes its class and its canonical parameters, recursively. Functions and classes become references;
    their code is part of the identity elsewhere.

    Args:
        value: An estimator, or anything that stands in its parameters.

    Returns:
        A value that `identity.canonical_json` accepts.

    Raises:
        DefinitionError: Something in the value has no such form, such as a lambda, a random generator or an open file.

    Examples:
        >>> from sklearn.linear_model import Ridge
        >>> describe(Ridge(alpha=2.0))["params"]["alpha"]
        2.0
    """
    return _describe(value, depth=0)


def parts(value: object) -> tuple[Any, ...]:
    """Return the classes and functions that a value is made of, each once, in order of appearance."""
    found: dict[int, Any] = {}
    for part in _parts(value, depth=0):
        found.setdefault(id(part), part)
    return tuple(found.values())


def _describe(value: object, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise _no_form(value, "it is nested too deeply")
    if value is None or (isinstance(value, bool | int | str) and not isinstance(value, enum.Enum)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"float": repr(value)}
    if is_estimator(value):
        params = value.get_params(deep=False)  # type: ignore[attr-defined]  # guarded by is_estimator
        return {
            "class": _reference(type(value)),
            "params": {name: _describe(params[name], depth + 1) for name in sorted(params)},
        }
    if isinstance(value, list | tuple | set | frozenset | dict):
        return _describe_container(value, depth)
    return _describe_leaf(value, depth)


def _describe_container(value: Any, depth: int) -> Any:
    if isinstance(value, dict):
        items = [[_describe(key, depth + 1), _describe(item, depth + 1)] for key, item in value.items()]
        return {"dict": items}
    if isinstance(value, set | frozenset):
        return {"set": sorted((_describe(item, depth + 1) for item in value), key=repr)}
    items = [_describe(item, depth + 1) for item in value]
    return items if type(value) is list else {type(value).__name__: items}


def _describe_leaf(value: Any, depth: int) -> Any:
    if isinstance(value, np.generic):
        return _describe(value.item(), depth + 1)
    if isinstance(value, functools.partial):
        return {
            "partial": _describe(value.func, depth + 1),
            "args": [_describe(item, depth + 1) for item in value.args],
            "keywords": {name: _describe(item, depth + 1) for name, item in sorted(value.keywords.items())},
        }
    if _is_plain_object(value):
        state = {name: _describe(item, depth + 1) for name, item in sorted(vars(value).items())}
        return {"object": _reference(type(value)), "state": state}
    return _describe_constant(value)


def _describe_constant(value: Any) -> Any:
    """Return the form of a value that contains no other values."""
    if isinstance(value, np.ndarray) and value.dtype != object:
        content = hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()
        return {"array": content, "dtype": str(value.dtype), "shape": list(value.shape)}
    if isinstance(value, enum.Enum):
        return {"enum": f"{_reference(type(value))}.{value.name}"}
    if isinstance(value, pathlib.PurePath | np.dtype | dt.date | dt.time | dt.timedelta | range | slice):
        return {type(value).__name__: str(value)}
    if inspect.isclass(value) or inspect.isroutine(value) or isinstance(value, np.ufunc):
        return {"reference": _reference(value)}
    raise _no_form(value, "its type says nothing about what decides its behaviour")


def _is_plain_object(value: object) -> bool:
    """Tell whether an object is its attributes: scikit-learn's splitters and kernels, dataclasses."""
    if inspect.isclass(value) or inspect.isroutine(value) or isinstance(value, enum.Enum | pathlib.PurePath):
        return False
    return type(value).__reduce_ex__ is object.__reduce_ex__ and hasattr(value, "__dict__")


def _reference(value: Any) -> str:
    module, qualname = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if isinstance(value, np.ufunc):
        module, qualname = "numpy", value.__name__
    if not module or not qualname:
        raise _no_form(value, "it has no importable name")
    if "<" in qualname or module == "__main__":
        raise _no_form(value, "it exists only in this session")
    return f"{module}:{qualname}"


def _parts(value: Any, depth: int) -> Iterator[Any]:
    if depth > MAX_DEPTH:
        return
    if inspect.isclass(value) or inspect.isfunction(value):
        yield value
    elif is_estimator(value) or _is_plain_object(value):
        yield type(value)
    for item in _inside(value):
        yield from _parts(item, depth + 1)


def _inside(value: Any) -> Iterable[Any]:
    """Return the values that a value contains."""
    if is_estimator(value):
        return list(value.get_params(deep=False).values())
    if isinstance(value, list | tuple | set | frozenset):
        return value
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, functools.partial):
        return [value.func, *value.args, *value.keywords.values()]
    return list(vars(value).values()) if _is_plain_object(value) else ()


def _no_form(value: object, reason: str) -> DefinitionError:
    return DefinitionError(
        "What decides a model's behaviour must have a form that can be compared.",
        f"A `{type(value).__name__}` has none: {reason}.",
        "Define it at the top level of a module, or write the model as a function under `@bc.candidate`.",
    )
