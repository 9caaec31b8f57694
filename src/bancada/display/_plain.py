"""Text from records, made safe to show."""

from __future__ import annotations

import unicodedata

__all__ = ["plain"]

# Invisible, but part of how words and emoji are written: the zero-width non-joiner and joiner.
_JOINERS = frozenset("\u200c\u200d")
# Controls, formats (bidirectional overrides, zero-width marks, tags), lone surrogates, line and paragraph separators.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def plain(text: str) -> str:
    r"""Return the text on one line with every hidden character written out.

    A name that someone else recorded must neither move the cursor, nor colour the screen, nor reverse what is read:
    control characters, terminal escapes, bidirectional overrides, zero-width marks and lone surrogates become visible
    escapes.

    Args:
        text: Any text.

    Returns:
        The text; equal to its input where nothing was hidden.

    Examples:
        >>> print(plain("forest\x1b[31m\nsecond line"))
        forest\x1b[31m\nsecond line
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN or character in _JOINERS:
        return character
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
