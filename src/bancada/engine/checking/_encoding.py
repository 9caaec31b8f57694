"""A column of any type as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["CATEGORY", "NUMBER", "Encoded", "codes_of", "encode", "kind_of"]

NUMBER = "number"
CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Encoded:
    """The values of a column.

    Attributes:
        name: Name of the column.
        kind: `number`, which has an order, or `category`.
        values: Numbers, or numbers of the levels counted from 0; NaN where missing, float64 (n_rows,).
        missing: True where there is no value, (n_rows,).
        n_levels: Count of distinct levels of a category; 0 for numbers.
    """

    name: str
    kind: str
    values: npt.NDArray[np.float64]
    missing: npt.NDArray[np.bool_]
    n_levels: int


def kind_of(kind: Any) -> str | None:
    """Return what values of an Arrow type are: `number`, `category`, or None for what is neither, such as lists."""
    if pa.types.is_dictionary(kind):
        return kind_of(kind.value_type) and CATEGORY
    if (
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_temporal(kind)
    ):
        return NUMBER
    texts = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_boolean)
    return CATEGORY if any(asked(kind) for asked in texts) else None


def encode(name: str, column: Any) -> Encoded | None:
    """Return a column as numbers; None for a type without equality or order, such as lists.

    Args:
        name: Name of the column.
        column: Arrow column, (n_rows,).
    """
    kind = kind_of(column.type)
    if kind is None:
        return None
    if kind == CATEGORY:
        codes = codes_of(column)
        missing = codes < 0
        values = np.where(missing, np.nan, codes.astype(np.float64))
        return Encoded(name, kind, values, missing, int(codes.max(initial=-1)) + 1)
    values = _numbers(column)
    return Encoded(name, kind, values, np.isnan(values), 0)


def codes_of(column: Any) -> npt.NDArray[np.int64]:
    """Return the number of each value among the distinct values, in order of their first row; −1 where missing.

    Args:
        column: Arrow column of any type with equality, (n_rows,).
    """
    flat = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(flat, pa.ChunkedArray):
        flat = pa.concat_arrays(flat.chunks) if flat.num_chunks else pa.array([], flat.type)
    if pa.types.is_dictionary(flat.type):
        flat = flat.cast(flat.type.value_type)
    if pa.types.is_floating(flat.type):
        # −0.0 is 0.0 and NaN is missing, as everywhere in bancada.
        values = flat.to_numpy(zero_copy_only=False).astype(np.float64) + 0.0
        flat = pa.array(values, mask=np.isnan(values))
    indices = pc.dictionary_encode(flat).indices
    return np.asarray(pc.fill_null(indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False), dtype=np.int64)


def _numbers(column: Any) -> npt.NDArray[np.float64]:
    kind = column.type
    if pa.types.is_temporal(kind):
        column = column.cast(pa.int32() if kind.bit_width == 32 else pa.int64())
    elif pa.types.is_decimal(kind):
        column = column.cast(pa.float64())
    filled = pc.fill_null(pc.cast(column, pa.float64(), safe=False), float("nan"))
    values = np.asarray(filled.to_numpy(), dtype=np.float64)
    # What is infinite has no place among numbers that are ranked and averaged.
    return np.where(np.isfinite(values), values, np.nan)
