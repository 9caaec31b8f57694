"""Finished runs to the store: written at once, synced to the disk in batches.

A kill loses nothing that was written. Syncing is for the loss of power, and stalls every other write while it lasts:
a sweep does it every few seconds and when it ends.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bancada.records import RunRecord
    from bancada.store import Store

__all__ = ["RunWriter"]

EVERY_S = 5.0


class RunWriter:
    """Writes run records; `close` returns when all of them are on the disk.

    Args:
        store: Where to.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[RunRecord] = []
        self._synced = time.monotonic()

    def write(self, record: RunRecord) -> None:
        """Write a record, and sync those that have waited long enough.

        Raises:
            StoreError: The store cannot be written.
        """
        self._store.runs.finish(record, durable=False)
        self._waiting.append(record)
        if time.monotonic() - self._synced > EVERY_S:
            self.close()

    def close(self) -> None:
        """Have everything that was written on the disk.

        Raises:
            StoreError: The disk refused.
        """
        self._store.runs.sync([(record.problem.name, record.run_id) for record in self._waiting])
        self._waiting.clear()
        self._synced = time.monotonic()
