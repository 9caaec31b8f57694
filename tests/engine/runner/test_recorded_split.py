"""A split as it was drawn: the same tables, the same sealed rows, and nothing drawn anew."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.engine._splits import encode_split
from bancada.engine.runner._recorded_split import RecordedSplit
from bancada.exceptions import DataError
from bancada.samples import SplitRows
from bancada.splits import KFold


def rows(count: int) -> SplitRows:
    return SplitRows(pa.array(range(count)), pa.table({"x": range(count)}), None, None, has_classes=False)


@given(count=st.integers(6, 40), repeats=st.integers(1, 3), seed=st.integers(0, 99))
def test_recorded_folds_are_those_that_were_drawn(count: int, repeats: int, seed: int) -> None:
    split = KFold(3, repeats=repeats, seed=seed).resolve(has_classes=False, has_groups=False)
    drawn = [split.folds(rows(count), number) for number in range(repeats)]
    tables = {number: encode_split(rows(count).ids, parts) for number, parts in enumerate(drawn)}
    recorded = RecordedSplit(split.identity(), split.kind, (), tables)
    assert (recorded.repeats, recorded.identity(), recorded.kind) == (repeats, split.identity(), "random")
    for number, parts in enumerate(drawn):
        for one, other in zip(parts, recorded.folds(rows(count), number), strict=True):
            assert np.array_equal(one.train, other.train)
            assert np.array_equal(one.test, other.test)


@given(mask=st.lists(st.booleans(), min_size=1, max_size=40))
def test_sealed_rows_are_those_that_were_sealed(mask: list[bool]) -> None:
    bits = np.packbits(np.array(mask)).tobytes()
    assert RecordedSplit({}, "random", (), {}, bits).sealed(rows(len(mask))).tolist() == mask


def test_without_bits_no_row_is_sealed() -> None:
    assert not RecordedSplit({}, "random", (), {}).sealed(rows(3)).any()


def test_bits_of_other_data_are_refused() -> None:
    with pytest.raises(DataError, match="It has 1 byte for 30 rows"):
        RecordedSplit({}, "random", (), {}, b"\x00").sealed(rows(30))


def test_a_repeat_that_was_not_kept_is_refused() -> None:
    with pytest.raises(DataError, match="no table of repeat 2"):
        RecordedSplit({}, "random", (), {}).folds(rows(3), 2)
