"""Tables as the files that programs of any language read and write."""

from __future__ import annotations

import csv as text
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv, parquet

from bancada.exceptions import DataError, PredictionError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["FORMATS", "Answer", "as_table", "beside", "read_answer", "write_table"]

FORMATS = ("arrow", "csv", "parquet")
ROW = "row"


class Answer(NamedTuple):
    """What a program has predicted.

    Attributes:
        table: Its columns in the order of the rows asked for; of a CSV file all of them are text.
        name: What to call the file in a message.
        is_text: True for a CSV file.
    """

    table: Any
    name: str
    is_text: bool


def as_table(values: Any, names: Sequence[str], unnamed: str) -> Any:
    """Return what a model is given as an Arrow table.

    Args:
        values: A pandas, polars or Arrow frame, a series, or an array (n_rows,) or (n_rows, n_columns).
        names: Names of the columns where the values have none.
        unnamed: What columns are called, with a number, where their names are not known either.
    """
    if isinstance(values, pa.Table):
        return values
    if isinstance(values, pd.Series):
        own = unnamed if values.name is None else str(values.name)
        values = values.to_frame(names[0] if len(names) == 1 else own)
    if isinstance(values, pd.DataFrame):
        return pa.Table.from_pandas(values, preserve_index=False).replace_schema_metadata(None)
    if isinstance(values, pa.ChunkedArray | pa.Array):
        return pa.table({names[0] if len(names) == 1 else unnamed: values})
    if hasattr(values, "columns") and hasattr(values, "__arrow_c_stream__"):
        return pa.table(values)
    if hasattr(values, "__arrow_c_stream__"):
        return as_table(pa.chunked_array(values), names, unnamed)
    array = np.asarray(values)
    array = array.reshape(len(array), -1)
    if len(names) != array.shape[1]:
        names = [unnamed] if array.shape[1] == 1 else [f"{unnamed}{number}" for number in range(array.shape[1])]
    return pa.table({name: _column(array[:, place]) for place, name in enumerate(names)})


def _column(values: Any) -> Any:
    """Return an array's column; objects are what they hold, and their NaN is null."""
    return pa.array(values.tolist() if values.dtype == object else np.ascontiguousarray(values), from_pandas=True)


def beside(table: Any, more: Any) -> Any:
    """Return the columns of both tables.

    Raises:
        DataError: They have a column of one name.
    """
    twice = [name for name in more.column_names if name in table.column_names]
    if twice:
        raise DataError(
            "What a program learns from must have a name that no feature has.",
            f"`{twice[0]}` is both.",
            "Rename the feature, or leave it out of `features`.",
        )
    return pa.table([*table.columns, *more.columns], names=[*table.column_names, *more.column_names])


def write_table(table: Any, path: Path, form: str) -> None:
    """Write a table as `csv`, `parquet` or `arrow`.

    A CSV file has a header, commas and UTF-8; null is an empty field, texts stand in quotes, and truth values are
    `true` and `false`.

    Raises:
        DataError: A column has values that a CSV file cannot hold.
    """
    if form == "parquet":
        parquet.write_table(table, path)
    elif form == "arrow":
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
    else:
        _write_csv(table, path)


def _write_csv(table: Any, path: Path) -> None:
    for place, field in enumerate(table.schema):
        if pa.types.is_nested(field.type) or pa.types.is_binary(field.type) or pa.types.is_large_binary(field.type):
            raise DataError(
                "A CSV file holds numbers, texts, dates and truth values.",
                f"Column `{field.name}` is `{field.type}`.",
                "Say `format='parquet'` or `format='arrow'`, or leave the column out of `features`.",
            )
        if pa.types.is_decimal(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(pa.string()).cast(pa.float64()))
    with path.open("w", encoding="utf-8", newline="") as file:
        text.writer(file, lineterminator="\n").writerow(table.column_names)
    with path.open("ab") as sink:
        csv.write_csv(table, sink, csv.WriteOptions(include_header=False))


def read_answer(path: Path, form: str, n_rows: int, wanted: Sequence[str]) -> Answer:
    """Return the predictions that a program has written.

    Args:
        path: Where they should be.
        form: `csv`, `parquet` or `arrow`.
        n_rows: Rows that were asked for.
        wanted: Names of the columns that the task knows.

    Raises:
        PredictionError: There is no such file, it cannot be read, or it does not answer row for row.
    """
    name = f"`{path.name}`"
    if not path.is_file():
        found = ", ".join(f"`{item.name}`" for item in sorted(path.parent.iterdir()) if item.is_file()) or "nothing"
        raise PredictionError(
            "A program must write its predictions where `{predictions}` says.",
            f"It ended well, and there is no {name}; its folder holds {found}.",
            f"Write a {form} file there, with a line for each row and the columns {_listed(wanted)}.",
        )
    try:
        table = _read(path, form)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, UnicodeDecodeError, OSError) as error:
        raise PredictionError(
            f"Predictions of this program are a {form} file.",
            f"{name} cannot be read as one: {str(error).splitlines()[0].rstrip('.')}.",
            f"Write a header and a line for each row, with the columns {_listed(wanted)}.",
        ) from error
    if table.num_rows != n_rows:
        raise PredictionError(
            "A program must write one prediction for each row, in their order.",
            f"{name} has {table.num_rows:,} lines for {n_rows:,} rows.",
            "Write a line for each line of the data, and none for its header.",
        )
    return Answer(_in_order(table, name, n_rows) if ROW in table.column_names else table, name, form == "csv")


def _read(path: Path, form: str) -> Any:
    if form == "parquet":
        return parquet.ParquetFile(path).read()
    if form == "arrow":
        with pa.memory_map(str(path)) as source:
            try:
                return pa.ipc.open_file(source).read_all()
            except pa.ArrowInvalid:
                source.seek(0)
                return pa.ipc.open_stream(source).read_all()
    with path.open("rb") as file:
        header = file.readline(1 << 20).decode("utf-8-sig").strip()
    names = next(text.reader([header]), [])
    options = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    table = csv.read_csv(path, parse_options=csv.ParseOptions(newlines_in_values=True), convert_options=options)
    return table.rename_columns([name.strip() for name in table.column_names])


def _in_order(table: Any, name: str, n_rows: int) -> Any:
    """Return a table in the order of its column `row`, which counts from 1."""
    try:
        rows = table.column(ROW).cast(pa.int64()).to_numpy()
    except (pa.ArrowInvalid, ValueError):
        rows = np.zeros(n_rows, dtype=np.int64)
    order = np.argsort(rows, kind="stable")
    if not np.array_equal(rows[order], np.arange(1, n_rows + 1)):
        raise PredictionError(
            f"`{ROW}` of predictions counts the rows of the data from 1, each once.",
            f"{name} has {len(np.unique(rows)):,} values for {n_rows:,} rows, first {table.column(ROW)[0].as_py()!r}.",
            f"Correct it, or leave `{ROW}` out and write the predictions in the order of the rows.",
        )
    return table.take(pa.array(order)).drop_columns([ROW])


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names[:6]) + (" and more" if len(names) > 6 else "")
