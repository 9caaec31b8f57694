"""The order of work: one fold of every candidate first, then the longest first."""

from __future__ import annotations

import heapq
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bancada.engine._plan import PlannedFold

__all__ = ["FoldQueue"]


class FoldQueue:
    """Hands out folds; claims are named by their position in the plan.

    The first fold of each claim comes first, in the order of the plan, so that each broken candidate shows early.
    Once that fold's time is known, the claim's others are queued by it, the longest first, so that the last to finish
    is short.
    """

    def __init__(self, folds: Iterable[tuple[int, tuple[PlannedFold, ...]]]) -> None:
        self._first: deque[tuple[int, PlannedFold]] = deque()
        self._waiting: dict[int, deque[PlannedFold]] = {}
        self._timed: list[tuple[float, int, int]] = []
        self._left: list[tuple[int, PlannedFold]] = []
        for claim, planned in folds:
            if planned:
                self._first.append((claim, planned[0]))
                self._waiting[claim] = deque(planned[1:])

    def __bool__(self) -> bool:
        """Tell whether there is work to hand out."""
        return len(self) > 0

    def __len__(self) -> int:
        """Count the folds that are not handed out."""
        return len(self._first) + sum(map(len, self._waiting.values())) + len(self._left)

    def next(self) -> tuple[int, PlannedFold] | None:
        """Return the next fold and its claim; None where nothing is left."""
        if self._first:
            return self._first.popleft()
        while self._timed:
            _, claim, _ = self._timed[0]
            if self._waiting.get(claim):
                return claim, self._waiting[claim].popleft()
            heapq.heappop(self._timed)
        # No time is known yet, but workers are free: go on in the order of the plan.
        for claim, folds in self._waiting.items():
            if folds:
                return claim, folds.popleft()
        return None

    def took(self, claim: int, seconds: float) -> None:
        """Learn how long a fold of a claim took."""
        if self._waiting.get(claim):
            heapq.heappush(self._timed, (-seconds, claim, len(self._waiting[claim])))

    def leave(self, claim: int, fold: PlannedFold) -> None:
        """Put a fold off until everything else is handed out."""
        self._left.append((claim, fold))

    def left(self) -> tuple[tuple[int, PlannedFold], ...]:
        """Take the folds out that were put off, and return them with their claims."""
        left, self._left = tuple(self._left), []
        return left

    def drop(self, claim: int) -> tuple[PlannedFold, ...]:
        """Take a claim's remaining folds out and return them."""
        left = [fold for other, fold in self._left if other == claim]
        self._left = [item for item in self._left if item[0] != claim]
        return (*self._waiting.pop(claim, ()), *left)
