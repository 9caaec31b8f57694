"""The words of the expression grammar, with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bancada.exceptions import DefinitionError

__all__ = ["KEYWORDS", "Token", "broken", "tokens"]

KEYWORDS = frozenset({"and", "false", "in", "is", "not", "null", "or", "true"})
LONGEST = 2_000
_RULE = (
    "An expression compares columns with values (`==`, `!=`, `<`, `<=`, `>`, `>=`, `in [...]`, `is null`) and joins "
    "comparisons by `and`, `or`, `not`."
)
_AROUND = 30
_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<number>[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
    | (?P<column>`(?:[^`]|``)+`)
    | (?P<word>[^\W\d]\w*)
    | (?P<operator>==|!=|<=|>=|<|>)
    | (?P<mark>[()\[\],])
    """,
    re.VERBOSE,
)
_HINTS = {
    "=": "Write `==` to compare.",
    "!": "Write `not`, or `!=` to compare.",
    "&": "Write `and`.",
    "|": "Write `or`.",
    "~": "Write `not`.",
    "'": "Close the quote; a quote inside a text is written twice.",
    '"': "Close the quote; a quote inside a text is written twice.",
    "`": "Close the backtick; a backtick inside a name is written twice.",
    ".": "Put a column's name that has a dot in backticks.",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an expression.

    Attributes:
        kind: `number`, `text`, `column`, `keyword`, `operator`, `mark` or `end`.
        text: As it is written; keywords in lower case.
        position: Where it begins, from 0.
    """

    kind: str
    text: str
    position: int


def broken(source: str, position: int, found: str, remedy: str, rule: str = _RULE) -> DefinitionError:
    """Return the error of an expression, with `▸` before the place in an excerpt of it."""
    start = max(position - _AROUND, 0)
    before, after = source[start:position], source[position : position + _AROUND]
    left, right = "…" if start else "", "…" if position + _AROUND < len(source) else ""
    excerpt = f"{left}{before}▸{after}{right}"
    return DefinitionError(rule, f"Found {found} at character {position + 1}: {excerpt!r}.", remedy)


def tokens(source: str, start: int = 0) -> tuple[Token, ...]:
    """Return the words of an expression; the last is of the kind `end`.

    Args:
        source: The text.
        start: Where the expression begins in it.

    Raises:
        DefinitionError: It is no text, too long, or has a character that begins no word.
    """
    if not isinstance(source, str):
        raise DefinitionError(_RULE, f"Found {source!r}, which is no text.", "Write the expression as text.")
    if len(source) > LONGEST:
        found = f"Found an expression of {len(source):,} characters, where {LONGEST:,} are the limit."
        raise DefinitionError(_RULE, found, "Compute a column in the dataset and compare that one.")
    found_tokens: list[Token] = []
    position = start
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None:
            character = source[position]
            hint = _HINTS.get(character, "Put a column's name that has this character in backticks, a text in quotes.")
            raise broken(source, position, repr(character), hint)
        kind, text = str(match.lastgroup), match.group()
        if kind == "word":
            keyword = text.lower() in KEYWORDS
            kind, text = ("keyword", text.lower()) if keyword else ("column", text)
        elif kind == "column":
            text = text[1:-1].replace("``", "`")
        elif kind == "text":
            text = text[1:-1].replace(text[0] * 2, text[0])
        if kind != "space":
            found_tokens.append(Token(kind, text, position))
        position = match.end()
    return (*found_tokens, Token("end", "", len(source)))
