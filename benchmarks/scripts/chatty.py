"""A project whose models log: one times its calls, one logs until it is killed."""

import os
import time

from sklearn.datasets import load_breast_cancer
from sklearn.naive_bayes import GaussianNB

import bancada as bc

tumours = bc.Problem(
    name="tumours",
    dataset=bc.Dataset.from_sklearn(load_breast_cancer, name="breast-cancer", version="1995"),
    target="target",
    task=bc.tasks.Binary(),
    split=bc.splits.Single(0.2, seed=0),
    evaluation=bc.Evaluation(primary="roc_auc"),
)


class Timing(GaussianNB):
    """Logs many lines, then how long a call took, beside a bare write of as many bytes."""

    def fit(self, X: object, y: object) -> "Timing":
        """Log, then fit."""
        count = int(os.environ["CALLS"])
        started = time.perf_counter()
        for step in range(count):
            bc.log(step=step, loss=0.25)
        taken = time.perf_counter() - started
        line = b'{"time":1700000000.123456,"repeat":0,"fold":0,"step":12345,"loss":0.25}\n'
        file = os.open(os.environ["BARE"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        started = time.perf_counter()
        for _ in range(count):
            os.write(file, line)
        bare = time.perf_counter() - started
        os.close(file)
        bc.log(seconds_a_call=taken / count, seconds_a_write=bare / count)
        return super().fit(X, y)


class Endless(GaussianNB):
    """Logs until it is killed; a byte goes to a file for each line that was acknowledged."""

    def fit(self, X: object, y: object) -> "Endless":  # noqa: ARG002 - it never comes to fitting
        """Log for ever."""
        file = os.open(os.environ["ACKNOWLEDGED"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        bc.log(pid=os.getpid())
        while True:
            bc.log(loss=0.25)
            os.write(file, b".")


@bc.candidate
def timing() -> Timing:
    """Time calls."""
    return Timing()


@bc.candidate
def endless() -> Endless:
    """Log for ever."""
    return Endless()
