"""Who may run a job that was sent ahead: the worker that holds it, or the driver, which takes it back for another."""

from __future__ import annotations

import os
import struct

__all__ = ["Claims", "Offers"]

_NUMBER = struct.Struct("!Q")


class Claims:
    """The reader of a pipe that holds the number of each job that is offered; it has a twin in another process.

    The kernel gives each number to one reader only, so that worker and driver agree without a word on who has the job.

    Args:
        descriptor: The end to read from, not blocking, with numbers that rise.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._held: int | None = None

    def claim(self, number: int) -> bool:
        """Take the job; False where the twin has taken it."""
        while self._held is None or self._held < number:
            try:
                taken = os.read(self._descriptor, _NUMBER.size)
            except BlockingIOError:
                return False
            (self._held,) = _NUMBER.unpack(taken)
        return self._held == number

    def close(self) -> None:
        """Close this end."""
        os.close(self._descriptor)


class Offers:
    """The driver's side: offers jobs, and is the twin of the worker that claims them."""

    def __init__(self) -> None:
        self.reader, self._writer = os.pipe()
        for descriptor in (self.reader, self._writer):
            os.set_blocking(descriptor, False)
        self._twin = Claims(self.reader)

    def offer(self, number: int) -> None:
        """Offer a job to the worker; numbers rise."""
        os.write(self._writer, _NUMBER.pack(number))

    def withdraw(self, number: int) -> bool:
        """Take the last job back, all those before it being claimed; False where the worker has claimed it."""
        return self._twin.claim(number)

    def close(self) -> None:
        """Close both ends."""
        self._twin.close()
        os.close(self._writer)
