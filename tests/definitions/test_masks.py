"""Tests of expressions on tables, with pandas as the oracle."""

from __future__ import annotations

import datetime as dt
import decimal
import operator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.definitions._grammar import parse
from bancada.definitions._masks import mask
from bancada.exceptions import DefinitionError, NotFoundError

if TYPE_CHECKING:
    import numpy.typing as npt

OPERATORS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def held(source: str, **columns: Any) -> list[bool]:
    found: list[bool] = mask(parse(source), pa.table(columns)).tolist()
    return found


TABLES = st.lists(
    st.tuples(
        st.none() | st.integers(-3, 3),
        st.none() | st.sampled_from([-1.5, 0.0, 2.0, float("nan")]),
        st.none() | st.sampled_from(["north", "south", "it's"]),
        st.none() | st.booleans(),
    ),
    min_size=1,
    max_size=8,
).map(
    lambda rows: pa.table(
        {
            "i": pa.array([row[0] for row in rows], pa.int64()),
            "f": pa.array([row[1] for row in rows], pa.float64()),
            "s": pa.array([row[2] for row in rows], pa.string()),
            "b": pa.array([row[3] for row in rows], pa.bool_()),
        }
    )
)


def _oracle(frame: pd.DataFrame, column: str, name: str, value: Any) -> npt.NDArray[np.bool_]:
    present = frame[column].notna()
    found = pd.Series(data=False, index=frame.index)
    found[present] = OPERATORS[name](frame.loc[present, column], value).astype(bool)
    return found.to_numpy(dtype=bool)


@given(TABLES, st.sampled_from(sorted(OPERATORS)), st.sampled_from(["i", "f"]), st.sampled_from([-1, 0, 2, 0.5, -1.5]))
def test_comparisons_of_numbers_are_those_of_pandas(table: pa.Table, name: str, column: str, value: float) -> None:
    expected = _oracle(table.to_pandas(), column, name, value)
    np.testing.assert_array_equal(mask(parse(f"{column} {name} {value}"), table), expected)


@given(TABLES, st.sampled_from(sorted(OPERATORS)), st.sampled_from(["north", "it's", "o"]))
def test_comparisons_of_texts_are_those_of_pandas(table: pa.Table, name: str, value: str) -> None:
    expected = _oracle(table.to_pandas(), "s", name, value)
    np.testing.assert_array_equal(mask(parse(f's {name} "{value}"'), table), expected)


@given(TABLES)
def test_joined_comparisons_are_those_of_pandas(table: pa.Table) -> None:
    frame = table.to_pandas()
    small, north = _oracle(frame, "i", "<", 1), _oracle(frame, "s", "==", "north")
    true = _oracle(frame, "b", "==", value=True)
    found = mask(parse("i < 1 and not s == 'north' or b == true"), table)
    np.testing.assert_array_equal(found, (small & ~north) | true)


@given(TABLES)
def test_membership_and_missing_are_those_of_pandas(table: pa.Table) -> None:
    frame = table.to_pandas()
    member = frame["i"].isin([1, 2]).to_numpy()
    missing = frame["f"].isna().to_numpy()
    np.testing.assert_array_equal(mask(parse("i in [1, 2]"), table), member)
    np.testing.assert_array_equal(mask(parse("i not in [1, 2]"), table), frame["i"].notna().to_numpy() & ~member)
    np.testing.assert_array_equal(mask(parse("f is null"), table), missing)
    np.testing.assert_array_equal(mask(parse("f is not null"), table), ~missing)


@given(TABLES)
def test_a_mask_does_not_depend_on_chunks(table: pa.Table) -> None:
    expression = parse("i < 1 or s == 'north' or b == false and f > 0")
    chunked = pa.concat_tables([table.slice(0, 1), table.slice(1)])
    np.testing.assert_array_equal(mask(expression, table), mask(expression, chunked))


def test_a_comparison_with_a_missing_value_is_false_and_not_turns_it() -> None:
    assert held("a != 1", a=[1, 2, None]) == [False, True, False]
    assert held("not a == 1", a=[1, 2, None]) == [False, True, True]
    assert held("a != 1", a=[1.0, 2.0, float("nan")]) == [False, True, False]


def test_a_table_without_rows_has_an_empty_mask() -> None:
    assert held("a == 1", a=pa.array([], pa.int8())) == []


def test_a_column_of_nulls_is_missing_everywhere() -> None:
    nulls = pa.nulls(2)
    assert held("a == 1", a=nulls) == [False, False]
    assert held("b == a", a=nulls, b=[1, 2]) == [False, False]
    assert held("a is null", a=nulls) == [True, True]


def test_large_integers_compare_exactly() -> None:
    big = 2**53
    assert held(f"a == {big + 1}", a=[big, big + 1]) == [False, True]
    assert held(f"a > {2**63}", a=pa.array([2**63 - 1, 2**63 + 1], pa.uint64())) == [False, True]
    assert held("a > -1", a=pa.array([0, 2**64 - 1], pa.uint64())) == [True, True]
    assert held(f"a < {10**30}", a=[1, 2]) == [True, True]
    assert held("a == b", a=[big, big + 1], b=[big + 1, big + 1]) == [False, True]


def test_numbers_of_unlike_types_compare() -> None:
    assert held("a < b", a=[1, 2, 3], b=[1.5, None, 2.5]) == [True, False, False]
    assert held("a < b", a=pa.array([1, 2], pa.uint64()), b=pa.array([2, -1], pa.int8())) == [True, False]
    assert held("a >= 1.5", a=pa.array([decimal.Decimal("1.50"), decimal.Decimal("1.25")])) == [True, False]
    assert held("a >= 1.5", a=pa.array([1.5, 1.25], pa.float16())) == [True, False]


def test_texts_of_every_arrow_type_compare() -> None:
    for arrow_type in (pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())):
        values = pa.array(["a", "b", None]).cast(arrow_type)
        assert held("a == 'b'", a=values) == [False, True, False]
        assert held("a == b", a=values, b=["a", "a", "a"]) == [True, False, False]


@pytest.mark.parametrize("name", sorted(OPERATORS))
@pytest.mark.parametrize("far", ["1500-01-01", "2500-01-01", "9999-12-31T23:59:59.999999", "0001-01-01"])
def test_moments_in_nanoseconds_compare_with_dates_that_nanoseconds_cannot_hold(name: str, far: str) -> None:
    edges = [-(2**63) + 1, -1, 0, 2**63 - 1]
    column = pa.array([*edges, None], pa.timestamp("ns"))
    sooner = far < "1970"
    wanted = [OPERATORS[name](1, 0) if sooner else OPERATORS[name](0, 1)] * 4
    assert held(f"d {name} '{far}'", d=column) == [*wanted, False]
    other = pa.array([dt.datetime.fromisoformat(far)] * 5, pa.timestamp("us"))
    assert held(f"d {name} e", d=column, e=other) == [*wanted, False]


def test_moments_of_unlike_units_compare_to_the_nanosecond() -> None:
    fine, coarse = pa.array([999, 1_000, 1_001], pa.timestamp("ns")), pa.array([1, 1, 1], pa.timestamp("us"))
    assert held("a < b", a=fine, b=coarse) == [True, False, False]
    assert held("b == a", a=fine, b=coarse) == [False, True, False]
    far = pa.array([2**62] * 3, pa.timestamp("us"))
    assert held("a < b", a=fine, b=far) == [True] * 3


def test_dates_compare_with_quoted_text_in_utc() -> None:
    days = [dt.date(2024, 1, 1), dt.date(2024, 1, 2), None]
    assert held("d < '2024-01-02'", d=days) == [True, False, False]
    moments = pa.array([dt.datetime(2024, 1, 1, 23, tzinfo=dt.UTC)], pa.timestamp("s", "Europe/Berlin"))
    assert held("d < '2024-01-02'", d=moments) == [True]
    assert held("d == '2024-01-02T00:00+01:00'", d=moments) == [True]
    fine = pa.array([1_704_067_200_000_000_001], pa.timestamp("ns"))
    assert held("d > '2024-01-01'", d=fine) == [True]
    assert held("d > e", d=fine, e=[dt.date(2024, 1, 1)]) == [True]
    assert held("d <= e", d=days, e=[dt.date(2024, 1, 1)] * 3) == [True, False, False]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("i == 'a'", "Found column `i` of type `int64` `==` the text 'a'"),
        ("i == true", "Found column `i` of type `int64` `==` the truth value true"),
        ("b == 1", "Found column `b` of type `bool` `==` the number 1"),
        ("b < true", "Found column `b` of type `bool` `<` the truth value true"),
        ("s < 3", "Found column `s` of type `string` `<` the number 3"),
        ("i == s", "Found column `i` of type `int64` `==` column `s` of type `string`"),
        ("l == 1", "Found column `l` of type `list"),
        ("d == 20240101", r"Found column `d` of type `date32\[day\]` `==` the number 20240101"),
    ],
)
def test_unlike_types_are_refused(source: str, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        held(source, i=[1], b=[True], s=["a"], l=[[1]], d=[dt.date(2024, 1, 1)])


def test_a_text_that_is_no_date_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"Found 'soon'\. Write it as '2024-01-31'"):
        held("d < 'soon'", d=[dt.date(2024, 1, 1)])


def test_an_unknown_column_is_refused_with_the_nearest() -> None:
    with pytest.raises(NotFoundError, match=r"Found no column `tenur`\. Did you mean `tenure`\?"):
        held("tenur < 3", tenure=[1])
