"""From a problem's runs to its board, and from a name to the run that it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada import judgement
from bancada.exceptions import NotFoundError, nearest
from bancada.identity import digest
from bancada.judgement._documents import Leaderboard

if TYPE_CHECKING:
    from bancada.records import RunRecord
    from bancada.store import Index

__all__ = ["current_board", "find_line", "find_run"]

TOP = 20


def current_board(
    index: Index, problem: str, *, metric: str | None = None, top: int | None = TOP, every_claim: bool = False
) -> Leaderboard:
    """Return the board of a problem, from the index where nothing was written since it was last computed.

    Args:
        index: The index over the store.
        problem: Name of the problem.
        metric: Metric that orders the lines; the primary of the newest run by default.
        top: How many lines are shown; None for all.
        every_claim: True for a line per claim; else one per candidate, its best.

    Raises:
        NotFoundError: The problem has no finished run, or no run has the metric.
    """
    index.refresh(problem)
    view = f"board-{digest([metric, top, every_claim])[:16]}"
    kept = index.view(problem, view)
    if kept is not None:
        return msgspec.json.decode(kept, type=Leaderboard)
    # Through the lazy door: where a view is kept, no statistics are loaded.
    board = judgement.leaderboard(_runs(index, problem), metric=metric, top=top, every_claim=every_claim)
    index.keep_view(problem, view, msgspec.json.encode(board))
    return board


def find_run(reference: str, index: Index, problem: str) -> RunRecord:
    """Return the run that a reference means: of a line of several seeds, the newest.

    Args:
        reference: `r-` with enough characters to be unique, a candidate's name (the claim that its line on the board
            shows), or `best`.
        index: The index over the store.
        problem: Name of the problem.

    Raises:
        NotFoundError: There is no such run.
    """
    return find_line(reference, index, problem)[0]


def find_line(reference: str, index: Index, problem: str) -> tuple[RunRecord, ...]:
    """Return the runs that a reference means, newest first: several where a line of the board averages seeds.

    Args:
        reference: As in `find_run`.
        index: The index over the store.
        problem: Name of the problem.

    Raises:
        NotFoundError: There is no such run.
    """
    if reference.startswith("r-"):
        return (_by_id(reference, index, problem),)
    runs = {run.run_id: run for run in _runs(index, problem)}
    board = current_board(index, problem)
    if reference == "best":
        ranked = [row for row in board.rows if row.rank_low is not None]
        if ranked:
            return tuple(runs[run_id] for run_id in ranked[0].runs)
        raise NotFoundError(
            "`best` is the first line of the board that has a rank.",
            f"No line of `{problem}` has one.",
            "See `bancada leaderboard` for what failed.",
        )
    for row in board.rows:
        if row.candidate == reference:
            return tuple(runs[run_id] for run_id in row.runs)
    # A board shows its best lines only; a candidate further down is meant by its newest finished run.
    matching = [run for run in runs.values() if run.candidate == reference]
    if matching:
        return (matching[-1],)
    raise NotFoundError(
        "A run is meant by `r-…`, by the name of a candidate that was run, or by `best`.",
        f"`{reference}` is none of these in problem `{problem}`.",
        nearest(reference, {run.candidate for run in runs.values()}),
    )


def _by_id(reference: str, index: Index, problem: str) -> RunRecord:
    _, run_id = index.store.runs.resolve(reference, problem)
    stored = index.store.runs.read(problem, run_id)
    if stored is None:
        raise NotFoundError(
            "A run can be read once it is finished.",
            f"Run `r-{run_id[:8]}` was begun and has no result.",
            "Run its candidate again: the folds that it finished are kept.",
        )
    return stored.scored()


def _runs(index: Index, problem: str) -> tuple[RunRecord, ...]:
    runs = index.runs(problem)
    if not runs:
        raise NotFoundError(
            "A board needs at least one finished run.",
            f"Problem `{problem}` has none in `{index.store.root}`.",
            "Run `bancada run` first.",
        )
    return runs
