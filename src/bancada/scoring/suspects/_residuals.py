"""Residuals that do not belong to the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["SuspectResiduals", "suspect_residuals"]

_FEWEST = 10


@dataclass(frozen=True)
class SuspectResiduals:
    """Rows with a residual far beyond the others, the farthest first.

    Attributes:
        rows: Their positions, int64 (n_suspects,).
        studentised: Their residuals in standard deviations of all others, float64 (n_suspects,).
        bound: What exceeds it is suspect; None for fewer than 10 rows.
    """

    rows: npt.NDArray[np.int64]
    studentised: npt.NDArray[np.float64]
    bound: float | None


def suspect_residuals(residuals: npt.NDArray[np.float64], alpha: float = 0.05) -> SuspectResiduals:
    """Return the rows whose externally studentised residual is beyond Bonferroni's bound (Cook & Weisberg 1982, §2.2).

    t_i = (e_i − ē) / (s_(i)·sqrt(1 − 1/n)), s_(i) without the row; suspect where |t_i| > t(n−2, 1 − alpha/(2n)).
    Residuals out of fold have no leverage. Their tails are often heavier than normal: what is listed is worth a look,
    and no more is said.

    Args:
        residuals: Residual of each row, its mean over the repeats, (n_rows,); NaN is not judged.
        alpha: Chance that normal residuals show any.

    Examples:
        >>> residuals = np.append(np.tile([-1.0, 0.0, 1.0], 10), 30.0)
        >>> suspect_residuals(residuals).rows.tolist()
        [30]
    """
    known = np.flatnonzero(~np.isnan(residuals))
    own = residuals[known]
    n = own.size
    if n < _FEWEST:
        return SuspectResiduals(np.zeros(0, dtype=np.int64), np.zeros(0), None)
    deviations = own - own.mean()
    total = float(deviations @ deviations)
    # What is left of the sum of squares without the row.
    rest = np.maximum(total - deviations**2 * n / (n - 1), 0.0)
    spread = np.sqrt(rest / (n - 2) * (n - 1) / n)
    floor = 1e-9 * max(1e-12, float(np.abs(own).max()))
    studentised = np.divide(deviations, spread, out=np.zeros(n), where=spread > floor)
    studentised = np.where(
        (spread <= floor) & (np.abs(deviations) > floor), np.copysign(np.inf, deviations), studentised
    )
    bound = -float(stdtrit(n - 2, alpha / (2 * n)))
    beyond = np.flatnonzero(np.abs(studentised) > bound)
    order = beyond[np.lexsort((beyond, -np.abs(studentised[beyond])))]
    return SuspectResiduals(known[order].astype(np.int64), studentised[order], bound)
