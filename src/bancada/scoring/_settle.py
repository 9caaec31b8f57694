"""What would settle an inconclusive comparison (STATISTICS §3)."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt
from typing import TYPE_CHECKING

from scipy.special import ndtri

from bancada.scoring._verdict import quantile

if TYPE_CHECKING:
    from bancada.scoring._design import Design

__all__ = ["Settlement", "repeats_needed"]

_MOST = 10_000
_UNITS = {"site": "sites", "time": "time blocks"}


@dataclass(frozen=True, slots=True)
class Settlement:
    """How much more evidence would exclude 0, were the difference and its spread to stay as they are.

    Attributes:
        text: The answer in words.
        repeats: Repeats in all; None where no number of repeats would do.
        rows: Rows (groups) in all, a rough guide; None where not needed or not known.
        units: Sites or time blocks in all; None for random folds.
    """

    text: str
    repeats: int | None = None
    rows: int | None = None
    units: int | None = None


def repeats_needed(delta: float, se: float, design: Design, a: float) -> Settlement | None:
    """Say how many repeats, or else rows, would settle a comparison.

    The smallest R' with t(kR'−1, 1−a/2)·s·sqrt(1/(kR') + ρ) < |delta|. Repeats cannot push the standard error below
    s·√ρ: where |delta| ≤ z(1−a/2)·s·√ρ no number of repeats would do, and about n·(z·s·√ρ/|delta|)² rows would. For
    sites and time blocks the smallest J' with t(J'−1, 1−a/2)·s/√J' < |delta|.

    Args:
        delta: The paired difference found.
        se: Its standard error.
        design: The folds on which it was measured.
        a: Level of the comparison.

    Returns:
        None where the design or the differences allow no answer.

    Examples:
        >>> from bancada.scoring import Design, paired
        >>> design = Design("random", n_train=(80,) * 5, n_test=(20,) * 5)
        >>> d = paired([0.91, 0.93, 0.90, 0.92, 0.93], [0.90, 0.90, 0.90, 0.90, 0.91], design)
        >>> repeats_needed(d.delta, d.se, design, 0.05).text
        '2 repeats would'
    """
    if not se > 0 or not design.procedure.name:
        return None
    if delta == 0:
        return Settlement("no amount of evidence would: the difference found is 0")
    size, s = abs(delta), se / design.procedure.factor
    if design.kind != "random":
        units = _smallest(1, size / s, 0.0, a)
        noun = _UNITS[design.kind]
        return Settlement(f"more than {_MOST} {noun} would" if units is None else f"{units} {noun} would", units=units)
    floor = -float(ndtri(a / 2)) * s * sqrt(design.rho)
    if size > floor:
        repeats = _smallest(design.k, size / s, design.rho, a)
        if repeats is not None:
            return Settlement(f"{repeats} repeat{'s' if repeats > 1 else ''} would", repeats=repeats)
    rows = ceil(design.n_units * (floor / size) ** 2)
    noun = "groups" if design.counts_groups else "rows"
    return Settlement(f"no number of repeats would; about {rows:,} {noun} would", rows=rows)


def _smallest(k: int, effect: float, rho: float, a: float) -> int | None:
    """Return the smallest count of repeats of k folds that excludes 0 for |delta|/s; None beyond what is searched."""

    def settles(repeats: int) -> bool:
        n_folds = k * repeats
        return quantile(n_folds - 1, a / 2) * sqrt(1 / n_folds + rho) < effect

    # The reach falls as repeats grow, so that the first that settles is found by halving.
    least, most = ceil(3 / k), _MOST
    if not settles(most):
        return None
    while least < most:
        middle = (least + most) // 2
        least, most = (least, middle) if settles(middle) else (middle + 1, most)
    return least
