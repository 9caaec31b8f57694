"""Finished runs to the disk, beside the sweep: waiting for a disk must not keep a worker waiting."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bancada.records import RunRecord
    from bancada.store import Store

__all__ = ["RunWriter"]


class RunWriter:
    """Writes run records in one thread, in order; `close` waits for all of them.

    The thread starts after the executor has forked its zygote, and has ended before another can be forked.

    Args:
        store: Where to.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="bancada-writer")
        self._written: list[Future[None]] = []

    def write(self, record: RunRecord) -> None:
        """Hand over a record."""
        self._written.append(self._pool.submit(self._store.runs.finish, record))

    def close(self) -> None:
        """Wait until everything is on the disk.

        Raises:
            StoreError: A record could not be written.
        """
        self._pool.shutdown(wait=True)
        for written in self._written:
            written.result()
