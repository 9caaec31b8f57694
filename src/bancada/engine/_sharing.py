"""Two drivers on one store: folds that another one computes are left for last, and taken from the store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bancada.engine._plan import present_digests
from bancada.store import Leases

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.engine._plan import Plan, PlannedFold
    from bancada.store import Store

__all__ = ["Sharing"]


class Sharing:
    """What a sweep tells other drivers, and learns from them.

    Args:
        plan: What this sweep does. One that runs everything again shares nothing.
        store: The store that the drivers have in common.
    """

    def __init__(self, plan: Plan, store: Store) -> None:
        self._plan = plan
        self._store = store
        self._leases = Leases(store.root)
        self._digest_of: Callable[[str], str | None] | None = None
        self._met = False

    def begun(self, fold: PlannedFold) -> None:
        """Tell that a fold is handed out; before it is."""
        self._leases.take(fold.key)

    def ended(self, fold: PlannedFold) -> None:
        """Tell that a fold has ended."""
        self._leases.drop(fold.key)

    def elsewhere(self, fold: PlannedFold) -> bool:
        """Tell whether another driver computes a fold just now."""
        return not self._plan.again and self._leases.held(fold.key)

    def come(self, fold: PlannedFold) -> PlannedFold | None:
        """Return a fold with the entry that another driver has stored since the plan was made; None without one."""
        # One that was met may be gone by now, and has left its folds.
        self._met = self._met or not self._leases.alone
        if self._plan.again or not self._met:
            return None
        if self._digest_of is None:
            project = self._plan.binding.project
            self._digest_of = present_digests(project.root, project.cache)
        record = self._store.folds.lookup(fold.key, self._digest_of)
        return None if record is None else replace(fold, record=record)

    def beat(self) -> None:
        """Give a sign of life."""
        self._leases.beat()

    def close(self) -> None:
        """Take everything back."""
        self._leases.close()
