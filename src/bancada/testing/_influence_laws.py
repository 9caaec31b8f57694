"""The laws of `contracts.InfluentialMetric`."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bancada.contracts import InfluentialMetric
from bancada.testing._check import Found, Skip, law
from bancada.testing._examples import same, taken

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.samples import Influence, Sample
    from bancada.testing._metric_case import MetricCase

    Floats = npt.NDArray[np.float64]

__all__ = ["INFLUENCE_LAWS"]

_SEED = 13
_TIMES = 4
_FEWEST_CORRELATION = 0.999
_SPREAD = 0.03
_CLOSE = 1e-8
_LOOK = "Look at `influence`: n·w·∂θ/∂w of each row; it is None where there is no closed form."
_NONE = Skip("it tells no influence")


def _influence(case: MetricCase, sample: Sample) -> Influence | None:
    return case.metric.influence(sample) if isinstance(case.metric, InfluentialMetric) else None


@law("The influences of the rows sum to 0 beside the score itself, whatever the order and the unit of weight.", _LOOK)
def influence_is_centred(case: MetricCase) -> Found:
    plain = replace(case.example.sample(), weight=None)
    found = _influence(case, plain)
    if found is None:
        return _NONE
    score, n_rows = float(case.metric.score(plain)), case.example.n_rows
    if found.values.shape != (n_rows,):
        return f"There are {n_rows} rows, and influences of the shape {found.values.shape}."
    if not same(found.value, score):
        return f"Its value is {found.value!r}, and the score {score!r}."
    largest = float(np.max(np.abs(found.values), initial=0.0)) + abs(score)
    if not abs(float(found.values.sum())) <= _CLOSE * n_rows * largest:
        return f"They sum to {float(found.values.sum())!r}."
    order = np.random.default_rng(_SEED).permutation(n_rows)
    doubled = replace(plain, weight=np.full(n_rows, 2.0))
    for told, sample, expected in (
        ("in another order", taken(plain, order), found.values[order]),
        ("with weights that are all 2", doubled, found.values),
    ):
        other = _influence(case, sample)
        if other is None or not np.allclose(other.values, expected, rtol=_CLOSE, atol=_CLOSE * largest):
            return f"They are others {told}."
    return None


@law(
    "The influences agree with the jackknife: correlation above .999, standard deviation within 3 %.",
    _LOOK,
)
def influence_agrees_with_jackknife(case: MetricCase) -> Found:
    n_rows = case.example.n_rows
    plain = replace(case.example.sample(), weight=None)
    first = _influence(case, plain)
    if first is None or not math.isfinite(first.value):
        return _NONE
    if first.units is not None:
        return _jackknifed_units(case, plain, first.values, first.units)
    several = taken(plain, np.tile(np.arange(n_rows), _TIMES))
    found = _influence(case, several)
    if found is None:
        return "There is none of the same rows several times."
    score, total = float(case.metric.score(several)), n_rows * _TIMES
    out = range(0, n_rows, 2)
    left = [float(case.metric.score(taken(several, np.delete(np.arange(total), row)))) for row in out]
    return _agreement(found.values[out], (total - 1) * (score - np.array(left)))


def _jackknifed_units(case: MetricCase, sample: Sample, values: Floats, units: npt.NDArray[np.int64]) -> Found:
    """Leave out each unit, such as a query, as a whole."""
    names = np.unique(units[units >= 0])
    score = float(case.metric.score(sample))
    left = [float(case.metric.score(taken(sample, np.flatnonzero(units != name)))) for name in names]
    moved = np.array([values[units == name].sum() for name in names]) * names.size / values.size
    return _agreement(moved, (names.size - 1) * (score - np.array(left)))


def _agreement(found: Floats, expected: Floats) -> Found:
    if not np.isfinite(expected).all() or float(np.std(expected)) <= _CLOSE:
        return Skip("no row moves the score")
    correlation = float(np.corrcoef(found, expected)[0, 1]) if float(np.std(found)) > 0 else 0.0
    ratio = float(np.std(found) / np.std(expected))
    if correlation > _FEWEST_CORRELATION and abs(ratio - 1) <= _SPREAD:
        return None
    return f"Correlation {correlation:.4f}, and a standard deviation of {ratio:.3f} times the jackknife's."


INFLUENCE_LAWS = (influence_is_centred, influence_agrees_with_jackknife)
