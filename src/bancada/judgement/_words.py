"""Lines against lines: the one way from fold scores to a verdict, for the board and for a comparison."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.judgement._lines import design_of
from bancada.scoring import Verdict, pairwise

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from bancada.judgement._lines import Line, Place
    from bancada.records import EvaluationIdentity, MetricIdentity
    from bancada.scoring import Design

__all__ = ["Level", "Told", "direction", "margin_of", "matrix", "tell", "told"]


@dataclass(frozen=True, slots=True)
class Level:
    """The level of each comparison of a family.

    Attributes:
        alpha: Level of the family.
        family: Comparisons in it.
    """

    alpha: float
    family: int

    @classmethod
    def of_pairs(cls, alpha: float, tried: int) -> Level:
        """Return the level where a leader is chosen by the data: all K(K − 1)/2 pairs."""
        return cls(alpha, max(tried * (tried - 1) // 2, 1))

    @classmethod
    def against_champion(cls, alpha: float, tried: int) -> Level:
        """Return the level where one of the two was named before the candidates were scored: K − 1 comparisons."""
        return cls(alpha, max(tried - 1, 1))

    @property
    def a(self) -> float:
        """Level of each comparison."""
        return self.alpha / self.family


@dataclass(frozen=True, slots=True)
class Told:
    """A verdict as documents print it: no NaN, p adjusted for the family, the word only where it may be said."""

    delta: float | None
    low: float | None
    high: float | None
    p: float | None
    mde: float | None
    procedure: str
    verdict: str
    note: str

    def fields(self) -> dict[str, Any]:
        """Return the fields by name."""
        return {name: getattr(self, name) for name in self.__slots__}


def direction(metric: MetricIdentity) -> str:
    """Return which values of a metric are better."""
    return "higher" if metric.greater_is_better else "lower"


def margin_of(evaluation: EvaluationIdentity, metric: MetricIdentity) -> float | None:
    """Return the declared margin where it is about this metric: a margin is in units of the primary one."""
    return evaluation.margin if evaluation.primary == metric.name else None


def matrix(lines: Sequence[Line], metric: MetricIdentity) -> tuple[npt.NDArray[np.float64], Design, tuple[Place, ...]]:
    """Return the fold scores of lines, oriented so that greater is better, their design and the places of the folds.

    Returns:
        Scores, (n_lines, n_folds), NaN in repeats that a line lacks; the design; the place of each column.
    """
    design, places = design_of(lines)
    sign = 1.0 if metric.greater_is_better else -1.0
    scores = np.array([[sign * line.folds.get(place, np.nan) for place in places] for line in lines])
    return scores.reshape(len(lines), len(places)), design, places


def tell(line: Line, other: Line, metric: MetricIdentity, margin: float | None, level: Level) -> tuple[Verdict, Design]:
    """Return the verdict on a line against another, and the design of the repeats that both have.

    Lines that are not complete get estimates without a word.
    """
    if not (line.complete and other.complete):
        silent = Verdict("none", _why_silent(line, other), float("nan"), *_NOTHING, 0, level.a)
        return silent, design_of([line])[0]
    scores, design, _ = matrix([line, other], metric)
    table = pairwise(scores, design, 2, margin, level.a)
    common = table.common(0, 1)
    return table.pair(0, 1), design if common is None else common[1]


def _why_silent(*lines: Line) -> str:
    explored = next((line.run.candidate for line in lines if line.run.status == "explored"), None)
    if explored is not None:
        return f"the trial of `{explored}` ended before its last fold: no word"
    return "a fold is failed or undefined: no word"


_NOTHING = (None, None, None, None, float("nan"))


def told(
    found: Verdict, line: Line, other: Line, metric: MetricIdentity, level: Level, design: Design, *, silence: str = ""
) -> Told:
    """Return a verdict as documents print it.

    Args:
        found: The verdict.
        line: The one that it is about.
        other: The one that it is held against.
        metric: The metric.
        level: The family's level, by which p is adjusted.
        design: The folds that both have.
        silence: Why no word may be said; empty where one may.
    """
    delta = _difference(line, other, metric) if isnan(found.delta) else found.delta
    spoken = replace(found, word="none", note=silence) if silence and found.word != "none" else found
    reason = design.procedure.reason
    if found.word == "none" and reason and line.complete and other.complete:
        # What is wrong with the folds, not what that does to the degrees of freedom.
        spoken = replace(spoken, note=f"estimates only: {reason}")
    return Told(
        delta=delta,
        low=found.low,
        high=found.high,
        p=found.adjusted(level.alpha),
        mde=found.mde,
        procedure="" if found.low is None else design.procedure.name,
        verdict=spoken.word,
        note=spoken.note or ("" if found.low is not None or found.word == "identical" else reason),
    )


def _difference(line: Line, other: Line, metric: MetricIdentity) -> float | None:
    """Return the difference of two scores, oriented so that positive is better; None where one is undefined."""
    if line.estimate.value is None or other.estimate.value is None:
        return None
    difference = line.estimate.value - other.estimate.value
    return difference if metric.greater_is_better else -difference
