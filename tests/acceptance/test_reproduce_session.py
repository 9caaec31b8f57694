"""Runs of a script or a notebook: no project defines them, and they come out once more from their record."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed

SOURCE = Path(__file__).resolve().parents[2] / "src"
SCRIPT = '''
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression, RidgeClassifierCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

import bancada as bc

rng = np.random.default_rng(0)
X = pd.DataFrame({"a": rng.normal(size=80), "b": rng.normal(size=80), "part": rng.choice(["x", "y"], 80)})
y = (X["a"] + rng.normal(size=80) > 0).astype(int)
FACTOR = 2.0


def squared(values):
    return FACTOR * values**2


class Shares:
    """An estimator of this session, which draws from the global generator."""

    def __init__(self, shift=0.0):
        self.shift = shift

    def get_params(self, deep=True):
        return {"shift": self.shift}

    def set_params(self, **params):
        vars(self).update(params)
        return self

    def fit(self, X, y):
        self.share, self.classes_ = float(np.mean(y)) + self.shift, np.array([0, 1])
        return self

    def predict_proba(self, X):
        high = np.clip(self.share + 0.1 * np.random.rand(len(X)), 0, 1)
        return np.column_stack([1 - high, high])


@bc.candidate
def function(C: float = 0.5):
    return make_pipeline(ColumnTransformer([("square", FunctionTransformer(squared), ["a"])]), LogisticRegression(C=C))


if __name__ == "__main__":
    steps = [("number", StandardScaler(), ["a", "b"]), ("square", FunctionTransformer(squared), ["b"])]
    models = {
        "function": function,
        "estimator": make_pipeline(ColumnTransformer(steps), LogisticRegression(class_weight={0: 1.0, 1: 2.0})),
        "arrays": make_pipeline(ColumnTransformer(steps), RidgeClassifierCV(np.logspace(-2, 2, 5))),
        "own": Shares(0.01),
    }
    board = bc.evaluate(models, X, y, name="session", split=3, slices=["part"], store=".bancada", workers=1)
    assert len(board) == 5, str(board)
'''


@pytest.fixture
def session(typed: Typed) -> Typed:
    """Run a script in a process of its own, and leave nothing of it but the store."""
    script = typed.root / "session.py"
    script.write_text(SCRIPT)
    environ = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=typed.root,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    script.unlink()
    return typed


@pytest.mark.slow
def test_functions_estimators_and_classes_of_a_session_come_out_once_more(session: Typed) -> None:
    names = ("function", "estimator", "arrays", "own", "baseline")
    told = session.types("reproduce", *names, "-p", "session", "--with-current-environment", "--json")
    assert told.code == 0, told.err + told.out
    found = {item["candidate"]: item for item in told.document["reproductions"]}
    assert {name: item["verdict"] for name, item in found.items()} == dict.fromkeys(names, "identical")
    assert all((item["predictions"], item["folds"], item["scores"]) == (80, 3, []) for item in found.values())


def test_the_code_of_a_session_is_nowhere_as_it_is_now(session: Typed) -> None:
    told = session.types("reproduce", "function", "-p", "session", "--with-current-environment", "--with-current-code")
    told.refuses("was extracted from a script or a notebook", "Run it there again")
