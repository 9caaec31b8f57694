"""Numbers in few digits, and in no fewer than tell them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["told_apart"]

_SHORT = 8


def told_apart(values: Iterable[float]) -> dict[float, str]:
    """Write the values of a parameter so that people can read them and no two read the same.

    Args:
        values: All values that stand beside each other.

    Returns:
        The text of each value: its own form where that is short, else four significant digits, or more where two values
        would read the same.

    Examples:
        >>> told_apart([0.0316227766017, 0.1])
        {0.0316227766017: '0.03162', 0.1: '0.1'}
        >>> told_apart([0.0316227766017, 0.0316212])
        {0.0316227766017: '0.0316228', 0.0316212: '0.0316212'}
    """
    distinct = tuple(dict.fromkeys(values))
    for digits in (4, 6, 9, 12):
        texts = {value: repr(value) if len(repr(value)) <= _SHORT else f"{value:.{digits}g}" for value in distinct}
        # By what they say: `1` and `1.0` are different texts of one number.
        if len(set(map(float, texts.values()))) == len(distinct):
            return texts
    return {value: repr(value) for value in distinct}
