"""What a board says of its champion."""

from __future__ import annotations

import msgspec

__all__ = ["Champion"]


class Champion(msgspec.Struct, frozen=True, kw_only=True):
    """The champion of a board.

    Attributes:
        named: How the problem names it.
        run_id: The newest run behind its line; None where it has no complete line here.
        label: Its line's label; None where it has none.
        family: Comparisons with it that share alpha: K − 1.
        level: Level of each.
        late: Candidates that were scored before it was named: their words have the board's level.
    """

    named: str
    run_id: str | None
    label: str | None
    family: int
    level: float
    late: tuple[str, ...] = ()
