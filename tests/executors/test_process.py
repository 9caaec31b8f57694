"""Laws of the executor on processes: those of the contract first."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from concurrent.futures import CancelledError, wait
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bancada.contracts import Executor
from bancada.exceptions import ConfigurationError, DefinitionError, UsageError, WorkerLost
from bancada.executors import ProcessExecutor
from bancada.executors._memory import memory_mb

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Make = Callable[..., ProcessExecutor]

FRESH = pytest.mark.parametrize("fresh", [False, True])


@FRESH
def test_every_job_gets_its_own_answer(executor: Make, fresh: bool) -> None:
    pool = executor(workers=2, fresh=fresh)
    assert isinstance(pool, Executor)
    assert (pool.workers, pool.threads, pool.fresh) == (2, 1, fresh)
    futures = [pool.submit(b"echo %d" % number) for number in range(200)]
    assert [int(future.result(10)) for future in futures] == list(range(200))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(jobs=st.lists(st.text(alphabet="ab ü", max_size=50), max_size=8))
def test_answers_do_not_depend_on_order_or_number_of_jobs(jobs: list[str], pool_of_two: ProcessExecutor) -> None:
    futures = [pool_of_two.submit(f"echo {job}".encode()) for job in jobs]
    assert [future.result(10).decode() for future in futures] == jobs


@pytest.fixture
def pool_of_two(executor: Make) -> ProcessExecutor:
    return executor(workers=2)


def test_a_job_and_an_answer_of_any_size_pass(pool_of_two: ProcessExecutor) -> None:
    size = 3_000_000
    sent = [pool_of_two.submit(b"length " + b"x" * size) for _ in range(4)]
    got = [pool_of_two.submit(b"big %d" % size) for _ in range(4)]
    assert {future.result(20) for future in sent} == {b"%d" % size}
    assert {len(future.result(20)) for future in got} == {size}


def test_the_factory_is_called_once_in_each_worker_with_the_session(executor: Make) -> None:
    pool = executor(session=b"tables" * 100_000)
    assert pool.submit(b"session").result(10) == b"tables" * 100_000
    assert pool.submit(b"calls").result(10) == b"1"


def test_a_session_comes_after_construction(executor: Make) -> None:
    pool = executor(session=None)
    with pytest.raises(UsageError, match=r"started.*no session yet.*Call `start`"):
        pool.submit(b"pid")
    pool.start(b"late")
    assert pool.submit(b"session").result(10) == b"late"
    with pytest.raises(UsageError, match=r"started once.*started before"):
        pool.start(b"again")


@pytest.mark.parametrize(
    ("job", "text"),
    [
        (b"leave 3", "exit code 3 while it ran a job.*raise an error"),
        (b"leave 0", "exit code 0 while it ran a job"),
        (b"signal SIGKILL", "SIGKILL while it ran a job.*memory"),
        (b"signal SIGSEGV", "SIGSEGV while it ran a job.*Native code crashed"),
        (b"signal SIGTERM", "SIGTERM while it ran a job.*who sent the signal"),
    ],
)
def test_a_job_that_kills_its_worker_fails_alone(executor: Make, job: bytes, text: str) -> None:
    pool = executor(workers=2)
    before = [pool.submit(b"echo a") for _ in range(20)]
    killer = pool.submit(job)
    after = [pool.submit(b"echo b") for _ in range(20)]
    with pytest.raises(WorkerLost, match=text) as caught:
        killer.result(10)
    assert caught.value.cause == "died"
    assert [future.result(10) for future in before + after] == [b"a"] * 20 + [b"b"] * 20


def test_many_dying_jobs_do_not_stop_the_others(executor: Make) -> None:
    pool = executor(workers=2)
    futures = [pool.submit(b"leave 1" if number % 2 else b"echo x") for number in range(60)]
    wait(futures, timeout=20)
    assert [type(future.exception(0)) for future in futures] == [type(None), WorkerLost] * 30


def test_a_job_past_its_limit_is_killed_and_its_worker_replaced(executor: Make, gone: Callable[..., bool]) -> None:
    pool = executor()
    pid = int(pool.submit(b"pid").result(10))
    hanging = pool.submit(b"nap 60", timeout_s=0.05)
    following = pool.submit(b"echo next", timeout_s=10.0)
    with pytest.raises(WorkerLost, match=r"limit of 0\.05 s.*killed.*Raise the limit") as caught:
        hanging.result(10)
    assert caught.value.cause == "timeout"
    assert following.result(10) == b"next"
    assert gone(pid)


@pytest.mark.parametrize("job", [b"hold 600", b"holdchild 600"])
def test_a_job_that_holds_too_much_memory_is_killed_and_its_worker_replaced(
    executor: Make, job: bytes, gone: Callable[..., bool]
) -> None:
    pool = executor()
    pid = int(pool.submit(b"pid").result(10))
    greedy = pool.submit(job, memory_mb=500.0)
    following = pool.submit(b"echo next", memory_mb=500.0)
    with pytest.raises(WorkerLost, match=r"limit of 500 MB.*held \d[\d,]* MB while.*killed.*Raise the limit") as caught:
        greedy.result(30)
    assert caught.value.cause == "memory"
    assert following.result(10) == b"next"
    assert gone(pid)


def test_what_a_job_before_left_in_memory_is_no_fault_of_the_next(executor: Make) -> None:
    # A worker is forked from this process, and begins with what the tests before have left in it.
    limit = memory_mb(os.getpid()) + 500.0
    pool = executor()
    pid = int(pool.submit(b"leak 600").result(10))
    assert int(pool.submit(b"nap 0.2", memory_mb=limit).result(30)) != pid


def test_a_worker_is_replaced_after_its_last_answer_and_no_job_is_lost(executor: Make) -> None:
    pool = executor()
    futures = [pool.submit(b"last" if number % 2 else b"pid") for number in range(30)]
    pids = [int(future.result(20)) for future in futures]
    # A worker answers one of each kind: the second is its last.
    assert pids[::2] == pids[1::2]
    assert len(set(pids)) == 15


def test_a_limit_counts_from_the_start_of_the_job(executor: Make) -> None:
    pool = executor()
    futures = [pool.submit(b"nap 0.06", timeout_s=0.3) for _ in range(8)]
    assert len({future.result(10) for future in futures}) == 1


@pytest.mark.parametrize(
    ("job", "error", "text"),
    [
        (b"fail wrong shape", ValueError, "^wrong shape"),
        (b"stubborn x", RuntimeError, "Stubborn: x and x"),
        (b"local y", RuntimeError, "Local: y"),
        (b"stop 3", RuntimeError, "SystemExit: 3"),
        (b"interrupt z", RuntimeError, "KeyboardInterrupt: z"),
    ],
)
def test_an_error_of_a_job_comes_back_and_its_worker_goes_on(
    executor: Make, job: bytes, error: type[Exception], text: str
) -> None:
    pool = executor()
    pid = pool.submit(b"pid").result(10)
    with pytest.raises(error, match=text) as caught:
        pool.submit(job).result(10)
    assert "In the worker:\nTraceback" in caught.value.__notes__[0]
    assert pool.submit(b"pid").result(10) == pid


def test_an_answer_that_is_not_bytes_is_an_error(executor: Make) -> None:
    with pytest.raises(TypeError, match=r"A job returns bytes. This one returned str"):
        executor("loose").submit(b"x").result(10)


@FRESH
def test_a_factory_that_raises_fails_every_job(executor: Make, fresh: bool) -> None:
    pool = executor("broken", workers=2, fresh=fresh)
    futures = [pool.submit(b"x") for _ in range(5)]
    for future in futures:
        with pytest.raises(LookupError, match="no such dataset: s"):
            future.result(10)
    with pytest.raises(LookupError, match="no such dataset: s"):
        pool.submit(b"later").result(10)


def test_a_factory_that_ends_its_process_fails_every_job(executor: Make) -> None:
    pool = executor("dying", workers=2)
    with pytest.raises(WorkerLost, match="exit code 7 while it prepared its work"):
        pool.submit(b"x").result(10)


def test_a_target_that_does_not_exist_fails_every_job(executor: Make) -> None:
    with pytest.raises(AttributeError, match="no attribute 'absent'"):
        executor("absent").submit(b"x").result(10)


def test_a_job_that_closes_its_standard_streams_harms_no_later_job(executor: Make, tmp_path: Path) -> None:
    pool = executor(log=tmp_path / "log")
    pool.submit(b"close").result(10)
    pool.submit(b"say still here").result(10)
    assert (tmp_path / "log").read_text().splitlines() == ["still here"] * 3


def test_a_job_that_closes_the_connection_is_lost_and_no_other(executor: Make) -> None:
    pool = executor()
    futures = [pool.submit(job) for job in (b"hangup 0", b"echo a", b"hangup 60", b"echo b")]
    with pytest.raises(WorkerLost, match="exit code 1 while it ran a job"):
        futures[0].result(10)
    with pytest.raises(WorkerLost, match="closed its connection"):
        futures[2].result(10)
    assert (futures[1].result(10), futures[3].result(10)) == (b"a", b"b")


def test_a_job_that_forks_answers_once(executor: Make, gone: Callable[..., bool]) -> None:
    pool = executor()
    children = [int(pool.submit(b"fork").result(10)) for _ in range(3)]
    assert pool.submit(b"echo x").result(10) == b"x"
    assert int(pool.submit(b"pid").result(10)) not in children
    assert gone(*children)


def test_what_a_job_started_dies_with_its_worker(executor: Make, tmp_path: Path, gone: Callable[..., bool]) -> None:
    pool = executor(workers=2)
    note = tmp_path / "pids"
    with pytest.raises(WorkerLost, match="exit code 1"):
        pool.submit(f"crowd {note}".encode()).result(10)
    assert gone(*json.loads(note.read_text()))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux hands orphans to the zygote")
def test_not_even_a_daemon_outlives_the_executor(executor: Make, gone: Callable[..., bool]) -> None:
    pool = executor()
    pids = [int(pool.submit(job).result(10)) for job in (b"child", b"daemon")]
    pool.shutdown(cancel=True)
    assert gone(*pids, within_s=0)


@FRESH
def test_output_of_jobs_goes_to_the_log_alone(
    executor: Make,
    fresh: bool,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    pool = executor(log=tmp_path / "log", fresh=fresh)
    pool.submit(b"say hello").result(10)
    assert (tmp_path / "log").read_text().splitlines() == ["hello"] * 3
    quiet = executor(fresh=fresh)
    quiet.submit(b"say nothing").result(10)
    assert pool.submit(b"read").result(10) == b"''"
    assert capfd.readouterr() == ("", "")


@FRESH
@pytest.mark.parametrize("threads", [1, 2])
def test_pools_of_a_worker_keep_to_its_threads(executor: Make, fresh: bool, threads: int) -> None:
    told = json.loads(executor(fresh=fresh, threads=threads).submit(b"threads").result(20))
    assert told["OMP_NUM_THREADS"] == str(threads)
    assert told["total"] == 64
    assert told["pools"]
    assert set(told["pools"]) == {threads}


@FRESH
def test_workers_have_the_environment_and_folder_of_the_driver(
    executor: Make,
    fresh: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    executor(fresh=fresh).submit(b"pid").result(20)
    monkeypatch.setenv("BANCADA_TEST", "set meanwhile")
    monkeypatch.chdir(tmp_path)
    assert executor(fresh=fresh).submit(b"place BANCADA_TEST").result(20).decode() == f"set meanwhile {tmp_path}"


def test_workers_ignore_ctrl_c_and_block_no_signal(executor: Make) -> None:
    assert executor().submit(b"mask").result(10) == b"True"


@FRESH
def test_shutdown_kills_running_jobs_without_waiting_for_them(
    executor: Make, fresh: bool, gone: Callable[..., bool]
) -> None:
    pool = executor(workers=2, fresh=fresh)
    pids = [int(pool.submit(job).result(10)) for job in (b"pid", b"parent")]
    running = [pool.submit(b"nap 60") for _ in range(2)]
    waiting = [pool.submit(b"nap 60") for _ in range(3)]
    while not all(future.running() for future in running):
        time.sleep(0.001)
    begin = time.monotonic()
    pool.shutdown(cancel=True)
    assert time.monotonic() - begin < 5.0
    assert gone(*pids, within_s=2.0 if fresh else 0)
    for future in running + waiting:
        with pytest.raises(CancelledError, match=r"^$"):
            future.result(0)
    assert all(future.cancelled() for future in waiting)
    pool.shutdown(cancel=True)
    with pytest.raises(UsageError, match="shut down"):
        pool.submit(b"x")


def test_shutdown_without_cancel_waits_for_all_jobs(executor: Make, gone: Callable[..., bool]) -> None:
    before = set(threading.enumerate())
    with executor(workers=2) as pool:
        futures = [pool.submit(b"nap 0.02") for _ in range(6)]
    pids = {int(future.result(0)) for future in futures}
    assert gone(*pids, within_s=0)
    assert set(threading.enumerate()) <= before


def test_an_error_in_the_block_cancels(executor: Make) -> None:
    pool = executor()
    future = pool.submit(b"nap 60")
    while not future.running():
        time.sleep(0.001)
    with pytest.raises(ZeroDivisionError, match="division"), pool:
        _ = 1 / 0
    assert isinstance(future.exception(0), CancelledError)


@FRESH
def test_an_executor_that_never_started_leaves_nothing(executor: Make, fresh: bool) -> None:
    pool = executor(session=None, fresh=fresh)
    pool.shutdown(cancel=False)
    pool.shutdown(cancel=True)
    with pytest.raises(UsageError, match="shut down"):
        pool.start(b"x")
    with pytest.raises(UsageError, match="shut down"):
        pool.submit(b"x")
    if not fresh:
        with pytest.raises(ChildProcessError, match="No child"):
            os.waitpid(pool._link.pid or 0, os.WNOHANG)


def test_a_cancelled_job_is_not_run(executor: Make, tmp_path: Path) -> None:
    pool = executor(log=tmp_path / "log")
    first = pool.submit(b"nap 0.1")
    second = pool.submit(b"say never")
    third = pool.submit(b"echo x")
    assert second.cancel()
    assert third.result(10) == b"x"
    assert first.done()
    assert wait([second], timeout=1).done == {second}
    assert (tmp_path / "log").read_text() == ""


def test_a_callback_may_submit_and_shut_down(executor: Make) -> None:
    pool = executor()
    answers: list[bytes] = []
    over = threading.Event()

    def then(_: object) -> None:
        pool.submit(b"echo second").add_done_callback(finish)

    def finish(future: object) -> None:
        answers.append(future.result())  # type: ignore[attr-defined] # a future of bytes
        pool.shutdown(cancel=False)
        over.set()

    pool.submit(b"echo first").add_done_callback(then)
    assert over.wait(10)
    assert answers == [b"second"]


@pytest.mark.parametrize("target", ["", "module", ":name", "module:"])
def test_a_target_names_module_and_function(target: str) -> None:
    with pytest.raises(DefinitionError, match=r"`module:qualname`.*It is"):
        ProcessExecutor(target, workers=1)


@pytest.mark.parametrize(("workers", "threads"), [(0, None), (-1, 1), (1, 0)])
def test_workers_and_threads_are_positive(workers: int, threads: int | None) -> None:
    with pytest.raises(UsageError, match="at least one worker"):
        ProcessExecutor("m:f", workers=workers, threads=threads)


def test_a_system_without_fork_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    with pytest.raises(ConfigurationError, match="a system with fork"):
        ProcessExecutor("m:f", workers=1)
