"""Frames of every known kind as Arrow tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from bancada.exceptions import DataError

__all__ = ["is_sparse", "refuse_sparse", "to_array", "to_table"]


def to_table(frame: Any, id: str | None = None) -> Any:  # noqa: A002 - the word of the domain
    """Return the Arrow table of a frame.

    Args:
        frame: A pandas, polars or Arrow frame, anything with the Arrow PyCapsule interface, or a mapping of names to
            arrays.
        id: Name of the id; where it names a level of a pandas index, that level becomes the first column. Any other
            index is ignored.

    Raises:
        DataError: If it is none of these, or a column has no Arrow type.
    """
    refuse_sparse(frame)
    try:
        return _table(frame, id)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, TypeError, ValueError) as error:
        raise DataError(
            "Each column of a frame must have values of one type.",
            f"Arrow says: {'; '.join(str(part) for part in error.args)}.",
            "Convert the column, as in `frame['x'].astype(str)`, or leave it out.",
        ) from error


def _table(frame: Any, id_: str | None) -> Any:
    if isinstance(frame, pa.Table):
        return frame
    if isinstance(frame, pa.RecordBatch):
        return pa.Table.from_batches([frame])
    if isinstance(frame, pd.DataFrame):
        if id_ is not None and id_ in frame.index.names and id_ not in frame.columns:
            frame = frame.reset_index(level=id_)
        return pa.Table.from_pandas(frame, preserve_index=False)
    if hasattr(frame, "__arrow_c_stream__") or hasattr(frame, "__arrow_c_array__"):
        return pa.table(frame)
    if isinstance(frame, Mapping):
        return pa.table({str(name): to_array(values) for name, values in frame.items()})
    raise DataError(
        "A frame must be of pandas, polars or Arrow, have the Arrow PyCapsule interface, or map names to arrays.",
        f"It is of type `{type(frame).__module__}.{type(frame).__qualname__}`.",
        "Convert it, as in `pandas.DataFrame(...)`.",
    )


def to_array(values: Any) -> Any:
    """Return values as an Arrow array, (n_rows,); NaN of pandas and NumPy becomes null, as pandas means it."""
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return values
    if isinstance(values, pd.Series | pd.Index | np.ndarray):
        return pa.array(values, from_pandas=True)
    if hasattr(values, "__arrow_c_stream__"):
        return pa.chunked_array(values)
    return pa.array(values, from_pandas=True)


def is_sparse(values: Any) -> bool:
    """Return True for sparse matrices and arrays of SciPy, told by their module so that it need not be imported."""
    return type(values).__module__.startswith("scipy.sparse")


def refuse_sparse(values: Any) -> None:
    """Raise `DataError` for sparse values."""
    if is_sparse(values):
        raise DataError(
            "The columns of a dataset must be dense.",
            f"It is a sparse {type(values).__name__} of shape {values.shape!r}.",
            "Say `X.toarray()` if it fits into memory, or let the candidate's pipeline make raw columns sparse.",
        )
