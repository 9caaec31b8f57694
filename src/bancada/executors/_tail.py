"""The end of what a worker writes, job by job: drained as it comes, so that no flood blocks a job or fills memory."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections import deque
from typing import Final, Self

__all__ = ["KEPT_BYTES", "Answer", "Tail", "TailPipe"]

KEPT_BYTES: Final = 1 << 16
_MARK_BYTES = 24
_READ_BYTES = 1 << 18
# What a pipe holds by default; a larger one wakes the reader less often. Linux alone can be asked for it.
_PIPE_BYTES = 1 << 18
_SET_SIZE = getattr(fcntl, "F_SETPIPE_SZ", None)


class Answer(bytes):
    """What a job returned, with the end of what it wrote meanwhile.

    Attributes:
        output: The last 64 KiB, as text; a first line counts what came before them.
    """

    output: str

    @classmethod
    def of(cls, answer: bytes, output: str) -> Self:
        """Return an answer with its output."""
        made = cls(answer)
        made.output = output
        return made


class Tail:
    """Keeps the last bytes of each part of a stream; a mark ends a part.

    Args:
        mark: What ends a part; bytes that nobody else writes.
        kept: How many bytes of a part are kept.
    """

    def __init__(self, mark: bytes, kept: int = KEPT_BYTES) -> None:
        self._mark = mark
        self._kept = kept
        self._bytes = bytearray()
        self._cut = 0
        self._ended: deque[bytes] = deque()

    @property
    def ended(self) -> bool:
        """True where a part has ended that was not taken yet."""
        return bool(self._ended)

    def feed(self, piece: bytes) -> None:
        """Take what came; at most twice of what is kept is held, and the piece."""
        start = max(0, len(self._bytes) - len(self._mark) + 1)
        self._bytes += piece
        while (at := self._bytes.find(self._mark, start)) >= 0:
            self._ended.append(self._told(at))
            del self._bytes[: at + len(self._mark)]
            self._cut = start = 0
        surplus = len(self._bytes) - self._kept
        if surplus > self._kept:
            del self._bytes[:surplus]
            self._cut += surplus

    def take(self) -> bytes:
        """Return the oldest part that has ended; what there is of the present one where none has."""
        if self._ended:
            return self._ended.popleft()
        told = self._told(len(self._bytes))
        self._bytes.clear()
        self._cut = 0
        return told

    def _told(self, end: int) -> bytes:
        """Return the last bytes before a place. A line that was cut is left out: half a secret would not be masked."""
        start = max(0, end - self._kept)
        if not (cut := self._cut + start):
            return bytes(self._bytes[:end])
        line = self._bytes.find(b"\n", start, end)
        if 0 <= line < end - 1:
            cut, start = cut + line + 1 - start, line + 1
        return b"[... %d bytes before this are not kept ...]\n" % cut + bytes(self._bytes[start:end])


class TailPipe:
    """A pipe that a worker writes to, with the reader that keeps its tail.

    Attributes:
        mark: What the worker writes when a job ends.
        writer: The worker's end; None once it was handed over.
    """

    def __init__(self) -> None:
        self.mark = os.urandom(_MARK_BYTES)
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)
        if _SET_SIZE is not None:
            with contextlib.suppress(OSError):  # a user's pipes hold so much in all, and no more
                fcntl.fcntl(self.reader, _SET_SIZE, _PIPE_BYTES)
        self._tail = Tail(self.mark)
        self._writing = True

    def handed(self) -> None:
        """Close the worker's end, which another process has now."""
        if self._writing:
            self._writing = False
            os.close(self.writer)

    def drain(self) -> bool:
        """Take what is there, at most what the pipe holds; False where the other end is closed."""
        try:
            piece = os.read(self.reader, _READ_BYTES)
        except BlockingIOError:
            return True
        self._tail.feed(piece)
        return bool(piece)

    def text(self) -> str:
        """Return the end of what the job wrote that has just answered or died; what is no text is replaced."""
        # What it wrote is in the pipe by now, which one reading empties: it holds no more.
        if not self._tail.ended:
            self.drain()
        return self._tail.take().decode("utf-8", "replace")

    def close(self) -> None:
        """Close both ends."""
        self.handed()
        os.close(self.reader)
