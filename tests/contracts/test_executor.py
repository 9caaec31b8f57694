"""Laws of every executor, as its contract states them."""

from __future__ import annotations

from concurrent.futures import CancelledError
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bancada.contracts import Executor
from bancada.exceptions import UsageError
from bancada.executors import InProcessExecutor, ProcessExecutor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = str(Path(__file__).parents[1] / "executors")


@pytest.fixture(params=["in process", "forked", "fresh"])
def make(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Executor]]:
    monkeypatch.syspath_prepend(HERE)
    made: list[Executor] = []

    def of(name: str) -> Executor:
        target = f"executor_jobs:{name}"
        if request.param == "in process":
            made.append(InProcessExecutor(target))
        else:
            fresh = request.param == "fresh"
            made.append(ProcessExecutor(target, workers=1, threads=1, fresh=fresh, path=(HERE,)))
        return made[-1]

    yield of
    for each in made:
        each.shutdown(cancel=True)


def test_it_is_an_executor_with_workers(make: Callable[[str], Executor]) -> None:
    executor = make("actor")
    assert isinstance(executor, Executor)
    assert executor.workers >= 1


def test_the_session_comes_once_and_before_jobs(make: Callable[[str], Executor]) -> None:
    executor = make("actor")
    with pytest.raises(UsageError, match=r"Jobs go to an executor that is started\."):
        executor.submit(b"session")
    executor.start(b"once")
    with pytest.raises(UsageError, match=r"An executor is started once\."):
        executor.start(b"twice")
    assert executor.submit(b"session").result(20) == b"once"


def test_after_shutdown_it_neither_starts_nor_works(make: Callable[[str], Executor]) -> None:
    executor = make("actor")
    executor.shutdown(cancel=True)
    executor.shutdown(cancel=False)
    with pytest.raises(UsageError, match=r"An executor is started once\."):
        executor.start(b"late")
    with pytest.raises(UsageError, match=r"Jobs go to an executor that is started\."):
        executor.submit(b"session")


def test_after_a_used_executor_is_shut_down_no_job_begins(make: Callable[[str], Executor]) -> None:
    executor = make("actor")
    executor.start(b"s")
    assert executor.submit(b"echo x").result(20) == b"x"
    executor.shutdown(cancel=True)
    with pytest.raises((UsageError, CancelledError), match="shut down"):
        executor.submit(b"echo y").result(20)


def test_a_session_that_cannot_be_taken_fails_the_jobs_and_not_the_start(make: Callable[[str], Executor]) -> None:
    executor = make("broken")
    executor.start(b"s")
    for _ in range(2):
        with pytest.raises(LookupError, match="no such dataset: s"):
            executor.submit(b"x").result(20)
