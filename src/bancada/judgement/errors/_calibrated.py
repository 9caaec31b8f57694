"""Whether probabilities mean what they say."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from bancada.exceptions import DataError
from bancada.judgement.errors._derived import class_codes, class_names
from bancada.judgement.errors._document import CalibrationPart, CalibrationStep
from bancada.scoring.calibration import calibration

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.engine.examples import Examples
    from bancada.scoring.calibration import CalibrationStatistic

__all__ = ["calibration_of"]

_MOST_CLASSES = 10


def calibration_of(examples: Examples, side: int) -> tuple[CalibrationPart, ...]:
    """Return the calibration of the positive class, or of each of several, in the first repeat of the newest run.

    The mean over repeats would be that of an ensemble that nobody fitted, and stacked repeats count rows several times.

    Returns:
        Nothing where rows have no class or the models give no probabilities, or there are more than ten classes.
    """
    names, codes = class_names(examples), class_codes(examples)
    binary = examples.task.name == "binary"
    columns = {names[1]: "probability"} if binary else {name: f"probability_{name}" for name in names}
    if codes is None or not columns or len(columns) > _MOST_CLASSES:
        return ()
    found = []
    for name, column in columns.items():
        rows, probabilities, repeat = _one_repeat(examples, side, column)
        if not len(rows):
            return ()
        part = _part(examples, name, repeat, (codes[rows] == names.index(name)).astype(np.float64), probabilities, rows)
        found += [] if part is None else [part]
    return tuple(found)


def _one_repeat(
    examples: Examples, side: int, column: str
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], int]:
    first = examples.sides[side][0]
    folds = [fold for fold in examples.sides[side] if (fold.run_id, fold.repeat) == (first.run_id, first.repeat)]
    if any(column not in fold.predictions.column_names for fold in folds):
        return np.zeros(0, dtype=np.int64), np.zeros(0), first.repeat
    told = [np.asarray(fold.predictions.column(column).to_numpy(), dtype=np.float64) for fold in folds]
    return np.concatenate([fold.rows for fold in folds]), np.concatenate(told), first.repeat


def _part(
    examples: Examples,
    name: str,
    repeat: int,
    truth: npt.NDArray[np.float64],
    probabilities: npt.NDArray[np.float64],
    rows: npt.NDArray[np.int64],
) -> CalibrationPart | None:
    weight = None if examples.weight is None else examples.weight[rows]
    groups = None if examples.groups is None else examples.groups[rows]
    try:
        found = calibration(truth, probabilities, weight=weight, groups=groups)
    except DataError:
        return None
    return CalibrationPart(
        label=name,
        repeat=repeat,
        n_rows=found.n,
        word=found.word,
        bias=_three(found.bias),
        slope=_three(found.slope),
        ece=found.ece,
        ece_high=found.ece_high,
        spiegelhalter_p=found.spiegelhalter.p,
        brier={key: float(value) for key, value in asdict(found.brier).items()},
        steps=tuple(
            CalibrationStep(
                n_rows=step.n, predicted=step.predicted, observed=step.observed, low=step.low, high=step.high
            )
            for step in found.bins
        ),
        flags=found.flags,
    )


def _three(statistic: CalibrationStatistic) -> tuple[float | None, float | None, float | None]:
    return statistic.value, statistic.low, statistic.high
