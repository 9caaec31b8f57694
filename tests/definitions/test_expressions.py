"""Tests of trees and their canonical text; their round trip is in the tests of the grammar."""

from __future__ import annotations

import pytest

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
    columns,
    literal,
    text,
)

A = Comparison(Column("a"), "==", Literal(1))
B = Missing(Column("b c"), negated=True)
C = Membership(Column("in"), (Literal("x"), Literal("y")), negated=True)


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (A, "a == 1"),
        (B, "`b c` is not null"),
        (C, "`in` not in ['x', 'y']"),
        (Not(A), "not a == 1"),
        (Not(And((A, B))), "not (a == 1 and `b c` is not null)"),
        (And((A, Or((A, B)))), "a == 1 and (a == 1 or `b c` is not null)"),
        (Comparison(Column("a`"), "<", Column("é")), "`a``` < é"),
    ],
)
def test_a_tree_has_one_text(tree: Expression, expected: str) -> None:
    assert text(tree) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, "true"), (False, "false"), (1, "1"), (-0.5, "-0.5"), (1e300, "1e+300"), ("it's", "'it''s'"), ("", "''")],
)
def test_a_value_is_written_as_the_grammar_reads_it(value: bool | float | str, expected: str) -> None:
    assert literal(Literal(value)) == expected


def test_the_columns_of_a_tree_are_those_of_its_parts() -> None:
    assert columns(Or((And((A, B)), Not(C), Comparison(Column("z"), "<", Column("y"))))) == ("a", "b c", "in", "y", "z")
