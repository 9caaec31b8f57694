"""The model confidence set: the fitted models that are not shown to be worse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bancada.scoring.choosing._units import checked, pooled_into, unit_of

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["ModelConfidenceSet", "model_confidence_set"]

DRAWS = 10_000
_FEWEST_UNITS = 10
_ROUNDING = 1e-12
_SAME = 1e-9
_SMALLEST_SCALE = 1e-12


@dataclass(frozen=True, slots=True)
class ModelConfidenceSet:
    """Which fitted models are not shown to be worse than another one.

    Attributes:
        members: Positions of the models in the set, in the order given.
        p: p value of each model, running maximum along the elimination: a model is in the set iff it is ≥ alpha; None
            where there are fewer than 10 rows or groups.
        eliminated: Positions in the order of elimination, the worst first, the last one standing last.
        alpha: The set holds the best model in 1 − alpha of cases.
    """

    members: tuple[int, ...]
    p: tuple[float | None, ...]
    eliminated: tuple[int, ...]
    alpha: float

    @property
    def text(self) -> str:
        """What membership means."""
        share = f"{100 * (1 - self.alpha):.4g} %"
        return f"{len(self.members)} of {len(self.p)} models not shown to be worse (model confidence set, {share})"


def model_confidence_set(
    values: npt.ArrayLike,
    *,
    greater_is_better: bool,
    weight: npt.ArrayLike | None = None,
    groups: npt.ArrayLike | None = None,
    alpha: float = 0.05,
    draws: int = DRAWS,
    seed: int = 0,
) -> ModelConfidenceSet:
    """Return the model confidence set of fitted models on the same rows (Hansen, Lunde & Nason 2011).

    The covariance of the scores is FᵀF/n² of the influence values (groups: of their sums, times G/(G − 1)). The
    statistic is T_R, the largest |t| of all pairs; its distribution is that of 10,000 Gaussian draws; the model with
    the largest loss against another one is eliminated, and p values are the running maximum.

    It is about these fitted models: on out-of-fold predictions of several repeats it says nothing of the procedures.

    Args:
        values: One value per row and model, (n_rows, n_models), whose weighted column means are the scores: losses, or
            score + influence for a metric that is no mean over rows.
        greater_is_better: True where a greater score is better.
        weight: One weight per row, (n_rows,).
        groups: One label per row, (n_rows,), where rows of a group depend on each other.
        alpha: One minus the level of the set.
        draws: Gaussian draws.
        seed: Their seed.

    Raises:
        DataError: Where the values are no table of finite numbers, or the weights no weights.

    Examples:
        >>> rng = np.random.default_rng(1)
        >>> losses = rng.normal([0.30, 0.31, 0.60], 0.5, (400, 3))
        >>> found = model_confidence_set(losses, greater_is_better=False)
        >>> found.members, found.text
        ((0, 1), '2 of 3 models not shown to be worse (model confidence set, 95 %)')
    """
    table, given = checked(values, weight, groups)
    # Losses from here on: the model with the greatest one is the worst.
    table = -table if greater_is_better else table
    theta = given @ table / given.sum()
    influence = (table - theta) * (given / given.mean())[:, np.newaxis]
    place, n_units = unit_of(len(table), groups, most=len(table))
    n_models = table.shape[1]
    if n_units < _FEWEST_UNITS:
        every = tuple(range(n_models))
        return ModelConfidenceSet(every, (None,) * n_models, tuple(int(i) for i in np.argsort(-theta)), alpha)
    sums = influence if groups is None else pooled_into(place, n_units, influence)
    scale = 1.0 if groups is None else n_units / (n_units - 1)
    covariance = scale * sums.T @ sums / len(table) ** 2
    sd = _spread(covariance, theta)
    t = _ratio(theta[:, np.newaxis] - theta[np.newaxis, :], sd, float(np.abs(theta).max()))
    order = _order(t)
    p = _p_values(t, sd, order, _gaussian(covariance, draws, seed))
    members = tuple(i for i in range(n_models) if p[i] >= alpha)
    return ModelConfidenceSet(members, tuple(float(one) for one in p), tuple(order), alpha)


def _spread(covariance: npt.NDArray[np.float64], theta: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the standard error of each pair's difference; 0 within rounding."""
    variance = np.diag(covariance)
    squared = variance[:, np.newaxis] + variance[np.newaxis, :] - 2 * covariance
    bound = _ROUNDING * (variance[:, np.newaxis] + variance[np.newaxis, :] + np.finfo(float).tiny)
    sd = np.sqrt(np.where(squared > bound, squared, 0.0))
    np.fill_diagonal(sd, 0.0)
    return np.asarray(sd.reshape(len(theta), len(theta)))


def _ratio(difference: npt.NDArray[np.float64], sd: npt.NDArray[np.float64], scale: float) -> npt.NDArray[np.float64]:
    """Return t; where nothing varies, 0 for scores that are equal but for rounding and infinite for others."""
    bound = _SAME * max(_SMALLEST_SCALE, scale)
    sure = np.where(np.abs(difference) > bound, np.copysign(np.inf, difference), 0.0)
    return np.asarray(np.where(sd > 0, difference / np.where(sd > 0, sd, 1.0), sure))


def _order(t: npt.NDArray[np.float64]) -> list[int]:
    """Return the models as they are eliminated: that of the greatest t against another that is still there first."""
    left = list(range(len(t)))
    order = []
    while len(left) > 1:
        part = t[np.ix_(left, left)]
        order.append(left.pop(int(np.argmax(part.max(axis=1)))))
    return order + left


def _gaussian(covariance: npt.NDArray[np.float64], draws: int, seed: int) -> npt.NDArray[np.float64]:
    """Draw scores around their expectation, (n_models, draws), from a covariance that may be singular."""
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return np.asarray(root @ np.random.default_rng(seed).standard_normal((len(covariance), draws)))


def _p_values(
    t: npt.NDArray[np.float64], sd: npt.NDArray[np.float64], order: list[int], drawn: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return each model's p.

    The order of elimination does not depend on the draws, so the statistics of all nested sets are one running maximum,
    from the last model standing backwards.
    """
    p = np.ones(len(order))
    largest = np.zeros(drawn.shape[1])
    for place in range(len(order) - 2, -1, -1):
        model, rest = order[place], order[place + 1 :]
        for other in rest:
            if sd[model, other] > 0:
                np.maximum(largest, np.abs(drawn[model] - drawn[other]) / sd[model, other], out=largest)
        members = order[place:]
        observed = np.abs(t[np.ix_(members, members)]).max()
        p[model] = (1 + np.count_nonzero(largest >= observed)) / (1 + drawn.shape[1]) if observed > 0 else 1.0
    running = 0.0
    for model in order:
        running = max(running, float(p[model]))
        p[model] = running
    return p
