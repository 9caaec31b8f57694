"""Edit distance and longest common subsequence of two sequences, a whole row of the table at once.

The table of dynamic programming is walked in bits: one integer of Python holds a row, as many bits as the longer
sequence has items, so that a step costs a handful of operations on whole integers (Myers 1999, "A fast bit-vector
algorithm for approximate string matching", as Hyyrö 2003 puts it for the distance; Hyyrö 2004 for the subsequence).
Two texts of 10,000 characters take some hundredths of a second.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

__all__ = ["common_length", "edit_distance"]

_REMEMBERED = 400
"""Items that a pair may have together to be remembered: a pooled metric asks for each row several times."""


def edit_distance(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """Return how few insertions, deletions and replacements of one item turn `a` into `b` (Levenshtein 1966).

    Examples:
        >>> edit_distance("kitten", "sitting"), edit_distance(["a", "b"], ["b"])
        (3, 1)
    """
    if a == b:
        return 0
    # A text and a tuple stay what they are; a list cannot be remembered.
    first, second = (items if isinstance(items, str) else tuple(items) for items in (a, b))
    return _short(first, second) if len(a) + len(b) <= _REMEMBERED else _distance(first, second)


def common_length(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """Return the length of the longest sequence whose items stand in both in their order, not always side by side.

    Examples:
        >>> common_length("the cat sat".split(), "the black cat sat down".split())
        3
    """
    places = _places(a)
    row = mask = (1 << len(a)) - 1
    for item in b:
        held = row & places.get(item, 0)
        row = ((row + held) | (row - held)) & mask
    return len(a) - row.bit_count()


def _places(items: Sequence[Hashable]) -> dict[Hashable, int]:
    """Return where each item stands, a bit for each position."""
    found: dict[Hashable, list[int]] = {}
    for position, item in enumerate(items):
        found.setdefault(item, []).append(position)
    size = len(items) // 8 + 1
    places = {}
    for item, positions in found.items():
        bits = bytearray(size)
        for position in positions:
            bits[position >> 3] |= 1 << (position & 7)
        places[item] = int.from_bytes(bits, "little")
    return places


def _distance(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    start, stop = _shared_ends(a, b)
    a, b = a[start : len(a) - stop], b[start : len(b) - stop]
    if not a or not b:
        return len(a) + len(b)
    if len(a) < len(b):
        a, b = b, a
    places, mask, last = _places(a), (1 << len(a)) - 1, 1 << (len(a) - 1)
    # Bit i of `up` and `down`: the table rises or falls by 1 from row i to row i + 1 of this column.
    up, down, distance = mask, 0, len(a)
    for item in b:
        match = places.get(item, 0)
        diagonal = ((((match & up) + up) ^ up) | match | down) & mask
        rises = (down | ~(diagonal | up)) & mask
        falls = up & diagonal
        distance += bool(rises & last) - bool(falls & last)
        rises = (rises << 1 | 1) & mask
        up = ((falls << 1) | ~(diagonal | rises)) & mask
        down = rises & diagonal
    return distance


_short = lru_cache(maxsize=1 << 15)(_distance)


def _shared_ends(a: Sequence[Hashable], b: Sequence[Hashable]) -> tuple[int, int]:
    """Return how many items two sequences share at the start, and then at the end."""
    shortest = min(len(a), len(b))
    start = 0
    while start < shortest and a[start] == b[start]:
        start += 1
    stop = 0
    while stop < shortest - start and a[-1 - stop] == b[-1 - stop]:
        stop += 1
    return start, stop
