"""Laws of a sweep with models that mean no good: each fails with its reason, and harms no other and no machine."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.engine.conftest import Folder

    from bancada.records import RunRecord

LIMIT_S = 5.0
HOSTILE = """
import ctypes
import os
import re
import signal
import subprocess
import sys
import threading
import time

class Spiteful(Exception):
    def __reduce__(self):
        raise RuntimeError("not to be pickled")

class Grave:
    def __del__(self):
        raise RuntimeError("not to be collected")

class Hostile(LogisticRegression):
    def __init__(self, how=""):
        super().__init__()
        self.how = how

    def fit(self, X, y):
        harm = getattr(self, self.how)()
        super().fit(X, y)
        return self if harm is None else harm

    def deaf(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM):
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        while True:
            try:
                time.sleep(60)
            except BaseException:
                pass

    def busy(self):
        re.match(r"(a+)+$", "a" * 60 + "b")

    def forks(self):
        if os.fork() == 0:
            note()
            time.sleep(120)

    def strays(self):
        note(subprocess.Popen(["sleep", "120"]).pid)
        note(subprocess.Popen(["sleep", "120"], start_new_session=True).pid)

    def closes(self):
        os.closerange(0, 4096)

    def recurses(self):
        self.recurses()

    def overflows(self):
        sys.setrecursionlimit(2**31 - 1)
        deep = []
        for _ in range(200_000):
            deep = [deep]
        repr(deep)

    def buried(self):
        self.grave = Grave()
        Grave()

    def spiteful(self):
        raise Spiteful("from spite")

    def leaves(self):
        os._exit(0)

    def threads(self):
        threading.Thread(target=time.sleep, args=(120,), daemon=False).start()

    def freezes(self):
        os.kill(os.getpid(), signal.SIGSTOP)

    def orphans(self):
        os.killpg(0, signal.SIGKILL)

def note(pid=None):
    with open(PIDS, "a") as file:
        file.write(f"{pid or os.getpid()}\\n")

@bc.candidate
def hostile(how: str):
    return Hostile(how)
"""
# How each fails, and what the reason says.
FAILS = {
    "deaf": ("timeout", "was killed"),
    "busy": ("timeout", "was killed"),
    "closes": ("died", "exit code 1|closed its connection"),
    "recurses": ("exception", "recursion"),
    "spiteful": ("exception", "from spite"),
    "leaves": ("died", "exit code 0"),
    "freezes": ("timeout", "was killed"),
    "orphans": ("died", "SIGKILL"),
}
FINE = ("forks", "strays", "buried", "threads")


@pytest.fixture
def folder(folder: Folder) -> Folder:
    """Make the project with two folds and with hostile candidates."""
    problem = folder.parts["problem"].replace("KFold(4, repeats=2", "KFold(2, repeats=1")
    folder.write(problem=problem, more=f"PIDS = {str(folder.root / 'pids')!r}\n{HOSTILE}")
    return folder


def _scores(record: RunRecord) -> dict[str, float | None]:
    return {score.metric: score.estimate.value for score in record.scores}


def _gone(pids: set[int], within_s: float = 5.0) -> bool:
    deadline = time.monotonic() + within_s
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def test_hostile_models_fail_alone_and_leave_nothing(folder: Folder) -> None:
    quiet = {answer.record.candidate: answer.record for answer in folder.run("logistic", in_process=False)}
    started = time.monotonic()
    words = ("hostile", f"how=overflows,{','.join([*FAILS, *FINE])}", "bayes", "logistic")
    answers = folder.run(*words, in_process=False, again=True, timeout_s=LIMIT_S)
    assert time.monotonic() - started < 200
    ran = {str(answer.record.params.get("how") or answer.record.candidate): answer for answer in answers}

    for how, (kind, reason) in FAILS.items():
        errors = [use.error for use in ran[how].record.folds]
        assert ran[how].status == "failed", how
        assert [error.kind if error else how for error in errors] == [kind, kind], how
        assert all(error is not None and re.search(reason, error.message) for error in errors), (how, errors)
    # The stack of C: later versions of Python notice, earlier ones crash.
    errors = [use.error for use in ran["overflows"].record.folds]
    assert all(error is not None and ("SIG" in error.message or "recursion" in error.message) for error in errors)
    for how in FINE:
        assert ran[how].status == "done", (how, ran[how].record.folds)
        assert _scores(ran[how].record) == _scores(quiet["logistic"]), how
    assert ran["bayes"].status == "done"
    assert _scores(ran["logistic"].record) == _scores(quiet["logistic"])

    pids = {int(line) for line in (folder.root / "pids").read_text().split()}
    assert len(pids) == 6
    assert _gone(pids)
