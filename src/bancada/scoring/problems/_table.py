"""The table of scores that tests over problems read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bancada.exceptions import DataError, ProcedureRefused

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["FEWEST_PROBLEMS", "refuse_few", "rounded", "table_of"]

FEWEST_PROBLEMS = 10
_DIGITS = 12


def table_of(scores: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return scores as (n_problems, n_candidates), or refuse them.

    Raises:
        DataError: Where they are no table of finite numbers with at least one problem and two candidates.
    """
    table = np.asarray(scores, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] < 1 or table.shape[1] < 2 or not np.isfinite(table).all():
        raise DataError(
            "Candidates are ranked over problems by one finite score per problem and candidate, at least two of these.",
            f"Found shape {table.shape} with {int((~np.isfinite(table)).sum())} numbers that are not finite.",
            "Leave out problems that a candidate lacks.",
        )
    return table


def rounded(values: npt.NDArray[np.float64], scale: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return values without the last digits of their scale: what differs by rounding of sums is tied."""
    unit = 10.0 ** (np.floor(np.log10(np.maximum(scale, np.finfo(float).tiny))) + 1 - _DIGITS)
    return np.asarray(np.round(values / unit) * unit)


def refuse_few(n_problems: int, test: str) -> None:
    """Refuse a test over fewer than ten problems.

    Raises:
        ProcedureRefused: There are fewer.
    """
    if n_problems < FEWEST_PROBLEMS:
        raise ProcedureRefused(
            "A test over problems needs at least ten of them.",
            f"{test} was asked for on {n_problems}.",
            "Read the raw differences, problem by problem.",
        )
