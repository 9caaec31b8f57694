"""The board of a notebook tries one more model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression

import bancada as bc
from bancada.exceptions import DefinitionError

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.report import Board


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Board:
    """Make a board that `logistic` leads."""
    store: Path = tmp_path_factory.mktemp("store")
    draw = np.random.default_rng(1)
    X = draw.normal(size=(200, 2))
    y = X[:, 0] + draw.normal(size=200) > 0
    return bc.evaluate({"logistic": LogisticRegression()}, X, y, store=store, workers=1, split=3)


def test_a_model_that_trails_is_left_alone(board: Board) -> None:
    tried = board.try_(DummyClassifier(), name="shares")
    assert tried.delta is not None
    assert tried.delta < 0
    assert tried.verdict in {None, "worse", "inconclusive"}
    assert tried.document.leader is not None
    assert tried.document.leader.run_id == board.best.run.run_id
    assert "shares against the leader logistic" in str(tried)
    assert "<table" in tried._repr_html_()


def test_a_model_that_keeps_up_has_a_verdict(board: Board) -> None:
    tried = board.try_(LogisticRegression(C=0.9))
    assert tried.document.candidate == "LogisticRegression"
    assert tried.verdict is not None


def test_quick_is_compared_with_nothing(board: Board) -> None:
    tried = board.try_(LogisticRegression(C=0.5), quick=True)
    assert (tried.delta, tried.verdict, tried.document.row_limit) == (None, None, 10_000)


def test_what_is_no_model_is_refused(board: Board) -> None:
    with pytest.raises(DefinitionError, match="A model is an estimator with `fit`"):
        board.try_(LogisticRegression)
