"""Estimators as values: the canonical form of a model that was handed over instead of a function that makes one."""

from __future__ import annotations

import datetime as dt
import enum
import functools
import hashlib
import inspect
import math
import pathlib
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.exceptions import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["describe", "inside", "is_estimator", "parts"]

MAX_DEPTH = 30
# Set for classes that Python code defines, and for some of those that C does: those make their objects themselves.
_HEAP_TYPE = 1 << 9
_PATHS = {pathlib.PurePosixPath, pathlib.PureWindowsPath, pathlib.PosixPath, pathlib.WindowsPath}


@dataclass(frozen=True, slots=True)
class _At:
    """How deep a value lies, and the references that were given, by the address of what they mean."""

    depth: int
    named: dict[int, str]

    def deeper(self) -> _At:
        return _At(self.depth + 1, self.named)


def is_estimator(value: object) -> bool:
    """Return True for an instance that follows scikit-learn's `get_params` convention."""
    return not inspect.isclass(value) and callable(getattr(value, "get_params", None))


def describe(value: object, named: Iterable[tuple[Any, str]] = ()) -> Any:
    """Return the canonical form of a value: JSON from which equal models give equal digests.

    An estimator becomes its class and its canonical parameters, recursively. Functions and classes become references;
    their code is part of the identity elsewhere.

    Args:
        value: An estimator, or anything that stands in its parameters.
        named: Functions and classes that are known by another reference than their module and name.

    Returns:
        A value that `identity.canonical_json` accepts.

    Raises:
        DefinitionError: Something in the value has no such form, such as a lambda, a random generator or an open file.

    Examples:
        >>> from sklearn.linear_model import Ridge
        >>> describe(Ridge(alpha=2.0))["params"]["alpha"]
        2.0
    """
    return _describe(value, _At(0, {id(item): name for item, name in named}))


def parts(value: object) -> tuple[Any, ...]:
    """Return the classes and functions that a value is made of, each once, in order of appearance."""
    found: dict[int, Any] = {}
    for part in _parts(value, depth=0):
        found.setdefault(id(part), part)
    return tuple(found.values())


def _describe(value: object, at: _At) -> Any:
    if at.depth > MAX_DEPTH:
        raise _no_form(value, "it is nested too deeply")
    if value is None or type(value) in {bool, int, str}:
        return value
    if type(value) is float:
        return value if math.isfinite(value) else {"float": repr(value)}
    if is_estimator(value):
        return _describe_estimator(value, at)
    if type(value) in {list, tuple, set, frozenset, dict}:
        return _describe_container(value, at)
    return _describe_leaf(value, at)


def _describe_estimator(value: Any, at: _At) -> Any:
    clone = getattr(type(value), "__sklearn_clone__", None)
    if clone is not None and clone.__module__ != "sklearn.base":
        raise _no_form(value, "it keeps what it has learnt when it is cloned, and its parameters do not tell that")
    params = value.get_params(deep=False)
    return {
        "class": _reference(type(value), at),
        "params": {name: _describe(params[name], at.deeper()) for name in sorted(params)},
    }


def _describe_container(value: Any, at: _At) -> Any:
    if type(value) is dict:
        items = [[_describe(key, at.deeper()), _describe(item, at.deeper())] for key, item in value.items()]
        return {"dict": items}
    if type(value) in {set, frozenset}:
        return {type(value).__name__: sorted((_describe(item, at.deeper()) for item in value), key=repr)}
    items = [_describe(item, at.deeper()) for item in value]
    return items if type(value) is list else {"tuple": items}


def _describe_leaf(value: Any, at: _At) -> Any:
    if isinstance(value, np.generic):
        return _describe_scalar(value, at)
    if type(value) is functools.partial:
        return {
            "partial": _describe(value.func, at.deeper()),
            "args": [_describe(item, at.deeper()) for item in value.args],
            "keywords": {name: _describe(item, at.deeper()) for name, item in sorted(value.keywords.items())},
        }
    if type(value) is slice:
        return {"slice": [_describe(item, at.deeper()) for item in (value.start, value.stop, value.step)]}
    owner = _owner(value)
    if owner is not None:
        return {"method": value.__name__, "of": _describe(owner, at.deeper())}
    if _is_plain_object(value):
        state = {name: _describe(item, at.deeper()) for name, item in sorted(vars(value).items())}
        return {"object": _reference(type(value), at), "state": state}
    return _describe_constant(value, at)


def _describe_scalar(value: np.generic, at: _At) -> Any:
    """Return the form of a NumPy scalar: the Python value that it stands for, or its text with its type."""
    if type(value) in {np.float64, np.int64, np.bool_, np.str_}:
        return _describe(value.item(), at)
    if isinstance(value, np.void | np.object_):
        raise _no_form(value, "it holds other values")
    return {"scalar": str(value), "dtype": str(value.dtype)}


def _describe_constant(value: Any, at: _At) -> Any:
    """Return the form of a value that contains no other values."""
    if type(value) is np.ndarray and not value.dtype.hasobject:
        content = hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()
        return {"array": content, "dtype": str(value.dtype), "shape": list(value.shape)}
    if isinstance(value, enum.Enum):
        # Flags that are combined may have no name of their own.
        name = repr(value.value) if isinstance(value, enum.Flag) else value.name
        return {"enum": f"{_reference(type(value), at)}.{name}"}
    if type(value) in _PATHS or isinstance(value, np.dtype):
        return {type(value).__name__: str(value)}
    if type(value) in {dt.date, dt.datetime, dt.time, dt.timedelta, range}:
        return {type(value).__name__: repr(value)}
    if inspect.isclass(value) or inspect.isroutine(value) or isinstance(value, np.ufunc):
        return {"reference": _reference(value, at)}
    raise _no_form(value, "its type says nothing about what decides its behaviour")


def _owner(value: object) -> object | None:
    """Return what a bound method is bound to; None for all else. The owner of a built-in function is its module."""
    owner = getattr(value, "__self__", None) if inspect.isroutine(value) else None
    return None if inspect.ismodule(owner) else owner


def _is_plain_object(value: object) -> bool:
    """Tell whether an object is its attributes: scikit-learn's splitters and kernels, dataclasses.

    It is not where a base that is written in C keeps state of its own, nor where a class has slots.
    """
    if inspect.isclass(value) or inspect.isroutine(value) or isinstance(value, enum.Enum):
        return False
    if type(value).__reduce_ex__ is not object.__reduce_ex__ or not hasattr(value, "__dict__"):
        return False
    return not any(_keeps_state(base) for base in type(value).__mro__[:-1])


def _keeps_state(base: type) -> bool:
    """Tell whether a class keeps state elsewhere than in an object's attributes."""
    new = vars(base).get("__new__")
    made_in_c = not base.__flags__ & _HEAP_TYPE or getattr(new, "__self__", None) is base
    return made_in_c or any(inspect.ismemberdescriptor(item) for item in vars(base).values())


def _reference(value: Any, at: _At) -> str:
    if id(value) in at.named:
        return at.named[id(value)]
    module, qualname = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if isinstance(value, np.ufunc):
        module, qualname = "numpy", value.__name__
    if not module or not qualname:
        raise _no_form(value, "it has no importable name")
    if "<" in qualname or module == "__main__":
        raise _no_form(value, "it exists only in this session")
    if hasattr(value, "__wrapped__") and _named(module, qualname) is not value:
        raise _no_form(value, f"it wraps `{qualname}`, and only bears its name")
    return f"{module}:{qualname}"


def _named(module: str, qualname: str) -> Any:
    """Return what a module that was imported has under a name; None where there is none."""
    found: Any = sys.modules.get(module)
    for name in qualname.split("."):
        found = getattr(found, name, None)
    return found


def _parts(value: Any, depth: int) -> Iterator[Any]:
    if depth > MAX_DEPTH:
        return
    if inspect.isclass(value) or inspect.isfunction(value):
        yield value
    elif is_estimator(value) or _is_plain_object(value):
        yield type(value)
    for item in inside(value):
        yield from _parts(item, depth + 1)


def inside(value: Any) -> Iterable[Any]:
    """Return the values that a value contains."""
    if is_estimator(value):
        return list(value.get_params(deep=False).values())
    if isinstance(value, list | tuple | set | frozenset):
        return value
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, functools.partial):
        return [value.func, *value.args, *value.keywords.values()]
    if (owner := _owner(value)) is not None:
        return [owner]
    return list(vars(value).values()) if _is_plain_object(value) else ()


def _no_form(value: object, reason: str) -> DefinitionError:
    return DefinitionError(
        "What decides a model's behaviour must have a form that can be compared.",
        f"A `{type(value).__name__}` has none: {reason}.",
        "Define it at the top level of a module, or write the model as a function under `@bc.candidate`.",
    )
