"""An expression on a table: one truth value per row."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bancada.definitions._expressions import And, Column, Comparison, Expression, Literal, Membership, Missing, Not, Or
from bancada.definitions._expressions import literal as written
from bancada.exceptions import DefinitionError, NotFoundError, nearest

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["mask"]

_COMPARE = {
    "==": pc.equal,
    "!=": pc.not_equal,
    "<": pc.less,
    "<=": pc.less_equal,
    ">": pc.greater,
    ">=": pc.greater_equal,
}
_NEAR = 2**63 // 1_000 + 1
_LITERALS: dict[type, str] = {bool: "truth value", int: "number", float: "number", str: "text"}


def mask(expression: Expression, table: pa.Table) -> npt.NDArray[np.bool_]:
    """Return which rows an expression holds for, (n_rows,).

    A comparison with a missing value (null or NaN) is False, `!=` and `not in` included; `not` turns that to True.

    Args:
        expression: The tree that `parse` returns.
        table: Rows with at least the columns that the expression names.

    Raises:
        NotFoundError: The table lacks a column.
        DefinitionError: A column's type cannot be compared with what it is compared with.
    """
    match expression:
        case And(operands):
            return functools.reduce(np.logical_and, (mask(operand, table) for operand in operands))
        case Or(operands):
            return functools.reduce(np.logical_or, (mask(operand, table) for operand in operands))
        case Not(operand):
            return np.logical_not(mask(operand, table))
        case Missing(column, negated):
            missing = _as_numpy(pc.is_null(_column(table, column.name), nan_is_null=True))
            return np.logical_not(missing) if negated else missing
        case Membership(column, values, negated):
            present = mask(Missing(column, negated=True), table)
            found = [mask(Comparison(column, "==", value), table) for value in values]
            member = functools.reduce(np.logical_or, found)
            return present & ~member if negated else member
        case Comparison():
            return _compare(expression, table)


def _as_numpy(values: Any) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.fill_null(values, fill_value=False).to_numpy(), dtype=np.bool_)


def _column(table: pa.Table, name: str) -> pa.ChunkedArray:
    if name not in table.column_names:
        rule = "An expression names columns of the dataset."
        raise NotFoundError(rule, f"Found no column `{name}`.", nearest(name, table.column_names))
    values = table.column(name)
    return values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values


def _kind(arrow_type: Any) -> str:
    types = pa.types
    if types.is_boolean(arrow_type):
        return "truth value"
    if types.is_integer(arrow_type) or types.is_floating(arrow_type) or types.is_decimal(arrow_type):
        return "number"
    if types.is_string(arrow_type) or types.is_large_string(arrow_type) or types.is_string_view(arrow_type):
        return "text"
    if types.is_timestamp(arrow_type) or types.is_date(arrow_type):
        return "date"
    return ""


def _compare(comparison: Comparison, table: pa.Table) -> npt.NDArray[np.bool_]:
    left = _column(table, comparison.left.name)
    if pa.types.is_null(left.type):
        return np.zeros(len(left), dtype=np.bool_)
    if isinstance(comparison.right, Column):
        right = _column(table, comparison.right.name)
        if pa.types.is_null(right.type):
            return np.zeros(len(left), dtype=np.bool_)
        kind, other = _kind(left.type), _kind(right.type)
        told = f"column `{comparison.right.name}` of type `{right.type}`"
    else:
        right = comparison.right
        kind, other = _kind(left.type), _LITERALS[type(right.value)]
        other = "date" if (kind, other) == ("date", "text") else other
        told = f"the {other} {written(right)}"
    ordered = comparison.operator not in {"==", "!="}
    if not kind or kind != other or (ordered and kind == "truth value"):
        rule = "Numbers compare with numbers, texts with texts, dates with quoted dates, truth values by `==` and `!=`."
        found = f"Found column `{comparison.left.name}` of type `{left.type}` `{comparison.operator}` {told}."
        raise DefinitionError(rule, found, "Compare it with a value of its own type, or `is null`.")
    pair = {"number": _numbers, "text": _texts, "date": _dates, "truth value": _flags}[kind](left, right)
    return _as_numpy(_COMPARE[comparison.operator](*pair))


def _flags(left: Any, right: Any) -> tuple[Any, Any]:
    return left, pa.scalar(right.value) if isinstance(right, Literal) else right


def _texts(left: Any, right: Any) -> tuple[Any, Any]:
    wide = pa.large_string()
    return left.cast(wide), pa.scalar(right.value, wide) if isinstance(right, Literal) else right.cast(wide)


def _numbers(left: Any, right: Any) -> tuple[Any, Any]:
    """Compare integers as integers where both sides have room, else everything as float64 with NaN as null."""
    if pa.types.is_integer(left.type):
        wide = pa.uint64() if pa.types.is_uint64(left.type) else pa.int64()
        if isinstance(right, Literal) and isinstance(right.value, int) and _has_room(right.value, wide):
            return left.cast(wide), pa.scalar(right.value, wide)
        if not isinstance(right, Literal) and pa.types.is_integer(right.type):
            both_wide = pa.types.is_uint64(right.type) == pa.types.is_uint64(left.type)
            if both_wide:
                return left.cast(wide), right.cast(wide)
    other = pa.scalar(float(right.value)) if isinstance(right, Literal) else _floats(right)
    return _floats(left), other


def _has_room(value: int, wide: Any) -> bool:
    return 0 <= value < 2**64 if pa.types.is_uint64(wide) else -(2**63) <= value < 2**63


def _floats(values: Any) -> Any:
    floats = values.cast(pa.float64(), safe=False)
    return pc.if_else(pc.is_nan(floats), pa.scalar(None, pa.float64()), floats)


def _dates(left: Any, right: Any) -> tuple[Any, Any]:
    """Compare moments in UTC; a text without an offset is taken as UTC, a date as its midnight."""
    if not isinstance(right, Literal):
        return _aligned(left, right)
    try:
        moment = dt.datetime.fromisoformat(str(right.value))
        if moment.tzinfo is not None:
            moment = moment.astimezone(dt.UTC).replace(tzinfo=None)
        return _aligned(left, pa.scalar(moment, pa.timestamp("us")))
    except (ValueError, OverflowError) as error:
        rule = "A date is compared with a quoted text in ISO 8601."
        raise DefinitionError(
            rule, f"Found {right.value!r}.", "Write it as '2024-01-31' or '2024-01-31T09:30'."
        ) from error


def _aligned(left: Any, right: Any) -> tuple[Any, Any]:
    """Return moments as integers that compare as the moments do.

    Nanoseconds reach from 1677 to 2262 only, so that other units cannot be brought to them. Where one side alone has
    them, half microseconds serve: a moment between two microseconds compares with a whole one as their middle does.
    """
    fine = [pa.types.is_timestamp(side.type) and side.type.unit == "ns" for side in (left, right)]
    if all(fine):
        return pc.cast(left, pa.int64()), pc.cast(right, pa.int64())
    if not any(fine):
        return _micros(left), _micros(right)
    return _halves(left), _halves(right)


def _micros(values: Any) -> Any:
    """Return microseconds since the epoch."""
    return pc.cast(pc.cast(values, pa.timestamp("us"), safe=False), pa.int64())


def _halves(values: Any) -> Any:
    """Return half microseconds since the epoch; those beyond all nanoseconds are held just outside of them."""
    micros = _micros(values)
    if not (pa.types.is_timestamp(values.type) and values.type.unit == "ns"):
        near = pc.min_element_wise(micros, _NEAR, skip_nulls=False)
        return pc.multiply(pc.max_element_wise(near, -_NEAR, skip_nulls=False), 2)
    rest = pc.subtract(pc.cast(values, pa.int64()), pc.multiply(micros, 1_000))
    return pc.add(pc.multiply(micros, 2), pc.cast(pc.sign(rest), pa.int64()))
