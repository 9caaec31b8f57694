"""Whether two pieces of compiled code do the same."""

from __future__ import annotations

import inspect
from types import CodeType

__all__ = ["same_code"]

# `*args`, `**kwargs`, generators and coroutines; other flags tell how code was compiled.
_KINDS = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS | inspect.CO_GENERATOR | inspect.CO_COROUTINE


def same_code(one: CodeType, other: CodeType) -> bool:
    """Compare code by what it does: signature, names, instructions and constants, not by where it stands.

    Both must have been compiled by this interpreter.

    Args:
        one: Code.
        other: Code.
    """
    if _shape(one) != _shape(other):
        return False
    if len(one.co_consts) != len(other.co_consts):
        return False
    return all(_same_constant(a, b) for a, b in zip(one.co_consts, other.co_consts, strict=True))


def _shape(code: CodeType) -> tuple[object, ...]:
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    counts = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags & _KINDS)
    return (code.co_code, code.co_exceptiontable, *names, *counts)


def _same_constant(one: object, other: object) -> bool:
    if isinstance(one, CodeType) and isinstance(other, CodeType):
        return same_code(one, other)
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return sorted(map(repr, one)) == sorted(map(repr, other))
    return type(one) is type(other) and repr(one) == repr(other)
