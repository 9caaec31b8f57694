"""Laws of errors that cross a process, and their words."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from bancada.exceptions import DataError, NotComparable, WorkerLost
from bancada.executors._errors import died, pack_error, silent, timed_out, unpack_error, zygote_lost


class Unspeakable(Exception):  # noqa: N818 - named for what it does
    """An error whose every part fails."""

    def __str__(self) -> str:
        raise RuntimeError("no text")

    def __reduce__(self) -> str:
        raise RuntimeError("no state")


class Changeling(Exception):  # noqa: N818 - named for what it does
    """An error that comes back from its pickle as something else."""

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return str, ("no error",)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("x", 1),
        DataError("A rule.", "A finding.", "A remedy."),
        NotComparable("A rule.", "A finding.", "A remedy.", fields=["split.seed"]),
        WorkerLost("A rule.", "A finding.", "A remedy.", cause="timeout"),
    ],
)
def test_an_error_arrives_as_itself_with_its_traceback(error: Exception) -> None:
    back = unpack_error(pack_error(error))
    state = {key: value for key, value in vars(back).items() if key != "__notes__"}
    assert (type(back), back.args, state) == (type(error), error.args, vars(error))
    assert type(error).__name__ in back.__notes__[-1]


@pytest.mark.parametrize(
    "error",
    [Unspeakable(), Changeling("x"), SystemExit(2), KeyboardInterrupt(), GeneratorExit(), ValueError(lambda: 0)],
)
def test_what_cannot_travel_arrives_as_text(error: BaseException) -> None:
    back = unpack_error(pack_error(error))
    assert type(back) is RuntimeError
    assert type(error).__name__ in str(back)


def test_a_class_that_the_driver_lacks_arrives_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    body = pack_error(Changeling("x"))
    error = type("Fleeting", (Exception,), {"__module__": __name__})
    monkeypatch.setitem(globals(), "Fleeting", error)
    body = pack_error(error("y"))
    monkeypatch.undo()
    assert type(unpack_error(body)) is RuntimeError
    assert "Fleeting: y" in str(unpack_error(body))


@pytest.mark.parametrize(
    ("status", "found", "remedy"),
    [
        (3 << 8, "ended with exit code 3 while it ran a job", "raise an error"),
        (signal.SIGKILL, "ended by SIGKILL", "memory ran out"),
        (signal.SIGSEGV | 0x80, "ended by SIGSEGV", "Native code crashed"),
        (signal.SIGTERM, "ended by SIGTERM", "who sent the signal"),
        (40, "ended by signal 40", "who sent the signal"),
    ],
)
def test_a_death_is_told_in_three_sentences(status: int, found: str, remedy: str) -> None:
    error = died(status, worker="Worker 1", doing="ran a job", log=Path("/logs/w"))
    assert (found in error.found, remedy in error.remedy, error.cause) == (True, True, "died")
    assert ("`/logs/w`" in error.remedy) is (status != signal.SIGKILL)


def test_a_limit_in_time_is_told_with_its_value() -> None:
    error = timed_out(2.5, "Worker 1")
    assert "limit of 2.5 s" in str(error)
    assert error.cause == "timeout"


def test_other_losses_are_deaths() -> None:
    assert {silent("Worker 1").cause, zygote_lost().cause} == {"died"}
