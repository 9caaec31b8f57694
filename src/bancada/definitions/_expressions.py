"""What an expression says: a frozen tree, and its one canonical text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bancada.definitions._tokens import KEYWORDS

__all__ = [
    "And",
    "Column",
    "Comparison",
    "Expression",
    "Literal",
    "Membership",
    "Missing",
    "Not",
    "Or",
    "columns",
    "text",
]

_BARE = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as it is written; a number without a fraction is an int."""

    value: bool | int | float | str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A column against a value or another column; False where a side is missing."""

    left: Column
    operator: str
    right: Column | Literal


@dataclass(frozen=True, slots=True)
class Membership:
    """A column against several values; False, negated or not, where the column is missing."""

    column: Column
    values: tuple[Literal, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """Whether a column is null or NaN."""

    column: Column
    negated: bool


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite, also on rows where the operand is False because a value is missing."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class And:
    """All of several; none of them is an `And`."""

    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of several; none of them is an `Or`."""

    operands: tuple[Expression, ...]


Expression = Comparison | Membership | Missing | Not | And | Or


def columns(expression: Expression) -> tuple[str, ...]:
    """Return the names of the columns that an expression reads, sorted."""
    return tuple(sorted(_columns(expression)))


def _columns(expression: Expression) -> set[str]:
    match expression:
        case Comparison(left, _, right):
            return {left.name, right.name} if isinstance(right, Column) else {left.name}
        case Membership(column) | Missing(column):
            return {column.name}
        case Not(operand):
            return _columns(operand)
        case And(operands) | Or(operands):
            return set().union(*map(_columns, operands))


def text(expression: Expression) -> str:
    """Return the canonical text of an expression: two that are written apart but say the same words have one text."""
    match expression:
        case Comparison(left, operator, right):
            return f"{_name(left)} {operator} {_name(right) if isinstance(right, Column) else literal(right)}"
        case Membership(column, values, negated):
            return f"{_name(column)} {'not in' if negated else 'in'} [{', '.join(map(literal, values))}]"
        case Missing(column, negated):
            return f"{_name(column)} is {'not null' if negated else 'null'}"
        case Not(operand):
            return f"not {_nested(operand)}"
        case And(operands):
            return " and ".join(map(_nested, operands))
        case Or(operands):
            return " or ".join(map(_nested, operands))


def literal(value: Literal) -> str:
    """Return a value as the grammar writes it."""
    if isinstance(value.value, bool):
        return "true" if value.value else "false"
    if isinstance(value.value, str):
        return "'" + value.value.replace("'", "''") + "'"
    return repr(value.value)


def _nested(expression: Expression) -> str:
    return f"({text(expression)})" if isinstance(expression, And | Or) else text(expression)


def _name(column: Column) -> str:
    if _BARE.fullmatch(column.name) and column.name.lower() not in KEYWORDS:
        return column.name
    return "`" + column.name.replace("`", "``") + "`"
