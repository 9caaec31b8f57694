"""Every executor of bancada keeps every law, and each law catches an executor that breaks it."""

from __future__ import annotations

import functools
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any
from unittest import SkipTest

import pytest
from tests.testing.own_blocks import EXECUTORS

from bancada.contracts import Executor
from bancada.exceptions import LawBroken, UsageError, WorkerLost
from bancada.executors import ProcessExecutor
from bancada.testing import InlineExecutor, executor_checks
from bancada.testing._executor_laws import LAWS

if TYPE_CHECKING:
    from bancada.testing import Check


@pytest.mark.parametrize(
    "check",
    [
        pytest.param(check, id=f"{name}-{check}")
        for name, (make, isolated) in EXECUTORS.items()
        for check in executor_checks(make, isolated=isolated)
    ],
)
def test_our_executors_keep_every_law(check: Check) -> None:
    check()


def test_the_doubles_are_executors() -> None:
    assert all(isinstance(make("module:factory"), Executor) for make, isolated in EXECUTORS.values() if not isolated)


def test_what_would_kill_this_process_is_skipped() -> None:
    checks = {check.name: check for check in executor_checks(InlineExecutor, isolated=False)}
    for name in ("a_death_harms_no_other_job", "cancelling_leaves_nothing"):
        with pytest.raises(SkipTest, match="its jobs run in this process"):
            checks[name]()


class Idle(InlineExecutor):
    workers = 0


class Eager(InlineExecutor):
    """It starts itself where it must."""

    def start(self, session: bytes) -> None:
        if self._job is None:
            super().start(session)

    def submit(self, job: bytes, timeout_s: float | None = None, memory_mb: float | None = None) -> Future[bytes]:
        self.start(b"")
        return super().submit(job, timeout_s, memory_mb)


class Twice(InlineExecutor):
    def start(self, session: bytes) -> None:
        self._job = None
        super().start(session)


class Immortal(InlineExecutor):
    def shutdown(self, *, cancel: bool) -> None:
        pass


class Textual(InlineExecutor):
    """It treats bytes as lines of text."""

    def submit(self, job: bytes, timeout_s: float | None = None, memory_mb: float | None = None) -> Future[bytes]:
        future = super().submit(job, timeout_s, memory_mb)
        answer: Future[bytes] = Future()
        answer.set_result(future.result().strip())
        return answer


class Backwards(InlineExecutor):
    """It gives every job the answer of the one before it."""

    _last = b"none"

    def submit(self, job: bytes, timeout_s: float | None = None, memory_mb: float | None = None) -> Future[bytes]:
        future: Future[bytes] = Future()
        future.set_result(self._last)
        self._last = super().submit(job, timeout_s).result()
        return future


class Anonymous(InlineExecutor):
    """It forgets which error it was."""

    def submit(self, job: bytes, timeout_s: float | None = None, memory_mb: float | None = None) -> Future[bytes]:
        future = super().submit(job, timeout_s, memory_mb)
        if future.exception() is not None:
            future = Future()
            future.set_exception(RuntimeError("a job failed"))
        return future


class Swallowing(InlineExecutor):
    """It takes an error for an empty answer."""

    def submit(self, job: bytes, timeout_s: float | None = None, memory_mb: float | None = None) -> Future[bytes]:
        future = super().submit(job, timeout_s, memory_mb)
        if future.exception() is not None:
            future = Future()
            future.set_result(b"")
        return future


class Patient(ProcessExecutor):
    """It answers before any limit is reached."""

    def submit(self, job: bytes, timeout_s: float | None = None, memory_mb: float | None = None) -> Future[bytes]:
        limited = timeout_s is not None or memory_mb is not None
        return super().submit(b"echo slept" if limited else job)


class Careless(InlineExecutor):
    """It takes limits that it does not keep."""

    def submit(self, job: bytes, timeout_s: float | None = None, memory_mb: float | None = None) -> Future[bytes]:
        return super().submit(job)


class Vague(InlineExecutor):
    """Where a job would die it says that all are lost."""

    def submit(self, job: bytes, timeout_s: float | None = None, memory_mb: float | None = None) -> Future[bytes]:
        if not job.startswith(b"die"):
            return super().submit(job)
        future: Future[bytes] = Future()
        future.set_exception(WorkerLost("A worker lives.", "It died.", "Look.", cause="timeout"))
        return future


class Hasty(InlineExecutor):
    """It forgets jobs when it is shut down."""

    def submit(self, job: bytes, timeout_s: float | None = None, memory_mb: float | None = None) -> Future[bytes]:
        return Future()


class Lasting(ProcessExecutor):
    """Its jobs of 600 s are done at once."""

    def submit(self, job: bytes, timeout_s: float | None = None, memory_mb: float | None = None) -> Future[bytes]:
        if job != b"nap 600":
            return super().submit(job, timeout_s, memory_mb)
        future: Future[bytes] = Future()
        future.set_result(b"done")
        return future


class Stubborn(InlineExecutor):
    """A job is done before it can be cancelled."""


PROCESS: dict[str, Any] = {"workers": 1, "threads": 1, "fresh": False}

# By law: executors that break it, whether their jobs are isolated, and what the check says.
MUTANTS: dict[str, list[tuple[Any, bool, str]]] = {
    "it_has_workers": [(Idle, False, "It has 0")],
    "it_is_started_once": [(Eager, False, "before it was started"), (Twice, False, "started twice")],
    "it_ends_once": [(Immortal, False, "started after it was shut down")],
    "bytes_travel_unchanged": [(Textual, False, "bytes became")],
    "answers_belong_to_their_jobs": [(Backwards, False, "Backwards they are")],
    "errors_travel": [(Anonymous, False, r"became RuntimeError\('a job failed'\)")],
    "exits_are_errors": [(Swallowing, False, "It became None")],
    "broken_sessions_fail_the_jobs": [(Anonymous, False, "LookupError became RuntimeError")],
    "limits_of_time_are_kept": [
        (functools.partial(Patient, **PROCESS), True, "It ended with None"),
        (Careless, False, "It took a limit"),
    ],
    "limits_of_memory_are_kept": [
        (functools.partial(Patient, **PROCESS), True, "It ended with None"),
        (Careless, False, "It took a limit"),
    ],
    "a_death_harms_no_other_job": [(Vague, True, "The job that died ended with WorkerLost")],
    "shutdown_waits": [(Hasty, False, "3 of 3 jobs were open")],
    "cancelling_leaves_nothing": [(functools.partial(Lasting, **PROCESS), True, "answered b'done'")],
    "cancelled_jobs_do_not_run": [(Stubborn, True, "cannot be cancelled")],
}


@pytest.mark.parametrize("name", [each.name for each in LAWS])
def test_each_law_catches_an_executor_that_breaks_it(name: str) -> None:
    for mutant, isolated, found in MUTANTS[name]:
        checks = {check.name: check for check in executor_checks(mutant, isolated=isolated)}
        with pytest.raises(LawBroken, match=found):
            checks[name]()


def test_a_double_refuses_what_the_contract_refuses() -> None:
    with pytest.raises(UsageError, match="Jobs go to an executor that is started"):
        InlineExecutor("bancada.testing._jobs:actor").submit(b"echo")
