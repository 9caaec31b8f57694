"""Laws of jobs and of the driver's view of a worker."""

from __future__ import annotations

import os
import socket
from concurrent.futures import CancelledError, wait
from typing import TYPE_CHECKING

import pytest

from bancada.executors._claims import Claims
from bancada.executors._frames import Channel, Kind, pack, unpack_job
from bancada.executors._seat import Job, Seat

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def pair() -> Iterator[tuple[Seat, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.settimeout(0)
    seat = Seat(1, ours)
    with theirs:
        yield seat, theirs
    seat.close()


def test_a_cancelled_job_is_settled_once_and_its_waiters_are_told() -> None:
    job = Job(b"", None)
    assert job.future.cancel()
    job.succeed(b"late")
    job.fail(ValueError("late"))
    job.cancel()
    assert not job.begin()
    assert wait([job.future], timeout=0).done == {job.future}
    assert job.future.cancelled()


def test_cancelling_a_running_job_gives_the_error() -> None:
    job = Job(b"", None)
    assert job.begin()
    assert job.begin()
    job.cancel()
    assert isinstance(job.future.exception(0), CancelledError)


def test_a_full_connection_keeps_the_rest_for_later(pair: tuple[Seat, socket.socket]) -> None:
    seat, theirs = pair
    body = b"x" * 5_000_000
    seat.give(Job(body, None))
    kept = seat.sending
    got = 0
    while got < len(body) + 17:
        got += len(theirs.recv(1 << 20))
        seat.flush()
    assert (kept, seat.sending, got) == (True, False, len(body) + 17)


def test_sending_to_a_worker_that_has_gone_is_quiet(pair: tuple[Seat, socket.socket]) -> None:
    seat, theirs = pair
    theirs.close()
    seat.give(Job(b"x", None))
    assert not seat.sending
    assert seat.read() == []
    assert seat.silent


def test_reading_tells_nothing_yet_from_the_end(pair: tuple[Seat, socket.socket]) -> None:
    seat, theirs = pair
    assert seat.read() is None
    theirs.sendall(pack(Kind.READY))
    assert [frame.kind for frame in seat.read() or ()] == [Kind.READY]
    assert not seat.silent


def test_only_a_job_behind_a_running_one_is_taken_back(pair: tuple[Seat, socket.socket]) -> None:
    seat, theirs = pair
    channel, claims = Channel(theirs), Claims(os.dup(seat.claims))
    first, second = Job(b"first", None), Job(b"second", 1.0)
    seat.give(first)
    seat.give(second)
    assert seat.take_back() is None
    frame = channel.receive()
    assert frame is not None
    assert claims.claim(unpack_job(frame.body)[0])
    seat.start_clock()
    assert seat.deadline is None
    assert seat.take_back() is second
    assert list(seat.jobs) == [first]
    frame = channel.receive()
    assert frame is not None
    assert not claims.claim(unpack_job(frame.body)[0])
    assert seat.take_back() is None
    claims.close()


def test_the_clock_runs_with_the_oldest_job(pair: tuple[Seat, socket.socket]) -> None:
    seat, _ = pair
    job = Job(b"", 1.0)
    seat.give(job)
    seat.start_clock()
    limit = seat.deadline
    assert limit is not None
    assert seat.stop_clock() is job
    assert (seat.deadline, seat.running, len(seat.jobs)) == (None, False, 0)


def test_a_verdict_remembers_the_job_that_it_was_for(pair: tuple[Seat, socket.socket]) -> None:
    seat, _ = pair
    seat.condemn("timeout")
    assert (seat.verdict, seat.verdict_on) == ("timeout", None)
    job = Job(b"", None)
    seat.give(job)
    seat.condemn("silent")
    assert seat.verdict_on is job
    assert seat.name == "Worker 1"
