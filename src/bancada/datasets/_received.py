"""Tables that others made: read as they are, so that whoever knows what belongs in them can judge each value."""

from __future__ import annotations

import gzip
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import csv

from bancada.datasets._files import read_file, refuse_absent
from bancada.datasets._frames import to_table
from bancada.exceptions import DataError, UsageError

if TYPE_CHECKING:
    from typing import BinaryIO

__all__ = ["Received", "received"]

_TEXT = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt", ".txt.gz")
_ARROW = (".parquet", ".arrow", ".feather", ".ipc")
_SEPARATORS = (",", ";", "\t", "|")
_LONGEST_HEADER = 1 << 20


@dataclass(frozen=True, slots=True)
class Received:
    """A table as it was handed over.

    Attributes:
        table: The columns; of a text file every one of them is text, and nothing in it is null.
        name: What to call it in a message.
        is_text: True for a text file.
        separator: What separates the fields of a text file; empty otherwise.
    """

    table: Any
    name: str
    is_text: bool = False
    separator: str = ""


def received(source: Any) -> Received:
    """Return the table of a file or a frame.

    Args:
        source: A path (`.csv`, `.tsv`, `.txt`, each also as `.gz`; `.parquet`, `.arrow`, `.feather`, `.ipc`); a pandas,
            polars or Arrow frame, anything with the Arrow PyCapsule interface, or a mapping of names to values.

    Raises:
        DataError: The file cannot be read as what its suffix says, holds no rows, or has a column twice.
        NotFoundError: There is no such file.
        UsageError: The suffix is of none of these kinds.
    """
    found = _of_file(Path(source)) if isinstance(source, str | os.PathLike) else Received(to_table(source), "The frame")
    names = found.table.column_names
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DataError(
            "Each column stands in a table once.",
            f"{found.name} has {', '.join(f'`{name}`' for name in twice)} more than once.",
            "Drop or rename the others.",
        )
    if not found.table.num_rows:
        raise DataError(
            "A table of predictions must have rows.",
            f"{found.name} has none below its header.",
            "Write a row for each prediction.",
        )
    return found


def _of_file(path: Path) -> Received:
    lowered, name = path.name.lower(), f"`{path.name}`"
    if not lowered.endswith((*_TEXT, *_ARROW)):
        raise UsageError(
            "Predictions come as a CSV, Parquet or Arrow file.",
            f"{name} ends in none of {', '.join(f'`{suffix}`' for suffix in (*_TEXT, *_ARROW))}.",
            "Write it as one of these.",
        )
    refuse_absent(path)
    if lowered.endswith(_ARROW):
        return Received(read_file(path, None, remembered=False), name)
    try:
        return _of_text(path, name)
    except pa.ArrowInvalid as error:
        if "UTF8" in str(error):
            raise _not_text(name, "it has bytes that are not") from error
        found = str(error).splitlines()[0].removeprefix("CSV parse error: ").rstrip(".")
        raise DataError(
            "A text file of predictions must have as many fields in each line as in its header.",
            f"{name}: {found}.",
            "Write it with a header and without row names.",
        ) from error
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise _not_text(name, str(error).rstrip(".")) from error


def _not_text(name: str, found: str) -> DataError:
    return DataError(
        "A text file of predictions must be readable, in UTF-8.", f"{name}: {found}.", "Write it again as UTF-8."
    )


def _of_text(path: Path, name: str) -> Received:
    with _opened(path) as stream:
        # An empty line before the header is none.
        header = next((line for line in iter(lambda: stream.readline(_LONGEST_HEADER), b"") if line.strip()), b"")
    if not header:
        raise DataError(
            "A text file of predictions must have a header and rows.", f"{name} is empty.", "Write it anew."
        )
    separator = _separator(header.decode("utf-8-sig"))
    parsing = csv.ParseOptions(delimiter=separator, newlines_in_values=True)
    with csv.open_csv(path, parse_options=parsing) as reader:
        names = reader.schema.names
    reading = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    table = csv.read_csv(path, parse_options=parsing, convert_options=reading)
    return Received(table.rename_columns([item.strip() for item in names]), name, is_text=True, separator=separator)


def _opened(path: Path) -> BinaryIO | gzip.GzipFile:
    return gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb")


def _separator(header: str) -> str:
    """Return what separates the fields of a header: what stands most often outside of quotes; else a comma."""
    outside = "".join(header.split('"')[::2])
    return max(_SEPARATORS, key=lambda mark: (outside.count(mark), mark == ","))
