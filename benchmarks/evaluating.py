"""Several estimators on the same folds: `bc.evaluate` against `cross_validate`, whole processes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from benchmarks.harness import SCRIPTS, Report, Row, alternate, duration, median, ratio
from benchmarks.profiling import profiled

if TYPE_CHECKING:
    from benchmarks.harness import Ground

LIMIT = 1.1
SAME = 1e-9


def measure(ground: Ground) -> Report:
    """Compare both with the better of one and two jobs."""
    count = str(ground.times(5, 3))
    place = ground.folder("evaluate")
    ours = (SCRIPTS / "evaluation.py", count)
    peers = {f"n_jobs={jobs}": (SCRIPTS / "cross_validation.py", count, str(jobs)) for jobs in (1, 2)}
    found, expected = (float(ground.output(*command, cwd=place)) for command in (ours, peers["n_jobs=1"]))
    if abs(found - expected) > SAME:
        message = f"bancada's best score is {found}, the peer's {expected}"
        raise RuntimeError(message)
    taken = alternate(
        {
            "bancada": partial(ground.seconds, *ours, cwd=place),
            **{name: partial(ground.seconds, *command, cwd=place) for name, command in peers.items()},
        },
        ground.times(5),
        warm=False,
    )
    best = min(peers, key=lambda name: median(taken[name]))
    whole = ratio(taken["bancada"], taken[best])
    row = Row(
        f"`bc.evaluate` of {count} estimators × 5 folds against `cross_validate`, whole processes",
        f"≤ {LIMIT:.2f}",
        f"{whole:.2f} ({duration(median(taken['bancada']))})",
        ", ".join(f"`{name}` {duration(median(taken[name]))}" for name in peers),
        whole <= LIMIT,
    )
    notes = ("`bc.evaluate` writes its records to an empty store, and scores the baseline besides.",)
    return Report((row,), "" if row.passed else profiled(ground, *ours, cwd=place), notes)
