"""The board's lines against the champion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from bancada.judgement._documents import AgainstLeader
from bancada.judgement._words import Level, tell, told
from bancada.judgement.champions import Champion, answers_to, in_advance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.judgement._documents import Leaderboard
    from bancada.judgement._lines import Line
    from bancada.records import MetricIdentity

__all__ = ["championed"]


@dataclass(frozen=True, slots=True)
class _Ring:
    """The champion's line, by what it is challenged, and the level of those who came after it was named."""

    champion: Line
    named: str
    metric: MetricIdentity
    margin: float | None
    early: Level
    late: Level

    def against(self, line: Line) -> AgainstLeader | msgspec.UnsetType:
        """Return the word on a line; none on the champion itself and on a line without a score."""
        if line is self.champion or line.estimate.value is None:
            return msgspec.UNSET
        level = self.early if self.in_time(line) else self.late
        found, design = tell(line, self.champion, self.metric, self.margin, level)
        return AgainstLeader(**told(found, line, self.champion, self.metric, level, design).fields())

    def in_time(self, line: Line) -> bool:
        """Tell whether the champion was named before the line was scored."""
        return in_advance(line.runs, self.named)


def championed(board: Leaderboard, lines: Sequence[Line], metric: MetricIdentity, named: str | None) -> Leaderboard:
    """Return the board with each line's word against the champion, alpha shared by the K − 1 comparisons with it.

    A candidate that was scored before the champion was named may have had a part in its choice: its word has the level
    of all pairs. By another metric than the primary there are no words.

    Args:
        board: The board.
        lines: All lines of it, those that are not shown included.
        metric: The metric that orders them.
        named: The champion that the newest run knew; None where it knew none.
    """
    if named is None or not board.primary:
        return board
    early, late = Level.against_champion(board.alpha, board.tried), Level.of_pairs(board.alpha, board.tried)
    found = next((line for line in lines if line.complete and answers_to(line.runs, named)), None)
    told_of = Champion(named=named, run_id=None, label=None, family=early.family, level=early.a)
    if found is None:
        note = f"the champion `{named}` has no complete line here: words are against the leader"
        return msgspec.structs.replace(board, champion=told_of, notes=(*board.notes, note))
    ring = _Ring(found, named, metric, board.margin, early, late)
    by_id = {line.run.run_id: line for line in lines}
    rows = tuple(msgspec.structs.replace(row, against_champion=ring.against(by_id[row.run_id])) for row in board.rows)
    label = next((row.label for row in board.rows if row.run_id == found.run.run_id), found.run.candidate)
    too_late = tuple(
        row.label for row in rows if row.against_champion is not msgspec.UNSET and not ring.in_time(by_id[row.run_id])
    )
    told_of = msgspec.structs.replace(told_of, run_id=found.run.run_id, label=label, late=too_late)
    return msgspec.structs.replace(board, rows=rows, champion=told_of)
