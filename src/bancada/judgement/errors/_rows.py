"""Rows as the document lists them, and those whose truth may be wrong."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bancada.judgement.errors._classes import probabilities_of
from bancada.judgement.errors._derived import class_codes, class_names
from bancada.judgement.errors._document import ErrorRow, Suspect
from bancada.scoring.suspects import suspect_labels, suspect_residuals

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from bancada.engine.examples import Examples
    from bancada.judgement.errors._residuals import Residuals

__all__ = ["SideRows", "rows_at", "shown", "suspects_of", "truth_shown", "worst"]


@dataclass(frozen=True)
class SideRows:
    """What one side says of each row.

    Attributes:
        losses: Mean loss, (n_rows,); NaN where undefined.
        predicted: Predictions, (n_rows,).
        tests: Folds that tested it, (n_rows,).
        right: Share of them with a right answer, (n_rows,); None where answers are right by degrees.
    """

    losses: npt.NDArray[np.float64]
    predicted: pa.Table
    tests: npt.NDArray[np.int64]
    right: npt.NDArray[np.float64] | None


def worst(values: npt.NDArray[np.float64], most: int) -> npt.NDArray[np.int64]:
    """Return the positions of the greatest values, the greatest first; of equal ones the first; NaN is none."""
    known = np.flatnonzero(~np.isnan(values))
    return known[np.lexsort((known, -values[known]))[:most]].astype(np.int64)


def rows_at(
    examples: Examples,
    positions: npt.NDArray[np.int64],
    a: SideRows,
    b: SideRows | None = None,
    *,
    changes: npt.NDArray[np.int8] | None = None,
    features: Sequence[str] = (),
) -> tuple[ErrorRow, ...]:
    """Return rows with what both sides say of them.

    Args:
        examples: The rows.
        positions: Which of them, in the order to show.
        a: The first side.
        b: The second; None without one.
        changes: 1 for rows that a has fixed, −1 for those that it has broken, (n_rows,).
        features: Columns of the data to show.
    """
    at = pa.array(positions)
    ids = examples.ids.take(at).to_pylist()
    truth = truth_shown(examples).take(at).to_pylist()
    told = shown(examples, a.predicted).take(at).to_pylist()
    other = None if b is None else shown(examples, b.predicted).take(at).to_pylist()
    columns = examples.columns(features).take(at).to_pylist() if features else None
    words = {1: "fixed", -1: "broken", 0: ""}
    found = []
    for number, place in enumerate(positions):
        loss_b = None if b is None else _number(b.losses[place])
        loss = _number(a.losses[place])
        found.append(
            ErrorRow(
                id=_plain(ids[number]),
                loss=loss,
                truth=_plain(truth[number]),
                prediction=_plain(told[number]),
                tests=int(a.tests[place]),
                right=None if a.right is None else _number(a.right[place]),
                loss_b=loss_b,
                difference=None if loss is None or loss_b is None else loss_b - loss,
                prediction_b=None if other is None else _plain(other[number]),
                change="" if changes is None else words[int(changes[place])],
                features=None if columns is None else _plain(columns[number]),
            )
        )
    return tuple(found)


def suspects_of(
    examples: Examples, predicted: pa.Table, residuals: Residuals, most: int
) -> tuple[tuple[Suspect, ...], int | None]:
    """Return rows whose truth may be wrong, and how many there are; None where the predictions do not tell.

    Args:
        examples: The rows.
        predicted: What `row_predictions` returned.
        residuals: Truth less prediction, for numbers.
        most: How many are listed.
    """
    labels, probabilities = class_codes(examples), probabilities_of(examples, predicted)
    if labels is not None and probabilities is not None:
        names = class_names(examples)
        found = suspect_labels(labels, probabilities)
        ids = examples.ids.take(pa.array(found.rows[:most])).to_pylist()
        listed = tuple(
            Suspect(
                id=_plain(identity),
                truth=names[labels[row]],
                suggested=names[suggested],
                confidence=float(confidence),
                margin=float(margin),
            )
            for identity, row, suggested, confidence, margin in zip(
                ids, found.rows, found.suggested, found.confidence, found.margin, strict=False
            )
        )
        return listed, len(found.rows)
    if not residuals.signed or residuals.against is None or "value" not in examples.truth.column_names:
        return (), None
    odd = suspect_residuals(residuals.values)
    truth = examples.truth.column("value").to_numpy()
    ids = examples.ids.take(pa.array(odd.rows[:most])).to_pylist()
    listed = tuple(
        Suspect(
            id=_plain(identity),
            truth=float(truth[row]),
            suggested=float(residuals.against[row]),
            studentised=_number(studentised),
        )
        for identity, row, studentised in zip(ids, odd.rows, odd.studentised, strict=False)
    )
    return listed, len(odd.rows)


def truth_shown(examples: Examples) -> pa.Table:
    """Return the truth, a class of two by its name and not as a truth value, (n_rows,)."""
    return shown(examples, examples.truth)


def shown(examples: Examples, table: pa.Table) -> pa.Table:
    """Return truth or predictions, the label of a class of two by its name and not as a truth value, (n_rows,)."""
    if examples.task.name != "binary" or "label" not in table.column_names:
        return table
    negative, positive = (pa.scalar(name) for name in class_names(examples))
    place = table.column_names.index("label")
    return table.set_column(place, "label", pc.if_else(table.column("label"), positive, negative))


def _number(value: Any) -> float | None:
    return None if isnan(value) else float(value)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; what it has not, such as a date or bytes, becomes text."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and isnan(value):
        return None
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
