"""CSV files: types inferred once, or enforced."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import csv

from bancada.datasets._inferred import doubtful, settled
from bancada.datasets._schemas import check_names
from bancada.exceptions import DataError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_csv"]

_INVALID = re.compile(r"invalid value '(.*)'", re.DOTALL)
_ROW = re.compile(r"Row #(\d+): (.*)", re.DOTALL)
_SEPARATORS = (";", "\t", "|")
_NULL = (*csv.ConvertOptions().null_values, "<NA>", "None")
_TRUE, _FALSE = ("true", "True", "TRUE"), ("false", "False", "FALSE")


def read_csv(path: Path, schema: Any | None, *, remembered: bool) -> Any:
    """Return the table of a CSV file with a header, separated by commas, in UTF-8; `.gz` is unpacked.

    Empty fields, `NA`, `NaN` and the like are null in columns of any type, as pandas reads them. Types are inferred as
    pandas' own reader does: dates and times are texts; `_inferred` decides.

    Args:
        path: The file.
        schema: Schema that is enforced; None infers one.
        remembered: True where the schema is that of an earlier version of the file, for the message.

    Raises:
        DataError: If the file does not parse, or breaks the schema.
    """
    if schema is None:
        return _inferred(path)
    header = _header(path)
    check_names(header, schema, path.name)
    types = {name: schema.field(name).type for name in header.names}
    try:
        return _read(path, types, threads=True)
    except pa.ArrowInvalid as error:
        if "conversion error" not in str(error):
            raise _unparsed(path, error) from error
        raise _changed(path, types, remembered=remembered) from error


def _inferred(path: Path) -> Any:
    """Return the table with the types that pandas' own reader gives."""
    try:
        table = _read(path, {}, threads=True)
    except pa.ArrowInvalid as error:
        raise _unparsed(path, error) from error
    _refuse_odd(table, path)
    names = doubtful(table)
    if not names:
        return table
    return settled(table, _read(path, dict.fromkeys(names, pa.string()), threads=True, columns=names))


def _read(path: Path, types: dict[str, Any], *, threads: bool, columns: list[str] | None = None) -> Any:
    """Read; without a type of its own, a column of 0 and 1 among truth values is a text, as for pandas."""
    spelled = {} if types else {"true_values": _TRUE, "false_values": _FALSE}
    return csv.read_csv(
        path,
        read_options=csv.ReadOptions(use_threads=threads),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=types, strings_can_be_null=True, include_columns=columns, null_values=_NULL, **spelled
        ),
    )


def _header(path: Path) -> Any:
    """Return the schema of the first block: its names are those of the file."""
    try:
        with csv.open_csv(path, parse_options=csv.ParseOptions(newlines_in_values=True)) as reader:
            schema = reader.schema
    except pa.ArrowInvalid as error:
        raise _unparsed(path, error) from error
    _names(schema, path)
    return schema


def _names(schema: Any, path: Path) -> list[str]:
    """Return the names of the columns; they are decoded only when they are asked for."""
    try:
        return list(schema.names)
    except UnicodeDecodeError as error:
        raise _not_utf8(f"The header of `{path.name}`") from error


def _not_utf8(what: str) -> DataError:
    return DataError("A CSV file must be UTF-8.", f"{what} has bytes that are not.", "Save the file as UTF-8.")


def _unparsed(path: Path, error: Exception) -> DataError:
    """Return the error for a file that is no CSV; one thread reads again, for it alone knows the line."""
    if "Empty CSV file" in str(error):
        return DataError(
            "A CSV file must have a header and rows.",
            f"`{path.name}` is empty.",
            "Write the file again, or name another.",
        )
    found = str(error).removeprefix("CSV parse error: ")
    try:
        _read(path, {}, threads=False)
    except pa.ArrowInvalid as again:
        match = _ROW.search(str(again))
        found = f"line {match[1]}: {match[2]}" if match else found
    return DataError(
        "A CSV file must have as many fields in each line as in its header, separated by commas.",
        f"`{path.name}`, {found.strip().rstrip('.')}.",
        "Correct the line, or read the file with a function of your own and `bc.Dataset.from_function`.",
    )


def _refuse_odd(table: Any, path: Path) -> None:
    """Raise `DataError` for what parses and is no comma-separated UTF-8 all the same."""
    names = _names(table.schema, path)
    binary = [field.name for field in table.schema if pa.types.is_binary(field.type)]
    if binary:
        raise _not_utf8(f"Column `{binary[0]}` of `{path.name}`")
    name = names[0]
    separator = next((mark for mark in _SEPARATORS if mark in name), None)
    if table.num_columns == 1 and separator is not None:
        raise DataError(
            "The fields of a CSV file must be separated by commas.",
            f"`{path.name}` has the single column {name!r}.",
            f"Save it with commas, or use `bc.Dataset.from_function` with `pandas.read_csv(..., sep={separator!r})`.",
        )


def _changed(path: Path, types: dict[str, Any], *, remembered: bool) -> DataError:
    """Return the error that names each column whose values its type cannot hold, with the first such value."""
    inferred = _inferred(path)
    found = []
    for name, wanted in types.items():
        try:
            _read(path, {name: wanted}, threads=False, columns=[name])
        except pa.ArrowInvalid as error:
            match = _INVALID.search(str(error))
            since = f" since value {match[1]!r}" if match else ""
            texts = _read(path, {name: pa.string()}, threads=True, columns=[name]).column(name)
            row = texts.index(match[1]).as_py() if match else -1
            place = f" in row {row + 1}" if row >= 0 else ""
            verb = "was" if remembered else "is declared"
            found.append(f"Column `{name}` {verb} {wanted}, is {inferred.schema.field(name).type}{since}{place}.")
    remedy = (
        "Correct the file, or declare the new types with `schema=` if the change is meant."
        if remembered
        else "Correct the file, or its `schema`."
    )
    return DataError(f"The columns of `{path.name}` must have the types of its schema.", " ".join(found), remedy)
