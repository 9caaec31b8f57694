"""Laws of the sealed holdout."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bancada.datasets import Dataset
from bancada.exceptions import DataError
from bancada.samples import SplitRows
from bancada.splits import KFold, Single
from bancada.splits._holdout import members

if TYPE_CHECKING:
    from pathlib import Path


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


@given(st.sets(st.integers(-(2**63), 2**64 - 1), min_size=1, max_size=30))
def test_an_integer_stays_where_it_was_when_its_column_turns_to_text(ids: set[int]) -> None:
    whole = sorted(number for number in ids if number < 2**63)
    before = members(pa.array(whole, pa.int64()), 0.5, 0)
    after = members(pa.array([*map(str, whole), "A12"]), 0.5, 0)
    np.testing.assert_array_equal(before, after[:-1])
    large = sorted(number for number in ids if number >= 0)
    texts = pa.array([*map(str, large), str(10**30), "A12"], pa.large_string())
    np.testing.assert_array_equal(members(pa.array(large, pa.uint64()), 0.5, 0), members(texts, 0.5, 0)[:-2])


def test_zeros_and_spaces_around_an_integer_count_as_little_as_where_it_is_read_as_a_number() -> None:
    numbers = members(pa.array([0, *range(64), -5, 7]), 0.5, 0)
    texts = pa.array(["000", *(f"{number:05}" for number in range(64)), "-05", " 7\t"])
    np.testing.assert_array_equal(members(texts, 0.5, 0), numbers)


def test_a_csv_whose_ids_turn_to_text_keeps_its_holdout(tmp_path: Path) -> None:
    def sealed(*ids: object) -> set[str]:
        (tmp_path / "c.csv").write_text("id,x\n" + "".join(f"{name},1\n" for name in ids))
        data = Dataset.from_file("c.csv", id="id").at(tmp_path, tmp_path / "cache")
        mask = KFold(holdout=0.2).sealed(SplitRows(ids=data.ids(), columns=pa.table({})))
        return {str(name) for name, held in zip(data.ids().to_pylist(), mask, strict=True) if held}

    assert sealed(*range(200)) == sealed(*range(200), "A12") - {"A12"}


@pytest.mark.parametrize("text", ["1.0", "+1", "1 2", "1e0", "", "-", "one", "\u0661"])
def test_other_texts_are_no_numbers(text: str) -> None:
    numbers, texts = pa.array([1] * 64), pa.array([text] * 64)
    draws = [(members(numbers, 0.5, seed)[0], members(texts, 0.5, seed)[0]) for seed in range(64)]
    assert any(number != other for number, other in draws)


@given(st.lists(st.floats(width=32, allow_nan=False), min_size=1, max_size=30))
def test_equal_floats_of_any_width_and_decimals_are_one_value(values: list[float]) -> None:
    wide = members(pa.array(values, pa.float64()), 0.5, 0)
    np.testing.assert_array_equal(members(pa.array(values, pa.float32()), 0.5, 0), wide)
    assert members(pa.array([1e-7, 2.5e-9]), 0.5, 3).tolist() == (
        members(pa.array([decimal.Decimal("1E-7"), decimal.Decimal("2.5E-9")], pa.decimal128(20, 12)), 0.5, 3).tolist()
    )


def test_moments_a_nanosecond_apart_are_different_values() -> None:
    start = 1_700_000_000_000_000_000
    drawn = members(pa.array(range(start, start + 64), pa.timestamp("ns")), 0.5, 0)
    assert 0 < drawn.sum() < 64
    whole = pa.array(range(start, start + 64_000, 1_000), pa.timestamp("ns"))
    np.testing.assert_array_equal(members(whole, 0.5, 0), members(whole.cast(pa.timestamp("us")), 0.5, 0))
    early = pa.array([-1, -1_000, -1_001], pa.timestamp("ns"))
    assert len({tuple(members(early, 0.5, seed).tolist()) for seed in range(100)}) == 8


def test_bytes_and_bools_are_no_numbers() -> None:
    numbers = members(pa.array(range(64)), 0.5, 0).tolist()
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
