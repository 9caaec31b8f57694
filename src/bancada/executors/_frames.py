"""Frames on a stream socket: one byte of kind, eight of length, the body."""

from __future__ import annotations

import enum
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

__all__ = ["READ_BYTES", "Channel", "Frame", "Inbox", "Kind", "pack", "pack_job", "unpack_job"]

READ_BYTES = 1 << 16
_HEADER = struct.Struct("!BQ")
_NUMBER = struct.Struct("!Q")


class Kind(enum.IntEnum):
    """What a frame says, with the direction in which it goes."""

    SESSION = 1  # driver → worker: what the factory is called with
    JOB = 2  # driver → worker
    READY = 3  # worker → driver: the factory has returned
    FAULT = 4  # worker → driver: the factory has raised; the body is a packed error
    STARTED = 5  # worker → driver: the oldest job begins
    RESULT = 6  # worker → driver: it has returned
    RAISED = 7  # worker → driver: it has raised; the body is a packed error
    SPAWN = 8  # driver → zygote: fork a worker; one file descriptor travels along
    KILL = 9  # driver → zygote
    SETTING = 10  # driver → zygote of a fresh interpreter: environment and working folder
    SPAWNED = 11  # zygote → driver
    EXITED = 12  # zygote → driver
    LAST = 13  # worker → driver: the oldest job has returned, and the worker takes no other


@dataclass(frozen=True, slots=True)
class Frame:
    """One message."""

    kind: Kind
    body: bytes


def pack(kind: Kind, body: bytes = b"") -> bytes:
    """Return a frame as it goes over the wire."""
    return _HEADER.pack(kind, len(body)) + body


def pack_job(number: int, body: bytes) -> bytes:
    """Return a job as a frame."""
    return pack(Kind.JOB, _NUMBER.pack(number) + body)


def unpack_job(body: bytes) -> tuple[int, bytes]:
    """Return number and body of a job."""
    return _NUMBER.unpack_from(body)[0], body[_NUMBER.size :]


class Inbox:
    """Puts frames together from pieces of any length."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, piece: bytes) -> list[Frame]:
        """Take a piece and return the frames that it completes."""
        self._bytes += piece
        frames: list[Frame] = []
        start = 0
        while len(self._bytes) - start >= _HEADER.size:
            kind, size = _HEADER.unpack_from(self._bytes, start)
            end = start + _HEADER.size + size
            if end > len(self._bytes):
                break
            frames.append(Frame(Kind(kind), bytes(memoryview(self._bytes)[start + _HEADER.size : end])))
            start = end
        del self._bytes[:start]
        return frames


class Channel:
    """The worker's end: a blocking socket that gives one frame at a time."""

    def __init__(self, stream: socket.socket) -> None:
        self._stream = stream
        self._inbox = Inbox()
        self._waiting: list[Frame] = []

    def send(self, *frames: bytes) -> None:
        """Send packed frames in one go."""
        self._stream.sendall(b"".join(frames))

    def receive(self) -> Frame | None:
        """Wait for the next frame; None once the other end has gone."""
        while not self._waiting:
            piece = self._stream.recv(READ_BYTES)
            if not piece:
                return None
            self._waiting = self._inbox.feed(piece)
        return self._waiting.pop(0)
