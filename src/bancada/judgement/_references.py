"""From a problem's runs to its board, and from a name to the run that it means."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.exceptions import NotFoundError, UsageError, nearest
from bancada.identity import digest
from bancada.judgement._data_checks import with_data_check
from bancada.judgement._documents import Leaderboard
from bancada.judgement.optimism import corrected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bancada.records import RunRecord
    from bancada.store import Index, Store

__all__ = ["current_board", "find_line", "meant_problem", "tried_beside"]

TOP = 20


def current_board(
    index: Index,
    problem: str,
    *,
    metric: str | None = None,
    top: int | None = TOP,
    every_claim: bool = False,
    data: str | None = None,
) -> Leaderboard:
    """Return the board of a problem, from the index where nothing was written since it was last computed.

    Args:
        index: The index over the store.
        problem: Name of the problem.
        metric: Metric that orders the lines; the primary of the newest run by default.
        top: How many lines are shown; None for all.
        every_claim: True for a line per claim; else one per candidate, its best.
        data: Version of the data, or how the digest of its table begins; that of the newest run by default.

    Raises:
        NotFoundError: The problem has no finished run, or no run has the metric, or there is none on these data.
    """
    stamp = index.refresh(problem)
    view = f"board-{digest([_code(), metric, top, every_claim, data])[:16]}"
    kept = index.view(problem, view, stamp)
    if kept is not None:
        return with_data_check(corrected(msgspec.json.decode(kept, type=Leaderboard), index), index.store)
    board: Leaderboard = _standings().board_from(
        index, problem, metric=metric, top=top, every_claim=every_claim, data=data
    )
    index.keep_view(problem, view, stamp, msgspec.json.encode(board))
    return with_data_check(corrected(board, index), index.store)


def tried_beside(run: RunRecord, index: Index) -> int:
    """Return K for a comparison with this run: the claims eligible for first place on its problem.

    A problem of the same name with other data has a board of its own.

    Args:
        run: One of the runs that are compared.
        index: The index over the store.
    """
    name = run.problem.name
    stamp = index.refresh(name)
    view = f"tried-{digest([_code(), run.problem.digest, run.evaluation.digest])[:16]}"
    kept = index.view(name, view, stamp)
    if kept is not None:
        return int(kept)
    tried: int = _standings().tried_from(index, run)
    index.keep_view(name, view, stamp, str(tried).encode())
    return tried


def meant_problem(store: Store, named: str | None, root: str, references: Iterable[str] = ()) -> str:
    """Return the problem that is meant: the one that was named, or the only one that there is.

    Where the store has several, a run names its problem by itself; else the only one among them that the project
    defines is meant.

    Args:
        store: The store.
        named: What was named; None where nothing was.
        root: The project's root, whose definitions count.
        references: The runs that are asked for, as `find_line` takes them.

    Raises:
        NotFoundError: There are several problems, and no one run is meant by the first `r-…`.
        UsageError: The problem that was named has no runs; or there are several and none was named, or none at all.
    """
    names = store.runs.problems()
    if named is not None and named not in names:
        raise UsageError(
            "A problem can be read once it has runs.", f"`{named}` has none in `{store.root}`.", nearest(named, names)
        )
    if named is not None:
        return named
    if not names:
        raise UsageError("A board needs at least one run.", f"`{store.root}` has none.", "Run `bancada run` first.")
    run = next((reference for reference in references if reference.startswith("r-")), None)
    if len(names) > 1 and run is not None:
        return store.runs.resolve(run)[0]
    defined = {item["name"] for item in (store.definitions.current(root) or {}).get("problems", ())}
    meant = names if len(names) == 1 else tuple(name for name in names if name in defined)
    if len(meant) == 1:
        return meant[0]
    raise UsageError(
        "Where there are several problems, one must be named.",
        f"Found {', '.join(f'`{name}`' for name in names)}.",
        f"Add `--problem {names[0]}`, or `problem={names[0]!r}` in Python.",
    )


def find_line(reference: str, index: Index, problem: str) -> tuple[RunRecord, ...]:
    """Return the runs that a reference means, newest first: several where a line of the board averages seeds.

    Args:
        reference: `r-` with enough characters to be unique, a candidate's name (the claim that its line on the board
            shows), or `best`.
        index: The index over the store.
        problem: Name of the problem.

    Raises:
        NotFoundError: There is no such run.
    """
    if reference.startswith("r-"):
        return (_by_id(reference, index, problem),)
    board = current_board(index, problem)
    if reference == "best":
        ranked = [row for row in board.rows if row.rank_low is not None]
        if ranked:
            return index.records(problem, ranked[0].runs)
        raise NotFoundError(
            "`best` is the first line of the board that has a rank.",
            f"No line of `{problem}` has one.",
            "See `bancada leaderboard` for what failed.",
        )
    for row in board.rows:
        if row.candidate == reference:
            return index.records(problem, row.runs)
    # A board shows its best lines only; a candidate further down is meant by its newest finished run, and one that was
    # only tried by its newest trial.
    listing = index.listing(problem)
    matching = [run for run in listing if run.candidate == reference]
    finished = [run for run in matching if run.status != "explored"]
    if matching:
        return index.records(problem, [(finished or matching)[-1].run_id])
    raise NotFoundError(
        "A run is meant by `r-…`, by the name of a candidate that was run, or by `best`.",
        f"`{reference}` is none of these in problem `{problem}`.",
        nearest(reference, {run.candidate for run in listing}),
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


def _standings() -> Any:
    """Return the module that makes boards; where a view is kept, no statistics are loaded."""
    return import_module("bancada.judgement._standings")


@cache
def _code() -> list[list[int | str]]:
    """Return what tells the code that makes boards from any other: one that is upgraded makes its boards anew."""
    here = Path(__file__).parent
    files = [entry for folder in (here, here.parent / "scoring") for entry in _modules(folder)]
    found: list[list[int | str]] = []
    for entry in sorted(files, key=lambda entry: entry.path):
        status = entry.stat()
        found.append([entry.name, status.st_size, status.st_mtime_ns])
    return found


def _modules(folder: str | Path) -> Iterator[os.DirEntry[str]]:
    """Walk the modules below a folder."""
    for entry in os.scandir(folder):
        if entry.name.endswith(".py"):
            yield entry
        elif entry.is_dir() and entry.name != "__pycache__":
            yield from _modules(entry.path)
