"""Rows as a model receives them."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from bancada.exceptions import ConfigurationError, DataError, DefinitionError, NotFoundError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from bancada.datasets._image_column import Images

__all__ = ["FRAMES", "Taker", "selected"]

FRAMES = ("arrow", "numpy", "pandas", "polars")

_SMALL_BYTES = 64 * 2**20
_REMEMBERED = 4


def selected(table: Any, columns: Sequence[str]) -> Any:
    """Return the named columns of a table in the order asked for.

    Raises:
        NotFoundError: If there is no such column.
    """
    known = set(table.column_names)
    for name in columns:
        if name not in known:
            raise NotFoundError(
                "Columns that are asked for must be in the dataset.",
                f"There is no column `{name}`.",
                nearest(name, known),
            )
    return table.select(list(columns))


class Taker:
    """Takes rows of one table.

    A small table is converted once for each list of columns and kept in memory, so that a fold costs one gather. Of a
    large one only the rows taken are read from the mapped file. Both give the same types, those of the whole column.

    Args:
        table: The mapped table.
        small_bytes: Size up to which converted columns are kept.
        images: The column that names files; None where none does.
    """

    def __init__(self, table: Any, small_bytes: int = _SMALL_BYTES, images: Images | None = None) -> None:
        self._table = table
        self._images = images
        self._small_bytes = small_bytes
        self._selected: dict[tuple[str, ...], tuple[Any, bool]] = {}
        self._converted: dict[tuple[str, tuple[str, ...]], Any] = {}

    def take(self, positions: npt.NDArray[np.int64] | None, columns: Sequence[str], frame: str) -> Any:
        """Return rows as a frame that does not share memory with what is kept.

        Args:
            positions: Positions in id order, int64 (n_taken,); None for all rows.
            columns: Columns in the order wanted.
            frame: `pandas`, `polars`, `arrow` or `numpy`.

        Raises:
            ConfigurationError: If polars is asked for and not installed.
            DataError: If a position is out of range.
            DefinitionError: If there is no such kind of frame.
            NotFoundError: If there is no such column.
        """
        if frame not in FRAMES:
            raise DefinitionError("`frame` must be a kind of frame.", f"There is no {frame!r}.", nearest(frame, FRAMES))
        names = tuple(columns)
        table, small = self._of(names)
        rows = None if positions is None else _checked(positions, table.num_rows)
        if self._images is not None and self._images.column in columns:
            # Only what is taken is opened, and nothing of it is kept.
            part = self._images.seen(table if rows is None else table.take(pa.array(rows)))
            return _converted(part, table, frame)
        if frame == "arrow":
            return table if rows is None else table.take(pa.array(rows))
        if frame == "polars":
            return _polars(table if rows is None else table.take(pa.array(rows)))
        if not small:
            return _numpy(table, rows) if frame == "numpy" else _large_pandas(table, rows)
        whole = self._whole(table, names, frame)
        if frame == "numpy":
            return whole.copy() if rows is None else whole[rows]
        return whole.copy(deep=True) if rows is None else _gathered(whole, rows)

    def _of(self, names: tuple[str, ...]) -> tuple[Any, bool]:
        """Return the columns of the table, and whether they are small: Arrow takes its time to tell."""
        if names not in self._selected:
            table = selected(self._table, names)
            _make_room(self._selected)
            self._selected[names] = table, table.nbytes <= self._small_bytes
        return self._selected[names]

    def _whole(self, table: Any, names: tuple[str, ...], frame: str) -> Any:
        """Return all rows of the columns, converted once."""
        key = (frame, names)
        if key not in self._converted:
            _make_room(self._converted)
            self._converted[key] = _pandas(table, table).copy() if frame == "pandas" else _numpy(table)
        return self._converted[key]


def _make_room(remembered: dict[Any, Any]) -> None:
    """Forget the oldest entries until there is room for one more."""
    while len(remembered) >= _REMEMBERED:
        del remembered[next(iter(remembered))]


def _checked(positions: npt.NDArray[np.int64], n_rows: int) -> npt.NDArray[np.int64]:
    rows = np.asarray(positions, dtype=np.int64)
    if len(rows) and (rows.min() < 0 or rows.max() >= n_rows):
        raise DataError(
            "Positions must be those of rows.",
            f"They reach from {rows.min()} to {rows.max()} in {n_rows} rows.",
            "Count rows from 0, in id order.",
        )
    return rows


def _converted(part: Any, whole: Any, frame: str) -> Any:
    """Return rows of a table as a frame, with the pandas types of the whole table."""
    if frame == "arrow":
        return part
    if frame == "polars":
        return _polars(part)
    return _pandas(part, whole) if frame == "pandas" else _numpy(part)


def _polars(part: Any) -> Any:
    """Return a polars frame."""
    try:
        polars = importlib.import_module("polars")
    except ImportError as error:
        raise ConfigurationError(
            "A frame of polars needs polars.",
            "It is not installed.",
            "Install `bancada[polars]`, or use another `frame`.",
        ) from error
    return polars.from_arrow(part)


def _gathered(whole: pd.DataFrame, rows: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Return rows of a frame in their own memory, numbered anew."""
    part = whole.take(rows)
    if len(rows) == len(whole):
        # pandas answers the identical order with a view, which a model that writes past pandas could write through.
        part = part.copy(deep=True)
    part.index = pd.RangeIndex(len(rows))
    return part


def _large_pandas(table: Any, rows: npt.NDArray[np.int64] | None) -> pd.DataFrame:
    """Return rows of a large table as a pandas frame."""
    if all(pa.types.is_float64(field.type) for field in table.schema):
        # Laid out as pandas does, one block with its columns one behind the other, and with no second copy on the way.
        return pd.DataFrame(_numpy(table, rows, order="F"), columns=table.column_names, copy=False)
    return _pandas(table if rows is None else table.take(pa.array(rows)), table)


def _pandas(part: Any, whole: Any) -> pd.DataFrame:
    """Return a pandas frame with the types that pandas' own reader gives the whole columns."""
    objects = []
    for position, field in enumerate(part.schema):
        if whole.column(position).null_count:
            if pa.types.is_integer(field.type):
                column = part.column(position).cast(pa.float64(), safe=False)
                part = part.set_column(position, field.name, column)
            elif pa.types.is_boolean(field.type):
                objects.append(field.name)
    frame: pd.DataFrame = part.to_pandas()
    return frame.astype(dict.fromkeys(objects, object)) if objects else frame


def _numpy(table: Any, rows: npt.NDArray[np.int64] | None = None, order: Literal["C", "F"] = "C") -> npt.NDArray[Any]:
    """Return values, (n_rows, n_columns): float64 with NaN for null where all are numbers or bools, else objects.

    Rows are taken column by column, so that beside the values no more than one column is in memory.
    """
    numeric = all(_is_number(field.type) for field in table.schema)
    shape = (table.num_rows if rows is None else len(rows), table.num_columns)
    values: npt.NDArray[Any] = np.empty(shape, dtype=np.float64 if numeric else object, order=order)
    for position, whole in enumerate(table.columns):
        column = whole if rows is None else whole.take(pa.array(rows))
        if numeric:
            numbers = pc.cast(column, pa.float64(), safe=False)
            values[:, position] = numbers.to_numpy()
        else:
            values[:, position] = column.to_pylist()
    return values


def _is_number(kind: Any) -> bool:
    return bool(
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_decimal(kind)
    )
