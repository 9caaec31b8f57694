"""The text of an expectation, parsed; never evaluated.

```
expectation := [metric] (">" | ">=" | "<" | "<=") (number | champion [("+" | "-") number]) ["where" slice]
metric      := a word | a name in backticks
champion    := "r-" and characters of a run's id | a word | a name in backticks
slice       := the name of a declared slice | an expression over columns, in the grammar of slices
```
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from bancada.definitions._tokens import LONGEST, Token, broken
from bancada.exceptions import DefinitionError

__all__ = ["RULE", "Expectation", "expectation"]

RULE = (
    "An expectation is `[METRIC] > NUMBER`, or `[METRIC] > CHAMPION + NUMBER`, with `>`, `>=`, `<` or `<=`, and "
    "`where SLICE` behind it if it is about some rows only."
)
_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<reference>r-[0-9A-Za-z]+\b)
    | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![^\W\d]))
    | (?P<name>`(?:[^`]|``)+`)
    | (?P<word>[^\W\d]\w*)
    | (?P<operator><=|>=|<|>)
    | (?P<sign>[+\-−])
    """,
    re.VERBOSE,
)
_HINTS = {
    "=": "Say in which direction: `>`, `>=`, `<` or `<=`.",
    "!": "Say in which direction: `>`, `>=`, `<` or `<=`.",
    "±": "Write `+` or `-`.",
    "%": "Write the number as the board shows it, such as `0.8`.",
    ",": "Write the number with a point: `0.8`.",
    "`": "Close the backtick; a backtick inside a name is written twice.",
}
_BARE = re.compile(r"[^\W\d]\w*")
_RUN = re.compile(r"r-[0-9A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected, as it was written.

    Attributes:
        source: The text.
        metric: Name of the metric; None for the primary one.
        operator: `>`, `>=`, `<` or `<=`.
        number: What the metric is held against; beside a champion what is added to the champion's score.
        champion: Run or candidate whose score is meant; None for a number alone.
        where: Text of the slice; empty for all rows.
        start: Where that text begins in the source.
    """

    source: str
    metric: str | None
    operator: str
    number: float
    champion: str | None = None
    where: str = ""
    start: int = 0

    def canonical(self, metric: str, where: str | None) -> str:
        """Return the one text of the expectation.

        Args:
            metric: The metric that is meant.
            where: The slice that is meant, by its name or its canonical expression; None for all rows.
        """
        bound = _shown(self.number)
        if self.champion is not None:
            added = "" if self.number == 0 else f" {'-' if self.number < 0 else '+'} {_shown(abs(self.number))}"
            bound = (self.champion if _RUN.fullmatch(self.champion) else _name(self.champion)) + added
        about = "" if where is None else f" where {where}"
        return f"{_name(metric)} {self.operator} {bound}{about}"


def expectation(source: str) -> Expectation:
    """Parse the text of an expectation.

    Args:
        source: Text in the grammar of this module, up to 2,000 characters.

    Raises:
        DefinitionError: It is not in the grammar; the error points at the place.

    Examples:
        >>> found = expectation("roc_auc>boosting+.01 where tenure<3")
        >>> found.metric, found.operator, found.champion, found.number, found.where
        ('roc_auc', '>', 'boosting', 0.01, 'tenure<3')
    """
    return _Parser(source).whole()


def _name(name: str) -> str:
    bare = _BARE.fullmatch(name) and name.lower() != "where"
    return name if bare else _quoted(name)


def _quoted(name: str) -> str:
    """Return a name in backticks."""
    return "`" + name.replace("`", "``") + "`"


def _shown(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)  # noqa: PLR2004 - exact


class _Parser:
    """Takes the words of one source from left to right."""

    def __init__(self, source: str) -> None:
        if not source.strip():
            raise DefinitionError(RULE, "Found an empty text.", "Write it as in `--expect 'roc_auc > 0.8'`.")
        if len(source) > LONGEST:
            found = f"Found a text of {len(source):,} characters, where {LONGEST:,} are the limit."
            raise DefinitionError(RULE, found, "Declare a slice in the evaluation, and name it.")
        self._source = source
        self._tokens, self._where = _words(source)
        self._next = 0

    def whole(self) -> Expectation:
        """Parse all words as one expectation."""
        metric = self._take().text if self._peek().kind in {"name", "word"} else None
        if self._peek().kind != "operator":
            more = " Put a name of several words in backticks." if self._peek().kind == "word" else ""
            raise self._unexpected(f"Say in which direction: `>`, `>=`, `<` or `<=`.{more}")
        operator = self._take().text
        champion, number = self._bound()
        if self._peek().kind != "end":
            raise self._unexpected("End it here, or write `where` and the rows that it is about.")
        where, start = "", 0
        if self._where is not None:
            start = self._where + len(self._source[self._where :]) - len(self._source[self._where :].lstrip())
            where = self._source[start:].strip()
            if not where:
                raise broken(self._source, len(self._source), "the end", "Name the rows behind `where`.", RULE)
        return Expectation(self._source, metric, operator, number, champion, where, start)

    def _bound(self) -> tuple[str | None, float]:
        """Take a number, or a champion with what is added to its score."""
        if self._peek().kind in {"sign", "number"}:
            return None, self._number(signed=self._peek().kind == "sign")
        if self._peek().kind not in {"name", "word", "reference"}:
            raise self._unexpected("Write a number, a run such as `r-3k9f2a`, or a candidate's name here.")
        champion = self._take().text
        return champion, self._number(signed=True) if self._peek().kind == "sign" else 0.0

    def _number(self, *, signed: bool) -> float:
        sign = -1.0 if signed and self._take().text in "-−" else 1.0
        token = self._peek()
        if token.kind != "number":
            remedy = "Write a number here. A name that has a sign in it is put in backticks."
            raise self._unexpected(remedy)
        number = float(token.text)
        if math.isinf(number):
            raise self._unexpected("Write a number below 1e308.")
        self._next += 1
        return sign * number

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        self._next += token.kind != "end"
        return token

    def _unexpected(self, remedy: str) -> DefinitionError:
        token = self._peek()
        found = "the end" if token.kind == "end" else repr(token.text)
        if token.kind == "end" and self._where is not None:
            found = "`where`"
        return broken(self._source, token.position, found, remedy, RULE)


def _words(source: str) -> tuple[tuple[Token, ...], int | None]:
    """Return the words before `where`, and where the slice begins; None where there is none."""
    found: list[Token] = []
    position = 0
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None:
            character = source[position]
            hint = _HINTS.get(character, "Put a name that has this character in backticks.")
            raise broken(source, position, repr(character), hint, RULE)
        kind, words = str(match.lastgroup), match.group()
        if kind == "word" and words.lower() == "where":
            return (*found, Token("end", "", position)), match.end()
        if kind == "name":
            words = words[1:-1].replace("``", "`")
        if kind != "space":
            found.append(Token(kind, words, position))
        position = match.end()
    return (*found, Token("end", "", len(source))), None
