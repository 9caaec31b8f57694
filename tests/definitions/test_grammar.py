"""Tests of the expression grammar: what it reads, and how it refuses."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from bancada.definitions._grammar import DEEPEST, parse
from bancada.exceptions import DefinitionError

NAMES = st.one_of(
    st.sampled_from(["tenure", "region", "and", "Null", "x y", "a`b", "é", "_a1", "3d"]),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5),
)
NUMBERS = st.one_of(
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: not (x.is_integer() and abs(x) < 2**53)),
)
LITERALS = st.builds(
    Literal, st.one_of(st.booleans(), NUMBERS, st.text(st.characters(exclude_categories=["Cs"]), max_size=5))
)
OPERATORS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
COLUMNS = st.builds(Column, NAMES)


def _membership(column: Column, values: list[Literal], negated: bool) -> Membership:
    unique = {literal(value): value for value in values}
    return Membership(column, tuple(unique[key] for key in sorted(unique)), negated)


LEAVES: st.SearchStrategy[Expression] = st.one_of(
    st.builds(Comparison, COLUMNS, OPERATORS, st.one_of(COLUMNS, LITERALS)),
    st.builds(_membership, COLUMNS, st.lists(LITERALS, min_size=1, max_size=3), st.booleans()),
    st.builds(Missing, COLUMNS, st.booleans()),
)


def _joined(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    conjuncts = st.lists(inner.filter(lambda part: not isinstance(part, And)), min_size=2, max_size=3).map(tuple)
    disjuncts = st.lists(inner.filter(lambda part: not isinstance(part, Or)), min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(Not, inner), st.builds(And, conjuncts), st.builds(Or, disjuncts))


EXPRESSIONS = st.recursive(LEAVES, _joined, max_leaves=6)


@settings(max_examples=300)
@given(EXPRESSIONS)
def test_the_canonical_text_of_a_tree_is_read_as_that_tree(tree: Expression) -> None:
    source = text(tree)
    again = parse(source)
    assert again == tree
    assert text(again) == source


@settings(max_examples=300)
@given(st.text(max_size=40))
def test_any_text_is_a_tree_or_a_definition_error(source: str) -> None:
    with contextlib.suppress(DefinitionError):
        assert parse(text(parse(source))) == parse(source)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tenure<3", " tenure <  3 "),
        ("tenure < 3", "3 > tenure"),
        ("tenure < 3", "tenure < 3.0"),
        ("`tenure` < 3", "((tenure < 3))"),
        ('region == "n"', "region=='n'"),
        ("region in ['b', 'a', 'a']", 'region IN ("a", "b")'),
        ("a == 1 and (b == 2 and c == 3)", "a == 1 and b == 2 and c == 3"),
        ("a == TRUE or b IS NULL", "a == true or b is null"),
        ("not (a == 1)", "not a == 1"),
    ],
)
def test_two_ways_to_write_the_same_have_one_canonical_text(one: str, other: str) -> None:
    assert text(parse(one)) == text(parse(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a == 1", "a == '1'"),
        ("a == true", "a == 'true'"),
        ("a < 3", "a <= 3"),
        ("a == 1 or b == 2 and c == 3", "(a == 1 or b == 2) and c == 3"),
        ("a not in [1]", "not a in [1]"),
        ("a == b", "a == 'b'"),
    ],
)
def test_what_differs_has_another_canonical_text(one: str, other: str) -> None:
    assert text(parse(one)) != text(parse(other))


def test_and_binds_closer_than_or_and_not_closer_than_and() -> None:
    tree = parse("not a == 1 and b == 2 or c == 3")
    assert text(tree) == "(not a == 1 and b == 2) or c == 3"


def test_columns_are_told_once_in_order_of_name() -> None:
    assert columns(parse("b == a or not (c in [1] and `x y` is null) and b > 2")) == ("a", "b", "c", "x y")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "Found the end at character 1: '▸'. Write a column's name"),
        ("tenure = 3", r"Found '=' at character 8: 'tenure ▸= 3'\. Write `==` to compare\."),
        ("a.b == 1", "Found '.' at character 2: 'a▸.b == 1'. Put a column's name that has a dot in backticks"),
        ("a == 1 & b == 2", "Found '&' at character 8: .* Write `and`"),
        ("tenure < > 3", "Found '>' at character 10: 'tenure < ▸> 3'"),
        ("churned", "Found the end at character 8: 'churned▸'. Compare it, as in `churned == true`"),
        ("3 < 4", "Found two values at character 1"),
        ("(a == 1", "Found the end at character 8: .* Close the parenthesis"),
        ("a in 3", "Found '3' at character 6: .* between `\\[` and `\\]`"),
        ("a in [b]", "Found 'b' at character 7: .* Put a text in quotes"),
        ("a in [1 2]", "Found '2' at character 9: .* Separate values by commas"),
        ("a in [1)", r"Found '\)' at character 8"),
        ("a not 3", "Found '3' at character 7: .* Write `not in"),
        ("a is 3", "Found '3' at character 6: .* Write `is null` or `is not null`"),
        ("a == 1 b == 2", "Found 'b' at character 8: .* Join comparisons by `and` or `or`"),
        ("a == 'x", 'Found "\'" at character 6: .* Close the quote'),
        ("a == 1e999", "Found '1e999' at character 6: .* below 1e308"),
        ("__import__('os')", r"Found '\(' at character 11"),
    ],
)
def test_an_error_points_at_the_place(source: str, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        parse(source)


def test_an_excerpt_of_a_long_expression_is_cut_on_both_sides() -> None:
    source = " or ".join(["a == 1"] * 20) + " or == 2 or " + " or ".join(["a == 1"] * 20)
    with pytest.raises(DefinitionError, match=r"'….{30}▸.{30}…'"):
        parse(source)


@pytest.mark.parametrize(
    "source", ["(" * (DEEPEST + 1) + "a == 1" + ")" * (DEEPEST + 1), "not " * (DEEPEST + 1) + "a == 1"]
)
def test_depth_is_bounded(source: str) -> None:
    with pytest.raises(DefinitionError, match=f"no deeper than {DEEPEST} levels"):
        parse(source)


def test_length_is_bounded() -> None:
    with pytest.raises(DefinitionError, match=r"Found an expression of 2,001 characters, where 2,000 are the limit\."):
        parse("a == 1".ljust(2_001))


def test_an_expression_is_text() -> None:
    with pytest.raises(DefinitionError, match=r"Found 3, which is no text\."):
        parse(3)  # type: ignore[arg-type] # refused on purpose
