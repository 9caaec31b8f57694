"""Values brought to a type without losing anything of them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

__all__ = ["lossless", "plain_array"]

_WHOLE = r"^-?(?:0|[1-9][0-9]*)(?:\.0+)?$"
_REFUSALS = (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError, OverflowError)


def plain_array(values: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Return one array with its dictionary decoded and its text as `string`."""
    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if isinstance(array, pa.ChunkedArray):  # of no chunk, or too long for one
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], type=array.type)
    if types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if types.is_large_string(array.type) or types.is_string_view(array.type):
        array = pc.cast(array, pa.string())
    return array


def lossless(values: pa.ChunkedArray | pa.Array, wanted: pa.DataType) -> pa.Array:
    """Return values as `wanted`; null where one cannot be of it without loss.

    A whole number may be written as a text, and with `.0` behind it, as tools write numbers that they hold as floats; a
    text with leading zeros is no number. A whole number becomes the text of its digits.

    Args:
        values: (n_rows,).
        wanted: A plain type: no dictionary.

    Examples:
        >>> lossless(pa.array(["7", "07", "7.0", "x"]), pa.int64()).to_pylist()
        [7, None, 7, None]
        >>> lossless(pa.array([7.0, 7.5]), pa.string()).to_pylist()
        ['7', '7.5']
    """
    source = plain_array(values)
    if source.type == wanted:
        return source
    if types.is_string(source.type):
        source = _of_text(source, wanted)
    elif types.is_floating(source.type) and types.is_string(wanted):
        whole = lossless(source, pa.int64())
        return pc.coalesce(pc.cast(whole, pa.string()), pc.cast(source, pa.string()))
    try:
        return pc.cast(source, wanted)
    except _REFUSALS:
        return _one_by_one(source, wanted)


def _of_text(source: pa.Array, wanted: pa.DataType) -> pa.Array:
    """Return texts without the spaces around them; where a whole number is wanted, null for what is none."""
    if types.is_binary(wanted) or types.is_large_binary(wanted):
        return source
    trimmed = pc.utf8_trim_whitespace(source)
    if not types.is_integer(wanted):
        return pc.if_else(pc.equal(trimmed, ""), None, trimmed)
    whole = pc.if_else(pc.match_substring_regex(trimmed, _WHOLE), trimmed, None)
    return pc.replace_substring_regex(whole, r"\.0+$", "")


def _one_by_one(source: pa.Array, wanted: pa.DataType) -> pa.Array:
    """Return each value that can be of a type; it is slow, and asked only where some value cannot."""
    found = []
    for value in source:
        try:
            found.append(value.cast(wanted).as_py() if value.is_valid else None)
        except _REFUSALS:
            found.append(None)
    return pa.array(found, type=wanted)
