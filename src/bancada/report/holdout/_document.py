"""`bancada.holdout/1`: the looks at a holdout, with what each showed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.records import Score
from bancada.scoring.looks import look_level

if TYPE_CHECKING:
    from collections.abc import Collection

    from bancada.engine.holdout import Looked
    from bancada.records.looks import HoldoutRows, Look

__all__ = ["HoldoutDocument", "LookEntry", "NextLook", "holdout_document"]


class LookEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One look.

    Attributes:
        look_id: By which its statement and its line in `looks.toml` are one.
        number: Number of the look at these rows, fixed when it was taken.
        level: Level of each of its intervals.
        looked: UTC time.
        author: Who looked, unverified.
        problem: Name of the problem.
        run_id: The run that was scored.
        candidate: Its candidate.
        metrics: Names of the metrics that were shown.
        scores: What was shown; empty where this store does not know.
        flags: What must be told beside the numbers.
        listed: True where `looks.toml` has a line for it.
        again: True where it was asked for now and had been taken before: nothing was counted. Absent in a list.
    """

    look_id: str
    number: int
    level: float
    looked: str
    author: str
    problem: str
    run_id: str
    candidate: str
    metrics: tuple[str, ...]
    scores: tuple[Score, ...]
    flags: tuple[str, ...]
    listed: bool
    again: bool | msgspec.UnsetType = msgspec.UNSET


class NextLook(msgspec.Struct, frozen=True, kw_only=True):
    """The look that comes next, and the level of its intervals."""

    number: int
    level: float


class HoldoutDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.holdout/1`.

    Attributes:
        problem: Name of the problem.
        holdout: Digest of the ids of the sealed rows.
        n_sealed: How many there are.
        count: How often these rows were looked at, under whatever name.
        looks: The looks that were asked for, or all; oldest first.
        following: The look that comes next.
        warnings: What is wrong with `looks.toml`.
    """

    schema: str = "bancada.holdout/1"
    problem: str
    holdout: str
    n_sealed: int
    count: int
    looks: tuple[LookEntry, ...]
    following: NextLook = msgspec.field(name="next")
    warnings: tuple[str, ...] = ()


def holdout_document(
    problem: str,
    rows: HoldoutRows,
    looked: Looked,
    shown: Collection[str] | None = None,
    again: Collection[str] | None = None,
    more: tuple[str, ...] = (),
) -> HoldoutDocument:
    """Return the looks at a holdout as a document.

    Args:
        problem: Name of the problem.
        rows: The rows of the holdout.
        looked: All looks at them.
        shown: Ids of the looks to list; None for all.
        again: Ids of those that were shown once more; None in a list of what there was.
        more: Warnings beside those of `looks.toml`.
    """
    unlisted = {look.look_id for look in looked.unlisted}
    number = looked.next_number
    return HoldoutDocument(
        problem=problem,
        holdout=rows.digest,
        n_sealed=rows.n_rows,
        count=len(looked.looks),
        looks=tuple(
            _entry(look, look.look_id not in unlisted, msgspec.UNSET if again is None else look.look_id in again)
            for look in looked.looks
            if shown is None or look.look_id in shown
        ),
        following=NextLook(number=number, level=look_level(number)),
        warnings=(*looked.warnings, *more),
    )


def _entry(look: Look, listed: bool, again: bool | msgspec.UnsetType) -> LookEntry:  # noqa: FBT001 - private, and named at its one call
    return LookEntry(
        look_id=look.look_id,
        number=look.number,
        level=look.level,
        looked=look.looked,
        author=look.author,
        problem=look.problem,
        run_id=look.run_id,
        candidate=look.candidate,
        metrics=look.metrics,
        scores=look.scores,
        flags=look.flags,
        listed=listed,
        again=again,
    )
