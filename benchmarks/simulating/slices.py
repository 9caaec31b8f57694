"""Whether slices are flagged, found and suspected no more often than promised: STATISTICS §7 and §11.

Usage: python -m benchmarks.simulating.slices [--repetitions N] [--json]

Each repetition draws losses, or classes and scores, that have nothing to do with the slices. Seeds are fixed.
"""

from __future__ import annotations

import sys
import time
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from benchmarks.simulations import ALPHA, Bar, Row, row, simulate

from bancada.scoring.slices import Literal, complement, find_slices, mean_part
from bancada.scoring.suspects import suspect_residuals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Draw = np.random.Generator
    Trial = Callable[[Draw], bool]

N_ROWS = 1_000
N_FOUND = 2_000
COLUMNS, VALUES = 6, 4
GROUP = 10
EFFECT = 1.0
HALF = 0.5


def flagged(rng: Draw, share: float) -> bool:
    """Tell whether a slice of skewed losses that do not differ is flagged, unadjusted."""
    losses = rng.exponential(size=N_ROWS)
    among = np.arange(N_ROWS) < share * N_ROWS
    p = complement(mean_part(losses, among), mean_part(losses, ~among)).p
    return p is not None and p < ALPHA


def flagged_in_groups(rng: Draw) -> bool:
    """Tell the same of rows that share what makes their group easy or hard, on both sides of the slice."""
    groups = np.repeat(np.arange(N_ROWS // GROUP), GROUP)
    losses = rng.exponential(size=N_ROWS) + np.repeat(rng.exponential(size=N_ROWS // GROUP), GROUP)
    among = rng.random(N_ROWS // GROUP)[groups] < HALF
    p = complement(mean_part(losses, among), mean_part(losses, ~among), groups).p
    return p is not None and p < ALPHA


def stacked(rng: Draw) -> bool:
    """Tell whether it is flagged where the groups are passed over: this must fail."""
    groups = np.repeat(np.arange(N_ROWS // GROUP), GROUP)
    losses = rng.exponential(size=N_ROWS) + np.repeat(rng.exponential(size=N_ROWS // GROUP), GROUP)
    among = rng.random(N_ROWS // GROUP)[groups] < HALF
    p = complement(mean_part(losses, among), mean_part(losses, ~among)).p
    return p is not None and p < ALPHA


def conditions(rng: Draw) -> tuple[npt.NDArray[np.int64], list[Literal]]:
    """Return columns of values, and a condition for each value."""
    x = rng.integers(0, VALUES, size=(N_FOUND, COLUMNS))
    return x, [Literal(f"x{j}", f"x{j} == {v}", x[:, j] == v) for j in range(COLUMNS) for v in range(VALUES)]


def confirmed_of_nothing(rng: Draw) -> bool:
    """Tell whether any slice is confirmed where none differs."""
    _, listed = conditions(rng)
    return any(item.confirmed for item in find_slices(rng.exponential(size=N_FOUND), listed))


def confirmed_of_one(rng: Draw) -> bool:
    """Tell whether a planted slice of two conditions, a sixteenth of the rows, is found and confirmed."""
    x, listed = conditions(rng)
    losses = rng.exponential(size=N_FOUND) + EFFECT * ((x[:, 0] == 1) & (x[:, 1] == 2))
    return any(item.confirmed and item.text == "x0 == 1 and x1 == 2" for item in find_slices(losses, listed))


def suspected(rng: Draw) -> bool:
    """Tell whether any of 200 normal residuals is suspected."""
    return bool(suspect_residuals(rng.normal(size=200)).rows.size)


PROMISES: tuple[tuple[str, str, Bar, Trial], ...] = (
    *(
        (
            "slice flags, unadjusted",
            f"share {share}, n = 1,000, exponential",
            Bar(0.04, 0.06),
            partial(flagged, share=share),
        )
        for share in (0.05, 0.5, 0.9)
    ),
    ("slice flags, unadjusted", "groups of 10, half of them in the slice", Bar(0.03, 0.07), flagged_in_groups),
    ("the same, groups passed over", "groups of 10, half of them in the slice", Bar(0.2, 1.0), stacked),
    ("found slices: any confirmed where none differs", "276 pairs, n = 2,000", Bar(0.0, 0.05), confirmed_of_nothing),
    ("found slices: the planted pair is confirmed", "one sixteenth of rows, + 1 SD", Bar(0.8, 1.0), confirmed_of_one),
    ("suspected residuals: any of normal ones", "n = 200", Bar(0.035, 0.065), suspected),
)


def rows(repetitions: int) -> Iterator[Row]:
    """Yield the lines of the table."""
    for number, (what, design, bar, trial) in enumerate(PROMISES):
        started = time.perf_counter()
        hits = np.array([trial(np.random.default_rng([7, number, turn])) for turn in range(repetitions)])
        print(f"{what}, {design}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
        yield row(what, design, bar, hits)


if __name__ == "__main__":
    simulate("Simulations of STATISTICS §7 on slices.", 2_000, rows)
