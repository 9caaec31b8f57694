"""What a model logs is kept the moment the call returns; outside a run it does nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import bancada as bc
from bancada.engine._live import Sink, current_sink
from bancada.exceptions import NotFoundError, UsageError
from bancada.store import Journal

if TYPE_CHECKING:
    from tests.engine.conftest import Folder


def test_outside_a_run_nothing_happens(tmp_path: Path) -> None:
    bc.log(loss=0.5)
    bc.log_artifact(tmp_path / "missing")


def test_values_and_files_are_kept_with_the_fold(folder: Folder) -> None:
    folder.write(
        more="""
        from pathlib import Path

        class Talking(LogisticRegression):
            def fit(self, X, y):
                for step in range(3):
                    bc.log(step=step, loss=np.float64(1 / (step + 1)), shape=np.array(X.shape))
                Path("curve.txt").write_text("falling")
                bc.log_artifact("curve.txt", "curve-of-loss.txt")
                return super().fit(X, y)

        @bc.candidate
        def talking():
            return Talking()
        """
    )
    here = Path.cwd()
    os.chdir(folder.root)
    try:
        record = folder.run("talking", in_process=False)[0].record
    finally:
        os.chdir(here)
    use = record.folds[3]
    lines = folder.store.folds.log(use.key, use.content or "")
    assert [(line["step"], line["loss"]) for line in lines] == [(0, 1.0), (1, 0.5), (2, 1 / 3)]
    assert {(line["repeat"], line["fold"]) for line in lines} == {(use.repeat, use.fold)}
    kept = folder.store.folds.place(use.key, use.content or "") / "files" / "curve-of-loss.txt"
    assert kept.read_text() == "falling"
    journals = list(folder.store.runs.place("noisy", record.run_id).glob("journal-worker-*.jsonl"))
    written = [json.loads(line) for path in journals for line in path.read_text().splitlines()]
    assert len(written) == 3 * 8


def test_a_run_from_the_store_has_the_curves(folder: Folder) -> None:
    folder.write(
        more="""
        class Talking(LogisticRegression):
            def fit(self, X, y):
                bc.log(step=0)
                return super().fit(X, y)

        @bc.candidate
        def talking():
            return Talking()
        """
    )
    folder.run("talking")
    answer = folder.run("talking", repeats=3)[0]
    assert all(len(folder.store.folds.log(use.key, use.content or "")) == 1 for use in answer.record.folds)


def test_a_value_that_cannot_be_kept_is_refused(tmp_path: Path) -> None:
    sink = Sink(Journal(tmp_path / "journal.jsonl"), 0, 0, tmp_path / "files")
    token = current_sink.set(sink)
    try:
        with pytest.raises(TypeError, match=r"`bc\.log` takes numbers, texts.*not object"):
            bc.log(thing=object())
        with pytest.raises(NotFoundError, match=r"An artifact must be a file\."):
            bc.log_artifact(tmp_path / "missing")
        bc.log(curve=np.arange(3), name="x", flag=np.bool_(True))
    finally:
        current_sink.reset(token)
        sink.journal.close()
    assert json.loads((tmp_path / "journal.jsonl").read_text())["curve"] == [0, 1, 2]


@pytest.mark.parametrize("name", ["../../../ESCAPED.txt", "/ESCAPED.txt", "a b.txt", "", ".hidden", "a" * 121])
def test_an_artifact_is_named_as_a_file_of_the_store_or_nothing_is_written(tmp_path: Path, name: str) -> None:
    source = tmp_path / "curve.txt"
    source.write_text("falling")
    folder = tmp_path / "one" / "two" / "three" / "files"
    sink = Sink(Journal(tmp_path / "journal.jsonl"), 0, 0, folder)
    token = current_sink.set(sink)
    try:
        with pytest.raises(UsageError, match=r"An artifact's name is at most 120 letters.*Give it one") as caught:
            bc.log_artifact(source, name=name)
        bc.log_artifact(source)
    finally:
        current_sink.reset(token)
        sink.journal.close()
    assert repr(name) in str(caught.value)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [source, folder / "curve.txt"]


def test_a_file_whose_own_name_is_none_of_the_store_needs_another(tmp_path: Path) -> None:
    source = tmp_path / "a b.txt"
    source.write_text("falling")
    sink = Sink(Journal(tmp_path / "journal.jsonl"), 0, 0, tmp_path / "files")
    token = current_sink.set(sink)
    try:
        with pytest.raises(UsageError, match=r"Found 'a b\.txt'\."):
            bc.log_artifact(source)
        bc.log_artifact(source, name="a-b.txt")
    finally:
        current_sink.reset(token)
        sink.journal.close()
    assert (tmp_path / "files" / "a-b.txt").read_text() == "falling"


@pytest.mark.parametrize(
    ("value", "kept"),
    [(np.float32(0.5), 0.5), (np.array(3), 3), (np.ones((1, 2)), [[1.0, 1.0]]), ((1, "a"), [1, "a"]), (True, True)],
)
def test_values_are_kept_as_what_they_hold(tmp_path: Path, value: object, kept: object) -> None:
    sink = Sink(Journal(tmp_path / "journal.jsonl"), 0, 0, tmp_path)
    sink.write({"value": value})
    sink.journal.close()
    assert json.loads(sink.lines[0])["value"] == kept


@pytest.mark.parametrize("value", [np.longdouble(1) / 3, {1, object()}, np.array([object()])])
def test_what_holds_nothing_plain_is_refused(tmp_path: Path, value: object) -> None:
    sink = Sink(Journal(tmp_path / "journal.jsonl"), 0, 0, tmp_path)
    with pytest.raises(TypeError, match=r"`bc\.log` takes numbers"):
        sink.write({"value": value})


KILLED = """
import sys
from pathlib import Path
import bancada as bc
from bancada.engine._live import Sink, current_sink
from bancada.store import Journal

current_sink.set(Sink(Journal(Path(sys.argv[1])), 0, 0, Path(sys.argv[1]).parent))
step = 0
while True:
    bc.log(step=step)
    print(step, flush=True)
    step += 1
"""


def test_every_acknowledged_line_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(200):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    acknowledged = 200 + len(process.stdout.read().split("\n")[:-1])
    process.wait()
    process.stdout.close()
    lines = path.read_text().splitlines()
    assert len(lines) >= acknowledged
    assert [json.loads(line)["step"] for line in lines] == list(range(len(lines)))


def test_secrets_in_lists_and_files_are_not_kept(tmp_path: Path) -> None:
    token = "gh" + "p_" + "Z7" * 18
    journal = Journal(tmp_path / "journal.jsonl")
    (tmp_path / "notes.txt").write_text(f"with {token}")
    (tmp_path / "model.bin").write_bytes(b"\xff\xfe" + token.encode())
    sink = Sink(journal, 0, 0, tmp_path / "artifacts")
    before = current_sink.set(sink)
    try:
        bc.log(notes=[token], nested=[["x", token]], loss=0.5)
        bc.log_artifact(tmp_path / "notes.txt")
        bc.log_artifact(tmp_path / "model.bin")
    finally:
        current_sink.reset(before)
        journal.close()
    assert token not in (tmp_path / "journal.jsonl").read_text()
    told = [json.loads(line) for line in sink.lines]
    assert told[0]["notes"] == ["[masked: GitHub token]"]
    assert (told[1]["withheld"], told[1]["because"]) == ("notes.txt", "it holds GitHub token")
    assert list(sink.artifacts) == ["model.bin"]
