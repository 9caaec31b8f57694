"""Laws of `TimeOrdered`, and scikit-learn as its oracle."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.model_selection import TimeSeriesSplit

from bancada.contracts import Split
from bancada.exceptions import DataError, DefinitionError
from bancada.samples import SplitRows
from bancada.splits import TimeOrdered

DAY = dt.date(2024, 1, 1)


def rows_of(times: Any, groups: Any = None) -> SplitRows:
    array = times if isinstance(times, pa.Array) else pa.array(times)
    owners = None if groups is None else np.asarray(groups)
    return SplitRows(ids=pa.array(range(len(array))), columns=None, groups=owners, time=pa.table({"day": array}))


def days(n: int) -> list[dt.date]:
    return [DAY + dt.timedelta(days=number) for number in range(n)]


def drawn(split: TimeOrdered, rows: SplitRows) -> list[tuple[list[int], list[int]]]:
    return [(fold.train.tolist(), fold.test.tolist()) for fold in split.folds(rows, 0)]


def test_it_satisfies_the_contract() -> None:
    split = TimeOrdered()
    assert isinstance(split, Split)
    assert (split.kind, split.repeats, split.columns) == ("time", 1, ())
    assert split.resolve(has_classes=True, has_groups=True) == split


@given(
    n_rows=st.integers(2, 40),
    k=st.integers(2, 6),
    test=st.none() | st.integers(1, 6),
    gap=st.integers(0, 4),
    window=st.none() | st.integers(1, 12),
    seed=st.integers(0, 99),
)
def test_of_distinct_times_the_folds_are_those_of_scikit_learn(
    n_rows: int, k: int, test: int | None, gap: int, window: int | None, seed: int
) -> None:
    oracle = TimeSeriesSplit(k, test_size=test, gap=gap, max_train_size=window)
    try:
        wanted = list(oracle.split(np.zeros((n_rows, 1))))
    except ValueError:
        assume(False)
    order = np.random.default_rng(seed).permutation(n_rows)
    # The row at position `i` has the time `place[i]`, so scikit-learn's row `t` stands at `order[t]`.
    place = np.argsort(order)
    got = TimeOrdered(k, test=test, gap=gap, window=window).folds(rows_of(place), 0)
    assert len(got) == len(wanted)
    for fold, (train, tested) in zip(got, wanted, strict=True):
        np.testing.assert_array_equal(fold.train, np.sort(order[train]))
        np.testing.assert_array_equal(fold.test, np.sort(order[tested]))


@given(
    times=st.lists(st.integers(0, 25), min_size=8, max_size=60).filter(lambda times: len(set(times)) > 5),
    k=st.integers(1, 4),
    gap=st.integers(0, 1),
    by_days=st.booleans(),
)
def test_training_is_before_testing_and_equal_times_stand_together(
    times: list[int], k: int, gap: int, by_days: bool
) -> None:
    moments = [DAY + dt.timedelta(days=number) for number in times]
    stretch: Any = "3D" if by_days else 1
    try:
        folds = TimeOrdered(k, test=stretch, gap=f"{gap}D" if by_days and gap else gap).folds(rows_of(moments), 0)
    except DataError:
        assume(False)
    tested: list[int] = []
    for fold in folds:
        past, future = {times[i] for i in fold.train}, {times[i] for i in fold.test}
        assert max(past) < min(future) - (gap if by_days else 0)
        for side, held in ((fold.train, past), (fold.test, future)):
            assert sum(time in held for time in times) == len(side)
        assert not tested or min(future) > max(tested)
        tested += sorted(future)
    assert max(tested) == max(times)


def test_a_count_is_of_time_stamps_whatever_the_number_of_series() -> None:
    times = [day for day in days(6) for _ in range(3)]
    (fold,) = TimeOrdered(1, test=2, gap=1).folds(rows_of(times, groups=list("abc") * 6), 0)
    assert fold.train.tolist() == list(range(9))
    assert fold.test.tolist() == list(range(12, 18))


def test_groups_are_series_that_go_on() -> None:
    rows = rows_of(days(10), groups=["a", "b"] * 5)
    assert drawn(TimeOrdered(3, test=2), rows) == drawn(TimeOrdered(3, test=2), rows_of(days(10)))


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({"test": "2D"}, [(range(8), range(8, 10))]),
        ({"test": dt.timedelta(days=2)}, [(range(8), range(8, 10))]),
        ({"test": "48h", "gap": "1D"}, [(range(7), range(8, 10))]),
        ({"test": 2, "gap": "1D"}, [(range(7), range(8, 10))]),
        ({"test": "2D", "gap": 1}, [(range(7), range(8, 10))]),
        ({"test": "2D", "window": "3D"}, [(range(5, 8), range(8, 10))]),
        ({"test": "2D", "window": 3, "gap": "1D"}, [(range(4, 7), range(8, 10))]),
        ({"test": "2D", "window": "3D", "gap": 1}, [(range(4, 7), range(8, 10))]),
        ({"test": "2D", "window": "3D", "gap": "1D"}, [(range(4, 7), range(8, 10))]),
        ({"test": 0.2}, [(range(8), range(8, 10))]),
        ({"test": 0.11}, [(range(8), range(8, 10))]),
        ({}, [(range(5), range(5, 10))]),
    ],
)
def test_a_duration_of_whole_days_is_so_many_daily_time_stamps(settings: Any, wanted: list[Any]) -> None:
    assert drawn(TimeOrdered(1, **settings), rows_of(days(10))) == [tuple(map(list, pair)) for pair in wanted]


def test_a_share_is_of_all_distinct_times() -> None:
    (fold,) = TimeOrdered(1, test=0.1).folds(rows_of(list(range(70)) * 2), 0)
    assert len(fold.test) == 2 * 7


def test_a_duration_counts_time_where_rows_are_missing() -> None:
    times = [day for number, day in enumerate(days(20)) if number not in {3, 4, 12, 13, 14}]
    folds = TimeOrdered(2, test="1W").folds(rows_of(times), 0)
    assert [[times[i].day for i in fold.test] for fold in folds] == [[7, 8, 9, 10, 11, 12], [16, 17, 18, 19, 20]]


def test_hours_of_a_day_make_a_day() -> None:
    hours = [dt.datetime(2024, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=number) for number in range(96)]
    folds = TimeOrdered(2, test="1D", gap="6h").folds(rows_of(pa.array(hours, pa.timestamp("s", "Europe/Berlin"))), 0)
    assert [(fold.train[-1], fold.test[0], len(fold.test)) for fold in folds] == [(41, 48, 24), (65, 72, 24)]


@pytest.mark.parametrize(
    "times",
    [
        pa.array(days(6)),
        pa.array(days(6)).cast(pa.date64()),
        pa.array(days(6)).cast(pa.timestamp("ns")),
        pa.array([day.isoformat() for day in days(6)]),
        pa.array([f"{day.isoformat()}T00:00:00+02:00" for day in days(6)]).dictionary_encode(),
        pa.array(["2023-11", "2023-12", "2024-01", "2024-02", "2024-03", "2024-04"]),
        pa.array([1.5, 2.0, 2.5, 8.0, 9.0, 10.0]),
        pa.array([2001, 2002, 2003, 2010, 2011, 2012], pa.uint16()),
    ],
    ids=["date32", "date64", "ns", "texts", "categories", "months", "floats", "uint16"],
)
def test_times_of_any_type_are_ordered_as_their_own_type(times: pa.Array) -> None:
    order = [5, 0, 3, 1, 4, 2]
    (fold,) = TimeOrdered(1, test=2).folds(rows_of(times.take(pa.array(order))), 0)
    assert sorted(order[i] for i in fold.test) == [4, 5]


@given(st.integers(2, 40), st.integers(0, 30), st.integers(1, 5))
def test_a_row_once_sealed_stays_sealed(n_rows: int, more: int, cut: int) -> None:
    assume(cut < n_rows)
    split = TimeOrdered(holdout=days(n_rows)[n_rows - cut])
    before = split.sealed(rows_of(days(n_rows)))
    after = split.sealed(rows_of(days(n_rows + more)))
    assert before.tolist() == [False] * (n_rows - cut) + [True] * cut
    assert after[:n_rows].tolist() == before.tolist()
    assert after[n_rows:].all()


@pytest.mark.parametrize(
    "holdout",
    ["2024-01-05", "2024-01-04T12:00", "2024-01-05T01:00+01:00", dt.date(2024, 1, 5), np.datetime64("2024-01-05")],
)
def test_the_time_itself_is_sealed_and_may_be_written_in_many_ways(holdout: Any) -> None:
    assert TimeOrdered(holdout=holdout).sealed(rows_of(days(6))).tolist() == [False] * 4 + [True] * 2


def test_of_times_that_are_numbers_a_number_is_a_time() -> None:
    assert TimeOrdered(holdout=2023).sealed(rows_of([2021, 2022, 2023, 2024])).tolist() == [False, False, True, True]
    assert TimeOrdered().sealed(rows_of([1, 2])).tolist() == [False, False]


@pytest.mark.parametrize(
    ("holdout", "times", "match"),
    [
        (
            0.2,
            days(10),
            r"never a share\. It is 0\.2, and `day` holds dates or moments\. Say `holdout='2024-01-09'`, wh",
        ),
        (0.5, days(10), r"Say `holdout='2024-01-06'`, which seals 50% of these rows"),
        (3, days(10), r"Say `holdout='2024-01-09'`"),
        (0.3, list(range(10)), r"It is 0\.3, and `day` holds numbers\. Say `holdout=7`, which seals 30%"),
        ("2024-01-01", [1, 2, 3], r"It is '2024-01-01', and `day` holds numbers\. Say `holdout=3`"),
        (0.2, [dt.datetime(2024, 1, 1, hour) for hour in range(10)], r"Say `holdout='2024-01-01T08:00:00'`"),  # noqa: DTZ001 - times without a zone are the case
    ],
)
def test_a_share_is_answered_with_a_time(holdout: Any, times: Any, match: str) -> None:
    with pytest.raises(DefinitionError, match=match):
        TimeOrdered(holdout=holdout).sealed(rows_of(times))


@pytest.mark.parametrize(
    ("holdout", "match"),
    [
        (
            "2030-01-01",
            r"`day` goes from '2024-01-01' to '2024-01-10', so `holdout='2030-01-01'` seals none of 10 rows",
        ),
        ("2020-01-01", r"seals all of 10 rows\. Say `holdout='2024-01-09'`, which seals 20% of these rows"),
    ],
)
def test_a_holdout_seals_some_and_leaves_some(holdout: str, match: str) -> None:
    with pytest.raises(DataError, match=match):
        TimeOrdered(holdout=holdout).sealed(rows_of(days(10)))


def test_designs_of_one_meaning_have_one_identity() -> None:
    assert TimeOrdered(3, test="4W", gap="1D", window="90min", holdout="2024-01").identity() == {
        "design": "time-ordered",
        "k": 3,
        "test": "28D",
        "gap": "1D",
        "window": "90min",
        "holdout": "2024-01-01",
        "kind": "time",
    }
    same = [
        TimeOrdered(test="4w", holdout="2024-01-01T00:00Z"),
        TimeOrdered(test=dt.timedelta(weeks=4), holdout=dt.date(2024, 1, 1)),
        TimeOrdered(test="28 D", holdout="2024-01"),
    ]
    assert len({repr(split.identity()) for split in same}) == 1
    other = [
        TimeOrdered(),
        TimeOrdered(4),
        TimeOrdered(test=3),
        TimeOrdered(test="3D"),
        TimeOrdered(test=0.3),
        TimeOrdered(gap=1),
        TimeOrdered(window=9),
        TimeOrdered(holdout="2024-01-01"),
        TimeOrdered(holdout=2024),
    ]
    assert len({repr(split.identity()) for split in other}) == len(other)


@pytest.mark.parametrize(
    ("settings", "match"),
    [
        ({"k": 0}, r"`k` must be a whole number of at least 1\. It is 0"),
        ({"test": 0}, r"`test` must be a whole number .* at least 1, a share of them .*It is 0\. Say `test=7`"),
        ({"test": 1.5}, r"It is 1\.5"),
        ({"test": True}, r"It is True"),
        ({"test": "3M"}, r"`test` as a duration .*It is '3M'\. .*months and years differ in length"),
        ({"test": "0D"}, r"It is '0D'"),
        ({"gap": -1}, r"`gap` must be a whole number of distinct times of at least 0, or a duration\. It is -1"),
        ({"gap": 0.5}, r"It is 0\.5"),
        ({"gap": dt.timedelta(0)}, r"above 0 with a unit"),
        ({"window": 0}, r"`window` must be .* at least 1, or a duration"),
        ({"window": "last year"}, r"It is 'last year'"),
        ({"holdout": "1 January"}, r"never a share\. The text '1 January' is no time in ISO 8601\. Say `holdout='2024"),
        ({"holdout": True}, r"It is True"),
        ({"holdout": float("nan")}, r"It is nan"),
        ({"holdout": ["2024-01-01"]}, r"It is \['2024-01-01'\]"),
    ],
)
def test_settings_that_mean_nothing_are_refused(settings: dict[str, Any], match: str) -> None:
    with pytest.raises(DefinitionError, match=match):
        TimeOrdered(**settings)


def test_a_problem_without_a_time_is_told_to_name_it() -> None:
    rows = SplitRows(ids=pa.array([1, 2]), columns=None)
    with pytest.raises(DefinitionError, match=r"The problem has no `time`\. Name the column, as in `time='day'`"):
        TimeOrdered().folds(rows, 0)
    with pytest.raises(DefinitionError, match="The problem has no `time`"):
        TimeOrdered(holdout="2024-01-01").sealed(rows)


@pytest.mark.parametrize(
    ("settings", "n_days", "match"),
    [
        ({}, 5, r"`day` has 5 distinct times from '2024-01-01' to '2024-01-05'; with `k=5` fold 0 has none to test"),
        ({"test": 1}, 5, r"with `k=5, test=1` fold 0 has none to train on"),
        ({"test": 3}, 5, r"fold 0 has none to train on"),
        ({"test": 1, "gap": 4}, 9, r"`k=5, test=1, gap=4` fold 0 has none to train on"),
        ({"test": "1D", "gap": "4D"}, 9, r"`k=5, test='1D', gap='4D'` fold 0 has none to train on"),
        ({"test": "30D"}, 9, r"fold 0 has none to test"),
        ({"test": "1h"}, 9, r"`test` is '1h', and `day` is stored in steps of 1D"),
    ],
)
def test_data_that_do_not_reach_are_refused(settings: Any, n_days: int, match: str) -> None:
    with pytest.raises(DataError, match=match):
        TimeOrdered(5, **settings).folds(rows_of(days(n_days)), 0)


def test_a_window_that_ends_before_the_last_training_time_is_refused() -> None:
    times = [DAY, *[DAY + dt.timedelta(days=30 + number) for number in range(3)]]
    with pytest.raises(
        DataError, match=r"`k=1, test='3D', window='5D'` fold 0 has none to train on.*a longer `window`"
    ):
        TimeOrdered(1, test="3D", window="5D").folds(rows_of(times), 0)


def test_a_second_repeat_is_refused() -> None:
    with pytest.raises(DefinitionError, match="It has 1, counted from 0"):
        TimeOrdered().folds(rows_of(days(20)), 1)
