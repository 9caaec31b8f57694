"""What a calibrated model would show: the truth drawn anew from the probabilities, many times."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.scoring.calibration._binning import Binned
    from bancada.scoring.calibration._rows import Rows

__all__ = ["Drawn", "drawn", "expected_error", "squared_error"]

_PIECES = 64
"""Pieces of a bin, sorted by probability: a piece of one row is one Bernoulli draw, one of many nearly equal rows a
binomial draw by their mean probability, whose variance is larger by their spread, which 15·64 pieces make nothing."""

_CHUNK = 1 << 20
"""Numbers that are drawn at once."""

_SKEWNESS = 0.1
"""Bound on the skewness of a bin's weighted sum, below which it is drawn as normal."""

_RARE = 0.05
"""Largest probability of a bin whose positives are drawn as rare events, with replacement: sd too large by ≤ 2.5 %."""

_MANY = 5000
"""Rows from which that is worth it."""


class Drawn(NamedTuple):
    """Differences of observed and predicted share per bin, (n_draws, n_bins)."""

    gaps: npt.NDArray[np.float64]


def drawn(rows: Rows, bins: Binned, draws: int, seed: int) -> Drawn:
    """Return the bins' gaps of a calibrated model: y ~ Bernoulli(p), all else as it is (Bröcker & Smith 2007)."""
    rng = np.random.default_rng(seed)
    sums = _weighted_sums(rows, bins, draws, rng) if rows.weighted else _sums(rows, bins, draws, rng)
    return Drawn(sums / (bins.mass * rows.weight.sum()) - bins.predicted)


def expected_error(gaps: npt.NDArray[np.float64], bins: Binned) -> npt.NDArray[np.float64]:
    """Return the expected calibration error Σ mass·|gap| along the last axis."""
    return np.asarray(np.abs(gaps) @ bins.mass)


def squared_error(gaps: npt.NDArray[np.float64], bins: Binned) -> npt.NDArray[np.float64]:
    """Return the squared calibration error Σ mass·gap², not debiased, along the last axis."""
    return np.asarray(gaps**2 @ bins.mass)


def _sums(rows: Rows, bins: Binned, draws: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Draw the number of positives per bin, (draws, n_bins), by pieces: its cost does not grow with the rows."""
    order = np.lexsort((rows.p, bins.place))
    p, place = rows.p[order], bins.place[order]
    starts = np.concatenate([[0], np.cumsum(bins.n)[:-1]])
    within = np.arange(rows.n) - starts[place]
    piece = place * _PIECES + within * _PIECES // np.maximum(bins.n[place], 1)
    labels, inverse = np.unique(piece, return_inverse=True)
    counts = np.bincount(inverse.reshape(-1))
    mean = np.bincount(inverse.reshape(-1), weights=p) / counts
    positives = rng.binomial(counts, np.clip(mean, 0.0, 1.0), size=(draws, len(labels)))
    first = np.searchsorted(labels // _PIECES, np.arange(len(bins.n)))
    return np.add.reduceat(positives, first, axis=1).astype(np.float64)


def _weighted_sums(rows: Rows, bins: Binned, draws: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Draw the weight of positives per bin, (draws, n_bins)."""
    order = np.argsort(bins.place, kind="stable")
    ends = np.cumsum(bins.n)
    parts = (order[start:end] for start, end in zip(ends - bins.n, ends, strict=True))
    return np.stack([_weighted_sum(rows.p[part], rows.weight[part], draws, rng) for part in parts], axis=1)


def _weighted_sum(
    p: npt.NDArray[np.float64], weight: npt.NDArray[np.float64], draws: int, rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Draw the weight of positives among some rows, (draws,): by the cheapest way that is as good as row by row."""
    variance = float(np.sum(weight**2 * p * (1 - p)))
    if float(np.sum(weight**3 * p * (1 - p))) < _SKEWNESS * variance**1.5:
        return np.asarray(weight @ p + np.sqrt(variance) * rng.standard_normal(draws))
    most = float(p.max())
    if most < _RARE and len(p) > _MANY:
        counts = rng.binomial(len(p), most, size=draws)
        rows = rng.integers(len(p), size=int(counts.sum()))
        kept = rng.random(len(rows)) * most < p[rows]
        drawn_by = np.repeat(np.arange(draws), counts)
        return np.asarray(np.bincount(drawn_by, weights=weight[rows] * kept, minlength=draws), dtype=np.float64)
    step = max(1, _CHUNK // len(p))
    sizes = [min(step, draws - first) for first in range(0, draws, step)]
    return np.concatenate([(rng.random((size, len(p))) < p) @ weight for size in sizes])
