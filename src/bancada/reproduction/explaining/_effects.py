"""Differences of fold scores, with their intervals, that add up."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

from scipy.special import stdtrit

from bancada.exceptions import DataError
from bancada.reproduction.differing import Effect
from bancada.scoring import Design, paired

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bancada.records import RunRecord

__all__ = ["ALPHA", "Folds", "Values", "effect", "remainder", "total"]

ALPHA = 0.05
Values = dict[tuple[int, int], float]


@dataclass(frozen=True)
class Folds:
    """The folds on which everything is compared.

    Attributes:
        design: What they are.
        places: Repeat and fold of each, in order.
    """

    design: Design
    places: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, run: RunRecord) -> Folds:
        """Return the folds of a run."""
        split = run.problem.ingredients.get("split", {})
        kind = split.get("kind", "single") if isinstance(split, dict) else "single"
        uses = sorted(run.folds, key=lambda use: (use.repeat, use.fold))
        rows = [use.rows_test for use in uses if use.rows_test is not None]
        design = Design(
            kind=kind,
            n_train=tuple(use.n_train or 0 for use in uses),
            n_test=tuple(use.n_test or 0 for use in uses),
            repeats=len({use.repeat for use in uses}) or 1,
            rows_test=tuple(rows) if len(rows) == len(uses) else (),
        )
        return cls(design, tuple((use.repeat, use.fold) for use in uses))


def effect(name: str, before: Values, after: Values, folds: Folds, note: str = "", *, same_rows: bool = True) -> Effect:
    """Return the mean difference after − before over folds, with its interval where the folds test the same rows.

    With d_j the difference on fold j, of J folds, and ρ = mean(n_test) / mean(n_train): Δ = mean(d), and for random
    folds Δ ± t(J − 1, 1 − α/2)·√(s²(d)·(1/J + ρ)), the corrected resampled t (Nadeau & Bengio 2003; STATISTICS §3); for
    sites and time blocks ρ is left out (§1). α is .05 for each effect by itself: nothing is adjusted for their number,
    and none carries a word.

    Args:
        name: What was exchanged.
        before: Score of each fold before, in the metric's own direction.
        after: Score of each fold after.
        folds: The folds.
        note: What must be told beside it.
        same_rows: False where the folds after test other rows, so that nothing is paired.
    """
    pairs = [(before[place], after[place]) for place in folds.places if place in before and place in after]
    delta = sum(two - one for one, two in pairs) / len(pairs) if pairs else None
    if delta is None or not same_rows or len(pairs) != len(folds.places):
        return Effect(ingredient=name, delta=delta, note=note)
    return _with_interval(name, [one for one, _ in pairs], [two for _, two in pairs], folds.design, note)


def _with_interval(name: str, before: list[float], after: list[float], design: Design, note: str) -> Effect:
    try:
        found = paired(after, before, design)
    except DataError:
        return Effect(ingredient=name, delta=None, note=note or "a fold has no score")
    if found.df < 1 or isnan(found.se):
        return Effect(ingredient=name, delta=found.delta, note=note or design.procedure.reason)
    half = float(stdtrit(found.df, 1 - ALPHA / 2)) * found.se
    return Effect(ingredient=name, delta=found.delta, low=found.delta - half, high=found.delta + half, note=note)


def total(before: Values, after: Values, folds: Folds, *, same_rows: bool) -> Effect:
    """Return the whole difference."""
    return effect("total", before, after, folds, same_rows=same_rows)


def remainder(
    before: Values, after: Values, singles: Iterable[tuple[Values, Values]], folds: Folds, *, same_rows: bool
) -> Effect:
    """Return what is left of the whole difference when each single effect is taken off, fold by fold.

    It is the interaction of the ingredients, and what was not tried. Where two were exchanged and nothing else differs,
    it is their interaction: (B − A) − (A with b₁ − A) − (A with b₂ − A).

    Args:
        before: Score of each fold of A, as recorded.
        after: Score of each fold of B, as recorded.
        singles: Scores before and after each exchange.
        folds: The folds.
        same_rows: False where a side tests other rows.
    """
    explained: dict[tuple[int, int], float] = dict.fromkeys(folds.places, 0.0)
    for one, two in singles:
        for place in folds.places:
            explained[place] += _at(two, place) - _at(one, place)
    reached = {place: _at(before, place) + explained[place] for place in folds.places}
    return effect("interaction", reached, after, folds, same_rows=same_rows)


def _at(values: Mapping[tuple[int, int], float], place: tuple[int, int]) -> float:
    return values.get(place, float("nan"))
