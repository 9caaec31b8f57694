"""Where the optimism of a board is kept: computed when it is asked for, read by every board that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.judgement._documents import ChoosingOptimism

if TYPE_CHECKING:
    from bancada.judgement._documents import Leaderboard
    from bancada.store import Index

__all__ = ["corrected", "keep"]

_VIEW = "optimism"


def corrected(board: Leaderboard, index: Index) -> Leaderboard:
    """Return the board with what is kept of the optimism of its best line, where that is about this very board.

    It is kept with the leader, the number of claims and the digests of problem and metric; a board that has another of
    these has none until it is computed anew.

    Args:
        board: The board.
        index: The index over the store.
    """
    kept = index.view(board.problem, _VIEW, _stamp(board.problem_id))
    if kept is None or not board.primary:
        return board
    found = msgspec.json.decode(kept, type=ChoosingOptimism)
    leader = next((row for row in board.rows if row.rank_low is not None), None)
    about = leader is not None and (found.run_id, found.value, found.tried) == (
        leader.run_id,
        leader.value,
        board.tried,
    )
    return msgspec.structs.replace(board, optimism=found) if about else board


def keep(found: ChoosingOptimism, index: Index, problem: str) -> None:
    """Keep an optimism for the boards to come."""
    index.keep_view(problem, _VIEW, _stamp(found.problem_id), msgspec.json.encode(found))


def _stamp(problem_id: str) -> str:
    """Return what the view of a problem's data stands for: other data have another board."""
    return problem_id
