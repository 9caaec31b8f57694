"""How far predictions may lie apart and still count as reproduced."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["PROBABILITY", "of_floats", "of_spread"]

# A millionth: above what another order of summation costs, and far below what any decision turns on.
PROBABILITY = 1e-6
RELATIVE = 1e-6


def of_spread(column: pa.ChunkedArray) -> float:
    """Return a millionth of the standard deviation of some numbers; of their size where they do not vary.

    Examples:
        >>> of_spread(pa.chunked_array([[0.0, 2.0]])), of_spread(pa.chunked_array([[3.0, 3.0]]))
        (1e-06, 3e-06)
    """
    values = np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)
    values = values[np.isfinite(values)]
    spread = float(values.std()) if values.size else 0.0
    if spread == 0 and values.size:
        spread = float(np.abs(values).max())
    return RELATIVE * spread


def of_floats(predictions: pa.Table, probabilities: Collection[str] = ()) -> dict[str, float]:
    """Return the tolerance of each column of floats.

    Args:
        predictions: Predictions, (n_rows,).
        probabilities: Names of the columns that are probabilities; all others are judged by their own spread.
    """
    return {
        field.name: PROBABILITY if field.name in probabilities else of_spread(predictions.column(field.name))
        for field in predictions.schema
        if pa.types.is_floating(field.type)
    }
