"""Whether two pieces of compiled code do the same."""

from __future__ import annotations

from types import CodeType

__all__ = ["same_code"]


def same_code(one: CodeType, other: CodeType) -> bool:
    """Compare code by what it does: names, instructions and constants, not by where it stands.

    Both must have been compiled by this interpreter.

    Args:
        one: Code.
        other: Code.
    """
    if (one.co_code, one.co_names, one.co_varnames) != (other.co_code, other.co_names, other.co_varnames):
        return False
    if (one.co_freevars, one.co_cellvars) != (other.co_freevars, other.co_cellvars):
        return False
    if len(one.co_consts) != len(other.co_consts):
        return False
    return all(_same_constant(a, b) for a, b in zip(one.co_consts, other.co_consts, strict=True))


def _same_constant(one: object, other: object) -> bool:
    if isinstance(one, CodeType) and isinstance(other, CodeType):
        return same_code(one, other)
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return sorted(map(repr, one)) == sorted(map(repr, other))
    return type(one) is type(other) and repr(one) == repr(other)
