"""Laws of the executor in the calling process."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bancada.contracts import Executor
from bancada.exceptions import DefinitionError, UsageError
from bancada.executors import InProcessExecutor

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., InProcessExecutor]


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Make:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    return lambda name="actor", session=b"s": InProcessExecutor(f"executor_jobs:{name}", session)


def test_a_job_is_done_when_submit_returns(make: Make) -> None:
    executor = make()
    assert isinstance(executor, Executor)
    assert executor.workers == 1
    future = executor.submit(b"pid")
    assert future.done()
    assert int(future.result(0)) == os.getpid()
    assert executor.submit(b"session").result(0) == b"s"


def test_an_error_of_a_job_is_the_object_that_was_raised(make: Make) -> None:
    future = make().submit(b"local here")
    error = future.exception(0)
    assert type(error).__name__ == "Local"
    assert error is not None
    assert error.__traceback__ is not None


def test_a_job_that_exits_does_not_end_the_process(make: Make) -> None:
    with pytest.raises(RuntimeError, match="SystemExit: 3"):
        make().submit(b"stop 3").result(0)


def test_ctrl_c_reaches_the_person(make: Make) -> None:
    with pytest.raises(KeyboardInterrupt, match="now"):
        make().submit(b"interrupt now")


def test_an_answer_that_is_not_bytes_is_an_error(make: Make) -> None:
    with pytest.raises(TypeError, match="A job returns bytes"):
        make("loose").submit(b"x").result(0)


def test_a_factory_that_raises_fails_every_job(make: Make) -> None:
    executor = make("broken")
    for _ in range(2):
        with pytest.raises(LookupError, match="no such dataset: s"):
            executor.submit(b"x").result(0)


def test_a_session_is_given_once_and_before_jobs(make: Make) -> None:
    executor = make(session=None)
    with pytest.raises(UsageError, match="no session yet"):
        executor.submit(b"pid")
    executor.start(b"late")
    with pytest.raises(UsageError, match="started before"):
        executor.start(b"again")
    assert executor.submit(b"session").result(0) == b"late"


def test_after_shutdown_there_are_no_more_jobs(make: Make) -> None:
    with make() as executor:
        executor.submit(b"pid")
    executor.shutdown(cancel=True)
    with pytest.raises(UsageError, match="shut down"):
        executor.submit(b"pid")


def test_a_target_names_module_and_function() -> None:
    with pytest.raises(DefinitionError, match="`module:qualname`"):
        InProcessExecutor("module")


@pytest.mark.parametrize("limit", [{"timeout_s": 5.0}, {"memory_mb": 100.0}])
def test_a_limit_that_cannot_be_kept_is_refused(make: Make, limit: dict[str, float]) -> None:
    with pytest.raises(UsageError, match=r"killing a worker.*calling process.*Leave the limit out"):
        make().submit(b"pid", **limit)
