"""One row per example, to be taken elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bancada.judgement.errors._analysis import chosen_features, sides_of
from bancada.judgement.errors._rows import shown, truth_shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from bancada.engine.examples import Examples
    from bancada.judgement.errors._rows import SideRows

__all__ = ["take_away"]

_CHANGES = {1: "fixed", -1: "broken", 0: ""}


def take_away(examples: Examples, *, metric: str | None = None, features: Sequence[str] | None = ()) -> pa.Table:
    """Return a table with a line for each row that was tested, in id order.

    Columns: `id`, `truth_…`, `predicted_…`, `loss`, `right` and `tests` (as in `bancada.errors/1`), `fold_<repeat>` for
    each repeat, the declared slices as `slice_…`, and `feature_…`. Of two models `predicted_b_…`, `loss_b`, `right_b`,
    `tests_b`, `difference` (loss_b − loss) and `change` (`fixed` or `broken`) besides.

    Args:
        examples: The rows; see `engine.examples.examples_of`.
        metric: Metric whose loss it is; by default the primary one, or what fits the task.
        features: Columns of the data; None for all that tell rows apart.

    Raises:
        NotFoundError: There is no such metric or column.
        UsageError: No loss of a row is known.
    """
    chosen = chosen_features(examples, features)
    sides = sides_of(examples, metric)
    columns: dict[str, pa.Array | pa.ChunkedArray] = {"id": examples.ids}
    truth = truth_shown(examples)
    columns |= {f"truth_{name}": _plain(truth.column(name)) for name in truth.column_names}
    columns |= _of_side(examples, sides.a, "")
    if sides.b is not None:
        columns |= _of_side(examples, sides.b, "_b")
        columns["difference"] = _numbers(sides.b.losses - sides.a.losses)
        if sides.changes is not None:
            columns["change"] = pa.array([_CHANGES[int(code)] for code in sides.changes])
    columns |= _folds(examples)
    columns |= {f"slice_{name}": pa.array(mask) for name, mask in examples.slices.items()}
    if chosen:
        table = examples.columns(chosen)
        columns |= {f"feature_{name}": table.column(name) for name in chosen}
    return pa.table(columns)


def _of_side(examples: Examples, side: SideRows, suffix: str) -> dict[str, pa.Array | pa.ChunkedArray]:
    predicted = shown(examples, side.predicted)
    found = {f"predicted{suffix}_{name}": predicted.column(name) for name in predicted.column_names}
    found[f"loss{suffix}"] = _numbers(side.losses)
    if side.right is not None:
        found[f"right{suffix}"] = _numbers(side.right)
    found[f"tests{suffix}"] = pa.array(side.tests)
    return found


def _folds(examples: Examples) -> dict[str, pa.Array]:
    """Return in which fold of each repeat a row was tested by the first side; null where in none."""
    repeats = sorted({fold.repeat for fold in examples.sides[0]})
    found = {}
    for repeat in repeats:
        number = np.full(examples.n_rows, -1, dtype=np.int32)
        for fold in examples.sides[0]:
            if fold.repeat == repeat:
                number[fold.rows] = fold.fold
        found[f"fold_{repeat}"] = pa.array(number, mask=number < 0)
    return found


def _numbers(values: npt.NDArray[np.float64]) -> pa.Array:
    return pa.array(values, mask=np.isnan(values))


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
