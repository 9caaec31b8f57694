"""What `bancada data check` found serious, on the board."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.exceptions import counted

if TYPE_CHECKING:
    from bancada.judgement._documents import Leaderboard
    from bancada.store import Store

__all__ = ["with_data_check"]

_MOST = 2


def with_data_check(board: Leaderboard, store: Store) -> Leaderboard:
    """Return the board with a note on what the last data check of its very problem and data found; nothing is computed.

    Args:
        board: The board.
        store: Where the outcome of checks is kept.
    """
    entry = store.checks.newest(board.problem_id)
    if entry is None or not entry.serious:
        return board
    told = "; ".join(finding.found for finding in entry.serious[:_MOST])
    more = f"; and {len(entry.serious) - _MOST} more" if len(entry.serious) > _MOST else ""
    note = f"data check: {counted(len(entry.serious), 'serious finding')}: {told}{more}; see `bancada data check`"
    return msgspec.structs.replace(board, notes=(*board.notes, note))
