"""The judging of older runs is counted in a terminal, and silent elsewhere."""

from __future__ import annotations

import io

from bancada.cli._judging import Judging


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_the_count_at_most_ten_times_a_second_and_nothing_afterwards() -> None:
    stream, now = _Terminal(), [0.0]
    judging = Judging(stream, lambda: now[0])
    judging.planned(2_000)
    for number in range(1, 11):
        judging.judged(number)
        now[0] += 0.0625
    judging.close()
    judging.close()
    text = stream.getvalue()
    assert text.startswith("\rjudging anew: 1 of 2,000 runs")
    assert text.count("\rjudging") == 5
    assert text.count("\x1b[K") == 1
    assert text.endswith("\r\x1b[K")


def test_a_log_gets_nothing() -> None:
    stream = io.StringIO()
    judging = Judging(stream)
    judging.planned(3)
    judging.judged(1)
    judging.tick()
    judging.close()
    assert stream.getvalue() == ""
