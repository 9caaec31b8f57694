"""Values of parameters as text: how the command line reads them and how a board writes them."""

from __future__ import annotations

import enum
import json
import re
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from bancada.definitions._annotations import NoMatch, conform, members

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["INTEGER", "NUMBER", "read", "split", "write"]

INTEGER = r"[+-]?[0-9]+"
NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_LEAST_INTEGER, _LARGEST_INTEGER = -(2**63), 2**63 - 1
_QUOTES = "'\""
_QUOTED = re.compile("'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")
_PAIRS = {"[": "]", "(": ")"}
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_+-]*(?:\.[A-Za-z0-9_+-]+)*")
_WORDS = frozenset({"none", "true", "false", "inf"})
_FLAGS = {"true": True, "false": False}


def split(text: str) -> list[str]:
    """Return the parts of a text between its commas; those in quotes or brackets do not count.

    Raises:
        NoMatch: A quote or a bracket is not closed.

    Examples:
        >>> split("1, 'a,b', [2,3]")
        ['1', "'a,b'", '[2,3]']
    """
    parts, begin, position, fresh = [], 0, 0, True
    closing: list[str] = []
    while position < len(text):
        character = text[position]
        if fresh and character in _QUOTES:
            quoted = _QUOTED.match(text, position)
            if quoted is None:
                raise NoMatch
            position, fresh = quoted.end(), False
            continue
        if fresh and character in _PAIRS:
            closing.append(_PAIRS[character])
        elif closing and character == closing[-1]:
            closing.pop()
            fresh = False
        elif character == "," and not closing:
            parts.append(text[begin:position].strip())
            begin, fresh = position + 1, True
        else:
            fresh = character == "," or (fresh and character.isspace())
        position += 1
    if closing:
        raise NoMatch
    return [*parts, text[begin:].strip()]


def read(text: str, hint: Any) -> Any:
    """Return the value that a text says for an annotation.

    `none` is None and `true` a truth value where the annotation has them; quotes make anything a text.

    Args:
        text: One value, such as `0.1`, `none`, `'none'`, `[64, 32]`.
        hint: A resolved annotation.

    Raises:
        NoMatch: The text says no value of the annotation.
    """
    order = [type(None), bool, int, float]
    parts = sorted(members(hint), key=lambda part: order.index(part) if part in order else len(order) + (part is str))
    for part in parts:
        try:
            return conform(_read(text.strip(), part), part)
        except NoMatch:
            continue
    raise NoMatch


def _read(text: str, hint: Any) -> Any:
    if hint in _READERS:
        return _READERS[hint](text)
    if get_origin(hint) is Literal:
        return _choice(text, [(choice, choice) for choice in get_args(hint)])
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        named = [(name, member) for name, member in hint.__members__.items()]
        return _choice(text, named + [(member.value, member) for member in hint])
    return _sequence(text, hint)


def _choice(text: str, choices: list[tuple[Any, Any]]) -> Any:
    for said, value in choices:
        if type(said) in _READERS:
            try:
                if _READERS[type(said)](text) == said:
                    return value
            except NoMatch:
                continue
    raise NoMatch


def _none(text: str) -> None:
    if text.lower() != "none":
        raise NoMatch


def _flag(text: str) -> bool:
    if text.lower() not in _FLAGS:
        raise NoMatch
    return _FLAGS[text.lower()]


def _int(text: str) -> int:
    if not re.fullmatch(INTEGER, text) or len(text) > len(str(_LEAST_INTEGER)):
        raise NoMatch
    value = int(text)
    if not _LEAST_INTEGER <= value <= _LARGEST_INTEGER:
        raise NoMatch
    return value


def _float(text: str) -> float:
    if not re.fullmatch(NUMBER, text) and text.lower() not in {"inf", "+inf", "-inf"}:
        raise NoMatch
    return float(text)


def _text(text: str) -> str:
    if text[:1] in {"'", '"'}:
        quote, inner = text[0], text[1:-1].replace(text[0] * 2, "")
        if len(text) == 1 or text[-1] != quote or quote in inner:
            raise NoMatch
        return text[1:-1].replace(quote * 2, quote)
    return text


def _sequence(text: str, hint: Any) -> Any:
    if not text or _PAIRS.get(text[0]) != text[-1]:
        raise NoMatch
    kind = get_origin(hint) or hint
    inner = get_args(hint) or (Any, ...)
    parts = split(text[1:-1]) if text[1:-1].strip() else []
    if kind is list or inner[-1] is Ellipsis:
        return kind(read(part, inner[0]) for part in parts)
    if len(parts) != len(inner):
        raise NoMatch
    return tuple(read(part, own) for part, own in zip(parts, inner, strict=True))


def _any(text: str) -> Any:
    for reader in (_none, _flag, _int, _float):
        try:
            return reader(text)
        except NoMatch:
            continue
    if text[:1] in _PAIRS:
        return _sequence(text, list if text[0] == "[" else tuple)
    return _text(text)


_READERS: dict[Any, Callable[[str], Any]] = {
    type(None): _none,
    bool: _flag,
    int: _int,
    float: _float,
    str: _text,
    Any: _any,
    object: _any,
}


def write(value: Any) -> str:
    """Return the text that `read` turns into the value again.

    Examples:
        >>> write([0.1, None, "none"])
        "[0.1,none,'none']"
    """
    if isinstance(value, enum.Enum):
        return write(value.name)
    if value is None or isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        left, right = "[]" if isinstance(value, list) else "()"
        return left + ",".join(map(write, value)) + right
    if isinstance(value, str):
        bare = _BARE.fullmatch(value) and value.lower() not in _WORDS
        return value if bare else "'" + value.replace("'", "''") + "'"
    return json.dumps(value, sort_keys=True) if isinstance(value, dict) else repr(value)
