"""Laws of what a fold leaves behind: the next one sees nothing of it."""

from __future__ import annotations

import decimal
import gc
import os
import signal
import sys
import threading
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn import preprocessing

from bancada.engine._restoring import ProcessState

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.engine.conftest import Folder

WATCHED: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "folder": (os.getcwd, lambda: os.chdir("/")),
    "environment": (lambda: dict(os.environ), lambda: os.environ.update(BANCADA_LEFT="x", PATH="y")),
    "path": (lambda: list(sys.path), lambda: sys.path.insert(0, "/nowhere")),
    "filters": (lambda: list(warnings.filters), lambda: warnings.simplefilter("ignore")),
    "handlers": (lambda: signal.getsignal(signal.SIGUSR1), lambda: signal.signal(signal.SIGUSR1, lambda *_: None)),
    "timer": (lambda: signal.getitimer(signal.ITIMER_REAL), lambda: signal.alarm(100)),
    "mask": (
        lambda: signal.pthread_sigmask(signal.SIG_BLOCK, ()),
        lambda: signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2}),
    ),
    "decimal": (lambda: repr(decimal.getcontext()), lambda: setattr(decimal.getcontext(), "prec", 3)),
    "collection": (gc.isenabled, gc.disable),
    "recursion": (sys.getrecursionlimit, lambda: sys.setrecursionlimit(5_000)),
    "mode": (lambda: os.umask(os.umask(0o22)), lambda: os.umask(0o777)),
    "numpy": (np.geterr, lambda: np.seterr(all="raise")),
    "sklearn": (sklearn.get_config, lambda: sklearn.set_config(transform_output="pandas")),
    "pandas": (lambda: pd.get_option("display.max_rows"), lambda: pd.set_option("display.max_rows", 7)),
}


@pytest.mark.parametrize("name", sorted(WATCHED))
def test_what_is_cheap_to_put_back_is_put_back(name: str) -> None:
    read, change = WATCHED[name]
    # What other tests have left open is closed whenever it is collected.
    gc.collect()
    state, before = ProcessState(), read()
    state.begin()
    change()
    assert state.restore("a", 0.0) == ""
    assert read() == before


def test_what_is_put_back_is_put_back_each_time_and_costs_nothing_else() -> None:
    gc.collect()
    state = ProcessState()
    width, shown = pd.get_option("display.width"), dict(os.environ)
    for number in range(3):
        state.begin()
        os.environ[f"BANCADA_LEFT_{number}"] = "x"
        pd.set_option("display.width", 11 + number)
        assert state.restore("a", 0.0) == ""
        assert (pd.get_option("display.width"), dict(os.environ)) == (width, shown)
        state.begin()
        assert state.restore("a", 0.0) == ""


def test_a_folder_that_was_removed_is_left(tmp_path: Path) -> None:
    state, before = ProcessState(), os.getcwd()  # noqa: PTH109 - as the code under test reads it
    state.begin()
    (tmp_path / "gone").mkdir()
    os.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert state.restore("a", 0.0) == ""
    assert os.getcwd() == before  # noqa: PTH109 - as above


def test_a_patched_library_costs_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    state = ProcessState()
    state.begin()
    assert state.restore("a", 0.0) == ""
    monkeypatch.setattr(preprocessing.StandardScaler, "transform", lambda _, X: X)
    assert "StandardScaler.transform` was replaced" in state.restore("b", 0.0)
    monkeypatch.undo()
    monkeypatch.setattr(np, "load", lambda *_: None)
    assert state.restore("c", 0.0) == "`numpy.load` was replaced"


def test_a_thread_that_lives_on_costs_the_worker() -> None:
    state, over = ProcessState(), threading.Event()
    state.begin()
    thread = threading.Thread(target=over.wait, name="endless")
    thread.start()
    assert state.restore("a", 0.0) == "the thread `endless` lives on"
    over.set()
    thread.join()
    assert state.restore("a", 0.0) == ""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists open files")
def test_a_file_that_was_closed_costs_the_worker(tmp_path: Path) -> None:
    opened = os.open(tmp_path, os.O_RDONLY)
    state = ProcessState()
    state.begin()
    os.close(opened)
    assert state.restore("a", 0.0) == "a file was closed"


MEDDLING = """
import decimal, gc, os, random, sys, threading, time, warnings
import sklearn
from sklearn.preprocessing import StandardScaler
from sklearn.linear_model import SGDClassifier

class Meddling(LogisticRegression):
    def fit(self, X, y):
        super().fit(X, y)
        np.random.seed(0); random.seed(0)
        os.chdir("/"); os.environ["LEFT"] = "x"; sys.path.insert(0, "/nowhere"); gc.disable()
        np.seterr(all="ignore"); sklearn.set_config(transform_output="pandas"); decimal.getcontext().prec = 2
        StandardScaler.transform = lambda self, X: np.asarray(X) * 0
        threading.Thread(target=time.sleep, args=(600,)).start()
        return self

class Looking(SGDClassifier):
    def fit(self, X, y):
        scaled = StandardScaler().fit(X).transform(X)
        if type(scaled) is not np.ndarray or not scaled.any() or os.environ.get("LEFT") or os.getcwd() == "/":
            raise RuntimeError("something was left behind")
        if threading.active_count() > 1 or not gc.isenabled() or "/nowhere" in sys.path:
            raise RuntimeError("something else was left behind")
        return super().fit(X, y)

@bc.candidate
def meddling():
    return Meddling()

@bc.candidate
def looking():
    return Looking(loss="log_loss")
"""


def test_a_fold_after_a_meddling_one_gives_what_it_gives_in_a_fresh_worker(folder: Folder) -> None:
    folder.write(more=MEDDLING)
    alone = {answer.record.candidate: answer for answer in folder.run("looking", in_process=False)}["looking"]
    mixed = {
        answer.record.candidate: answer
        for answer in folder.run("meddling", "looking", in_process=False, again=True, workers=1)
    }
    assert mixed["meddling"].status == "done"
    assert mixed["looking"].status == "done"
    contents = [[use.content for use in answer.record.folds] for answer in (alone, mixed["looking"])]
    assert contents[0] == contents[1]
