"""From the examples of a run, or of two, to the document."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bancada.exceptions import NotFoundError, counted, nearest
from bancada.judgement.errors._calibrated import calibration_of
from bancada.judgement.errors._classes import confusion_of
from bancada.judgement.errors._document import Errors, LossNote, Subject, Versus
from bancada.judgement.errors._losses import measure_of, row_losses
from bancada.judgement.errors._moved import by_losses, by_metric
from bancada.judgement.errors._parts import declared_parts, found_parts
from bancada.judgement.errors._predictions import majority, right_share, row_predictions, row_tests
from bancada.judgement.errors._residuals import binned_residuals, residuals_of
from bancada.judgement.errors._rows import SideRows, rows_at, suspects_of, worst
from bancada.scoring.slices import bin_means

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from bancada.engine.examples import Examples
    from bancada.judgement.errors._losses import Measure
    from bancada.judgement.errors._moved import Yardstick
    from bancada.records import RunRecord
    from bancada.scoring.slices import BinMean

__all__ = ["STATEMENT", "Sides", "analyse", "chosen_features", "sides_of"]

STATEMENT = "these fitted models, on the rows that their folds tested"


@dataclass(frozen=True)
class Sides:
    """Both sides, row by row.

    Attributes:
        measure: What the loss of a row is.
        a: The first.
        b: The second; None without one.
        changes: 1 for rows that a has fixed, −1 for those that it has broken, by majority, (n_rows,); None where
            answers are right by degrees, or without a second.
    """

    measure: Measure
    a: SideRows
    b: SideRows | None
    changes: npt.NDArray[np.int8] | None


def analyse(
    runs: Sequence[Sequence[RunRecord]],
    examples: Examples,
    *,
    metric: str | None = None,
    most: int = 10,
    features: Sequence[str] | None = (),
    search: bool = True,
) -> Errors:
    """Tell where a run errs, and how another stands beside it.

    Args:
        runs: The runs of each side, newest first: one side or two.
        examples: Their rows; see `engine.examples.examples_of`.
        metric: Metric whose loss orders the rows; by default the primary one, or what fits the task.
        most: How many rows, and suspects, are listed.
        features: Columns of the data that are shown with each row; None for all that tell rows apart.
        search: True to look for slices that nobody declared.

    Raises:
        NotFoundError: There is no such metric or column.
        UsageError: No loss of a row is known.
    """
    shown = chosen_features(examples, features)
    sides = sides_of(examples, metric)
    a, measure = sides.a, sides.measure
    residuals = residuals_of(examples, a.predicted, a.losses, measure.name)
    found, searched = found_parts(examples, a.losses) if search else ((), 0)
    yardstick = _yardstick(replace(examples, sides=examples.sides[:1]), a.losses, measure, metric)
    suspects, n_suspects = suspects_of(examples, a.predicted, residuals, most)
    undefined = int(np.count_nonzero(np.isnan(a.losses) & (a.tests > 0)))
    return Errors(
        problem=runs[0][0].problem.name,
        task=examples.task.name,
        a=_subject(runs[0], a, examples),
        b=None if sides.b is None else _subject(runs[1], sides.b, examples),
        statement=STATEMENT,
        loss=LossNote(name=measure.name, metric=measure.metric, formula=measure.formula, why=measure.why),
        n_rows=int(np.count_nonzero(a.tests)),
        n_undefined=undefined,
        rows=rows_at(
            examples, worst(_once(examples, a.losses), most), a, sides.b, changes=sides.changes, features=shown
        ),
        confusion=confusion_of(examples, 0),
        calibration=calibration_of(examples, 0),
        residuals=binned_residuals(examples, residuals),
        slices_by=yardstick.name,
        slices=declared_parts(examples, yardstick),
        found=found,
        searched=searched,
        suspects=suspects,
        n_suspects=n_suspects,
        versus=None if sides.b is None else _versus(examples, sides, most, shown, metric),
        notes=tuple(_notes(examples, sides, undefined)),
    )


def _once(examples: Examples, losses: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the losses, those of a query at its first row alone: all of its rows bear the same."""
    if examples.task.name != "ranking" or examples.groups is None:
        return losses
    first = np.zeros(len(losses), dtype=np.bool_)
    first[np.unique(examples.groups, return_index=True)[1]] = True
    return np.where(first, losses, np.nan)


def sides_of(examples: Examples, metric: str | None) -> Sides:
    """Return what both sides say of each row.

    Raises:
        NotFoundError: There is no such metric.
        UsageError: No loss of a row is known.
    """
    measure = measure_of(examples, metric)
    sides = [_side(examples, number, measure) for number in range(len(examples.sides))]
    if len(sides) == 1:
        return Sides(measure, sides[0], None, None)
    return Sides(measure, sides[0], sides[1], changes_between(examples))


def changes_between(examples: Examples) -> npt.NDArray[np.int8] | None:
    """Return 1 for rows that the first side has fixed, −1 for those that it has broken, by majority over the repeats.

    Both are judged on the repeats that both have. An even vote is neither.

    Returns:
        (n_rows,); None where answers are right by degrees.
    """
    common = set.intersection(*({fold.repeat for fold in side} for side in examples.sides))
    shares = [right_share(examples, number, common) for number in (0, 1)]
    if shares[0] is None or shares[1] is None:
        return None
    mine, theirs = majority(shares[0]), majority(shares[1])
    return np.where((mine > 0) & (theirs < 0), 1, np.where((mine < 0) & (theirs > 0), -1, 0)).astype(np.int8)


def chosen_features(examples: Examples, features: Sequence[str] | None) -> tuple[str, ...]:
    """Return the columns that are shown with each row.

    Raises:
        NotFoundError: There is no such column.
    """
    if features is None:
        return examples.describing
    for name in features:
        if name not in examples.describing:
            raise NotFoundError(
                "`--features` names columns that tell rows apart.",
                f"Found no column `{name}` among them.",
                nearest(name, examples.describing),
            )
    return tuple(features)


def _side(examples: Examples, number: int, measure: Measure) -> SideRows:
    return SideRows(
        losses=row_losses(examples, number, measure),
        predicted=row_predictions(examples, number),
        tests=row_tests(examples, number),
        right=right_share(examples, number),
    )


def _subject(runs: Sequence[RunRecord], side: SideRows, examples: Examples) -> Subject:
    run, mean = runs[0], _mean(side.losses, examples)
    return Subject(
        run_id=run.run_id,
        claim_id=run.claim_id,
        candidate=run.candidate,
        params=run.params,
        runs=tuple(item.run_id for item in runs),
        mean=mean.mean if mean.n_rows else None,
        low=mean.low,
        high=mean.high,
    )


def _mean(values: npt.NDArray[np.float64], examples: Examples) -> BinMean:
    return bin_means(values, np.zeros(len(values), dtype=np.int64), 1, examples.groups)[0]


def _yardstick(examples: Examples, losses: npt.NDArray[np.float64], measure: Measure, metric: str | None) -> Yardstick:
    """Return the primary metric where it tells how much each row moves it, or else the losses of the rows."""
    by = by_metric(examples, examples.primary) if metric is None and examples.slices else None
    return by or by_losses(examples, measure.name, losses)


def _versus(examples: Examples, sides: Sides, most: int, shown: Sequence[str], metric: str | None) -> Versus:
    assert sides.b is not None  # noqa: S101 - the caller has two
    difference = sides.b.losses - sides.a.losses
    mean, changes = _mean(difference, examples), sides.changes
    yardstick = _yardstick(examples, difference, sides.measure, metric)
    gained, lost = (worst(np.where(sign * difference > 0, sign * difference, np.nan), most) for sign in (1, -1))
    return Versus(
        n_rows=mean.n_rows,
        difference=mean.mean if mean.n_rows else None,
        low=mean.low,
        high=mean.high,
        rows_fixed=None if changes is None else int(np.count_nonzero(changes > 0)),
        rows_broken=None if changes is None else int(np.count_nonzero(changes < 0)),
        slices_by=yardstick.name,
        slices=declared_parts(examples, yardstick),
        gained=rows_at(examples, gained, sides.a, sides.b, changes=changes, features=shown),
        lost=rows_at(examples, lost, sides.a, sides.b, changes=changes, features=shown),
    )


def _notes(examples: Examples, sides: Sides, undefined: int) -> list[str]:
    notes = list(examples.notes)
    if undefined:
        notes.append(f"{counted(undefined, 'row')} without a loss: `{sides.measure.name}` is undefined on them.")
    if sides.b is not None:
        for one, other, name in ((sides.a, sides.b, "second"), (sides.b, sides.a, "first")):
            alone = int(np.count_nonzero((one.tests > 0) & (other.tests == 0)))
            if alone:
                notes.append(
                    f"{counted(alone, 'row')} without predictions of the {name} model: only the other counts them."
                )
    if examples.weight is not None:
        notes.append("Slices weigh rows by the problem's weights; lists, bins and rows fixed and broken do not.")
    return notes
