"""One type for all the Arrow types that mean the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["decoded", "kind_of"]

_UNITS = ("ns", "us", "ms", "s")
_DECIMAL_128_DIGITS = 38
_WIDE = {"string": pa.large_string(), "binary": pa.large_binary()}


def decoded(chunks: Sequence[Any], type_: Any) -> tuple[list[Any], Any]:
    """Bring the arrays of a column to the type that stands for all of its equals.

    Args:
        chunks: Non-empty Arrow arrays of `type_`.
        type_: Their type.

    Returns:
        The arrays and their type. Texts and bytes keep the width of their offsets, which is not hashed; a type without
        canonical form comes back as it is.
    """
    arrays = list(chunks)
    while True:
        plain = _storage(type_)
        if plain is None:
            break
        arrays = [_unwrapped(array) for array in arrays]
        type_ = arrays[0].type if arrays else plain
    if types.is_timestamp(type_) or types.is_duration(type_):
        return _finest(arrays, type_)
    target = _target(type_)
    if target is None or target == type_:
        return arrays, type_
    return [pc.cast(array, target) for array in arrays], target


def kind_of(type_: Any) -> str | None:
    """Name the canonical type of what `decoded` gave; None where it has none.

    Args:
        type_: An Arrow type that `decoded` returned.
    """
    if types.is_timestamp(type_):
        return f"timestamp[{type_.unit}, UTC]" if type_.tz else f"timestamp[{type_.unit}]"
    for test, kind in _KINDS:
        if test(type_):
            return kind
    if types.is_primitive(type_) or types.is_decimal(type_) or types.is_fixed_size_binary(type_):
        return str(type_)
    return None


_KINDS = (
    (types.is_large_string, "string"),
    (types.is_string, "string"),
    (types.is_large_binary, "binary"),
    (types.is_binary, "binary"),
    (types.is_list, "list"),
    (types.is_large_list, "list"),
    (types.is_fixed_size_list, "list"),
    (types.is_list_view, "list"),
    (types.is_large_list_view, "list"),
    (types.is_struct, "struct"),
    (types.is_boolean, "bool"),
    (types.is_null, "null"),
)


def _storage(type_: Any) -> Any:
    """Return the type inside a dictionary, a run-end encoding or an extension; None where there is none."""
    if types.is_dictionary(type_) or types.is_run_end_encoded(type_):
        return type_.value_type
    return type_.storage_type if isinstance(type_, pa.BaseExtensionType) else None


def _unwrapped(array: Any) -> Any:
    if types.is_dictionary(array.type):
        (values,), type_ = decoded([array.dictionary], array.type.value_type)
        # Decoding repeats texts, so that their offsets may need 64 bits; views cannot be taken from at all.
        return pc.take(pc.cast(values, _WIDE.get(kind_of(type_) or "", type_)), array.indices)
    if types.is_run_end_encoded(array.type):
        return _without_runs(array)
    return array.storage


def _without_runs(array: Any) -> Any:
    """Repeat the values of runs; Arrow itself does it for plain types only, so it repeats their positions here."""
    positions = pa.array(range(len(array.values)), pa.int64())
    runs = pa.RunEndEncodedArray.from_arrays(array.run_ends, positions).slice(array.offset, len(array))
    (values,), type_ = decoded([array.values], array.values.type)
    return pc.take(pc.cast(values, _WIDE.get(kind_of(type_) or "", type_)), pc.run_end_decode(runs))


def _target(type_: Any) -> Any:
    """Return the type to cast to; None where the type stays. A map is a list of its pairs."""
    if types.is_map(type_):
        return pa.list_(pa.struct([type_.key_field, type_.item_field]))
    if types.is_decimal(type_):
        wide = pa.decimal128 if type_.precision <= _DECIMAL_128_DIGITS else pa.decimal256
        return wide(type_.precision, type_.scale)
    for test, target in _TARGETS:
        if test(type_):
            return target
    return None


_TARGETS = (
    (types.is_string_view, pa.large_string()),
    (types.is_binary_view, pa.large_binary()),
    (types.is_date64, pa.date32()),
    (types.is_time, pa.time64("ns")),
)


def _finest(arrays: Sequence[Any], type_: Any) -> tuple[list[Any], Any]:
    """Cast moments or durations to nanoseconds, or to the finest unit in which none overflows.

    The unit depends on the values alone: whatever unit they came in, the same one is found.
    """
    for unit in _UNITS:
        zone = "UTC" if types.is_timestamp(type_) and type_.tz else None
        target = pa.timestamp(unit, zone) if types.is_timestamp(type_) else pa.duration(unit)
        try:
            return [pc.cast(array, target) for array in arrays], target
        except pa.ArrowInvalid:
            continue
    return list(arrays), type_
