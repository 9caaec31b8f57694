"""Laws of the tail: each part ends as its writer ended it, whatever the pieces, and memory is bounded."""

from __future__ import annotations

import copy
import itertools
import os
import re
import resource
import sys
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.exceptions import WorkerLost
from bancada.executors._tail import KEPT_BYTES, Answer, Tail, TailPipe

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from pathlib import Path

    from bancada.executors import ProcessExecutor

    Make = Callable[..., ProcessExecutor]

MARK = b"<<end>>"
LINES = st.lists(st.binary(max_size=12).map(lambda line: line.replace(b"<", b" ") + b"\n"), max_size=12).map(b"".join)


def _pieces(stream: bytes, cuts: list[int]) -> list[bytes]:
    edges = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    return [stream[start:end] for start, end in itertools.pairwise(edges)]


@given(parts=st.lists(LINES, min_size=1, max_size=5), cuts=st.lists(st.integers(0, 10_000), max_size=12))
def test_parts_come_back_whole_however_the_stream_is_cut(parts: list[bytes], cuts: list[int]) -> None:
    tail = Tail(MARK, kept=1_000)
    for piece in _pieces(MARK.join(parts), cuts):
        tail.feed(piece)
    assert [tail.take() for _ in parts] == parts
    assert not tail.ended
    assert tail.take() == b""


@given(part=LINES, cuts=st.lists(st.integers(0, 10_000), max_size=12), kept=st.integers(8, 40), ends=st.booleans())
def test_of_a_long_part_the_last_lines_are_kept_and_the_rest_is_counted(
    part: bytes, cuts: list[int], kept: int, *, ends: bool
) -> None:
    tail = Tail(MARK, kept=kept)
    for piece in _pieces(part + MARK * ends, cuts):
        tail.feed(piece)
    told = tail.take()
    if len(part) <= kept:
        assert told == part
        return
    head, _, rest = told.partition(b"\n")
    counted = re.fullmatch(rb"\[\.\.\. (\d+) bytes before this are not kept \.\.\.\]", head)
    assert counted is not None
    assert int(counted[1]) + len(rest) == len(part)
    assert part.endswith(rest)
    assert 0 < len(rest) <= kept


def test_a_secret_that_the_cut_would_halve_is_left_out() -> None:
    tail = Tail(MARK, kept=20)
    tail.feed(b"password=hunter2hunter2\n" + b"x" * 10 + b"\n")
    assert tail.take().splitlines()[1:] == [b"x" * 10]


def test_a_flood_is_held_in_a_bounded_buffer() -> None:
    pipe = TailPipe()
    piece = b"x" * 60_000 + b"\n"
    for _ in range(1_000):
        os.write(pipe.writer, piece)
        assert pipe.drain()
    text = pipe.text()
    assert len(text) < KEPT_BYTES + 100
    assert text.startswith("[... 59")
    pipe.close()


def test_what_is_no_text_is_replaced_and_the_end_of_the_writer_is_told() -> None:
    pipe = TailPipe()
    os.write(pipe.writer, b"caf\xe9\n" + pipe.mark + b"next")
    assert pipe.text() == "caf\ufffd\n"
    assert pipe.text() == "next"
    pipe.handed()
    assert not pipe.drain()
    pipe.close()


@pytest.mark.parametrize("body", [b"", b"answer"])
def test_an_answer_is_its_bytes(body: bytes) -> None:
    answer = Answer.of(body, "said")
    assert (answer, answer.output) == (body, "said")


def _said(future: Future[bytes]) -> str:
    output: str = getattr(future.result(60), "output", "")
    return output


def test_each_job_has_what_it_wrote_and_no_other(executor: Make) -> None:
    pool = executor(workers=2)
    futures = {word: pool.submit(f"say {word}".encode()) for word in ("one", "two", "three", "four", "five")}
    quiet = pool.submit(b"pid")
    assert {word: _said(future).split() for word, future in futures.items()} == {word: [word] * 3 for word in futures}
    assert _said(quiet) == ""


def test_a_flood_of_100_megabytes_neither_blocks_the_job_nor_fills_the_memory(executor: Make) -> None:
    pool = executor()
    pool.submit(b"flood 1").result(60)
    before_kib, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    text = _said(pool.submit(b"flood 100"))
    assert time.monotonic() - started < 20
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib
    assert grown_kib * (1 if sys.platform == "linux" else 1 / 1024) < 20_000
    assert text.endswith("the last line\n")
    assert len(text) < KEPT_BYTES + 100
    assert re.match(r"\[\.\.\. 99[0-9]{6} bytes before this are not kept \.\.\.\]\nline [0-9]{5} of", text)


def test_what_was_written_before_a_stream_was_closed_or_led_elsewhere_is_kept(executor: Make, tmp_path: Path) -> None:
    pool = executor()
    assert _said(pool.submit(f"redirect {tmp_path / 'file'}".encode())) == "before\n"
    assert (tmp_path / "file").read_text() == "into the file\n"
    assert _said(pool.submit(b"close")) == ""
    assert _said(pool.submit(b"jam first")) == "first\n"
    assert _said(pool.submit(b"flood 1")).endswith("the last line\n")


def test_a_crash_shows_where_it_was_although_the_streams_were_closed(executor: Make) -> None:
    with pytest.raises(WorkerLost, match="SIGSEGV") as told:
        executor().submit(b"crash last words").result(10)
    assert told.value.output.startswith("last words\nFatal Python error: Segmentation fault")
    assert "in _crash" in told.value.output
    assert copy.copy(told.value).output == told.value.output


@pytest.mark.parametrize("job", ["say", "flood"])
def test_a_job_past_its_limit_leaves_what_it_wrote(executor: Make, job: str) -> None:
    with pytest.raises(WorkerLost, match="still ran it") as told:
        executor().submit({"say": b"linger hello", "flood": b"flood 1000000"}[job], 0.4).result(10)
    assert told.value.output.startswith({"say": "hello\n", "flood": "[... "}[job])
