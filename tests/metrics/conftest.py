"""Samples of each task, for every test of metrics."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

from bancada.samples import Sample

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Make = Callable[..., Sample]


def _rows(n_rows: int) -> pa.Table:
    return pa.table({"amount": np.arange(float(n_rows)), "region": pa.array(["north"] * n_rows)})


@pytest.fixture(scope="session")
def binary() -> Make:
    """Return a maker of samples from 0/1 truth and probabilities; the label is positive from one half on."""

    def make(truth: Any, probability: Any, weight: Any = None) -> Sample:
        positive, share = np.asarray(truth, dtype=bool), np.asarray(probability, dtype=np.float64)
        predictions = pa.table({"score": share * 4 - 2, "probability": share, "label": pa.array(share >= 0.5)})
        return Sample(pa.table({"label": pa.array(positive)}), predictions, _rows(len(positive)), weight)

    return make


@pytest.fixture(scope="session")
def multiclass() -> Make:
    """Return a maker of samples from class positions and probabilities; the label is the likeliest class."""

    def make(truth: Any, probability: Any, weight: Any = None, classes: Sequence[Any] = ("a", "b", "c")) -> Sample:
        listed, matrix = pa.array(classes), np.asarray(probability, dtype=np.float64).reshape(-1, len(classes))
        columns: dict[str, Any] = {f"probability_{name}": matrix[:, index].copy() for index, name in enumerate(classes)}
        columns["label"] = pa.DictionaryArray.from_arrays(matrix.argmax(axis=1).astype(np.int32), listed)
        label = pa.DictionaryArray.from_arrays(np.asarray(truth, dtype=np.int32), listed)
        return Sample(pa.table({"label": label}), pa.table(columns), _rows(len(label)), weight)

    return make


@pytest.fixture(scope="session")
def regression() -> Make:
    """Return a maker of samples from true and predicted values."""

    def make(truth: Any, value: Any, weight: Any = None) -> Sample:
        true, predicted = np.asarray(truth, dtype=np.float64), np.asarray(value, dtype=np.float64)
        return Sample(pa.table({"value": true}), pa.table({"value": predicted}), _rows(len(true)), weight)

    return make


@pytest.fixture(scope="session")
def quantile() -> Make:
    """Return a maker of samples from true values and quantiles, (n_rows, n_levels)."""

    def make(truth: Any, matrix: Any, weight: Any = None, levels: Sequence[float] = (0.05, 0.5, 0.95)) -> Sample:
        true, quantiles = np.asarray(truth, dtype=np.float64), np.asarray(matrix, dtype=np.float64)
        columns = {f"q_{level!r}": quantiles[:, index].copy() for index, level in enumerate(levels)}
        return Sample(pa.table({"value": true}), pa.table(columns), _rows(len(true)), weight)

    return make


@pytest.fixture(scope="session")
def multilabel() -> Make:
    """Return a maker of samples from 0/1 truth and probabilities, (n_rows, n_labels); labels hold from one half on."""

    def make(truth: Any, probability: Any, weight: Any = None, labels: Sequence[str] = ("a", "b", "c")) -> Sample:
        flags, share = np.asarray(truth, dtype=bool), np.asarray(probability, dtype=np.float64)
        columns: dict[str, Any] = {f"probability_{label}": share[:, j].copy() for j, label in enumerate(labels)}
        columns |= {f"score_{label}": share[:, j] * 4 - 2 for j, label in enumerate(labels)}
        columns |= {f"label_{label}": share[:, j] >= 0.5 for j, label in enumerate(labels)}
        known = pa.table({f"label_{label}": flags[:, j].copy() for j, label in enumerate(labels)})
        return Sample(known, pa.table(columns), _rows(len(flags)), weight)

    return make


@pytest.fixture(scope="session")
def ranking() -> Make:
    """Return a maker of samples from queries, relevance and scores."""

    def make(query: Any, relevance: Any, score: Any, weight: Any = None) -> Sample:
        truth = pa.table({"query": pa.array(query), "relevance": np.asarray(relevance, dtype=np.float64)})
        predictions = pa.table({"score": np.asarray(score, dtype=np.float64)})
        return Sample(truth, predictions, _rows(len(truth)), weight)

    return make


@pytest.fixture(scope="session")
def text() -> Make:
    """Return a maker of samples from texts, or lists of references, and predicted texts."""

    def make(truth: Any, found: Any, weight: Any = None) -> Sample:
        several = any(not isinstance(known, str) for known in truth)
        known = pa.array(truth, pa.list_(pa.string()) if several else pa.string())
        predictions = pa.table({"text": pa.array(found, pa.string())})
        return Sample(pa.table({"references" if several else "text": known}), predictions, _rows(len(known)), weight)

    return make


@pytest.fixture(scope="session")
def samples(
    binary: Make, multiclass: Make, regression: Make, quantile: Make, multilabel: Make, ranking: Make, text: Make
) -> dict[str, Sample]:
    """Return a weighted sample of each task, on which every metric is defined."""
    random = np.random.default_rng(7)
    truth, weight = random.integers(0, 3, 60), random.uniform(0.5, 2.0, 60)
    values = random.uniform(1.0, 9.0, 60)
    matrix = random.dirichlet(np.ones(3), 60)
    share = np.round(random.random(60), 1)
    straight = regression(values, values + random.normal(size=60) / 3, weight)
    scaled = straight.predictions.append_column("scale", pa.array(random.uniform(0.5, 2.0, 60)))
    return {
        "forecast": replace(straight, predictions=scaled),
        "binary": binary(truth > 1, share, weight),
        "multiclass": multiclass(truth, matrix, weight),
        "quantile": quantile(values, values[:, None] + random.normal(0, 0.5, (60, 3)) + [-1, 0, 1], weight),
        "regression": straight,
        "multilabel": multilabel(random.random((60, 3)) < 0.4, random.random((60, 3)).round(1), weight),
        "ranking": ranking(np.arange(60) // 7, random.integers(0, 3, 60), random.random(60).round(1), weight),
        "text": text(*(["".join(random.choice([*"ab "], 8)) for _ in range(60)] for _ in range(2)), weight),
    }


@pytest.fixture(scope="session")
def tags() -> Sample:
    """Return a sample of a task with lists as truth and predictions."""
    truth = pa.table({"tags": pa.array([["a"], ["a", "b"], []])})
    predictions = pa.table({"tags": pa.array([["a"], ["b"], ["c"]]), "confidence": [0.9, 0.5, 0.1]})
    return Sample(truth, predictions, _rows(3))
