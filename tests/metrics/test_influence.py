"""The influence of each row, against the derivative by its weight, which every metric's own score gives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bancada.contracts import InfluentialMetric
from bancada.metrics import get, names
from bancada.testing._examples import taken

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from bancada.samples import Sample

    Make = Callable[..., Sample]

    Floats = npt.NDArray[np.float64]

READ = [(name, task) for name in names() for task in get(name).tasks]
# A median has a derivative that is a density, a maximum has none.
WITHOUT = {"max_error", "median_absolute_error"}
OF_QUERIES = {"ndcg", "map", "mrr", "precision@10", "recall@10"}


def derivative(name: str, sample: Sample, step: float = 1e-5) -> Floats:
    """Return n·w·∂θ/∂w of each row, by differences of the score itself."""
    n_rows = sample.truth.num_rows
    weight = np.ones(n_rows) if sample.weight is None else sample.weight
    found = np.empty(n_rows)
    for row in range(n_rows):
        moved = [weight * np.where(np.arange(n_rows) == row, 1 + sign * step, 1.0) for sign in (1, -1)]
        up, down = (get(name).score(replace(sample, weight=one)) for one in moved)
        found[row] = n_rows * (up - down) / (2 * step)
    return found


def weighted(sample: Sample, *, weighs: bool) -> Sample:
    return sample if weighs else replace(sample, weight=None)


@pytest.mark.parametrize("weighs", [False, True])
@pytest.mark.parametrize(("name", "task"), READ)
def test_an_influence_is_the_derivative_by_the_weight(
    name: str, task: str, weighs: bool, samples: dict[str, Sample]
) -> None:
    metric, sample = get(name), weighted(samples[task], weighs=weighs)
    if task == "text":
        # Distances of texts are slow, and sixty rows show no more than twelve.
        sample = taken(sample, np.arange(12))
    assert isinstance(metric, InfluentialMetric)
    found = metric.influence(sample)
    if found is None:
        assert name in WITHOUT
        return
    assert found.value == pytest.approx(metric.score(sample), abs=1e-12)
    assert found.values.sum() == pytest.approx(0.0, abs=1e-9)
    if name in OF_QUERIES:
        # A query weighs as its rows do on average: what each of its rows moves is told of the query as a whole.
        assert found.units is not None
        by_row = derivative(name, sample)
        for unit in np.unique(found.units[found.units >= 0]):
            rows = found.units == unit
            assert found.values[rows].sum() == pytest.approx(by_row[rows].sum(), rel=1e-5, abs=1e-7)
        assert not found.values[found.units < 0].any()
        return
    assert found.values == pytest.approx(derivative(name, sample), rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(("name", "task"), READ)
def test_a_row_without_weight_moves_nothing(name: str, task: str, samples: dict[str, Sample]) -> None:
    metric, sample = get(name), samples[task]
    assert sample.weight is not None
    # Whole queries lose their weight, so that no row of another moves with them.
    gone = np.arange(60) // 7 == 3
    found = metric.influence(replace(sample, weight=np.where(gone, 0.0, sample.weight)))
    left = metric.influence(taken(sample, np.flatnonzero(~gone)))
    if found is None or left is None:
        assert name in WITHOUT
        return
    assert not found.values[gone].any()
    assert found.value == pytest.approx(left.value, abs=1e-12)
    # The mean over rows counts those without weight, and so does the share that each of the others has in it.
    assert found.values[~gone] / 60 == pytest.approx(left.values / left.values.size, abs=1e-12)


@pytest.mark.parametrize("name", ["roc_auc", "average_precision"])
@pytest.mark.parametrize("decimals", [1, 9])
def test_rows_that_are_sorted_already_are_the_same(name: str, decimals: int, binary: Make) -> None:
    draw = np.random.default_rng(2)
    truth, share = draw.random(80) < 0.4, draw.random(80).round(decimals)
    order = np.argsort(share, kind="stable")
    plain, ordered = get(name).influence(binary(truth, share)), get(name).influence(binary(truth[order], share[order]))
    assert plain is not None
    assert ordered is not None
    assert ordered.value == pytest.approx(plain.value)
    assert ordered.values == pytest.approx(plain.values[order])


def test_an_influence_on_the_auc_is_made_of_placements(binary: Make) -> None:
    draw = np.random.default_rng(3)
    truth, share = draw.random(60) < 0.3, draw.random(60).round(1)
    found = get("roc_auc").influence(binary(truth, share))
    assert found is not None
    ups, downs = share[truth][:, None], share[~truth]
    pairs = (ups > downs) + 0.5 * (ups == downs)
    assert found.values[truth] == pytest.approx((pairs.mean(axis=1) - pairs.mean()) * 60 / truth.sum())
    assert found.values[~truth] == pytest.approx((pairs.mean(axis=0) - pairs.mean()) * 60 / (~truth).sum())
    assert found.counts == (truth.sum(), 60 - truth.sum())


@pytest.mark.parametrize("name", ["roc_auc", "average_precision", "log_loss", "brier"])
def test_a_prediction_that_is_nan_leaves_it_undefined(name: str, binary: Make) -> None:
    found = get(name).influence(binary([0, 1, 0, 1], [0.2, np.nan, 0.4, 0.8]))
    assert found is not None
    assert np.isnan(found.value)
    assert np.isnan(found.values).all()


@pytest.mark.parametrize(
    ("name", "truth", "share"),
    [
        ("roc_auc", [1, 1, 1], [0.2, 0.5, 0.9]),
        ("average_precision", [0, 0, 0], [0.2, 0.5, 0.9]),
        ("precision", [0, 1, 0], [0.1, 0.2, 0.3]),
        ("recall", [0, 0, 0], [0.1, 0.9, 0.3]),
        ("f1", [0, 0, 0], [0.1, 0.2, 0.3]),
        ("balanced_accuracy", [1, 1, 1], [0.1, 0.9, 0.3]),
        ("mcc", [1, 1, 1], [0.1, 0.9, 0.3]),
        ("cohen_kappa", [0, 0, 0], [0.1, 0.2, 0.3]),
    ],
)
def test_a_zero_denominator_is_undefined(name: str, truth: list[int], share: list[float], binary: Make) -> None:
    found = get(name).influence(binary(truth, share))
    assert found is not None
    assert np.isnan(found.value)
    assert found.kind == "undefined"


def test_a_perfect_root_moves_with_no_row(regression: Make) -> None:
    found = get("rmse").influence(regression([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]))
    assert found is not None
    assert found.value == 0.0
    assert not found.values.any()


def test_without_rows_there_is_none(binary: Make) -> None:
    found = get("brier").influence(binary([], []))
    assert found is not None
    assert np.isnan(found.value)
