"""Laws of `Single`, and scikit-learn as its oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import GroupShuffleSplit, train_test_split

from bancada.contracts import Split
from bancada.exceptions import DataError, DefinitionError
from bancada.samples import SplitRows
from bancada.splits import Single


def rows_of(n_rows: int, *, n_groups: int | None = None) -> SplitRows:
    return SplitRows(
        ids=pa.array(range(n_rows)),
        columns=pa.table({"region": np.arange(n_rows) % 2}),
        target=np.arange(n_rows) % 3,
        groups=None if n_groups is None else np.arange(n_rows) % n_groups,
        has_classes=True,
    )


def test_it_satisfies_the_contract() -> None:
    assert isinstance(Single(), Split)
    assert (Single().kind, Single().repeats) == ("single", 1)


@given(st.integers(30, 60), st.sampled_from([0.1, 0.25, 1 / 3, 0.5]), st.integers(0, 2**32 - 1), st.booleans())
def test_the_split_is_that_of_train_test_split(n_rows: int, test: float, seed: int, stratify: bool) -> None:
    rows = rows_of(n_rows)
    chosen = rows.target if stratify else None
    wanted = train_test_split(np.arange(n_rows), test_size=test, random_state=seed, stratify=chosen)
    (fold,) = Single(test, stratify=stratify, seed=seed).folds(rows, 0)
    np.testing.assert_array_equal(fold.train, np.sort(wanted[0]))
    np.testing.assert_array_equal(fold.test, np.sort(wanted[1]))


def test_grouped_shares_count_groups() -> None:
    rows = rows_of(60, n_groups=12)
    oracle = GroupShuffleSplit(n_splits=1, test_size=0.25, random_state=4)
    _, wanted = next(oracle.split(np.zeros((60, 1)), groups=rows.groups))
    (fold,) = Single(0.25, seed=4).folds(rows, 0)
    np.testing.assert_array_equal(fold.test, np.sort(wanted))


@given(st.integers(0, 1_000), st.sampled_from([None, 15]), st.sampled_from([None, "region"]))
def test_parts_are_disjoint_and_validation_rows_come_out_of_training(
    seed: int, n_groups: int | None, stratify: str | None
) -> None:
    rows = rows_of(60, n_groups=n_groups)
    stratify = None if n_groups else stratify
    (bare,) = Single(0.2, stratify=stratify, seed=seed).folds(rows, 0)
    (fold,) = Single(0.2, 0.2, stratify=stratify, seed=seed).folds(rows, 0)
    assert fold.valid is not None
    assert (len(fold.train), len(fold.valid), len(fold.test)) == (36, 12, 12)
    assert sorted([*fold.train, *fold.valid, *fold.test]) == list(range(60))
    np.testing.assert_array_equal(fold.test, bare.test)
    if rows.groups is not None:
        owners = [set(rows.groups[part]) for part in (fold.train, fold.valid, fold.test)]
        assert sum(map(len, owners)) == 15


def test_a_named_column_is_spread_evenly() -> None:
    split = Single(0.5, stratify="region")
    (fold,) = split.folds(rows_of(40), 0)
    assert split.columns == ("region",)
    assert np.bincount(fold.test % 2).tolist() == [10, 10]


def test_every_setting_is_part_of_the_identity() -> None:
    others = [
        Single(0.3),
        Single(0.2, 0.1),
        Single(stratify=True),
        Single(seed=1),
        Single(holdout=0.1),
    ]
    assert all(split.identity() != Single().identity() for split in others)


@pytest.mark.parametrize(
    ("settings", "match"),
    [
        ({"test": 0}, r"`test` must be a share strictly between 0 and 1\. It is 0\."),
        ({"test": 30}, "`test` must be a share"),
        ({"valid": 1.0}, "`valid` must be a share"),
        ({"test": 0.6, "valid": 0.4}, "must leave a share to train on. They are 0.6 and 0.4"),
        ({"stratify": 1}, "`stratify` must be True"),
        ({"seed": 2**32}, "`seed` must be a whole number from 0 to 4294967295"),
        ({"holdout": -0.1}, "`holdout` must be a share"),
    ],
)
def test_a_setting_out_of_range_is_refused(settings: dict[str, Any], match: str) -> None:
    with pytest.raises(DefinitionError, match=match):
        Single(**settings)


def test_data_that_cannot_be_split_are_refused() -> None:
    with pytest.raises(DataError, match="Each part of a split must have rows"):
        Single(0.5).folds(SplitRows(ids=pa.array([1]), columns=pa.table({})), 0)
    with pytest.raises(DataError, match=r"The class 2 has 1\."):
        Single().folds(rows_of(5), 0)
    with pytest.raises(DataError, match="cannot be drawn"):
        Single(0.1, stratify=True).folds(rows_of(12), 0)
    with pytest.raises(DataError, match=r"cannot stratify at the same time\. .* `stratify='region'`"):
        Single(stratify="region").folds(rows_of(40, n_groups=8), 0)
    with pytest.raises(DefinitionError, match=r"It has 1, counted from 0\."):
        Single().folds(rows_of(40), 1)
