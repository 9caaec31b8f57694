"""Real processes: Ctrl-C, a kill, a reader that leaves, two sweeps at once. None loses a fold or leaves a process."""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from tests.acceptance.conftest import Typed

SLOW = """
import time


class Slow(Curve):
    def fit(self, X, y):
        print("noise on stdout", flush=True)
        time.sleep(0.1)
        return super().fit(X, y)


@bc.candidate
def slow(cut: float = 0.0):
    return Slow(cut)
"""
DEADLY = """
import os


class Deadly(Curve):
    def fit(self, X, y):
        os._exit(9)


class Endless(Curve):
    def fit(self, X, y):
        time.sleep(60)


@bc.candidate
def deadly():
    return Deadly()


@bc.candidate
def endless():
    return Endless()
"""
WAIT_S = 60.0
LINUX = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found by their environment")


def _until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def _folds(typed: Typed) -> int:
    return sum(1 for _ in typed.store.glob("folds/??/*/[0-9a-f]*/fold.json"))


def _started(typed: Typed, *words: str) -> subprocess.Popen[str]:
    """Start a sweep, and return when its first folds are kept."""
    process = typed.spawn("run", "slow", "--cores", "2", *words, environ={"BANCADA_TEST_MARK": str(typed.root)})
    _until(lambda: _folds(typed) >= 2 or process.poll() is not None)
    return process


def _left(typed: Typed) -> list[str]:
    """List the processes that still carry the mark of this test's sweeps."""
    mark = f"BANCADA_TEST_MARK={typed.root}".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in path.read_bytes().split(b"\0"):
                found.append(path.parent.name)
        except OSError:
            continue
    return found


@pytest.fixture
def slow(typed: Typed) -> Typed:
    typed.write(SLOW, split="bc.splits.KFold(3, repeats=4, seed=1)")
    return typed


@LINUX
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_sweep_keeps_what_is_finished_and_goes_on_from_there(slow: Typed, sent: signal.Signals) -> None:
    process = _started(slow, "--json")
    process.send_signal(sent)
    out, err = process.communicate(timeout=WAIT_S)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    kept = _folds(slow)
    document = json.loads(out)
    assert document["schema"] == "bancada.run/1"
    assert [run["status"] for run in document["runs"] if run["candidate"] == "slow"] == ["interrupted"]
    _until(lambda: not _left(slow))
    assert slow.types("store", "verify").code == 0
    after = slow.runs("slow", "--json")
    assert after.code == 0
    folds = [fold for run in after.document["runs"] for fold in run["folds"]]
    assert len(folds) == 24
    assert 2 <= sum(fold["cached"] for fold in folds) <= kept < 24


@LINUX
def test_a_driver_that_is_killed_leaves_no_process_and_loses_no_fold(slow: Typed) -> None:
    process = _started(slow)
    process.kill()
    process.communicate(timeout=WAIT_S)
    _until(lambda: not _left(slow))
    kept = _folds(slow)
    assert slow.types("store", "verify").code == 0
    for verb in (("list",), ("store", "rebuild")):
        assert slow.types(*verb).code == 0
    document = slow.runs("slow", "--json").document
    assert [run["status"] for run in document["runs"]] == ["done", "done"]
    assert 2 <= sum(fold["cached"] for run in document["runs"] for fold in run["folds"]) <= kept


@LINUX
def test_two_sweeps_on_one_store_both_finish(slow: Typed) -> None:
    environ = {"BANCADA_TEST_MARK": str(slow.root)}
    both = [slow.spawn("run", "--cores", "1", "--json", environ=environ) for _ in range(2)]
    for process in both:
        out, err = process.communicate(timeout=WAIT_S)
        assert process.returncode == 0, err
        assert {run["status"] for run in json.loads(out)["runs"]} <= {"done", "known"}
    _until(lambda: not _left(slow))
    assert slow.types("store", "verify").code == 0
    again = slow.runs("--json").document["runs"]
    assert [run["status"] for run in again] == ["known", "known"]


def test_whatever_a_model_does_to_its_worker_is_a_failed_fold_of_its_own(typed: Typed) -> None:
    typed.write(SLOW, after=DEADLY)
    process = typed.spawn("run", "--json", "--cores", "2", "--timeout", "1")
    out, err = process.communicate(timeout=WAIT_S)
    assert process.returncode == 1, err
    assert "noise" not in out
    runs = {run["candidate"]: run for run in json.loads(out)["runs"]}
    statuses = {name: run["status"] for name, run in runs.items()}
    assert statuses == {"baseline": "done", "deadly": "failed", "endless": "failed", "slow": "done"}
    kinds = {name: {fold["error"]["kind"] for fold in runs[name]["folds"]} for name in ("deadly", "endless")}
    assert kinds["deadly"] <= {"died", "cancelled"}
    assert kinds["endless"] <= {"timeout", "cancelled"}


def test_a_reader_that_has_seen_enough_ends_a_verb_in_silence(typed: Typed) -> None:
    typed.write_data(n_rows=20_000)
    process = typed.spawn("show", "--split", "--csv")
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline().startswith("id,")
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert (process.wait(WAIT_S), err) == (0, "")


@LINUX
def test_ctrl_c_while_the_projects_modules_are_imported_is_130(typed: Typed) -> None:
    typed.write_text("import time\nfrom pathlib import Path\nPath('importing').touch()\ntime.sleep(60)\n")
    process = typed.spawn("run", environ={"BANCADA_TEST_MARK": str(typed.root)})
    _until((typed.root / "importing").exists)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=WAIT_S)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert not typed.store.exists()
    assert _left(typed) == []


def test_demo_runs_where_there_is_nothing_and_again_from_what_is_stored(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = typed.root.parent / "empty"
    nowhere.mkdir()
    process = typed.spawn("demo", "--json", cwd=nowhere)
    out, err = process.communicate(timeout=WAIT_S)
    assert process.returncode == 0, err
    runs = json.loads(out)["runs"]
    assert sorted(run["candidate"] for run in runs) == ["baseline", "boosting", "forest", "logistic", "neighbours"]
    assert {run["status"] for run in runs} == {"done"}
    monkeypatch.chdir(nowhere)
    monkeypatch.delitem(sys.modules, "experiment", raising=False)
    again = typed.types("demo")
    assert again.code == 0, again.err
    assert "0 folds computed, 75 from the store" in again.err
    assert again.out.startswith("tumours · roc_auc ↑")
    del sys.modules["experiment"]


def test_demo_does_not_write_into_a_folder_of_other_things(typed: Typed) -> None:
    before = sorted(typed.root.iterdir())
    typed.types("demo", ".").refuses(
        "The demo goes into a folder that is empty", "`data.csv`", "`bancada demo FOLDER`."
    )
    assert sorted(typed.root.iterdir()) == before
