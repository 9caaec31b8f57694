"""Columns of the data as bins and as conditions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bancada.definitions import Slice
from bancada.display import score
from bancada.exceptions import UsageError
from bancada.scoring.slices import Literal, quantile_bins

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

__all__ = ["BinnedColumn", "binned_column", "conditions"]

_MOST_VALUES = 20
_MOST_SHOWN = 8
_CONDITION_BINS = 5


@dataclass(frozen=True)
class BinnedColumn:
    """A column in bins: the number of each row's bin, −1 for none, and what each bin is called."""

    codes: npt.NDArray[np.int64]
    labels: tuple[str, ...]


def binned_column(column: pa.ChunkedArray, most: int) -> BinnedColumn | None:
    """Return a column in bins: quantiles of numbers and dates, else the most frequent values; None for anything else.

    Args:
        column: Values, (n_rows,).
        most: How many bins of numbers at most.
    """
    plain = _plain(column)
    kind = plain.type
    if _is_ordered(kind):
        values = _numbers(plain)
        codes, edges = quantile_bins(values, most)
        labels = _edge_labels(edges, kind, values)
        codes, labels = _with_missing(codes, labels, plain)
        return BinnedColumn(codes, labels) if len(labels) > 1 else None
    if not _is_label(kind):
        return None
    counts = pc.value_counts(plain.drop_null()).to_pylist()
    counts.sort(key=lambda item: (-item["counts"], str(item["values"])))
    shown = [item["values"] for item in counts[:_MOST_SHOWN]]
    found = pc.index_in(plain, value_set=pa.array(shown, type=kind))
    codes = np.asarray(found.combine_chunks().fill_null(len(shown)).to_numpy(zero_copy_only=False), dtype=np.int64)
    labels = tuple(_word(value) for value in shown)
    codes, labels = (codes, (*labels, "others")) if len(counts) > len(shown) else (_none_at(codes, len(shown)), labels)
    codes, labels = _with_missing(codes, labels, plain)
    return BinnedColumn(codes, labels) if len(labels) > 1 else None


def conditions(name: str, column: pa.ChunkedArray) -> Iterator[Literal]:
    """Yield conditions on a column, in the grammar of slices: on either side of each quintile, or equal to a value.

    Two of them on one column make a bin of quantiles.

    Args:
        name: Name of the column.
        column: Values, (n_rows,).
    """
    plain = _plain(column)
    kind = plain.type
    quoted = "`" + name.replace("`", "``") + "`"
    if plain.null_count:
        yield from _literal(name, f"{quoted} is null", np.asarray(plain.is_null().to_numpy(), dtype=np.bool_))
    if _is_ordered(kind):
        values = _numbers(plain)
        for exact in quantile_bins(values, _CONDITION_BINS)[1]:
            edge = exact if _is_date(kind) else _shortest(exact, float(values[values > exact].min()))
            told = _edge_text(edge, kind)
            yield from _literal(name, f"{quoted} <= {told}", values <= edge)
            yield from _literal(name, f"{quoted} > {told}", values > edge)
    elif _is_label(kind):
        counts = pc.value_counts(plain.drop_null()).to_pylist()
        counts.sort(key=lambda item: (-item["counts"], str(item["values"])))
        for item in counts[:_MOST_VALUES]:
            value = item["values"]
            told = str(value).lower() if isinstance(value, bool) else "'" + str(value).replace("'", "''") + "'"
            equal = pc.fill_null(pc.equal(plain, pa.scalar(value, type=kind)), fill_value=False)
            yield from _literal(name, f"{quoted} == {told}", np.asarray(equal.to_numpy(), dtype=np.bool_))


def _shortest(low: float, high: float) -> float:
    """Return the number of fewest digits from `low` on and below `high`: between two values all edges part alike."""
    exact = Decimal(low)
    for digits in range(1, 17):
        unit = Decimal(1).scaleb(exact.adjusted() - digits + 1)
        rounded = float((exact / unit).to_integral_value(rounding=ROUND_CEILING) * unit)
        if low <= rounded < high:
            return rounded
    return low


def _literal(name: str, text: str, among: npt.NDArray[np.bool_]) -> Iterator[Literal]:
    """Yield a condition that the grammar can say; it is shown as the grammar writes it."""
    try:
        yield Literal(name, Slice("found", text).canonical, among)
    except UsageError:
        return


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def _is_ordered(kind: Any) -> bool:
    types = pa.types
    number = types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)
    return bool(number or types.is_timestamp(kind) or types.is_date(kind))


def _is_label(kind: Any) -> bool:
    types = pa.types
    text = types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)
    return bool(text or types.is_boolean(kind))


def _is_date(kind: Any) -> bool:
    return bool(pa.types.is_timestamp(kind) or pa.types.is_date(kind))


def _numbers(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    """Return numbers, dates as seconds since the epoch; NaN where missing."""
    if _is_date(column.type):
        micros = pc.cast(pc.cast(column, pa.timestamp("us"), safe=False), pa.int64())
        return np.asarray(micros.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64) / 1e6
    return np.asarray(column.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)


def _moment(seconds: float) -> dt.datetime:
    return dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=round(seconds * 1e6))  # noqa: DTZ001 - as the column has it


def _edge_text(edge: float, kind: Any) -> str:
    if _is_date(kind):
        return f"'{_moment(edge).isoformat()}'"
    return repr(int(edge)) if pa.types.is_integer(kind) else repr(edge)


def _edge_labels(edges: tuple[float, ...], kind: Any, values: npt.NDArray[np.float64]) -> tuple[str, ...]:
    """Name the bins between edges; whole numbers are written whole, dates as days."""
    if np.isnan(values).all():
        return ()

    def shown(value: float) -> str:
        if _is_date(kind):
            moment = _moment(value)
            return moment.date().isoformat() if moment.time() == dt.time() else moment.isoformat(" ", "minutes")
        text = f"{int(value):,}" if pa.types.is_integer(kind) else score(value)
        return text.rstrip("0").rstrip(".") if "." in text else text

    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if not edges:
        return (shown(low) if low == high else f"{shown(low)} to {shown(high)}",)
    inner = [f"{shown(before)} to {shown(after)}" for before, after in pairwise(edges)]
    return (f"up to {shown(edges[0])}", *inner, f"above {shown(edges[-1])}")


def _with_missing(
    codes: npt.NDArray[np.int64], labels: tuple[str, ...], column: pa.ChunkedArray
) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    missing = np.asarray(pc.is_null(column, nan_is_null=True).to_numpy(), dtype=np.bool_)
    if not missing.any():
        return codes, labels
    return np.where(missing, len(labels), codes), (*labels, "missing")


def _none_at(codes: npt.NDArray[np.int64], number: int) -> npt.NDArray[np.int64]:
    return np.where(codes == number, -1, codes)


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
