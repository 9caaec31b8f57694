"""`bancada reproduce` of the demo's best run: rebuilt, computed once more, compared, whole process."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from benchmarks.harness import Report, Row, alternate, duration, median

if TYPE_CHECKING:
    from benchmarks.harness import Ground

LIMIT_S = 15.0
IDENTICAL = "identical"


def measure(ground: Ground) -> Report:
    """Reproduce the demo's best run, from its record alone and with the present interpreter."""
    place = ground.folder("demo")
    ground.output("-m", "bancada", "demo", place / "demo", cwd=place)
    ways = {"rebuilt": (), "present interpreter": ("--with-current-environment",)}
    verb = ("-m", "bancada", "reproduce", "best")
    # The first fetches what the caches of the package manager lack.
    found = [ground.document(*verb, *words, "--json", cwd=place / "demo") for words in ways.values()]
    verdicts = sorted({item["verdict"] for item in found})
    taken = alternate(
        {name: partial(ground.seconds, *verb, *words, cwd=place / "demo") for name, words in ways.items()},
        ground.times(5),
        warm=False,
    )
    spent = median(taken["rebuilt"])
    count = found[0]["predictions"]
    row = Row(
        "`bancada reproduce best` in the demo, warm, whole process",
        f"≤ {LIMIT_S:.0f} s, {IDENTICAL}",
        f"{duration(spent)}, {' and '.join(verdicts)}: {count:,} predictions of {found[0]['folds']} folds",
        f"with the present interpreter, nothing rebuilt: {duration(median(taken['present interpreter']))}",
        spent <= LIMIT_S and verdicts == [IDENTICAL],
    )
    return Report((row,), notes=("Packages come from the package manager's cache, where an earlier call put them.",))
