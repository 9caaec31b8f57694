"""One value per row, whose mean over rows is the score."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pytest

from bancada import metrics
from bancada.engine import examples as kept
from bancada.judgement.optimism import row_values
from bancada.tasks import Binary

N = 120


def examples(repeats: int = 2, k: int = 4, *, weighted: bool = False, n: int = N) -> kept.Examples:
    """Return rows that each repeat tests once, in folds of unequal sizes."""
    rng = np.random.default_rng(3)
    y = rng.random(n) < 0.4
    folds = []
    for repeat in range(repeats):
        order = rng.permutation(n)
        cuts = [0, *sorted(rng.choice(np.arange(20, n - 20, 4), k - 1, replace=False).tolist()), n]
        for fold, (start, end) in enumerate(pairwise(cuts)):
            rows = np.sort(order[start:end])
            p = np.clip(0.25 + 0.4 * y[rows] + rng.normal(0, 0.2, len(rows)), 0.01, 0.99)
            columns = {"score": p, "probability": p, "label": p > 0.5}
            folds.append(kept.TestedFold("r", repeat, fold, rows, pa.table(columns)))
    return kept.Examples(
        task=Binary(),
        ids=pa.array(range(n)),
        truth=pa.table({"label": y}),
        weight=rng.lognormal(0, 0.5, n) if weighted else None,
        groups=None,
        slices={},
        metrics=(),
        own=(),
        primary="roc_auc",
        features=(),
        describing=(),
        time=None,
        sides=(tuple(folds),),
        notes=(),
        _dataset=cast("Any", None),
        _positions=np.arange(n),
    )


def fold_mean(given: kept.Examples, name: str) -> float:
    metric = metrics.get(name)
    return float(np.mean([metric.score(given.sample(fold)) for fold in given.sides[0]]))


@pytest.mark.parametrize("name", ["accuracy", "log_loss", "brier", "roc_auc"])
@pytest.mark.parametrize("weighted", [False, True])
def test_their_mean_is_the_score_over_the_folds(name: str, weighted: bool) -> None:
    given = examples(weighted=weighted)
    values = row_values(given, 0, metrics.get(name))
    assert values is not None
    assert values.mean() == pytest.approx(fold_mean(given, name))


@pytest.mark.parametrize("name", ["f1", "mcc"])
def test_of_a_pooled_metric_their_mean_is_the_score_over_each_repeat(name: str) -> None:
    given = examples(repeats=1)
    metric = metrics.get(name)
    values = row_values(given, 0, metric)
    assert values is not None
    everything = given.sides[0]
    whole = kept.TestedFold(
        "r",
        0,
        0,
        np.concatenate([fold.rows for fold in everything]),
        pa.concat_tables([fold.predictions for fold in everything]),
    )
    assert values.mean() == pytest.approx(metric.score(given.sample(whole)))


def test_a_resample_moves_their_mean_as_it_moves_the_score() -> None:
    given = examples(repeats=1, k=1, n=400)
    metric = metrics.get("roc_auc")
    values = row_values(given, 0, metric)
    assert values is not None
    rng = np.random.default_rng(0)
    fold = given.sides[0][0]
    exact, linear = [], []
    for _ in range(60):
        drawn = np.sort(rng.integers(400, size=400))
        resampled = kept.TestedFold(
            "r", 0, 0, drawn, fold.predictions.take(pa.array(np.searchsorted(fold.rows, drawn)))
        )
        exact.append(metric.score(given.sample(resampled)))
        linear.append(values[drawn].mean())
    assert np.corrcoef(exact, linear)[0, 1] > 0.99
    assert np.std(linear) == pytest.approx(np.std(exact), rel=0.05)


def test_rows_that_no_fold_tested_have_none() -> None:
    given = examples(repeats=1)
    part = kept.Examples(
        **{name: getattr(given, name) for name in given.__dataclass_fields__} | {"sides": (given.sides[0][:2],)}
    )
    values = row_values(part, 0, metrics.get("accuracy"))
    assert values is not None
    assert np.isnan(values).sum() == N - sum(len(fold.rows) for fold in part.sides[0])


def test_a_fold_of_one_class_has_no_auc_and_so_there_are_no_values() -> None:
    given = examples(repeats=1)
    first = given.sides[0][0]
    positive = given.truth.column("label").to_numpy()[first.rows]
    alone = kept.TestedFold("r", 0, 0, first.rows[positive], first.predictions.filter(pa.array(positive)))
    fields = {name: getattr(given, name) for name in given.__dataclass_fields__}
    one = kept.Examples(**fields | {"sides": ((alone, *given.sides[0][1:]),)})
    assert row_values(one, 0, metrics.get("roc_auc")) is None
