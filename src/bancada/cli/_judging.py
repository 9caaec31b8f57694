"""How far the judging of older runs is: a line that counts in a terminal, always on stderr."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from bancada.display import count

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

__all__ = ["Judging"]

REDRAW_S = 0.1


class Judging:
    """Listens to a re-scoring and counts; it starts no thread, because the engine forks.

    Args:
        stream: Where to write, usually stderr; what is no terminal gets nothing.
        clock: Seconds that only grow.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._total = 0
        self._done = 0
        self._drawn = float("-inf")
        self._shown = False

    def planned(self, total: int) -> None:
        """Hear how many runs were judged by another evaluation."""
        self._total = total

    def judged(self, count: int) -> None:
        """Hear how many have been judged."""
        self._done = count
        self.tick()

    def tick(self) -> None:
        """Redraw, at most ten times a second."""
        now = self._clock()
        if self._stream.isatty() and now - self._drawn >= REDRAW_S:
            self._drawn, self._shown = now, True
            click.echo(f"\rjudging anew: {count(self._done)} of {count(self._total)} runs", file=self._stream, nl=False)
            self._stream.flush()

    def close(self) -> None:
        """Take the line away; a second call does nothing."""
        if self._shown:
            self._shown = False
            click.echo("\r\x1b[K", file=self._stream, nl=False)
