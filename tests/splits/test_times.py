"""Times as numbers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.exceptions import DataError
from bancada.samples import SplitRows
from bancada.splits._times import moment, read_times


def rows_of(values: Any, kind: Any = None) -> SplitRows:
    array = values if isinstance(values, pa.Array) else pa.array(values, kind)
    return SplitRows(ids=pa.array(range(len(array))), columns=None, time=pa.table({"day": array}))


@given(st.lists(st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2200, 1, 1)), min_size=1))  # noqa: DTZ001 - without a zone
def test_texts_dates_and_moments_say_the_same(moments: list[dt.datetime]) -> None:
    texts = read_times(rows_of([value.isoformat() for value in moments]))
    stamps = read_times(rows_of(moments, pa.timestamp("us")))
    assert texts.values.tolist() == stamps.values.tolist()
    assert texts.tick_ns == stamps.tick_ns == 1_000
    assert [texts.shown(value) for value in texts.values] == [
        repr(value.date().isoformat() if value.time() == dt.time() else value.isoformat()) for value in moments
    ]


def test_offsets_are_brought_to_utc() -> None:
    times = read_times(rows_of(["2024-01-01T01:00+01:00", "2023-12-31T19:00-05:00", "2024-01-01T00:00Z"]))
    assert len(set(times.values.tolist())) == 1
    assert times.shown(times.values[0]) == "'2024-01-01'"
    zone = dt.timezone(dt.timedelta(hours=2))
    assert moment(dt.datetime(2024, 1, 1, 2, tzinfo=zone)) == (moment("2024-01")[0], True)


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ([dt.date(2024, 1, 1), None, None], r"`day` is missing in 2 rows, the first is the row with id 1"),
        ([1.0, float("nan")], r"`day` is missing in 1 rows"),
        ([1.0, float("inf")], r"`day` is infinite in 1 rows"),
        ([True, False], r"`day` is of type `bool`"),
        ([[1], [2]], r"`day` is of type `list"),
        ([dt.time(1), dt.time(2)], r"`day` is of type `time64"),
        (["31/12/2024"], r"`day` holds the text '31/12/2024'\. Write it as '2024-01-31'"),
        (["2024-01-01T00:00", "2024-01-01T00:00+01:00"], r"In `day` some texts do and some do not"),
        (pa.array([2**63 + 1], pa.uint64()), r"`day` has values out of range"),
    ],
)
def test_what_is_no_time_is_refused(values: Any, match: str) -> None:
    with pytest.raises(DataError, match=match):
        read_times(rows_of(values))


def test_a_moment_beyond_python_is_shown_by_its_number() -> None:
    times = read_times(rows_of(pa.array([0], pa.timestamp("s"))))
    assert times.shown(10**15) == "1000000000000000"
