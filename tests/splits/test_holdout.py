"""Laws of the sealed holdout."""

from __future__ import annotations

import datetime as dt
import decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bancada.exceptions import DataError
from bancada.samples import SplitRows
from bancada.splits import KFold, Single
from bancada.splits._holdout import members


def sealed_ids(ids: list[str], split: KFold | Single) -> set[str]:
    rows = SplitRows(ids=pa.array(ids), columns=pa.table({}))
    return {name for name, sealed in zip(ids, split.sealed(rows), strict=True) if sealed}


@given(st.sets(st.text(max_size=6), min_size=20, max_size=40), st.data(), st.integers(0, 5))
def test_a_row_once_sealed_stays_sealed_when_others_come_or_go(ids: set[str], data: st.DataObject, seed: int) -> None:
    split = KFold(2, holdout=0.4, seed=seed)
    kept = data.draw(st.sets(st.sampled_from(sorted(ids)), min_size=10))
    assume(0 < len(kept & sealed_or_none(ids, seed)) < len(kept))
    assert sealed_ids(sorted(kept), split) == sealed_ids(sorted(ids), split) & kept


def sealed_or_none(ids: set[str], seed: int) -> set[str]:
    """Return the ids that hash into the holdout, by one hash for each id alone."""
    return {name for name in ids if members(pa.array([name]), 0.4, seed)[0]}


@given(st.lists(st.integers(0, 30), min_size=30, max_size=60), st.integers(0, 50))
def test_a_group_is_sealed_whole_and_whatever_its_rows(groups: list[int], seed: int) -> None:
    mask = members(pa.array(groups), 0.5, seed)
    assume(0 < mask.sum() < len(groups))
    rows = SplitRows(ids=pa.array(range(len(groups))), columns=pa.table({}), groups=np.array(groups))
    np.testing.assert_array_equal(KFold(2, holdout=0.5, seed=seed).sealed(rows), mask)


def test_the_share_is_met_in_expectation_and_seeds_draw_apart() -> None:
    ids = pa.array(np.arange(100_000))
    one, other = members(ids, 0.2, 0), members(ids, 0.2, 1)
    # Five standard errors of a binomial share.
    assert abs(one.mean() - 0.2) < 5 * np.sqrt(0.2 * 0.8 / 100_000)
    assert abs((one & other).mean() - 0.04) < 5 * np.sqrt(0.04 * 0.96 / 100_000)


def test_a_larger_share_keeps_what_was_sealed() -> None:
    ids = pa.array(np.arange(1_000))
    assert not (members(ids, 0.1, 0) & ~members(ids, 0.3, 0)).any()


@pytest.mark.parametrize(
    "kind",
    [pa.int8(), pa.int16(), pa.int32(), pa.uint8(), pa.uint64(), pa.float32(), pa.float64(), pa.decimal128(21, 2)],
)
def test_a_number_is_the_same_in_every_type(kind: pa.DataType) -> None:
    numbers = pa.array(range(100))
    np.testing.assert_array_equal(members(numbers.cast(kind), 0.5, 0), members(numbers, 0.5, 0))


def test_a_value_is_the_same_in_every_encoding() -> None:
    texts = pa.array([f"c{i}" for i in range(64)])
    for same in (
        texts.cast(pa.large_string()),
        texts.cast(pa.string_view()),
        texts.dictionary_encode(),
        pa.chunked_array([texts]),
    ):
        np.testing.assert_array_equal(members(same, 0.5, 0), members(texts, 0.5, 0))
    days = pa.array([dt.date(2024, 1, 1) + dt.timedelta(days=i) for i in range(64)])
    for kind in (pa.timestamp("s"), pa.timestamp("ns"), pa.timestamp("ms", "UTC"), pa.timestamp("us", "Europe/Lisbon")):
        np.testing.assert_array_equal(
            members(
                days.cast(kind) if kind.tz is None else pa.array(days.cast(pa.timestamp("us", "UTC")).cast(kind)),
                0.5,
                0,
            ),
            members(days, 0.5, 0),
        )


def test_numbers_texts_bytes_and_bools_are_different_values() -> None:
    numbers = members(pa.array(range(64)), 0.5, 0).tolist()
    assert members(pa.array([str(i) for i in range(64)]), 0.5, 0).tolist() != numbers
    assert members(pa.array([str(i).encode() for i in range(64)]), 0.5, 0).tolist() != numbers
    halves = [decimal.Decimal(2 * i + 1) / 2 for i in range(64)]
    assert (
        members(pa.array(halves), 0.5, 0).tolist()
        == members(pa.array([float(half) for half in halves]), 0.5, 0).tolist()
    )


def test_membership_never_changes_between_releases() -> None:
    assert np.flatnonzero(members(pa.array(range(20)), 0.3, 7)).tolist() == GOLDEN_NUMBERS
    assert np.flatnonzero(members(pa.array([f"c{i}" for i in range(20)]), 0.3, 7)).tolist() == GOLDEN_TEXTS


GOLDEN_NUMBERS = [0, 3, 8, 13, 14, 16, 17, 18]
GOLDEN_TEXTS = [2, 5, 7, 13]


def test_no_holdout_seals_nothing() -> None:
    assert sealed_ids(["a", "b", "c"], KFold(2)) == set()
    assert sealed_ids(["a", "b", "c"], Single(0.5)) == set()


def test_single_and_kfold_seal_the_same_rows() -> None:
    ids = [f"c{i}" for i in range(50)]
    assert sealed_ids(ids, KFold(5, holdout=0.3, seed=2)) == sealed_ids(ids, Single(holdout=0.3, seed=2))


def test_a_holdout_of_all_or_none_is_refused() -> None:
    with pytest.raises(
        DataError, match=r"Of 2 rows 0 would be sealed at `holdout=1e-09` with `seed=0`\..*bring more rows"
    ):
        sealed_ids(["a", "b"], KFold(2, holdout=1e-9))
    rows = SplitRows(ids=pa.array([1, 2]), columns=pa.table({}), groups=np.array([5, 5]))
    with pytest.raises(DataError, match=r"A holdout must seal some rows and leave some\. .*bring more groups"):
        KFold(2, holdout=0.5).sealed(rows)


def test_ids_without_a_stable_text_and_groups_of_mixed_types_are_refused() -> None:
    with pytest.raises(DataError, match=r"They are of type `list<item: int64>`"):
        members(pa.array([[1], [2]]), 0.5, 0)
    mixed = SplitRows(ids=pa.array([1, 2]), columns=pa.table({}), groups=np.array(["a", 1], dtype=object))
    with pytest.raises(DataError, match="groups column must be of one type"):
        KFold(2, holdout=0.5).sealed(mixed)
