"""The times of rows as numbers that are ordered as the times are."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bancada.exceptions import DataError, DefinitionError

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.samples import SplitRows

__all__ = ["Times", "moment", "read_times", "shown_moment", "time_codes"]

_TICKS_NS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
_DAY_NS = 86_400 * 1_000_000_000
_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - moments are compared in UTC, without saying so in each
_MICROSECOND = dt.timedelta(microseconds=1)
_MONTH = re.compile(r"\d{4}-\d{2}")
_RULE = "The time of a row must be a date, a moment, a number or a text in ISO 8601."


@dataclass(frozen=True)
class Times:
    """The time column of a problem.

    Attributes:
        name: Name of the column.
        values: The times in ticks since 1970 in UTC, int64 (n_rows,); numbers as they are, int64 or float64.
        tick_ns: Nanoseconds in a tick; None where the times are numbers, which have no duration.
    """

    name: str
    values: npt.NDArray[Any]
    tick_ns: int | None

    def shown(self, value: Any) -> str:
        """Return one of the values as it may be written in Python."""
        if self.tick_ns is None:
            return repr(value.item() if isinstance(value, np.generic) else value)
        try:
            return repr(shown_moment(_EPOCH + dt.timedelta(microseconds=int(value) * self.tick_ns // 1_000)))
        except OverflowError:
            return repr(int(value))


def moment(value: dt.date | str) -> tuple[dt.datetime, bool]:
    """Return a date, a moment or a text in ISO 8601 as a moment in UTC without zone, and whether it told its offset.

    A date is its midnight, a month (`2024-01`) its first day; without an offset it is taken as UTC.

    Raises:
        ValueError: The text is none.

    Examples:
        >>> moment("2024-01-31T01:00+02:00")
        (datetime.datetime(2024, 1, 30, 23, 0), True)
    """
    if isinstance(value, str):
        text = value.strip()
        found = dt.datetime.fromisoformat(f"{text}-01" if _MONTH.fullmatch(text) else text)
    elif isinstance(value, dt.datetime):
        found = value
    else:
        found = dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - as above
    if found.tzinfo is None:
        return found, False
    return found.astimezone(dt.UTC).replace(tzinfo=None), True


def shown_moment(value: dt.datetime) -> str:
    """Return a moment in ISO 8601; midnight as its date."""
    return value.date().isoformat() if value.time() == dt.time() else value.isoformat()


def read_times(rows: SplitRows) -> Times:
    """Return the times of rows.

    Raises:
        DefinitionError: The problem names no time column.
        DataError: A time is missing, or the column holds something that is no time.
    """
    if rows.time is None:
        raise DefinitionError(
            "What is ordered in time needs the problem's time column.",
            "The problem has no `time`.",
            "Name the column, as in `time='day'`.",
        )
    name = rows.time.column_names[0]
    column = rows.time.column(0).combine_chunks()
    column = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
    missing = np.asarray(column.is_null(nan_is_null=True).to_numpy(zero_copy_only=False), dtype=np.bool_)
    if missing.any():
        first = rows.ids[int(np.argmax(missing))].as_py()
        raise DataError(
            "Each row must have a time.",
            f"`{name}` is missing in {int(missing.sum()):,} rows, the first is the row with id {first!r}.",
            "Fill the column, or leave these rows out of the dataset.",
        )
    values, tick_ns = _texts(column, name) if _is_text(column.type) else _ordered(column, name)
    return Times(name, values, tick_ns)


def time_codes(rows: SplitRows) -> npt.NDArray[np.int64]:
    """Return the number of each row's time among all distinct times, ascending from 0, (n_rows,).

    Raises:
        DefinitionError: The problem names no time column.
        DataError: A time is missing, or the column holds something that is no time.
    """
    codes = np.unique(read_times(rows).values, return_inverse=True)[1]
    return np.asarray(codes, dtype=np.int64)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _ordered(column: pa.Array, name: str) -> tuple[npt.NDArray[Any], int | None]:
    """Return dates, moments and numbers as numbers."""
    kind, tick_ns = column.type, None
    try:
        if pa.types.is_timestamp(kind):
            tick_ns, column = _TICKS_NS[kind.unit], column.cast(pa.int64())
        elif pa.types.is_date(kind):
            tick_ns, column = _DAY_NS, column.cast(pa.date32()).cast(pa.int32()).cast(pa.int64())
        elif pa.types.is_integer(kind):
            column = column.cast(pa.int64())
        elif pa.types.is_floating(kind) or pa.types.is_decimal(kind):
            column = column.cast(pa.float64())
        else:
            raise DataError(_RULE, f"`{name}` is of type `{kind}`.", "Convert the column, or name another as `time`.")
    except pa.ArrowInvalid as error:
        raise DataError(_RULE, f"`{name}` has values out of range: {error}.", "Convert the column.") from error
    values = column.to_numpy(zero_copy_only=False)
    infinite = int(np.count_nonzero(~np.isfinite(values)))
    if infinite:
        raise DataError(_RULE, f"`{name}` is infinite in {infinite:,} rows.", "Mend these rows, or leave them out.")
    return values, tick_ns


def _texts(column: pa.Array, name: str) -> tuple[npt.NDArray[Any], int | None]:
    """Return texts as microseconds since 1970; each distinct one is read once."""
    encoded = column.dictionary_encode()
    micros, told = [], set()
    for text in encoded.dictionary.to_pylist():
        try:
            found, offset = moment(text)
        except (ValueError, OverflowError) as error:
            raise DataError(
                _RULE,
                f"`{name}` holds the text {text!r}.",
                "Write it as '2024-01-31' or '2024-01-31T09:30', or convert the column to dates.",
            ) from error
        micros.append((found - _EPOCH) // _MICROSECOND)
        told.add(offset)
    if len(told) > 1:
        raise DataError(
            "The times of one column must all tell their offset from UTC, or none of them.",
            f"In `{name}` some texts do and some do not.",
            "Convert the column to moments of one time zone.",
        )
    indices = encoded.indices.to_numpy(zero_copy_only=False)
    return np.array(micros, dtype=np.int64)[indices], _TICKS_NS["us"]
