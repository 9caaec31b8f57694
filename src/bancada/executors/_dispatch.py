"""The driver's loop: hands jobs to workers, takes answers, replaces workers that are lost."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import threading
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from bancada.exceptions import UsageError
from bancada.executors._errors import died, out_of_memory, silent, timed_out, unpack_error, zygote_lost
from bancada.executors._frames import READ_BYTES, Frame, Inbox, Kind, pack
from bancada.executors._memory import LOOK_S, kernel_kills
from bancada.executors._seat import Job, Seat
from bancada.executors._tail import Answer
from bancada.executors._zygote import pack_spawn

if TYPE_CHECKING:
    from concurrent.futures import Future

    from bancada.executors._host import ZygoteLink
    from bancada.executors._worker import Contract

__all__ = ["Dispatcher"]

_ACCIDENTS = 3
_SILENCE_S = 1.0


class Dispatcher:
    """Runs in a thread of its own, which alone touches connections and seats.

    Args:
        link: The zygote.
        contract: What each worker is told.
        workers: How many workers run.
        session: What the factory of each receives.
    """

    def __init__(self, link: ZygoteLink, contract: Contract, workers: int, session: bytes) -> None:
        self._link = link
        self._contract = contract
        self._workers = workers
        self._session = pack(Kind.SESSION, session)
        self._inbox = Inbox()
        self._backlog: deque[Job] = deque()
        self._seats: dict[int, Seat] = {}
        self._count = 0
        self._accidents = 0
        self._look = 0.0
        self._kernel_kills = kernel_kills()
        self._fault: Exception | None = None
        self._lock = threading.Lock()
        self._arrivals: deque[Job] = deque()
        self._closing: str | None = None
        self._ended = False
        self._bell, self._rope = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        for stream in (self._bell, self._rope, link.control):
            stream.settimeout(None if stream is link.control else 0)
        self._selector.register(self._bell, selectors.EVENT_READ, None)
        self._selector.register(link.control, selectors.EVENT_READ, None)
        self._thread = threading.Thread(target=self._run, name="bancada-executor", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> Future[bytes]:
        """Queue a job; from any thread.

        Raises:
            UsageError: The executor is shut down.
        """
        with self._lock:
            if self._closing is not None:
                raise UsageError("Jobs go to an open executor.", "This one is shut down.", "Make a new executor.")
            if not self._ended:
                self._ring(first=not self._arrivals)
                self._arrivals.append(job)
                return job.future
        job.fail(self._fault or zygote_lost())
        return job.future

    def close(self, *, cancel: bool) -> None:
        """End the loop, and return when no process is left; from any thread but callbacks' own, which do not wait."""
        with self._lock:
            if self._closing != "cancel":
                self._closing = "cancel" if cancel else "wait"
            self._ring(first=not self._ended)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _ring(self, *, first: bool) -> None:
        """Wake the loop; the caller holds the lock."""
        if first:
            with contextlib.suppress(BlockingIOError):
                self._rope.send(b"!")

    def _run(self) -> None:
        """Run the loop, and settle every job however it ends."""
        try:
            for _ in range(self._workers):
                self._hire()
            while not self._finished():
                self._turn()
        except Exception as error:  # noqa: BLE001 - a fault of ours must fail the jobs rather than leave them open for ever
            self._break(error)
        finally:
            self._end()

    def _turn(self) -> None:
        """Wait for news and act on all of it."""
        deadlines = [seat.deadline for seat in self._seats.values() if seat.deadline is not None]
        if any(seat.watched for seat in self._seats.values()):
            deadlines.append(self._look)
        patience = max(0.0, min(deadlines) - time.monotonic()) if deadlines else None
        for key, events in self._selector.select(patience):
            if key.fileobj is self._bell:
                self._bell.recv(READ_BYTES)
            elif key.fileobj is self._link.control:
                self._hear_zygote()
            elif key.fileobj is key.data.stream:
                self._attend(key.data, events)
            else:
                self._drain(key.data)
        with self._lock:
            self._backlog += self._arrivals
            self._arrivals.clear()
        if self._fault is not None:
            self._break(self._fault)
        self._enforce()
        self._assign()

    def _finished(self) -> bool:
        """Tell whether to leave the loop."""
        with self._lock:
            closing, arrived = self._closing, bool(self._arrivals)
        if closing == "wait":
            return not (arrived or self._backlog or any(seat.jobs for seat in self._seats.values()))
        return closing == "cancel"

    def _hire(self) -> None:
        """Ask the zygote for a worker."""
        self._count += 1
        ours, theirs = socket.socketpair()
        ours.settimeout(0)
        seat = Seat(self._count, ours)
        self._seats[seat.number] = seat
        with theirs:
            try:
                socket.send_fds(
                    self._link.control,
                    [pack_spawn(seat.number, self._contract, seat.tail.mark)],
                    [theirs.fileno(), seat.claims, seat.tail.writer],
                )
            except ConnectionError:  # the zygote has gone, which reading from it will tell
                return
        seat.tail.handed()
        self._selector.register(ours, selectors.EVENT_READ, seat)
        self._selector.register(seat.tail.reader, selectors.EVENT_READ, seat)
        seat.send(self._session)
        self._listen(seat)

    def _listen(self, seat: Seat) -> None:
        """Watch a connection for what is wanted of it."""
        if not seat.silent:
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if seat.sending else 0)
            if self._selector.get_key(seat.stream).events != events:
                self._selector.modify(seat.stream, events, seat)

    def _attend(self, seat: Seat, events: int) -> None:
        """Send and receive on a worker's connection."""
        if seat.number not in self._seats:  # lost earlier in this turn
            return
        if events & selectors.EVENT_WRITE:
            seat.flush()
        if events & selectors.EVENT_READ:
            for frame in seat.read() or ():
                self._hear_worker(seat, frame)
        if seat.silent:
            self._selector.unregister(seat.stream)
            # The zygote reports its death within moments, unless the job closed the connection and lives on.
            if seat.verdict is None:
                seat.deadline = time.monotonic() + _SILENCE_S
        else:
            self._listen(seat)

    def _drain(self, seat: Seat) -> None:
        """Take what a worker has written, at once: one that finds no room for more would wait."""
        # One that was lost earlier in this turn has closed its pipe.
        if seat.number in self._seats and not seat.tail.drain():
            self._selector.unregister(seat.tail.reader)

    def _hear_worker(self, seat: Seat, frame: Frame) -> None:
        """Act on one message of a worker."""
        if self._fault is not None:  # its jobs are settled
            return
        if frame.kind is Kind.STARTED:
            seat.start_clock()
            if not seat.jobs[0].begin():
                self._kill(seat, "cancelled")
        elif frame.kind is Kind.READY:
            seat.ready = True
            seat.tail.text()  # of the preparation, which is no job's
        elif frame.kind is Kind.FAULT:
            self._break(unpack_error(frame.body))
        else:
            job = seat.stop_clock()
            self._accidents = 0
            seat.leaving = frame.kind is Kind.LAST
            output = seat.tail.text()
            if frame.kind in {Kind.RESULT, Kind.LAST}:
                job.succeed(Answer.of(frame.body, output) if output else frame.body)
            else:
                job.fail(unpack_error(frame.body))

    def _hear_zygote(self) -> None:
        """Act on what the zygote reports."""
        try:
            piece = self._link.control.recv(READ_BYTES)
        except ConnectionError:
            piece = b""
        for frame in self._inbox.feed(piece):
            number, value = json.loads(frame.body)
            seat = self._seats.get(number)
            if seat is None:
                continue
            if frame.kind is Kind.SPAWNED:
                seat.pid = value
            else:
                self._bury(seat, value)
        if not piece:
            self._selector.unregister(self._link.control)
            for seat in self._seats.values():
                if seat.pid is not None:
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.killpg(seat.pid, signal.SIGKILL)
            self._break(zygote_lost())

    def _bury(self, seat: Seat, status: int) -> None:
        """Take what a dead worker sent last, settle its running job, queue the others again, replace it."""
        while not seat.silent and (frames := seat.read()) is not None:
            for frame in frames:
                self._hear_worker(seat, frame)
        del self._seats[seat.number]
        for end in (seat.stream, seat.tail.reader):
            with contextlib.suppress(KeyError):
                self._selector.unregister(end)
        output = seat.tail.text()
        seat.close()
        if self._fault is not None:
            return
        self._settle(seat, status, output)
        self._backlog.extendleft(reversed(seat.jobs))
        self._accidents += not seat.leaving
        if self._accidents > _ACCIDENTS * self._workers:
            self._break(self._death(seat, status, "waited for a job" if seat.ready else "prepared its work"))
            return
        self._hire()

    def _settle(self, seat: Seat, status: int, output: str) -> None:
        """Fail the job that a dead worker ran, unless the worker was killed for another one."""
        if not seat.jobs:
            return
        job = seat.jobs[0]
        if seat.running and (seat.verdict is None or seat.verdict_on is job):
            seat.jobs.popleft()
            self._accidents = 0
            if seat.verdict == "timeout":
                job.fail(timed_out(job.timeout_s or 0.0, seat.name), output)
            elif seat.verdict == "memory":
                self._overflow(seat, job, output)
            elif seat.verdict != "cancelled":
                job.fail(silent(seat.name) if seat.verdict else self._death(seat, status, "ran a job"), output)
        elif seat.verdict is None and not seat.leaving:
            # Its worker died before it began: by chance, or because it cannot even be received.
            job.accidents += 1
            if job.accidents >= _ACCIDENTS:
                seat.jobs.popleft()
                self._accidents = 0
                job.fail(self._death(seat, status, "received a job"), output)

    def _overflow(self, seat: Seat, job: Job, output: str) -> None:
        """Fail a job that held too much memory, once it is certain that no job before it in the worker left that."""
        if seat.answered and not job.again:
            job.again = True
            seat.jobs.appendleft(job)
        else:
            job.fail(out_of_memory(job.memory_mb or 0.0, seat.measured_mb, seat.name), output)

    def _death(self, seat: Seat, status: int, doing: str) -> Exception:
        """Return the error that tells a worker's death."""
        log = self._contract.log
        before, self._kernel_kills = self._kernel_kills, kernel_kills()
        starved = self._kernel_kills > before
        return died(status, worker=seat.name, doing=doing, log=None if log is None else Path(log), starved=starved)

    def _enforce(self) -> None:
        """Kill workers whose time is over, or whose job holds too much memory."""
        now = time.monotonic()
        if self._look <= now:
            self._look = now + LOOK_S
            for seat in self._seats.values():
                if seat.watched and seat.measure():
                    self._kill(seat, "memory")
        for seat in self._seats.values():
            if seat.deadline is not None and seat.deadline <= now:
                self._kill(seat, "silent" if seat.silent else "timeout")

    def _kill(self, seat: Seat, verdict: str) -> None:
        """Ask the zygote to kill a worker: it alone knows that the pid is still the worker's."""
        seat.condemn(verdict)
        with contextlib.suppress(OSError):
            self._link.control.sendall(pack(Kind.KILL, str(seat.number).encode()))

    def _assign(self) -> None:
        """Give queued jobs to idle workers, then one ahead to each busy one, so that it need not wait for the next."""
        fit = [seat for seat in self._seats.values() if seat.ready and seat.open]
        idle = [seat for seat in fit if not seat.jobs]
        for seat in idle:
            job = self._fetch_back() or self._next()  # the older one first
            if job is None:
                return
            seat.give(job)
            self._listen(seat)
        for seat in fit:
            # Only behind a job that is known to have begun: from there it can be taken back for a worker that idles.
            if seat.running and len(seat.jobs) == 1 and (job := self._next()) is not None:
                seat.give(job)
                self._listen(seat)

    def _fetch_back(self) -> Job | None:
        """Return a job that was sent ahead and has not begun: it must not wait while another worker idles."""
        return next((job for seat in self._seats.values() if (job := seat.take_back()) is not None), None)

    def _next(self) -> Job | None:
        """Return the oldest job that nobody has cancelled."""
        while self._backlog:
            job = self._backlog.popleft()
            if not job.future.cancelled():
                return job
            job.begin()
        return None

    def _break(self, fault: Exception) -> None:
        """Fail all jobs, those that are still to come too: no worker of this executor can work."""
        self._fault = fault
        for seat in self._seats.values():
            self._backlog += seat.jobs
            seat.jobs.clear()
            seat.deadline = None
        while self._backlog:
            self._backlog.popleft().fail(fault)

    def _end(self) -> None:
        """Have the zygote kill all workers, wait for its end, settle what is open."""
        self._link.close()
        with self._lock:
            self._ended = True
            self._backlog += self._arrivals
            self._arrivals.clear()
        for seat in self._seats.values():
            seat.close()
            self._backlog += seat.jobs
        for job in self._backlog:
            if self._fault is None:
                job.cancel()
            else:
                job.fail(self._fault)
        self._backlog.clear()
        self._seats.clear()
        self._selector.close()
        with self._lock:
            self._bell.close()
            self._rope.close()
