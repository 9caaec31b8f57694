"""Slices that nobody declared, found on one half of the rows and confirmed on the other (STATISTICS §7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bancada.scoring.slices._complement import FEWEST_ROWS, Complement, complement, mean_part

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

__all__ = ["FoundSlice", "Literal", "find_slices", "halves"]

# A row more decides nothing that these do not, and each costs a line of a matrix.
_MOST_SEARCHED = 50_000
_MOST_LITERALS = 400
_MOST_CANDIDATES = 2_000
_FEWEST_SE = 2.0
_MOST_OVERLAP = 0.5


@dataclass(frozen=True)
class Literal:
    """A condition on one column.

    Attributes:
        column: The column.
        text: The condition, in the grammar of slices.
        among: The rows for which it holds, (n_rows,).
    """

    column: str
    text: str
    among: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class FoundSlice:
    """A slice with a greater loss than the rest of the rows of the half on which it was searched.

    Attributes:
        text: The conditions, in the grammar of slices.
        columns: The columns that they read.
        n_rows: Rows of the slice in both halves.
        searched: inside − outside on the half where it was found: chosen for being large, it is no estimate.
        held: The same comparison on the other half, at the level that all reported slices share.
        confirmed: True where the other half shows a greater loss too; only then it is a finding.
    """

    text: str
    columns: tuple[str, ...]
    n_rows: int
    searched: float
    held: Complement
    confirmed: bool


def halves(n_rows: int, groups: npt.NDArray[np.int64] | None = None, seed: int = 0) -> npt.NDArray[np.bool_]:
    """Return a random half of the rows, (n_rows,): whole groups where there are groups.

    Args:
        n_rows: Count of rows.
        groups: Number of each row's group, dense from 0, (n_rows,); None without groups.
        seed: The same seed gives the same half.
    """
    units = np.arange(n_rows) if groups is None else groups
    n_units = int(units.max()) + 1 if n_rows else 0
    chosen = np.zeros(n_units, dtype=np.bool_)
    chosen[np.random.default_rng(seed).permutation(n_units)[: (n_units + 1) // 2]] = True
    found: npt.NDArray[np.bool_] = chosen[units]
    return found


def find_slices(
    losses: npt.NDArray[np.float64],
    literals: Sequence[Literal],
    *,
    groups: npt.NDArray[np.int64] | None = None,
    weight: npt.NDArray[np.float64] | None = None,
    most: int = 5,
    alpha: float = 0.05,
    seed: int = 0,
) -> tuple[FoundSlice, ...]:
    """Search for parts of the rows, of one or two conditions, whose loss is greater than that of all others.

    Every condition and every pair of them is counted on one half of the rows by a product of matrices, as in SliceLine
    (Sagadeeva & Boehm 2021), and ordered by the difference to the complement in standard errors. A slice of two
    conditions must beat both by themselves; of slices that overlap by more than half the first is taken. Those that are
    reported are compared on the *other* half, where nothing was chosen, at alpha / (how many are reported).

    Args:
        losses: Loss of each row, its mean over the repeats, (n_rows,).
        literals: The conditions.
        groups: Number of each row's group, dense from 0, (n_rows,): a group is in one half; None without groups.
        weight: Weights, (n_rows,); None where all rows weigh the same. The search does without them.
        most: How many slices are reported.
        alpha: Level shared by those that are reported.
        seed: Draws the halves.

    Returns:
        The slices, the largest difference in the search first; those that are not confirmed are no findings.
    """
    if not literals or len(losses) < 4 * FEWEST_ROWS:
        return ()
    first = halves(len(losses), groups, seed)
    chosen = _search(losses, literals, first, most)
    found = []
    for parts, difference in chosen:
        among = np.logical_and.reduce([literal.among for literal in parts])
        held = _held(losses, among, ~first, groups, weight, alpha, len(chosen))
        enough = int(np.count_nonzero(among & ~first)) >= FEWEST_ROWS
        confirmed = enough and held.delta > 0 and held.p_adjusted is not None and held.p_adjusted < alpha
        text = " and ".join(literal.text for literal in parts)
        columns = tuple(dict.fromkeys(literal.column for literal in parts))
        found.append(FoundSlice(text, columns, int(among.sum()), difference, held, confirmed))
    return tuple(found)


def _held(
    losses: npt.NDArray[np.float64],
    among: npt.NDArray[np.bool_],
    where: npt.NDArray[np.bool_],
    groups: npt.NDArray[np.int64] | None,
    weight: npt.NDArray[np.float64] | None,
    alpha: float,
    family: int,
) -> Complement:
    inside, outside = (mean_part(losses, part & where, weight) for part in (among, ~among))
    return complement(inside, outside, groups, alpha=alpha, family=family)


def _search(
    losses: npt.NDArray[np.float64], literals: Sequence[Literal], first: npt.NDArray[np.bool_], most: int
) -> list[tuple[tuple[Literal, ...], float]]:
    rows = np.flatnonzero(first)
    if len(rows) > _MOST_SEARCHED:
        rows = rows[np.linspace(0, len(rows) - 1, _MOST_SEARCHED).astype(np.int64)]
    own = losses[rows]
    # Scaled, so that sums of squares of large losses keep their digits.
    scaled = (own - own.mean()) / (own.std() or 1.0)
    holds = np.array([literal.among[rows] for literal in literals], dtype=np.float32)
    if len(literals) > _MOST_LITERALS:
        alone = _effects(holds.sum(axis=1, dtype=np.float64), holds @ scaled, holds @ scaled**2, scaled)
        kept = np.sort(np.argsort(-alone)[:_MOST_LITERALS])
        literals, holds = [literals[place] for place in kept], holds[kept]
    effects, means = _all_effects(holds, scaled)
    return _distinct(effects, means, holds, literals, most, own.std() or 1.0)


def _all_effects(
    holds: npt.NDArray[np.float32], scaled: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return difference in standard errors and mean loss of each pair; on the diagonal of each condition alone."""
    counts = (holds @ holds.T).astype(np.float64)
    sums = ((holds * scaled.astype(np.float32)) @ holds.T).astype(np.float64)
    squares = ((holds * np.square(scaled).astype(np.float32)) @ holds.T).astype(np.float64)
    means = np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0)
    return _effects(counts, sums, squares, scaled), means


def _effects(
    counts: npt.NDArray[np.float64],
    sums: npt.NDArray[np.float64],
    squares: npt.NDArray[np.float64],
    scaled: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """Return (mean inside − mean outside) / SE; minus infinity where a side is too small, or a slice above half."""
    size, total, square = len(scaled), float(scaled.sum()), float(scaled @ scaled)
    usable = (counts >= FEWEST_ROWS) & (counts <= size / 2)
    inner, outer = np.where(usable, counts, 2.0), np.where(usable, size - counts, 2.0)
    inside, outside = sums / inner, (total - sums) / outer
    spread = np.maximum(squares / inner - inside**2, 0) / (inner - 1)
    spread += np.maximum((square - squares) / outer - outside**2, 0) / (outer - 1)
    usable &= spread > 0
    return np.where(usable, (inside - outside) / np.sqrt(np.where(usable, spread, 1.0)), -np.inf)


def _distinct(
    effects: npt.NDArray[np.float64],
    means: npt.NDArray[np.float64],
    holds: npt.NDArray[np.float32],
    literals: Sequence[Literal],
    most: int,
    unit: float,
) -> list[tuple[tuple[Literal, ...], float]]:
    """Return the slices with the largest effects that say different things."""
    upper = np.triu_indices(len(literals))
    order = np.argsort(-effects[upper], kind="stable")[:_MOST_CANDIDATES]
    taken: list[npt.NDArray[np.bool_]] = []
    found: list[tuple[tuple[Literal, ...], float]] = []
    for place in order:
        i, j = int(upper[0][place]), int(upper[1][place])
        if effects[i, j] < _FEWEST_SE or len(found) == most:
            break
        alone = i == j
        if not alone and not (
            effects[i, j] > max(effects[i, i], effects[j, j]) and means[i, j] > max(means[i, i], means[j, j])
        ):
            continue
        rows = (holds[i] * holds[j]) > 0
        if any(np.count_nonzero(rows & other) > _MOST_OVERLAP * np.count_nonzero(rows | other) for other in taken):
            continue
        taken.append(rows)
        outside = -float(means[i, j]) * np.count_nonzero(rows) / np.count_nonzero(~rows)
        parts = (literals[i],) if alone else (literals[i], literals[j])
        found.append((parts, (float(means[i, j]) - outside) * unit))
    return found
