"""Scoring on rows that no slice of the evaluation names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from bancada.definitions import Evaluation, Slice
from bancada.engine._places import slices_of
from bancada.exceptions import DataError, NotFoundError, nearest

if TYPE_CHECKING:
    from bancada.engine._binding import Binding

__all__ = ["with_rows"]

_NAME = "rows"


def with_rows(binding: Binding, expression: str) -> Binding:
    """Return a binding whose runs are scored on the rows of an expression too; its identities stay as they are.

    Args:
        binding: The problem with its data.
        expression: The canonical text of an expression; the rows are shown under it.

    Raises:
        NotFoundError: A column does not exist.
        DefinitionError: The expression compares unlike types.
        DataError: It holds for no row that is not sealed.
    """
    wanted = Slice(_NAME, expression)
    columns = binding.dataset.schema().names
    placed = [] if binding.places is None else list(binding.places.column_names)
    for name in wanted.columns:
        if name not in columns and name not in placed:
            rule = "An expression names columns of the dataset."
            raise NotFoundError(rule, f"Found no column `{name}`.", nearest(name, [*columns, *placed]))
    read = [name for name in columns if name in wanted.columns]
    rows = binding.dataset.rows(read).take(pa.array(binding.positions))
    mask = slices_of(Evaluation(slices=[wanted]), rows, binding.places)[_NAME]
    if not mask.any():
        raise DataError(
            "An expectation is about rows that exist.",
            f"`{expression}` holds for none of the {len(mask):,} rows that are not sealed.",
            "Look at the values of its columns, or leave `where` out.",
        )
    return replace(binding, slices={**binding.slices, expression: mask})
