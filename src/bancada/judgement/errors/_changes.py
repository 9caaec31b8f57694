"""What a comparison says of rows: those fixed and broken, and whether the difference differs by slice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from bancada.engine import examples as recorded
from bancada.exceptions import BancadaError, UsageError
from bancada.judgement.errors._analysis import chosen_features, sides_of
from bancada.judgement.errors._moved import by_losses, by_metric
from bancada.judgement.errors._parts import declared_parts
from bancada.judgement.errors._rows import rows_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.definitions import Project
    from bancada.engine.examples import Examples
    from bancada.judgement._comparison import Comparison, SliceDifference
    from bancada.judgement.errors._analysis import Sides
    from bancada.judgement.errors._document import SlicePart
    from bancada.records import RunRecord
    from bancada.store import Store

__all__ = ["with_rows"]


def with_rows(
    comparison: Comparison,
    a: Sequence[RunRecord],
    b: Sequence[RunRecord],
    project: Project,
    store: Store,
    *,
    listed: bool = False,
    features: Sequence[str] | None = None,
) -> Comparison:
    """Return a comparison with its rows: fixed, broken, and by slice; no project code is executed.

    Where the truth of the rows cannot be had, the comparison stands as it is and says why.

    Args:
        comparison: What `compare` returned.
        a: The runs of the first side.
        b: Those of the second.
        project: Where the data are looked for.
        store: Where predictions are.
        listed: True to list the rows.
        features: Columns of the data that are listed with them; None for all.

    Raises:
        NotFoundError: There is no such column.
    """
    try:
        examples = recorded.examples_of([a, b], project, store)
        sides = _sides(examples, comparison.metric)
    except BancadaError as error:
        return msgspec.structs.replace(comparison, rows_note=f"{error.found.rstrip('.')}")
    changes = sides.changes
    assert sides.b is not None  # noqa: S101 - there are two sides
    yardstick = by_metric(examples, comparison.metric) if examples.slices else None
    yardstick = yardstick or by_losses(examples, sides.measure.name, sides.b.losses - sides.a.losses)
    parts = {part.slice: part for part in declared_parts(examples, yardstick)}
    comparison = msgspec.structs.replace(
        comparison,
        rows_fixed=None if changes is None else int(np.count_nonzero(changes > 0)),
        rows_broken=None if changes is None else int(np.count_nonzero(changes < 0)),
        contrast_by=yardstick.name if parts else "",
        slices=tuple(_contrasted(part, parts.get(part.slice)) for part in comparison.slices),
    )
    if not listed or changes is None:
        return comparison
    order = np.concatenate([np.flatnonzero(changes == 1), np.flatnonzero(changes == -1)])
    shown = chosen_features(examples, features)
    return msgspec.structs.replace(
        comparison, rows=rows_at(examples, order, sides.a, sides.b, changes=changes, features=shown)
    )


def _sides(examples: Examples, metric: str) -> Sides:
    """Return both sides by the metric where it has a value for each row, else by the loss that fits the task."""
    try:
        return sides_of(examples, metric)
    except UsageError:
        return sides_of(examples, None)


def _contrasted(difference: SliceDifference, part: SlicePart | None) -> SliceDifference:
    if part is None:
        return difference
    return msgspec.structs.replace(
        difference,
        contrast=part.delta,
        contrast_low=part.low,
        contrast_high=part.high,
        differs=None if part.note else part.flagged,
        contrast_note=part.note,
    )
