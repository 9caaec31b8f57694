"""Two drivers on one store: what one computes the other waits for, and nobody waits for ever."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from bancada.engine._listening import Silence
from bancada.store import Folds, Leases, _leases

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from tests.engine.conftest import Folder


class Listener(Silence):
    """Hears what is waited for."""

    def __init__(self) -> None:
        self.waited: list[int] = []

    def waiting(self, folds: int) -> None:
        self.waited.append(folds)


def held(folder: Folder, count: int) -> tuple[Leases, list[str]]:
    """Have another driver hold the first folds of a candidate."""
    keys = [fold.key for fold in folder.plan("bayes").claims[0].missing[:count]]
    other = Leases(folder.store.root)
    for key in keys:
        other.take(key)
    other._written = None  # all of them at once: the test does not wait a second for the last
    other.beat()
    return other, keys


def test_folds_of_another_driver_are_left_for_last_and_taken_when_they_come(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.run("bayes")
    full = Folds(tmp_path / "full", tmp_path / "aside")
    (folder.store.root / "folds").rename(full.folder)
    other, keys = held(folder, 3)
    come: list[str] = []

    def sleep(_: float) -> None:
        # The other driver stores its folds, one after another, and goes.
        key = keys[len(come)]
        come.append(key)
        shutil.copytree(full.place(key), folder.store.folds.place(key))
        if len(come) == len(keys):
            other.close()

    monkeypatch.setattr(_leases, "LOOK_S", 0.0)
    monkeypatch.setattr("bancada.engine._sweep.sleep", sleep)
    listener = Listener()
    answer = folder.run("bayes", listener=listener)[0]
    assert listener.waited == [3, 2, 1]
    assert (len(answer.cached), answer.status) == (3, "done")
    assert not list((folder.store.root / "leases").iterdir())


def test_folds_whose_driver_went_without_them_are_computed(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    other, _ = held(folder, 1)
    monkeypatch.setattr(_leases, "LOOK_S", 0.0)
    monkeypatch.setattr("bancada.engine._sweep.sleep", lambda _: other.close())
    listener = Listener()
    answer = folder.run("bayes", listener=listener)[0]
    assert listener.waited == [1]
    assert (len(answer.cached), answer.status) == (0, "done")


def test_what_is_run_again_waits_for_nobody(folder: Folder) -> None:
    other, _ = held(folder, 1)
    listener = Listener()
    answer = folder.run("bayes", listener=listener, again=True)[0]
    other.close()
    assert listener.waited == []
    assert (len(answer.cached), answer.status) == (0, "done")


def test_ctrl_c_leaves_no_lease(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    other, _ = held(folder, 1)

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bancada.engine._sweep.sleep", interrupt)
    assert folder.outcome("bayes").interrupted
    other.close()
    assert not list((folder.store.root / "leases").iterdir())


SLOW = """
import time
from pathlib import Path

class Slow(GaussianNB):
    def fit(self, X, y):
        with Path({log!r}).open("a") as log:
            log.write("fit\\n")
        time.sleep(0.25)
        return super().fit(X, y)

@bc.candidate
def slow():
    return Slow()
"""


def test_two_processes_on_one_store_share_the_work(folder: Folder, tmp_path_factory: pytest.TempPathFactory) -> None:
    log = tmp_path_factory.mktemp("log") / "fits"
    folder.write(candidates=SLOW.format(log=str(log)))
    command = [sys.executable, "-m", "bancada", "run", "slow", "--cores", "1"]
    drivers = [
        subprocess.Popen(command, cwd=folder.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)
    ]
    answers = [driver.communicate(timeout=120) for driver in drivers]
    assert [driver.returncode for driver in drivers] == [0, 0], answers
    store = folder.store
    assert store.verify() == ()
    runs = [run for run in store.runs.walk() if store.runs.read(*run) is not None]
    assert len(runs) >= 2
    # Each alone fits 8 folds. Both began at once, so that a few may have been computed twice.
    assert log.read_text().count("fit") < 16
