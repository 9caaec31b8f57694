"""`bancada try --watch`: a real process, real saves, a real Ctrl-C."""

from __future__ import annotations

import os
import queue
import signal
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

import msgspec
import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from tests.acceptance.conftest import Typed

SPLIT = "bc.splits.KFold(3, repeats=3, seed=1)"
SLOW = """
import time

class Slow(Curve):
    def fit(self, X, y):
        time.sleep(0.4)
        return super().fit(X, y)

@bc.candidate
def third(cut: float = 0.3):
    return Slow(cut, "a")
"""
QUICK = SLOW.replace("time.sleep(0.4)", "pass")
LIMIT_S = 60.0


class Watch:
    """A `bancada try --watch` under way, and what it says."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._readers = [
            threading.Thread(target=self._read, args=(stream,))
            for stream in (process.stdout, process.stderr)
            if stream is not None
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                self._lines.put(line)

    def close(self) -> None:
        """End it, and all that it left, if it has not ended."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for reader in self._readers:
            reader.join(timeout=20)

    def until(self, *words: str) -> str:
        """Wait for a line that holds one of these, and return it."""
        deadline = time.monotonic() + LIMIT_S
        while True:
            try:
                line = self._lines.get(timeout=max(deadline - time.monotonic(), 0.01))
            except queue.Empty:
                pytest.fail(f"no {words} in: {''.join(self.said)}")
            self.said.append(line)
            if any(word in line for word in words):
                return line

    def interrupt(self) -> int:
        """Press Ctrl-C and return the exit code."""
        os.kill(self.process.pid, signal.SIGINT)
        return self.process.wait(timeout=20)


@pytest.fixture
def watch(typed: Typed) -> Iterator[Watch]:
    """Watch the trial of a candidate against a leader."""
    typed.write(split=SPLIT, after=QUICK)
    typed.write_data(n_rows=300)
    assert typed.runs("first").code == 0
    started = Watch(typed.spawn("try", "third", "--watch"))
    yield started
    started.close()


def children(root: Path) -> list[str]:
    """List the processes that work in the project's folder, this one left out."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if int(process.name) != os.getpid() and (process / "cwd").resolve() == root.resolve():
                found.append(f"{process.name} {(process / 'cmdline').read_text()[:80]}")
        except OSError:
            continue
    return found


def test_a_save_is_tried_at_once_and_ctrl_c_ends_it_with_nothing_left(watch: Watch, typed: Typed) -> None:
    watch.until("Watching")
    typed.write(split=SPLIT, after=QUICK.replace("cut: float = 0.3", "cut: float = 0.1"))
    assert typed.module in watch.until("saved:")
    assert "1/9" in watch.until("1/9", "error")
    watch.until("Watching")
    assert watch.interrupt() == 0
    assert "kept" in watch.until("Watch ended")
    assert children(typed.root) == []


def test_a_save_during_a_trial_interrupts_it_and_keeps_its_folds(watch: Watch, typed: Typed) -> None:
    watch.until("Watching")
    typed.write(split=SPLIT, after=SLOW)
    watch.until("2/9")
    typed.write(split=SPLIT, after=QUICK)
    watch.until("Interrupted after fold")
    watch.until("Watching")
    assert watch.interrupt() == 0
    runs = typed.types("list", "--json").document["runs"]
    explored = [run for run in runs if run["status"] == "explored"]
    assert len(explored) == 1
    typed.write(split=SPLIT, after=SLOW)
    run = typed.runs("third", "--json").document["runs"][0]
    assert sum(fold["cached"] for fold in run["folds"]) in {2, 3}


@pytest.mark.slow
def test_what_cannot_be_imported_is_told_in_a_line_and_waited_for(watch: Watch, typed: Typed) -> None:
    watch.until("Watching")
    typed.write(split=SPLIT, after="def broken(:\n")
    line = watch.until("cannot be imported")
    assert f"{typed.module}.py:" in line
    assert "SyntaxError" in line
    watch.until("Watching")
    typed.write(split=SPLIT, after="from missing_helper import third\n")
    assert "ModuleNotFoundError" in watch.until("cannot be imported")
    watch.until("Watching")
    # The helper comes later, as a file that nobody had imported before.
    helper = f"import bancada as bc\n@bc.candidate\ndef third(cut: float = 0.2):\n    import {typed.module} as m\n"
    (typed.root / "missing_helper.py").write_text(f"{helper}    return m.Curve(cut)\n")
    assert "1/9" in watch.until("1/9", "error", "cannot")
    assert not any("Traceback" in line for line in watch.said)
    watch.until("Watching")
    assert watch.interrupt() == 0


@pytest.mark.slow
def test_ctrl_c_during_a_trial_keeps_what_is_done(watch: Watch, typed: Typed) -> None:
    watch.until("Watching")
    typed.write(split=SPLIT, after=SLOW)
    watch.until("1/9")
    assert watch.interrupt() == 0
    assert children(typed.root) == []
    assert [run["status"] for run in typed.types("list", "--json").document["runs"]].count("explored") == 1


@pytest.mark.slow
def test_the_death_of_the_watcher_ends_the_trial(watch: Watch, typed: Typed) -> None:
    watch.until("Watching")
    typed.write(split=SPLIT, after=SLOW)
    watch.until("1/9")
    watch.process.kill()
    watch.process.wait()
    deadline = time.monotonic() + 10
    while children(typed.root) and time.monotonic() < deadline:
        pass
    assert children(typed.root) == []


def test_a_mistyped_candidate_ends_it_at_once(typed: Typed) -> None:
    process = typed.spawn("try", "frist", "--watch")
    out, err = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 2, err
    assert "`first`" in err
    assert out == ""


def test_json_is_one_document_a_line(typed: Typed) -> None:
    typed.write(split=SPLIT, after=QUICK)
    typed.write_data(n_rows=300)
    watch = Watch(typed.spawn("try", "third", "--watch", "--json"))
    first = msgspec.json.decode(watch.until('"schema"'))
    watch.until("Watching")
    typed.write(split=SPLIT, after=QUICK.replace("0.3", "0.4"))
    second = msgspec.json.decode(watch.until('"schema"'))
    assert watch.interrupt() == 0
    watch.close()
    assert first["schema"] == second["schema"] == "bancada.try/1"
    assert first["run_id"] != second["run_id"]
