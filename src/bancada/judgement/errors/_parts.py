"""Declared slices and found ones, against all other rows."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from bancada.judgement.errors._columns import conditions
from bancada.judgement.errors._derived import class_codes, class_names
from bancada.judgement.errors._document import FoundPart, SlicePart
from bancada.scoring.slices import complement, eligible, find_slices

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.engine.examples import Examples
    from bancada.judgement.errors._moved import Yardstick
    from bancada.scoring.slices import Complement, Literal

__all__ = ["declared_parts", "found_parts"]

ALPHA = 0.05
_MOST_COLUMNS = 60


def declared_parts(examples: Examples, yardstick: Yardstick) -> tuple[SlicePart, ...]:
    """Return each declared slice against its complement, at the level that all of them share.

    Args:
        examples: The rows, and the slices.
        yardstick: The number by which they are compared.
    """
    known = yardstick.known
    classes, names = class_codes(examples), class_names(examples)
    found = []
    for name, mask in examples.slices.items():
        inside, outside = yardstick.part(mask), yardstick.part(~mask)
        against = complement(inside, outside, examples.groups, alpha=ALPHA, family=len(examples.slices))
        small = eligible(mask[known], None if classes is None else classes[known], names)
        found.append(_part(name, against, small))
    return tuple(found)


def found_parts(
    examples: Examples, losses: npt.NDArray[np.float64], most: int = 5
) -> tuple[tuple[FoundPart, ...], int]:
    """Return slices that were searched for, and how many conditions the search knew."""
    known = ~np.isnan(losses)
    literals: list[Literal] = []
    for name in examples.describing[:_MOST_COLUMNS]:
        literals += conditions(name, examples.columns([name]).column(0))
    if not known.all():
        literals = [type(item)(item.column, item.text, item.among[known]) for item in literals]
    groups = None if examples.groups is None else np.unique(examples.groups[known], return_inverse=True)[1]
    weight = None if examples.weight is None else examples.weight[known]
    found = find_slices(losses[known], literals, groups=groups, weight=weight, most=most, alpha=ALPHA)
    parts = tuple(
        FoundPart(
            slice=item.text,
            columns=item.columns,
            n_rows=item.n_rows,
            confirmed=item.confirmed,
            part=_part(item.text, item.held, "" if item.confirmed else item.held.note or "not confirmed"),
        )
        for item in found
    )
    return parts, len(literals)


def _part(name: str, against: Complement, small: str) -> SlicePart:
    note = small or against.note
    return SlicePart(
        slice=name,
        n_rows=against.n_rows,
        inside=_number(against.inside),
        outside=_number(against.outside),
        delta=_number(against.delta),
        low=against.low,
        high=against.high,
        p=against.p_adjusted,
        flagged=not note and against.p_adjusted is not None and against.p_adjusted < ALPHA,
        note=note,
    )


def _number(value: float) -> float | None:
    return value if isfinite(value) else None
