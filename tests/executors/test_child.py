"""Laws of what a child does first, each seen from a real child."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from typing import TYPE_CHECKING

import pytest

from bancada.executors._child import Output, fork, separate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _apart(look: Callable[[], object]) -> Callable[[], object]:
    def act() -> object:
        separate()
        return look()

    return act


def _handler(number: int) -> str:
    return str(signal.getsignal(number))


def _in_child(action: Callable[[], object]) -> str:
    reader, writer = os.pipe()
    pid = fork()
    if pid == 0:
        try:
            os.write(writer, repr(action()).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told:
        text = told.read()
    os.waitpid(pid, 0)
    return text


def test_a_child_leads_a_session_of_its_own() -> None:
    assert _in_child(_apart(lambda: os.getsid(0) == os.getpid() == os.getpgid(0))) == "True"


def test_handlers_of_the_parent_do_not_run_in_a_child() -> None:
    before = signal.signal(signal.SIGUSR1, lambda _number, _frame: None)
    try:
        assert _in_child(_apart(lambda: _handler(signal.SIGUSR1))) == repr(str(signal.SIG_DFL))
        assert _in_child(_apart(lambda: _handler(signal.SIGINT))) == repr(str(signal.SIG_IGN))
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_signals_are_held_back_in_the_child_until_it_separates_and_not_in_the_parent() -> None:
    assert _in_child(lambda: signal.SIGTERM in signal.pthread_sigmask(signal.SIG_BLOCK, ())) == "True"
    assert _in_child(_apart(lambda: signal.pthread_sigmask(signal.SIG_BLOCK, ()))) == "set()"
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_a_fork_warns_of_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert _in_child(lambda: 1) == "1"


def test_all_output_is_appended_to_the_log_and_input_is_empty(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("before\n")

    def act() -> str:
        Output(log)
        print("out")  # noqa: T201 - the output that the log catches
        print("err", file=sys.stderr)  # noqa: T201 - as above
        os.write(1, b"raw\n")
        return sys.stdin.read()

    assert _in_child(act) == "''"
    assert log.read_text().splitlines() == ["before", "out", "err", "raw"]


@pytest.mark.parametrize("harm", ["sys.stdout.close()", "os.close(1)", "sys.stdout = None", "del sys.stderr"])
def test_streams_come_back_whatever_was_done_to_them(tmp_path: Path, harm: str) -> None:
    log = tmp_path / "log"

    def act() -> None:
        output = Output(log)
        exec(harm, {"sys": sys, "os": os})  # noqa: S102 - the harms listed above, as a user's code would do them
        output.restore()
        print("out")  # noqa: T201 - the output that the log catches
        print("err", file=sys.stderr)  # noqa: T201 - as above
        os.write(1, b"raw\n")

    _in_child(act)
    assert log.read_text().splitlines() == ["out", "err", "raw"]
