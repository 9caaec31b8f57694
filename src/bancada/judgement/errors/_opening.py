"""The rows of runs that may be looked at side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.engine import examples as recorded
from bancada.exceptions import NotComparable
from bancada.judgement._differences import differing_problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.definitions import Project
    from bancada.engine.examples import Examples
    from bancada.records import RunRecord
    from bancada.store import Store

__all__ = ["open_examples"]


def open_examples(sides: Sequence[Sequence[RunRecord]], project: Project, store: Store) -> Examples:
    """Return the rows of one run, or of two on one problem; no project code is executed.

    Args:
        sides: The runs of each side, newest first.
        project: Where the data are looked for.
        store: Where predictions are.

    Raises:
        DataError: The data of the runs cannot be had any more, or the task is the project's own.
        NotComparable: They did not answer the same question; the error names the fields.
        StoreError: Predictions cannot be read.
        UsageError: No fold has predictions.
    """
    first = sides[0][0]
    for run in (run for side in sides for run in side):
        fields = differing_problem(first.problem, run.problem)
        if fields:
            raise NotComparable(
                "Two runs are looked at side by side on one problem.",
                f"`{first.candidate}` and `{run.candidate}` differ in {', '.join(f'`{field}`' for field in fields)}.",
                "Run both on the same problem, or look at one of them.",
                fields,
            )
    return recorded.examples_of(sides, project, store)
