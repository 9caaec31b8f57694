"""Laws of where zygotes come from."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bancada.executors._host import ZygoteHost, fork_zygote, hosted_zygote
from bancada.executors._zygote import Prelude

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.executors import ProcessExecutor

    Make = Callable[..., ProcessExecutor]

HERE = str(Path(__file__).parent)


def _host_pid(pool: ProcessExecutor) -> int:
    assert pool._link.host is not None
    return pool._link.host.pid


def test_a_fresh_interpreter_is_kept_for_the_next_executor(executor: Make) -> None:
    pools = [executor(fresh=True, prelude=("json",)) for _ in range(2)]
    assert len({_host_pid(pool) for pool in pools}) == 1
    assert len({pool.submit(b"parent").result(20) for pool in pools}) == 2


def test_another_prelude_gets_another_interpreter_and_the_old_one_still_serves(executor: Make) -> None:
    first = executor(fresh=True, prelude=("json", "csv"))
    second = executor(fresh=True, prelude=("json", "wave"))
    assert _host_pid(second) != _host_pid(first)
    assert first.submit(b"echo still served").result(20) == b"still served"
    assert second.submit(b"echo x").result(20) == b"x"


def test_an_interpreter_ends_when_another_is_kept_and_its_links_are_dropped(gone: Callable[..., bool]) -> None:
    link = hosted_zygote(Prelude(("csv",), ()))
    assert link.host is not None
    pid = link.host.pid
    hosted_zygote(Prelude(("wave",), ())).close()
    assert link.host.alive
    link.close()
    del link
    assert gone(pid, within_s=0)


def test_an_interpreter_that_was_killed_is_replaced(executor: Make, gone: Callable[..., bool]) -> None:
    old = _host_pid(executor(fresh=True))
    os.kill(old, signal.SIGKILL)
    assert gone(old)
    pool = executor(fresh=True)
    assert _host_pid(pool) != old
    assert pool.submit(b"echo x").result(20) == b"x"


def test_a_prelude_that_cannot_be_imported_harms_nobody_who_does_not_need_it(executor: Make) -> None:
    for fresh in (False, True):
        pool = executor(fresh=fresh, prelude=("no_such_module_anywhere", "json"))
        assert pool.submit(b"echo x").result(20) == b"x"


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("end", ["raise SystemExit(3)", "raise KeyboardInterrupt", "import sys; sys.exit()"])
def test_a_prelude_that_ends_its_interpreter_does_not_end_the_zygote(
    executor: Make, fresh: bool, end: str, tmp_path: Path
) -> None:
    (tmp_path / "ending.py").write_text(end)
    pool = executor(fresh=fresh, prelude=("ending", "json"), path=(HERE, str(tmp_path)))
    assert pool.submit(b"echo x").result(20) == b"x"


@pytest.mark.parametrize("changed", ["begun.py", "helping.py"])
def test_an_interpreter_whose_files_have_changed_is_not_used_again(
    executor: Make, changed: str, tmp_path: Path
) -> None:
    (tmp_path / "begun.py").write_text("import helping")
    (tmp_path / "helping.py").write_text("value = 1")
    time.sleep(0.05)
    prelude = ("begun",)
    pids = [_host_pid(executor(fresh=True, prelude=prelude, path=(HERE, str(tmp_path)))) for _ in range(2)]
    assert len(set(pids)) == 1
    (tmp_path / changed).write_text("value = 2")
    pool = executor(fresh=True, prelude=prelude, path=(HERE, str(tmp_path)))
    assert _host_pid(pool) not in pids
    assert pool.submit(b"echo x").result(20) == b"x"


def test_an_interpreter_that_does_not_answer_is_not_current(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("bancada.executors._host._ANSWER_S", 0.05)
    (tmp_path / "never_imported.py").write_text("import time\ntime.sleep(60)")
    host = ZygoteHost(Prelude(("never_imported",), (str(tmp_path),)))
    assert not host.current()
    host.close()
    assert not host.current()


def test_a_host_ends_when_it_is_closed(gone: Callable[..., bool]) -> None:
    host = ZygoteHost(Prelude((), ()))
    pid = host.pid
    assert host.alive
    host.close()
    assert gone(pid, within_s=0)


def test_a_zygote_ends_with_its_link(gone: Callable[..., bool]) -> None:
    link = fork_zygote(Prelude((), (HERE,)), 1)
    assert link.pid is not None
    link.close()
    link.close()
    assert gone(link.pid, within_s=0)


def test_a_zygote_that_hangs_is_killed(gone: Callable[..., bool], tmp_path: Path) -> None:
    (tmp_path / "never_imported.py").write_text("import time\ntime.sleep(60)")
    link = fork_zygote(Prelude(("never_imported",), (str(tmp_path),)), 1)
    assert link.pid is not None
    link.close()
    assert gone(link.pid, within_s=0)
