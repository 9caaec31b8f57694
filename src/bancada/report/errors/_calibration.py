"""Calibration as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.display import Column, Figure, Table, delta, interval, score
from bancada.report._wording import halfwidth, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bancada.judgement.errors._document import CalibrationPart

__all__ = ["calibration_tables"]

# Half the width for which three decimals are written.
_SHOWN = 0.005


def calibration_tables(parts: tuple[CalibrationPart, ...]) -> Iterator[Table]:
    """Yield the bins of one class, or a line for each of several."""
    if len(parts) == 1:
        yield _bins(parts[0])
    elif parts:
        yield _classes(parts)


def _bins(part: CalibrationPart) -> Table:
    rows = tuple(
        (
            Figure(step.predicted, score(step.predicted, _SHOWN)),
            Figure(step.observed, score(step.observed, _SHOWN)),
            interval(step.low, step.high, _SHOWN),
            step.n_rows,
            _outside(step.observed, step.low, step.high),
        )
        for step in part.steps
    )
    return Table(
        columns=(
            Column("mean probability", "decimal"),
            Column("share observed", "decimal"),
            Column("if calibrated"),
            Column("rows", "right"),
            Column("", optional=True),
        ),
        rows=rows,
        caption=(f"Calibration of the probability of {part.label}: {_word(part)}",),
        notes=tuple(_notes(part)),
    )


def _classes(parts: tuple[CalibrationPart, ...]) -> Table:
    rows = tuple(
        (part.label, Figure(part.ece, score(part.ece)), _band(part), delta(part.bias[0]), _word(part)) for part in parts
    )
    return Table(
        columns=(
            Column("class", shrinks=True),
            Column("calibration error", "decimal"),
            Column("if calibrated"),
            Column("truth − probability", "right"),
            Column(""),
        ),
        rows=rows,
        caption=("Calibration of the probability of each class",),
        notes=(_whose(parts[0]),),
    )


def _word(part: CalibrationPart) -> str:
    return part.word or "not judged"


def _band(part: CalibrationPart) -> str:
    return "\N{EN DASH}" if part.ece_high is None else f"up to {score(part.ece_high)}"


def _outside(observed: float, low: float | None, high: float | None) -> str:
    if low is None or high is None or low <= observed <= high:
        return ""
    return "too low" if observed > high else "too high"


def _notes(part: CalibrationPart) -> Iterator[str]:
    if part.ece_high is not None:
        yield (
            f"Expected calibration error {score(part.ece)}; that of a calibrated model is up to "
            f"{score(part.ece_high)} in 95 % of cases. “If calibrated”: where the share would lie then, in 95 % of "
            "cases for each line by itself."
        )
    bias, slope = (_with_interval(three) for three in (part.bias, part.slope))
    yield f"Truth less probability {bias}; slope of the log-odds {slope}, below 1 where probabilities are too extreme."
    yield _whose(part)
    yield from _flags((part,))


def _whose(part: CalibrationPart) -> str:
    return f"Of repeat {part.repeat} alone: the mean over repeats would be that of an ensemble that nobody fitted."


def _with_interval(three: tuple[float | None, float | None, float | None]) -> str:
    value, low, high = three
    digits = halfwidth(low, high)
    ends = "" if low is None or high is None else f" ({score(low, digits)} to {score(high, digits)})"
    return score(value, digits) + ends


def _flags(parts: tuple[CalibrationPart, ...]) -> tuple[str, ...]:
    return tuple(sentence(flag) for flag in dict.fromkeys(flag for part in parts for flag in part.flags))
