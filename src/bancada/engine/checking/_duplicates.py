"""Equal rows on both sides of a fold: what was learnt by heart is tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from bancada.engine.checking._encoding import codes_of, kind_of
from bancada.engine.checking._finding import NOTE, SERIOUS, Finding, Looked

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.engine.checking._rows import CheckedRows

__all__ = ["find_duplicates"]

NAME = "duplicates"
LEAST_SHARE = 0.001
SERIOUS_SHARE = 0.01
# So many times more pairs than columns that are independent would give by chance.
BEYOND_CHANCE = 10.0
LEAST_PAIRS = 5.0
# A float64 has a mantissa of 52 bits; the first 20 of them are six decimal digits.
_DROPPED_BITS = np.uint64(32)


@dataclass(frozen=True, slots=True)
class _Crossing:
    """Rows that a fold tests while an equal one trains it; `partner` is one such, (n_tested,)."""

    tested: npt.NDArray[np.int64]
    partner: npt.NDArray[np.int64]
    n_tested: int


def find_duplicates(rows: CheckedRows) -> Looked:
    """Look for rows with equal X on both sides of a fold: equal in all columns, else equal to six digits.

    Rows are compared by a hash of 64 bits of all columns of X (all rows are read). Columns with few values give equal
    rows by chance: under independence n(n−1)/2 · Π_j Σ_v p_jv² pairs are expected, v the values of column j; unless ten
    times as many are found it is a note.
    """
    chances: list[float] = []
    exact, skipped = _hashed(rows.features, chances)
    if exact is None:
        return Looked(skipped=f"X holds columns of types that have no equality: {skipped}")
    expected = rows.n_rows * (rows.n_rows - 1) / 2 * float(np.prod(chances))
    for equal, hashes in (("in every column of X", exact), ("in X to six digits", _hashed(rows.features, None)[0])):
        if hashes is None:
            continue
        crossing = _crossing(rows, hashes)
        share = len(crossing.tested) / max(crossing.n_tested, 1)
        if len(crossing.tested) > 1 and share >= LEAST_SHARE:
            return Looked((_finding(rows, crossing, _pairs(hashes), expected, equal),))
    return Looked()


def _hashed(table: Any, chances: list[float] | None) -> tuple[npt.NDArray[np.uint64] | None, str]:
    """Return a hash of each row, or the first column that has none; of rounded numbers where no chances are asked for.

    Args:
        table: Arrow table, (n_rows, n_columns).
        chances: Takes, for each column, the probability that two rows agree in it by chance.
    """
    total = np.full(table.num_rows, 0x9E3779B97F4A7C15, dtype=np.uint64)
    for name in table.column_names:
        column = table.column(name)
        if kind_of(column.type) is None:
            return None, f"`{name}`"
        if pa.types.is_floating(column.type):
            values = column.to_numpy().astype(np.float64) + 0.0
            values[np.isnan(values)] = np.nan
            words = values.view(np.uint64)
            if chances is None:
                half = np.uint64(1) << (_DROPPED_BITS - np.uint64(1))
                words = (words + half) >> _DROPPED_BITS
        else:
            words = codes_of(column).astype(np.uint64)
        if chances is not None:
            chances.append(_agreement(words))
        total = pd.util.hash_array(total ^ (pd.util.hash_array(words) + np.uint64(0x632BE59BD9B4E019)))
    return total, ""


def _agreement(words: npt.NDArray[np.uint64], most: int = 20_000) -> float:
    """Return the share of pairs of rows with the same value, from evenly spaced rows where there are many."""
    drawn = words[:: max(len(words) // most, 1)]
    counts = np.unique(drawn, return_counts=True)[1].astype(np.float64)
    pairs = len(drawn) * (len(drawn) - 1)
    return max(float((counts * (counts - 1)).sum()), 1.0) / max(pairs, 1)


def _pairs(hashes: npt.NDArray[np.uint64]) -> int:
    """Return how many pairs of rows are equal."""
    several = hashes[pd.Series(hashes).duplicated(keep=False).to_numpy()]
    counts = np.unique(several, return_counts=True)[1].astype(np.int64)
    return int((counts * (counts - 1) // 2).sum())


def _crossing(rows: CheckedRows, hashes: npt.NDArray[np.uint64]) -> _Crossing:
    several = pd.Series(hashes).duplicated(keep=False).to_numpy()
    n_tested = sum(len(part.test) for part in rows.folds)
    tested, partner = [], []
    for part in rows.folds:
        train, test = part.train[several[part.train]], part.test[several[part.test]]
        known, first = np.unique(hashes[train], return_index=True)
        if not len(known):
            continue
        place = np.minimum(np.searchsorted(known, hashes[test]), len(known) - 1)
        hit = known[place] == hashes[test]
        tested.append(test[hit])
        partner.append(train[first[place[hit]]])
    none = np.zeros(0, dtype=np.int64)
    return _Crossing(np.concatenate([none, *tested]), np.concatenate([none, *partner]), n_tested)


def _finding(rows: CheckedRows, crossing: _Crossing, pairs: int, expected: float, equal: str) -> Finding:
    share = len(crossing.tested) / crossing.n_tested
    by_chance = pairs <= BEYOND_CHANCE * expected + LEAST_PAIRS
    evidence = {"rows": len(crossing.tested), "share": share, "pairs": pairs, "pairs_by_chance": expected}
    if rows.target is not None:
        told_of = rows.target.encoded
        evidence["same_target"] = float((told_of[crossing.tested] == told_of[crossing.partner]).mean())
    told = f"{len(crossing.tested):,} of {crossing.n_tested:,} rows that are tested ({share:.1%}) equal a row of their "
    told += f"training part {equal}"
    if by_chance:
        told += "; columns with few values give about as many by chance"
        remedy = "Where equal rows are the same example, drop all but one; else nothing need be done."
    else:
        remedy = "Drop all but one of equal rows, or give them a column in common and name it in `groups=`."
    return Finding(
        check=NAME,
        severity=SERIOUS if share >= SERIOUS_SHARE and not by_chance else NOTE,
        columns=(),
        found=told,
        evidence=evidence,
        remedy=remedy,
        ids=rows.shown(np.column_stack([crossing.tested[:2], crossing.partner[:2]]).ravel()),
    )
