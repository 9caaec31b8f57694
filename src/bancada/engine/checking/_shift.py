"""Train against test: does a column tell on which side of a fold a row stands?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bancada.engine.checking._finding import NOTE, SERIOUS, Finding, Looked
from bancada.engine.checking._two_samples import apart
from bancada.scoring.problems import holm

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.engine.checking._rows import CheckedRows
    from bancada.engine.checking._two_samples import Apart

__all__ = ["find_shift"]

NAME = "shift"
LEVEL = 0.01
# Of many rows every difference is significant: a smaller one than this changes no score that matters.
LEAST_SIZE = 0.1
SERIOUS_AT_RANDOM = 0.25
SERIOUS_LEVEL = 0.0001
SERIOUS_BY_DESIGN = 0.9
_DESIGN = {
    "site": "sites differ",
    "time": "later rows differ from earlier ones",
    "single": "the rows that are tested differ from the others",
}


def find_shift(rows: CheckedRows) -> Looked:
    """Compare each column on the test rows of each fold with the same column on its training rows.

    Two-sample statistics (Kolmogorov and Smirnov's D, Cramér's V) with Holm's correction over columns and folds; where
    there are groups one row of each counts, for rows of a group are not independent. The column of times is left out.
    """
    tested: list[tuple[str, int, Apart]] = []
    once = _once_a_group(rows)
    for number, part in enumerate(rows.folds):
        side = np.zeros(rows.n_rows, dtype=np.int8)
        side[part.train], side[part.test] = 1, 2
        of_sample = side[rows.sample]
        counted = (of_sample > 0) if once is None else (of_sample > 0) & once
        for name, column in rows.columns.items():
            if name != rows.time_column:
                tested.append((name, number, apart(column, of_sample == 2, counted)))
    worst: dict[str, tuple[int, Apart, float]] = {}
    for (name, number, found), p in zip(tested, holm([item.p for _, _, item in tested]) if tested else (), strict=True):
        known = worst.get(name)
        if p < LEVEL and found.size >= LEAST_SIZE and (known is None or found.size > known[1].size):
            worst[name] = number, found, p
    findings = tuple(_finding(rows, name, *item) for name, item in worst.items())
    return Looked(findings, sampled=rows.sampled)


def _once_a_group(rows: CheckedRows) -> npt.NDArray[np.bool_] | None:
    """Return which rows of the sample are the first of their group there."""
    if rows.groups is None:
        return None
    once = np.zeros(len(rows.sample), dtype=bool)
    once[np.unique(rows.groups[rows.sample], return_index=True)[1]] = True
    return once


def _finding(rows: CheckedRows, name: str, fold: int, found: Apart, p: float) -> Finding:
    evidence = {"fold": fold, "statistic": found.statistic, "size": found.size, "p": p}
    told = f"`{name}` is distributed otherwise on the test rows of fold {fold} than on its training rows"
    if rows.kind == "random":
        return Finding(
            check=NAME,
            severity=SERIOUS if found.size >= SERIOUS_AT_RANDOM and p < SERIOUS_LEVEL else NOTE,
            columns=(name,),
            found=f"{told}, which folds drawn at random do not do",
            evidence=evidence,
            remedy="Look whether the folds are drawn at random, or by groups of which a few are large; name what rows "
            "share in `groups=`, and use more folds.",
        )
    return Finding(
        check=NAME,
        severity=SERIOUS if found.size >= SERIOUS_BY_DESIGN else NOTE,
        columns=(name,),
        found=f"{told}: {_DESIGN[rows.kind]}",
        evidence=evidence,
        remedy=f"A model meets values of `{name}` that it hardly knows: `exclude` it, or give X a form of it that "
        "stays alike (a difference, a share, an age), and see whether the score holds.",
    )
