"""A sweep is told live in a terminal, quietly in a log."""

from __future__ import annotations

import io
import re
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.cli._progress import Progress, _Claim, _Sweep

if TYPE_CHECKING:
    from collections.abc import Callable


class _Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _sweep(stream: io.StringIO, clock: _Clock, environ: dict[str, str] | None = None) -> Progress:
    progress = Progress(stream, environ or {}, clock)
    progress.planned(20, 5, 4)
    return progress


def test_a_log_gets_a_line_for_each_failure_and_each_run_and_one_that_sums_up() -> None:
    stream, clock = io.StringIO(), _Clock()
    with _sweep(stream, clock) as progress:
        for fold in range(5):
            progress.fold("boosting", 0, fold, "done", None, cached=True)
        for fold in range(5):
            progress.fold("forest", 0, fold, "ValueError: NaN" if fold > 2 else "done", 1.0, cached=False)
        clock.now += 65
        progress.run("boosting", "known", "0.848 (0.839–0.856)")
        progress.run("forest\x1b[31m", "failed", "ValueError: NaN")
    progress.close()
    assert stream.getvalue() == (
        "forest: ValueError: NaN (repeat 0, fold 3)\n"
        "boosting: known  0.848 (0.839–0.856)\n"
        "forest\\x1b[31m: failed  ValueError: NaN\n"
        "2 of 4 runs in 1 min 5 s · 5 folds computed, 5 from the store · 1 failed\n"
    )


def test_a_terminal_shows_counts_time_left_and_a_line_for_each_claim_in_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    stream, clock = _Terminal(), _Clock()
    with _sweep(stream, clock) as progress:
        clock.now += 10
        progress.fold("boosting", 0, 0, "done", 5.0, cached=False)
        clock.now += 10
        progress.fold("forest", 0, 0, "ValueError: NaN", 15.0, cached=False)
        shown = re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", stream.getvalue())
        assert "7/20 folds  20 s, about 2 min" in shown
        assert "1 failed" in shown
        assert re.search(r"boosting  [━┄]{12}  1/5  5\.0 s a fold", shown)
        assert "forest: ValueError: NaN (repeat 0, fold 0)" in shown
    assert "0 of 4 runs in 20 s" in stream.getvalue()


def test_a_log_says_once_that_another_process_is_waited_for() -> None:
    stream, clock = io.StringIO(), _Clock()
    with _sweep(stream, clock) as progress:
        for folds in (3, 3, 2):
            progress.waiting(folds)
        progress.fold("boosting", 0, 0, "done", None, cached=True)
        progress.waiting(1)
    assert re.findall(r"waiting for (\d+) folds that another process computes", stream.getvalue()) == ["3", "1"]


def test_an_interrupted_run_is_neither_finished_nor_failed() -> None:
    stream = io.StringIO()
    with _sweep(stream, _Clock()) as progress:
        progress.run("boosting", "interrupted", "")
    assert stream.getvalue().startswith("boosting: interrupted\n0 of 4 runs in 0 s")
    assert "failed" not in stream.getvalue()


def test_folds_that_were_never_computed_do_not_make_the_forecast_shorter() -> None:
    stream, clock = _Terminal(), _Clock()
    with _sweep(stream, clock) as progress:
        clock.now += 4
        progress.fold("forest", 0, 0, "done", 4.0, cached=False)
        progress.fold("broken", 0, 0, "failed", 0.0, cached=False)
        assert progress._sweep.remaining_s(4.0) == pytest.approx(4.0 * 13)


def test_a_terminal_without_colour_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    stream, clock = _Terminal(), _Clock()
    with _sweep(stream, clock, {"NO_COLOR": "1"}) as progress:
        progress.fold("forest", 0, 0, "ValueError", 15.0, cached=False)
    assert not re.search(r"\x1b\[3\dm", stream.getvalue())


def _draws(stream: io.StringIO, act: Callable[[], None]) -> bool:
    before = len(stream.getvalue())
    act()
    return len(stream.getvalue()) > before


def test_it_draws_at_most_ten_times_a_second() -> None:
    stream, clock = _Terminal(), _Clock()
    with _sweep(stream, clock) as progress:
        drawn = 0
        for _ in range(1000):
            clock.now += 0.001
            drawn += _draws(stream, progress.tick)
        assert 8 <= drawn <= 10


def test_it_starts_no_thread() -> None:
    before = set(threading.enumerate())
    with _sweep(_Terminal(), _Clock()) as progress:
        progress.fold("forest", 0, 0, "done", 1.0, cached=False)
        assert set(threading.enumerate()) <= before


def test_many_claims_in_work_do_not_fill_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LINES", "40")
    stream, clock = _Terminal(), _Clock()
    with _sweep(stream, clock) as progress:
        for number in range(50):
            progress.fold(f"candidate {number}", 0, 0, "done", 1.0, cached=False)
        clock.now += 1
        progress.tick()
        assert "and 40 more in work" in stream.getvalue()


@given(st.integers(1, 50), st.integers(1, 20), st.floats(0.01, 100), st.integers(1, 8))
def test_equal_folds_side_by_side_are_forecast_exactly(claims: int, folds: int, cost_s: float, workers: int) -> None:
    sweep = _Sweep(total=claims * folds, claims=claims, ended=folds, finished=[_Claim(folds, 0, folds, cost_s * folds)])
    left_s = sweep.remaining_s(elapsed_s=cost_s * folds / workers)
    assert left_s == pytest.approx(cost_s * (claims - 1) * folds / workers)


def test_nothing_is_forecast_from_nothing() -> None:
    assert _Sweep(total=10, claims=2).remaining_s(1.0) is None


def test_stored_folds_count_once_whether_told_before_or_after() -> None:
    before = _Sweep(total=20, known=5, claims=4, ended=3)
    after = _Sweep(total=20, known=5, claims=4, ended=8, cached=5)
    assert before.there == after.there == 8
