"""Canonical JSON: one value has one text, and one text has one digest."""

from __future__ import annotations

import hashlib
import math
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from bancada.exceptions import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["canonical_json", "digest", "digest_bytes", "short"]

_RULE = "An identity is made of text, numbers, true, false, none, lists and mappings with text keys."
_SHOWN_DIGITS = 6
_SHOWN_CHARACTERS = 200


def canonical_json(value: object) -> bytes:
    """Write a value as canonical JSON: sorted keys, UTF-8, no spaces, floats as their shortest round-trip text.

    Equal values give equal bytes, and what JSON can tell apart stays apart: `1` and `1.0` differ, and so do `0.0` and
    `-0.0`; a list and a tuple do not. Keys are sorted by code point. A NumPy scalar is written as the Python number
    that equals it. NaN and infinities have no JSON and are refused: whoever means them writes them as text.

    Args:
        value: Mappings with text keys, lists, tuples, text, numbers, booleans, None and NumPy scalars, nested at will.

    Returns:
        The text in UTF-8.

    Raises:
        DefinitionError: The value holds something else, NaN, an infinity or itself.

    Examples:
        >>> canonical_json({"b": (1, 1.0), "a": None})
        b'{"a":null,"b":[1,1.0]}'
    """
    parts: list[str] = []
    try:
        _write(value, parts.append)
        return "".join(parts).encode()
    except RecursionError:
        raise DefinitionError(
            _RULE, "Found a value that is nested too deeply, or holds itself.", "Give a flat copy of it."
        ) from None
    except UnicodeEncodeError as error:
        raise DefinitionError(
            "Text in an identity is Unicode.",
            f"Found {error.object[error.start : error.end]!r}, which stands for no character.",
            "Decode the text with its own encoding first.",
        ) from None


def digest(value: object) -> str:
    """Return the SHA-256 of a value's canonical JSON, 64 hexadecimal digits.

    Args:
        value: What `canonical_json` accepts.

    Raises:
        DefinitionError: The value has no canonical JSON.

    Examples:
        >>> short(digest({"k": 5}))
        '519b31'
    """
    return digest_bytes(canonical_json(value))


def digest_bytes(data: bytes) -> str:
    """Return the SHA-256 of bytes, 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def short(digest: str) -> str:
    """Return the first six digits, which is how a digest is shown; it is never stored so."""
    return digest[:_SHOWN_DIGITS]


def _write(value: object, put: Callable[[str], None]) -> None:
    """Write one value; plain texts first because most values are."""
    if type(value) is str:
        put(encode_basestring(value))
    elif isinstance(value, str):
        put(encode_basestring(str.__str__(value)))
    elif value is None or isinstance(value, bool):
        put("null" if value is None else "true" if value else "false")
    elif isinstance(value, int):
        put(_integer(value))
    elif isinstance(value, float):
        put(_float(value))
    elif isinstance(value, list | tuple):
        _write_items(value, put)
    elif isinstance(value, dict):
        _write_mapping(value, put)
    else:
        _write(_number(value), put)


def _write_items(items: Sequence[object], put: Callable[[str], None]) -> None:
    if not items:
        put("[]")
        return
    lead = "["
    for item in items:
        # Identities are lists of names for the most part: these go without a call of their own.
        if type(item) is str:
            put(lead + encode_basestring(item))
        else:
            put(lead)
            _write(item, put)
        lead = ","
    put("]")


def _write_mapping(mapping: Mapping[Any, object], put: Callable[[str], None]) -> None:
    for key in mapping:
        if not isinstance(key, str):
            raise DefinitionError(_RULE, f"Found the key {_shown(key)}.", "Make every key a text.")
    if not mapping:
        put("{}")
        return
    lead = "{"
    for key in sorted(mapping):
        put(f"{lead}{encode_basestring(str.__str__(key))}:")
        _write(mapping[key], put)
        lead = ","
    put("}")


def _integer(value: int) -> str:
    try:
        return int.__repr__(value)
    except ValueError:
        # Python refuses to write very long integers in decimal, to bound the time it takes.
        raise DefinitionError(
            "An integer in an identity has at most 4,300 digits.",
            f"Found one of {value.bit_length()} bits.",
            "Write it as text.",
        ) from None


def _float(value: float) -> str:
    if math.isfinite(value):
        return float.__repr__(value)
    raise DefinitionError(
        "A number in an identity is finite, because JSON has no other.",
        f"Found {float.__repr__(value)}.",
        "Write it as text, such as 'nan' or 'inf', where it is meant.",
    )


def _number(value: object) -> object:
    """Return the Python number that a NumPy scalar equals; told by its type's module, so that NumPy is not imported."""
    kind = type(value)
    if kind.__module__ == "numpy" and not hasattr(kind, "__array_finalize__") and _is_numeric(value):
        plain = value.item()  # type: ignore[attr-defined]  # every NumPy scalar has it
        if isinstance(plain, bool | int | float):
            return plain
    raise DefinitionError(
        _RULE, f"Found {_shown(value)} of type `{kind.__name__}`.", "Name it by text or by its parameters."
    )


def _is_numeric(value: object) -> bool:
    """Tell booleans, integers and floats from dates, which NumPy hands out as integers too."""
    return getattr(getattr(value, "dtype", None), "kind", "") in {"b", "i", "u", "f"}


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
