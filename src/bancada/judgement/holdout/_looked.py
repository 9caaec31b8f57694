"""Looks beside what they are looks at: the rows that a run has kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.engine import holdout, sealing
from bancada.exceptions import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.engine.holdout import Looked
    from bancada.judgement._documents import Leaderboard
    from bancada.records import RunRecord
    from bancada.store import Index

__all__ = ["looked_at", "with_looks"]


def looked_at(run: RunRecord, index: Index, root: Path) -> Looked | None:
    """Return the looks at the holdout of a run's problem; None where it has none, or was run before it was kept.

    Args:
        run: A run of the problem.
        index: The index over the store.
        root: The project's root, where `looks.toml` lies.

    Raises:
        ConfigurationError: `looks.toml` cannot be read.
    """
    rows = sealing.kept_rows(run, index.store)
    return None if rows is None else holdout.looks_at(rows, index, root)


def with_looks(board: Leaderboard, index: Index, root: Path) -> Leaderboard:
    """Return a board that says how often its holdout was looked at.

    Args:
        board: The board.
        index: The index over the store.
        root: The project's root, where `looks.toml` lies.
    """
    if not (board.rows and board.n_sealed):
        return board
    run = next(iter(index.records(board.problem, [board.rows[0].run_id])), None)
    try:
        looked = None if run is None else looked_at(run, index, root)
    except ConfigurationError as error:
        # A board is not stopped by a file that it only counts lines of; it says that it could not.
        return msgspec.structs.replace(
            board,
            notes=(
                *board.notes,
                f"looks at the holdout are not counted, because of `{holdout.LOOKS_NAME}`: {error.found}",
            ),
        )
    if looked is None:
        return board
    return msgspec.structs.replace(board, looks=len(looked.looks), notes=(*board.notes, *looked.warnings))
