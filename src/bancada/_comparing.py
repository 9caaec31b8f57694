"""`bc.compare` and `bc.across`: runs of a project held against each other, on one problem or on many."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from bancada import judgement
from bancada.definitions import find_project
from bancada.judgement import across as over
from bancada.judgement import errors, paired
from bancada.records import RunRecord
from bancada.report import BoardLine
from bancada.store import Index, Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.definitions import Project
    from bancada.judgement import Comparison
    from bancada.judgement.across import AcrossProblems

__all__ = ["across", "compare"]


def compare(
    a: str | RunRecord | BoardLine,
    b: str | RunRecord | BoardLine,
    *,
    problem: str | None = None,
    metric: str | None = None,
    store: str | Path | None = None,
) -> Comparison:
    """Compare two runs on the folds that both have.

    Args:
        a: The run that is looked at: a line of a board, a run, or a reference (`r-…`, a candidate's name, `best`).
        b: The run that it is held against.
        problem: Problem of the references, where the store has several.
        metric: Metric to compare by; the primary by default.
        store: Folder of the records; that of the current project by default.

    Returns:
        Difference, interval, verdict and what would settle an inconclusive one.

    Raises:
        NotComparable: The two did not answer the same question; the fields that differ are named.
        NotFoundError: A reference leads nowhere.
        UsageError: There are several problems and none was named.
    """
    if isinstance(a, BoardLine) and isinstance(b, BoardLine):
        return a.against(b, metric=metric)
    project, index = _opened(store)
    try:
        first, second = (_line(item, index, problem, str(project.root)) for item in (a, b))
        comparison = judgement.compare(first, second, metric=metric, tried=judgement.tried_beside(first[0], index))
        comparison = paired.over_rows(comparison, first, second, project, index.store)
        return errors.with_rows(comparison, first, second, project, index.store)
    finally:
        index.close()


def across(
    *candidates: str,
    problems: Sequence[str] | None = None,
    metric: str | None = None,
    store: str | Path | None = None,
) -> AcrossProblems:
    """Hold candidates against each other over the problems of a store.

    From ten problems on there are tests: Wilcoxon's for two candidates, Friedman's and then Wilcoxon's for more. On
    fewer there are raw differences only.

    Args:
        candidates: Names of candidates, at least two; on each problem each has the score of its line on the board.
        problems: Names of the problems; all by default.
        metric: Metric on every problem; the primary one of each by default.
        store: Folder of the records; that of the current project by default.

    Raises:
        NotFoundError: There is no such problem, or no problem has such a candidate.
        UsageError: Fewer than two candidates, or one twice.
    """
    _, index = _opened(store)
    try:
        return over.across(index, candidates, problems=problems, metric=metric)
    finally:
        index.close()


def _opened(store: str | Path | None) -> tuple[Project, Index]:
    """Open the store that is meant; whoever does closes the index."""
    environ = dict(os.environ) if store is None else {**os.environ, "BANCADA_STORE": str(Path(store).absolute())}
    project = find_project(Path.cwd(), environ, home=Path.home())
    return project, Index(Store.open(project.store, create=False), project.cache)


def _line(item: str | RunRecord | BoardLine, index: Index, problem: str | None, root: str) -> tuple[RunRecord, ...]:
    if isinstance(item, RunRecord):
        return (item,)
    if isinstance(item, BoardLine):
        return item.runs
    return judgement.find_line(item, index, judgement.meant_problem(index.store, problem, root, (item,)))
