"""The one small grammar of slices and expectations: never `eval`, never `DataFrame.query`.

```
expression  := conjunction ("or" conjunction)*
conjunction := negation ("and" negation)*
negation    := "not" negation | "(" expression ")" | comparison
comparison  := operand ("==" | "!=" | "<" | "<=" | ">" | ">=") operand
             | column ["not"] "in" ("[" | "(") value ("," value)* ("]" | ")")
             | column "is" ["not"] "null"
operand     := column | value
column      := a word | a name in backticks
value       := a number | a text in quotes | "true" | "false"
```
"""

from __future__ import annotations

import math

from bancada.definitions._expressions import (
    And,
    Column,
    Comparison,
    Expression,
    Literal,
    Membership,
    Missing,
    Not,
    Or,
    literal,
)
from bancada.definitions._tokens import Token, broken, tokens

__all__ = ["parse"]

DEEPEST = 50
_FLIPPED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_EXACT = 2**53


def parse(source: str, start: int = 0) -> Expression:
    """Return the tree of an expression.

    Args:
        source: Text in the grammar of this module, up to 2,000 characters and 50 levels deep.
        start: Where the expression begins in it, behind words of another grammar.

    Raises:
        DefinitionError: It is not in the grammar; the error points at the place.

    Examples:
        >>> parse("tenure<3")
        Comparison(left=Column(name='tenure'), operator='<', right=Literal(value=3))
    """
    return _Parser(source, start).whole()


class _Parser:
    """Recursive descent over the tokens of one source."""

    def __init__(self, source: str, start: int) -> None:
        self._source = source
        self._tokens = tokens(source, start)
        self._next = 0

    def whole(self) -> Expression:
        """Parse all tokens as one expression."""
        expression = self._expression(0)
        if self._peek().kind != "end":
            raise self._unexpected("Join comparisons by `and` or `or`; put names with other characters in backticks.")
        return expression

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        self._next += token.kind != "end"
        return token

    def _word(self, *words: str) -> bool:
        """Take the next token if it is one of these keywords or marks."""
        token = self._peek()
        if token.kind in {"keyword", "mark"} and token.text in words:
            self._next += 1
            return True
        return False

    def _unexpected(self, remedy: str) -> Exception:
        token = self._peek()
        found = "the end" if token.kind == "end" else f"{token.text!r}"
        return broken(self._source, token.position, found, remedy)

    def _expression(self, depth: int) -> Expression:
        operands = [self._conjunction(depth)]
        while self._word("or"):
            operands.append(self._conjunction(depth))
        flat = [part for item in operands for part in (item.operands if isinstance(item, Or) else (item,))]
        return flat[0] if len(flat) == 1 else Or(tuple(flat))

    def _conjunction(self, depth: int) -> Expression:
        operands = [self._negation(depth)]
        while self._word("and"):
            operands.append(self._negation(depth))
        flat = [part for item in operands for part in (item.operands if isinstance(item, And) else (item,))]
        return flat[0] if len(flat) == 1 else And(tuple(flat))

    def _negation(self, depth: int) -> Expression:
        if depth > DEEPEST:
            raise self._unexpected(f"Nest parentheses and `not` no deeper than {DEEPEST} levels.")
        if self._word("not"):
            return Not(self._negation(depth + 1))
        if self._word("("):
            inner = self._expression(depth + 1)
            if not self._word(")"):
                raise self._unexpected("Close the parenthesis.")
            return inner
        return self._comparison()

    def _comparison(self) -> Expression:
        begin = self._peek()
        left = self._operand()
        if isinstance(left, Column) and self._word("is"):
            negated = self._word("not")
            if not self._word("null"):
                raise self._unexpected("Write `is null` or `is not null`.")
            return Missing(left, negated)
        if isinstance(left, Column) and (self._peek().text in {"in", "not"} and self._peek().kind == "keyword"):
            return self._membership(left)
        if self._peek().kind != "operator":
            raise self._unexpected(f"Compare it, as in `{begin.text or 'column'} == true`.")
        operator = self._take().text
        right = self._operand()
        if isinstance(left, Column):
            return Comparison(left, operator, right)
        if isinstance(right, Column):
            return Comparison(right, _FLIPPED[operator], left)
        raise broken(self._source, begin.position, "two values", "Compare a column; write its name without quotes.")

    def _membership(self, column: Column) -> Expression:
        negated = self._word("not")
        if not self._word("in"):
            raise self._unexpected("Write `not in [...]`, or `not` before the column.")
        closing = {"[": "]", "(": ")"}.get(self._peek().text, "") if self._peek().kind == "mark" else ""
        if not closing:
            raise self._unexpected("Write the values between `[` and `]`.")
        self._take()
        values = [self._value()]
        while self._word(","):
            values.append(self._value())
        if not self._word(closing):
            raise self._unexpected(f"Separate values by commas and end them with `{closing}`.")
        unique = {literal(value): value for value in values}
        return Membership(column, tuple(unique[key] for key in sorted(unique)), negated)

    def _value(self) -> Literal:
        if self._peek().kind == "column":
            raise self._unexpected("Put a text in quotes.")
        operand = self._operand()
        assert isinstance(operand, Literal)  # noqa: S101 - a column was ruled out above; this tells the type checker
        return operand

    def _operand(self) -> Column | Literal:
        token = self._peek()
        if token.kind == "column":
            return Column(self._take().text)
        if token.kind == "text":
            return Literal(self._take().text)
        if token.kind == "number":
            return self._number()
        if self._word("true", "false"):
            return Literal(token.text == "true")
        raise self._unexpected("Write a column's name, a number, a text in quotes, `true` or `false` here.")

    def _number(self) -> Literal:
        token = self._peek()
        value = float(token.text)
        if math.isinf(value):
            raise self._unexpected("Write a number below 1e308.")
        self._next += 1
        if token.text.lstrip("+-").isdecimal():
            return Literal(int(token.text))
        return Literal(int(value) if value.is_integer() and abs(value) < _EXACT else value)
