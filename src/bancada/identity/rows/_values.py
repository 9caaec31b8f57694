"""A hash of 64 bits for each value of a column; equal values have equal hashes, in whatever type they are kept."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from bancada.exceptions import DataError
from bancada.identity._columns import decoded, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["BLOCK", "Hashes", "mix", "salt_of", "value_hashes"]

Hashes = npt.NDArray[np.uint64]

# Blocks stay in the processor's cache. Longer texts cost a call each, shorter ones a pass over their block for 8 bytes.
BLOCK = 1 << 14
_LONG = 256
_INTEGER, _FLOAT, _TEXT, _LIST, _STRUCT, _WIDE, _MISSING = (
    np.uint64(int.from_bytes(hashlib.sha256(word).digest()[:8], "little"))
    for word in (b"integer", b"float", b"text", b"list", b"struct", b"wide", b"missing")
)
_NOT_A_NUMBER = np.uint64(0x7FF8000000000000)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_STEP = np.uint64(0x9E3779B97F4A7C15)
_EIGHT, _WORD = np.uint64(8), np.uint64(64)
_TWO63 = 2.0**63
_PER_S = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def value_hashes(chunks: Sequence[Any], name: str) -> Hashes:
    """Return the hash of each value of a column, or of one level of a nested one, (n_values,).

    Args:
        chunks: Arrow arrays.
        name: Name of the column, for the message.

    Raises:
        DataError: The type has no canonical form.
    """
    parts = [_of_chunk(chunk, name) for chunk in chunks if len(chunk)]
    if not parts:
        return np.zeros(0, dtype=np.uint64)
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def salt_of(text: str) -> np.uint64:
    """Return 64 bits that stand for a name."""
    return np.uint64(int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "little"))


def mix(values: Hashes) -> None:
    """Spread 64 bits over 64 bits, in place (the finaliser of SplitMix64)."""
    values ^= values >> np.uint64(30)
    values *= _FIRST
    values ^= values >> np.uint64(27)
    values *= _SECOND
    values ^= values >> np.uint64(31)


def _of_chunk(chunk: Any, name: str) -> Hashes:
    if pa.types.is_dictionary(chunk.type) and not pa.types.is_null(chunk.type.value_type):
        return _of_dictionary(chunk, name)
    try:
        (array,), type_ = decoded([chunk], chunk.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise _no_form(chunk.type, name) from error
    hashes = _values(array, type_, name)
    if array.null_count:
        hashes[np.asarray(pc.is_null(array).to_numpy(zero_copy_only=False))] = _MISSING
    return hashes


def _of_dictionary(chunk: Any, name: str) -> Hashes:
    """Hash the levels, and repeat them."""
    levels = np.append(value_hashes([chunk.dictionary], name), _MISSING)
    codes = chunk.indices.cast(pa.int64()).fill_null(len(levels) - 1)
    repeated: Hashes = levels[codes.to_numpy()]
    return repeated


def _values(array: Any, type_: Any, name: str) -> Hashes:
    """Return the hash of each value; of those that are missing anything."""
    kind = kind_of(type_)
    if kind == "struct":
        return _structs(array, type_, name)
    if kind == "list":
        return _lists(array, name)
    for test, hashed in _BY_TYPE:
        if kind is not None and test(type_):
            return hashed(array)
    raise _no_form(type_, name)


def _no_form(type_: Any, name: str) -> DataError:
    return DataError(
        "Every column that is hashed has a type with a canonical form.",
        f"Found the type `{type_}` in the column `{name}`.",
        "Cast the column to a plain, list or struct type, or leave it out.",
    )


def _filled(array: Any) -> Any:
    return array.fill_null(pa.scalar(0).cast(array.type)) if array.null_count else array


def _bits(array: Any, kind: type[np.integer[Any]]) -> npt.NDArray[Any]:
    """Return the values of a chunk as they lie in memory; what lies under a null is anything."""
    buffer = array.buffers()[1]
    if buffer is None:
        return np.zeros(len(array), dtype=kind)
    return np.frombuffer(buffer, dtype=kind, count=len(array), offset=array.offset * np.dtype(kind).itemsize)


def _missing(array: Any) -> Hashes:
    return np.full(len(array), _MISSING)


def _small(array: Any) -> Hashes:
    """Return the hash of integers and truth values that 64 bits with a sign hold."""
    return _integers(_filled(array).cast(pa.int64()).to_numpy(zero_copy_only=False))


def _unsigned(array: Any) -> Hashes:
    return _integers(_bits(array, np.uint64).view(np.int64))


def _days(array: Any) -> Hashes:
    return _integers(_bits(array, np.int32).astype(np.int64))


def _times(array: Any) -> Hashes:
    return _integers(_bits(array, np.int64))


def _integers(values: npt.NDArray[np.int64]) -> Hashes:
    return _mixed(values.view(np.uint64), _INTEGER)


def _mixed(values: Hashes, salt: np.uint64) -> Hashes:
    """Return hashes of 64 bits each."""
    hashes = np.empty(len(values), dtype=np.uint64)
    for start in range(0, len(values), BLOCK):
        block = hashes[start : start + BLOCK]
        np.add(values[start : start + BLOCK], salt, out=block)
        mix(block)
    return hashes


def _floats(array: Any) -> Hashes:
    """Return the hash of floats; a whole number has that of the integer."""
    values = _filled(array).cast(pa.float64()).to_numpy(zero_copy_only=False)
    hashes = np.empty(len(values), dtype=np.uint64)
    for start in range(0, len(values), BLOCK):
        part = values[start : start + BLOCK]
        block = hashes[start : start + BLOCK]
        with np.errstate(invalid="ignore"):
            whole = (np.floor(part) == part) & (part >= -_TWO63) & (part < _TWO63)
            np.add(part.view(np.uint64), _FLOAT, out=block)
            block[np.isnan(part)] = _NOT_A_NUMBER
            if whole.any():
                block[whole] = part[whole].astype(np.int64).view(np.uint64) + _INTEGER
        mix(block)
    return hashes


def _moments(array: Any) -> Hashes:
    """Return the hash of moments by seconds and billionths, so that it is the same in every unit."""
    per_s = _PER_S[array.type.unit]
    seconds, rest = np.divmod(_bits(array, np.int64), per_s)
    hashes = _integers(seconds)
    hashes ^= _mixed((rest * (10**9 // per_s)).view(np.uint64), _WIDE)
    return hashes


def _wide(array: Any) -> Hashes:
    """Return the hash of values of other widths, such as decimals."""
    width = array.type.bit_width // 8
    offset = array.offset * width
    data = np.frombuffer(array.buffers()[1], dtype=np.uint8, count=len(array) * width, offset=offset)
    rows = np.zeros((len(array), -(-width // 8) * 8), dtype=np.uint8)
    rows[:, :width] = data.reshape(len(array), width)
    hashes = np.full(len(array), _WIDE ^ salt_of(str(array.type)))
    for word in rows.view("<u8").T:
        hashes ^= word
        mix(hashes)
    return hashes


def _structs(array: Any, type_: Any, name: str) -> Hashes:
    hashes = np.full(len(array), _STRUCT)
    for field, part in zip(type_, array.flatten(), strict=True):
        values = value_hashes([part], f"{name}.{field.name}")
        values += salt_of(field.name)
        mix(values)
        hashes += values
    return hashes


def _lists(array: Any, name: str) -> Hashes:
    """Return the hash of each list: a sum over its items by their places."""
    lengths = pc.fill_null(pc.cast(pc.list_value_length(array), pa.int64()), 0).to_numpy(zero_copy_only=False)
    ends = np.cumsum(lengths)
    flat = array.flatten()
    items = value_hashes([flat], f"{name}[]")
    place = np.arange(len(items)) - np.repeat(ends - lengths, lengths)
    items += place.astype(np.uint64) * _STEP
    mix(items)
    sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(items, dtype=np.uint64)])
    return _mixed(sums[ends] - sums[ends - lengths] + lengths.astype(np.uint64), _LIST)


def _texts(array: Any) -> Hashes:
    """Return the hash of texts or bytes, 8 bytes of a block of them at once."""
    wide = pa.types.is_large_string(array.type) or pa.types.is_large_binary(array.type)
    kind = np.dtype(np.int64 if wide else np.int32)
    _, offset_buffer, data = array.buffers()
    offsets = np.frombuffer(offset_buffer, dtype=kind, count=len(array) + 1, offset=array.offset * kind.itemsize)
    buffer = np.frombuffer(b"" if data is None else data, dtype=np.uint8)
    hashes = np.empty(len(array), dtype=np.uint64)
    for start in range(0, len(array), BLOCK):
        block = offsets[start : start + BLOCK + 1].astype(np.int64)
        hashes[start : start + BLOCK] = _of_block(buffer, block)
    return hashes


def _of_block(buffer: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64]) -> Hashes:
    lengths = np.diff(offsets)
    hashes = lengths.astype(np.uint64) + _TEXT
    mix(hashes)
    for row in np.flatnonzero(lengths > _LONG):
        text = buffer[offsets[row] : offsets[row + 1]]
        hashes[row] ^= np.uint64(int.from_bytes(hashlib.blake2b(text.tobytes(), digest_size=8).digest(), "little"))
    rows = np.flatnonzero((lengths > 0) & (lengths <= _LONG))
    words, first = _words(buffer, int(offsets[0]), int(offsets[-1]))
    at, left = offsets[:-1][rows] - first, lengths[rows]
    while len(rows):
        part = hashes[rows]
        part ^= _loaded(words, at) & _kept(left)
        part *= _STEP
        part ^= part >> np.uint64(32)
        hashes[rows] = part
        more = left > 8
        rows, at, left = rows[more], at[more] + 8, left[more] - 8
    mix(hashes)
    return hashes


def _words(buffer: npt.NDArray[np.uint8], start: int, stop: int) -> tuple[Hashes, int]:
    """Return bytes as words of 64 bits, with room behind them, and the place of the first byte."""
    padded = np.zeros((stop - start) // 8 * 8 + 16, dtype=np.uint8)
    padded[: stop - start] = buffer[start:stop]
    return padded.view("<u8"), start


def _loaded(words: Hashes, at: npt.NDArray[np.int64]) -> Hashes:
    """Return the 8 bytes from each of these places on."""
    index = at >> 3
    shift = (at & 7).astype(np.uint64) * _EIGHT
    # A shift by 64 is none, so that the upper part is shifted twice.
    loaded: Hashes = (words[index] >> shift) | ((words[index + 1] << np.uint64(1)) << (_WORD - np.uint64(1) - shift))
    return loaded


def _kept(left: npt.NDArray[np.int64]) -> Hashes:
    """Return a mask of as many bytes as are left, at most 8."""
    gone = (8 - np.minimum(left, 8)).astype(np.uint64) * _EIGHT
    return np.uint64(0xFFFFFFFFFFFFFFFF) >> gone


_BY_TYPE: tuple[tuple[Callable[[Any], Any], Callable[[Any], Hashes]], ...] = (
    (types.is_null, _missing),
    (lambda kind: kind_of(kind) in {"string", "binary"}, _texts),
    (types.is_floating, _floats),
    (types.is_uint64, _unsigned),
    (lambda kind: types.is_boolean(kind) or types.is_integer(kind), _small),
    (lambda kind: types.is_timestamp(kind) or types.is_duration(kind), _moments),
    (types.is_date32, _days),
    (types.is_time64, _times),
    (lambda kind: kind.bit_width % 8 == 0, _wide),
)
