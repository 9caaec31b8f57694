"""Which rows are sealed: membership by a hash of the row's own group or id, so that it never changes."""

from __future__ import annotations

import hashlib
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bancada.exceptions import DataError
from bancada.splits._rows import count, groups

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.samples import SplitRows

__all__ = ["id_hashes", "members", "seal"]

_DIGEST_BYTES = 8


def seal(rows: SplitRows, share: float, seed: int) -> npt.NDArray[np.bool_]:
    """Return True for rows of the holdout, (n_rows,).

    A group is sealed whole. Membership depends on the group's (else the id's) value and the seed alone, so the share is
    met in expectation, not exactly, and classes are not balanced: a balanced draw would move rows as others come or go.

    Args:
        rows: All rows of this version of the data.
        share: Expected share of sealed rows; 0 seals none.
        seed: Seed of the split.

    Raises:
        DataError: If a group is missing, or if all rows or none would be sealed.
    """
    if share == 0:
        return np.zeros(count(rows), dtype=np.bool_)
    codes = groups(rows)
    if codes is None:
        sealed = members(rows.ids, share, seed)
    else:
        # Codes are dense, so the i-th distinct code is i.
        first = np.unique(codes, return_index=True)[1]
        sealed = members(_arrow(np.asarray(rows.groups)[first]), share, seed)[codes]
    if sealed.all() or not sealed.any():
        unit = "rows" if codes is None else "groups"
        raise DataError(
            "A holdout must seal some rows and leave some.",
            f"Of {count(rows)} rows {int(sealed.sum())} would be sealed at `holdout={share!r}` with `seed={seed!r}`.",
            f"Choose another share or seed, bring more {unit}, or say `holdout=0`.",
        )
    return sealed


def members(values: Any, share: float, seed: int) -> npt.NDArray[np.bool_]:
    """Return True where the hash of a value falls into the share.

    The first 64 bits of BLAKE2b over the seed and the value's canonical text are read as a fraction of 1 and compared
    with the share. The text is that of the logical type: 7 has one text as an integer of any width, as a float and as
    the texts `7` and `007`. So rows stay where they are when a later version of a file has ids that are no numbers, or
    fractions among them, and the column is read as another type.

    Args:
        values: Arrow array, (n,), without nulls.
        share: Expected share of members.
        seed: Seed of the draw.

    Examples:
        >>> import pyarrow as pa
        >>> members(pa.array(["a", "b", "c", "d"]), 0.5, seed=0).tolist()
        [False, False, True, True]
    """
    threshold = np.uint64(int(float(share) * 2 ** (8 * _DIGEST_BYTES)))
    return np.asarray(_hashed(f"bancada.holdout/1:{int(seed)}:", values) < threshold, dtype=np.bool_)


def id_hashes(values: Any, space: str = "") -> npt.NDArray[np.uint64]:
    """Return a hash of each id, (n,), by which rows are known again whatever the type that their column is read as.

    Args:
        values: Arrow array, (n,), without nulls.
        space: What the ids are unique in, where they mean nothing beyond it.
    """
    return _hashed(f"bancada.look/1:{space}:", values).astype(np.uint64)


def _hashed(prefix: str, values: Any) -> npt.NDArray[np.uint64]:
    """Return the first 64 bits of BLAKE2b over a prefix and each value's canonical text, (n,)."""
    keyed = _prefixed(prefix, _texts(values))
    digest = hashlib.blake2b
    joined = b"".join(
        [digest(text, digest_size=_DIGEST_BYTES).digest() for text in keyed.to_numpy(zero_copy_only=False).tolist()]
    )
    return np.frombuffer(joined, dtype=">u8")


def _arrow(values: npt.NDArray[Any]) -> Any:
    """Return values as an Arrow array."""
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise DataError(
            "The values of the groups column must be of one type.",
            f"Arrow says {str(error)!r}.",
            "Convert the column to one type.",
        ) from error


def _texts(values: Any) -> Any:
    """Return each value's canonical text as an Arrow binary array: a letter for the logical type, then the value."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    kind = values.type
    if pa.types.is_boolean(kind):
        letter, text = "b:", values.cast(pa.string())
    elif pa.types.is_integer(kind):
        letter, text = "n:", values.cast(pa.string())
    elif pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        numbers = values.cast(pa.float64()) if pa.types.is_floating(kind) else values
        letter, text = "n:", pa.array([_number(value) for value in numbers.to_pylist()], pa.string())
    elif pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        letter, text = "t:", _moments(values)
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        letter, text = "x:", values
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return _prefixed_texts(values.cast(pa.large_string()))
    else:
        raise DataError(
            "A holdout is drawn by ids or groups that are numbers, texts, bytes, dates or bools.",
            f"They are of type `{kind}`.",
            "Convert the column, or say `holdout=0`.",
        )
    return _prefixed(letter, text.cast(pa.large_binary()))


def _prefixed_texts(values: Any) -> Any:
    """Return texts under their letter; whole numbers under that of numbers, as if they had been read as such."""
    trimmed = pc.utf8_trim(values, characters=" \t")
    whole = pc.match_substring_regex(trimmed, r"^-?[0-9]+$")
    numbers = pc.replace_substring_regex(trimmed, r"^(-?)0+([0-9])", r"\1\2")
    letters = pc.if_else(whole, _large(b"n:"), _large(b"s:"))
    texts = pc.if_else(whole, numbers, values).cast(pa.large_binary())
    return pc.binary_join_element_wise(letters, texts, _large(b""))


def _moments(values: Any) -> Any:
    """Return microseconds since the epoch as text; nanoseconds beyond them follow behind a colon."""
    kind = values.type
    micros = values.cast(pa.timestamp("us", tz=getattr(kind, "tz", None)), safe=False).cast(pa.int64())
    if not pa.types.is_timestamp(kind) or kind.unit != "ns":
        return micros.cast(pa.string())
    rest = pc.subtract(values.cast(pa.int64()), pc.multiply(micros, 1_000)).cast(pa.string())
    whole = micros.cast(pa.string())
    return pc.if_else(pc.equal(rest, "0"), whole, pc.binary_join_element_wise(whole, rest, ":"))


def _prefixed(prefix: str, values: Any) -> Any:
    """Return large binary values with a text before each."""
    return pc.binary_join_element_wise(_large(prefix.encode()), values, _large(b""))


def _large(value: bytes) -> Any:
    return pa.scalar(value, pa.large_binary())


def _number(value: float | Decimal) -> str:
    """Return the text of a number; a whole one reads as an integer does."""
    if not math.isfinite(value):
        return str(value)
    if value == int(value):
        return str(int(value))
    decimal = value if isinstance(value, Decimal) else Decimal(repr(value))
    return format(decimal, "f").rstrip("0")
