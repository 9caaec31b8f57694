"""A worker and its jobs as the driver sees them."""

from __future__ import annotations

import math
import time
from collections import deque
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bancada.exceptions import WorkerLost
from bancada.executors._claims import Offers
from bancada.executors._frames import READ_BYTES, Frame, Inbox, pack_job
from bancada.executors._memory import memory_mb
from bancada.executors._tail import TailPipe

if TYPE_CHECKING:
    import socket

__all__ = ["Job", "Seat"]


@dataclass(eq=False, slots=True)
class Job:
    """One job and what is owed for it."""

    body: bytes
    timeout_s: float | None
    memory_mb: float | None = None
    future: Future[bytes] = field(default_factory=Future)
    accidents: int = 0
    begun: bool = False
    again: bool = False
    _dropped: bool = False

    def begin(self) -> bool:
        """Mark the future as running; False where it was cancelled, which those who wait for it are then told."""
        if not self.begun and not self._dropped:
            self.begun = self.future.set_running_or_notify_cancel()
            self._dropped = not self.begun
        return self.begun

    def succeed(self, result: bytes) -> None:
        """Give the result, unless the job was cancelled."""
        if self.begin():
            self.future.set_result(result)

    def fail(self, error: Exception, output: str = "") -> None:
        """Give the error, with the end of what the job wrote where it lost its worker, unless it was cancelled."""
        if isinstance(error, WorkerLost):
            error.output = output
        if self.begin():
            self.future.set_exception(error)

    def cancel(self) -> None:
        """End the future as cancelled; one that runs can only be given the error."""
        if self.begun:
            self.future.set_exception(CancelledError())
        else:
            self.future.cancel()
            self.begin()


@dataclass(eq=False, slots=True)
class Seat:
    """A worker's place: its connection, and the jobs that were sent to it, the oldest first."""

    number: int
    stream: socket.socket
    pid: int | None = None
    ready: bool = False
    running: bool = False
    jobs: deque[Job] = field(default_factory=deque)
    deadline: float | None = None
    verdict: str | None = None
    verdict_on: Job | None = None
    silent: bool = False
    leaving: bool = False
    sent: int = 0
    answered: int = 0
    measured_mb: float = 0.0
    tail: TailPipe = field(default_factory=TailPipe)
    _offers: Offers = field(default_factory=Offers)
    _inbox: Inbox = field(default_factory=Inbox)
    _outbox: deque[memoryview] = field(default_factory=deque)

    @property
    def name(self) -> str:
        """The worker in a message."""
        return f"Worker {self.number}" if self.pid is None else f"Worker {self.number} (process {self.pid})"

    @property
    def claims(self) -> int:
        """The descriptor from which the worker reads its claims."""
        return self._offers.reader

    @property
    def sending(self) -> bool:
        """True while something waits to be sent."""
        return bool(self._outbox)

    def give(self, job: Job) -> None:
        """Send a job."""
        self.jobs.append(job)
        self.sent += 1
        self._offers.offer(self.sent)
        self.send(pack_job(self.sent, job.body))

    def take_back(self) -> Job | None:
        """Return the job behind the running one, which the worker will then skip; None where it has begun."""
        if self.running and len(self.jobs) > 1 and self._offers.withdraw(self.sent):
            return self.jobs.pop()
        return None

    def send(self, frame: bytes) -> None:
        """Send a frame, now as far as the connection takes it."""
        self._outbox.append(memoryview(frame))
        self.flush()

    def flush(self) -> None:
        """Send what waits, as far as the connection takes it."""
        while self._outbox:
            try:
                sent = self.stream.send(self._outbox[0])
            except BlockingIOError:
                return
            except OSError:  # the worker has gone; its death will be reported
                self._outbox.clear()
                return
            if sent == len(self._outbox[0]):
                self._outbox.popleft()
            else:
                self._outbox[0] = self._outbox[0][sent:]

    def read(self) -> list[Frame] | None:
        """Return the frames that the next piece completes, None where none waits; note in `silent` its end."""
        try:
            piece = self.stream.recv(READ_BYTES)
        except BlockingIOError:
            return None
        except ConnectionError:
            piece = b""
        self.silent = not piece
        return self._inbox.feed(piece)

    def start_clock(self) -> None:
        """Note that the oldest job begins."""
        self.running = True
        limit = self.jobs[0].timeout_s
        self.deadline = None if limit is None else time.monotonic() + limit

    def stop_clock(self) -> Job:
        """Note that the oldest job has ended, and return it."""
        self.running = False
        self.deadline = None
        self.answered += 1
        return self.jobs.popleft()

    @property
    def open(self) -> bool:
        """True while the worker takes jobs."""
        return not self.silent and not self.leaving and self.verdict is None

    @property
    def watched(self) -> bool:
        """True while a job runs whose memory is limited."""
        return self.running and self.verdict is None and bool(self.jobs) and self.jobs[0].memory_mb is not None

    def measure(self) -> bool:
        """Look how much memory the worker holds; tell whether it is more than its job may."""
        self.measured_mb = 0.0 if self.pid is None else memory_mb(self.pid)
        return self.measured_mb > (self.jobs[0].memory_mb or math.inf)

    def condemn(self, verdict: str) -> None:
        """Note why the worker is killed, and for which job."""
        self.deadline = None
        self.verdict = verdict
        self.verdict_on = self.jobs[0] if self.jobs else None

    def close(self) -> None:
        """Close the connection."""
        self.stream.close()
        self._offers.close()
        self.tail.close()
