"""Gates: a score must clear a threshold by the end of its interval, never by the point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bancada.exceptions import DefinitionError
from bancada.scoring.looks._intervals import Scale, end_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Gate", "GateResult", "Gates", "judge_gates"]


@dataclass(frozen=True, slots=True)
class Gate:
    """A score and the threshold that it must clear.

    Attributes:
        name: What is gated, as it is printed.
        value: The score, in the metric's own direction.
        se: Its standard error in the score's unit; 0 or NaN where there is none.
        df: Degrees of freedom.
        threshold: What must be cleared.
        greater_is_better: True where the score must lie above the threshold.
        scale: Where the interval is symmetric.
    """

    name: str
    value: float
    se: float
    df: int
    threshold: float
    greater_is_better: bool = True
    scale: Scale = "plain"


@dataclass(frozen=True, slots=True)
class GateResult:
    """Whether one gate is passed.

    Attributes:
        gate: The gate.
        passed: True iff the end of the interval clears the threshold; None where there is no interval.
        end: The end that decides: the lower one where greater is better, else the upper one.
        level: Level of the two-sided interval whose end this is.
    """

    gate: Gate
    passed: bool | None
    end: float | None
    level: float

    @property
    def text(self) -> str:
        """The gate in words, with the level."""
        gate = self.gate
        wanted = f"{'>' if gate.greater_is_better else '<'} {gate.threshold:.6g}"
        if self.end is None:
            return f"{gate.name} {wanted}: not decided, {gate.value:.6g} has no interval"
        word = "passed" if self.passed else "not passed"
        side = "lower" if gate.greater_is_better else "upper"
        share = f"{100 * (1 - self.level):.4g} %"
        return f"{gate.name} {wanted}: {word}, {side} end {self.end:.6g} of the {share} interval"


@dataclass(frozen=True, slots=True)
class Gates:
    """Whether gates are passed together.

    Attributes:
        results: Each gate's own.
        rule: `all` or `any`.
        passed: The answer; None where it hangs on a gate without interval.
        level: Level of each gate's two-sided interval.
    """

    results: tuple[GateResult, ...]
    rule: str
    passed: bool | None
    level: float

    @property
    def text(self) -> str:
        """The answer in words, with the level of each gate."""
        word = {True: "passed", False: "not passed", None: "not decided"}[self.passed]
        why = "no adjustment" if self.rule == "all" else f"divided by {len(self.results)}"
        return f"{self.rule} of {len(self.results)} gates: {word} (each at level {self.level:.3g}, {why})"


def judge_gates(gates: Sequence[Gate], *, rule: Literal["all", "any"] = "all", alpha: float = 0.05) -> Gates:
    """Judge gates by the end of the shown 1 − alpha interval of each, never by the point.

    Gates that must all hold need no adjustment: passing falsely needs every one that does not hold to pass falsely
    (Berger 1982, the intersection-union test). Where any of them is enough, alpha is divided by their number.

    Args:
        gates: At least one.
        rule: `all` or `any`.
        alpha: Level of the two-sided interval of a gate alone; at a holdout, the level of the look.

    Raises:
        DefinitionError: Where there is no gate, the rule is another word, or alpha is not between 0 and 1.

    Examples:
        >>> judged = judge_gates([Gate("roc_auc", 0.83, 0.01, 499, 0.80), Gate("brier", 0.14, 0.01, 499, 0.15, False)])
        >>> for result in judged.results:
        ...     print(result.text)
        roc_auc > 0.8: passed, lower end 0.810353 of the 95 % interval
        brier < 0.15: not passed, upper end 0.159647 of the 95 % interval
        >>> judged.text
        'all of 2 gates: not passed (each at level 0.05, no adjustment)'
    """
    _check(gates, rule, alpha)
    level = alpha if rule == "all" else alpha / len(gates)
    results = tuple(_result(gate, level) for gate in gates)
    answers = [result.passed for result in results]
    return Gates(results, rule, _together(answers, rule), level)


def _result(gate: Gate, level: float) -> GateResult:
    """Judge one gate."""
    side = -1 if gate.greater_is_better else 1
    end = end_of(gate.value, gate.se, gate.df, level / 2, gate.scale, side)
    passed = None if end is None else (end > gate.threshold if gate.greater_is_better else end < gate.threshold)
    return GateResult(gate, passed, end, level)


def _together(answers: Sequence[bool | None], rule: str) -> bool | None:
    """Combine answers of which some may be unknown: what settles the rule settles it beside an unknown."""
    settled = rule == "any"
    if settled in answers:
        return settled
    return None if None in answers else not settled


def _check(gates: Sequence[Gate], rule: str, alpha: float) -> None:
    """Refuse what cannot be judged."""
    if not gates:
        raise DefinitionError("A decision by gates needs a gate.", "There is none.", "Declare at least one.")
    if rule not in {"all", "any"}:
        raise DefinitionError("Gates must hold all, or any of them.", f"The rule is {rule!r}.", "Write `all` or `any`.")
    if not 0 < alpha < 1:
        raise DefinitionError("A level lies between 0 and 1.", f"It is {alpha!r}.", "Give a level such as 0.05.")
