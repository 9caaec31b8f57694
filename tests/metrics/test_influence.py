"""The influence of each row, against the derivative by its weight, which every metric's own score gives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bancada.contracts import InfluentialMetric
from bancada.metrics import get, names

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.samples import Sample

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
