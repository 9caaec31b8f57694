"""Laws of `KFold`, and scikit-learn as its oracle."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import (
    GroupKFold,
    RepeatedKFold,
    RepeatedStratifiedKFold,
    StratifiedGroupKFold,
    StratifiedKFold,
)
from sklearn.model_selection import KFold as PlainKFold

from bancada.contracts import Split
from bancada.exceptions import DataError, DefinitionError, NotFoundError
from bancada.samples import SplitRows
from bancada.splits import KFold, Single


def table_of(n_rows: int, seed: int, *, n_groups: int | None = None, n_classes: int = 2) -> SplitRows:
    """Return rows with classes that have at least eight members each, and groups where asked for."""
    generator = np.random.default_rng(seed)
    target = np.concatenate([np.repeat(np.arange(n_classes), 8), generator.integers(n_classes, size=n_rows)])[:n_rows]
    target = generator.permutation(target)
    groups = None if n_groups is None else np.arange(n_rows) % n_groups
    return SplitRows(
        ids=pa.array(np.arange(n_rows)),
        columns=pa.table({"region": generator.permutation(np.arange(n_rows) % 3)}),
        target=target,
        groups=None if groups is None else generator.permutation(groups),
        has_classes=True,
    )


def drawn(split: KFold, rows: SplitRows, repeat: int) -> list[list[int]]:
    return [fold.test.tolist() for fold in split.folds(rows, repeat)]


def test_it_satisfies_the_contract() -> None:
    assert isinstance(KFold(), Split)


@given(st.integers(24, 80), st.integers(2, 7), st.integers(0, 2**32 - 1), st.booleans())
def test_folds_are_those_of_scikit_learn_to_the_row(n_rows: int, k: int, seed: int, stratify: bool) -> None:
    rows = table_of(n_rows, seed % 1000)
    oracle: Any = (RepeatedStratifiedKFold if stratify else RepeatedKFold)(n_splits=k, n_repeats=3, random_state=seed)
    wanted = list(oracle.split(np.zeros((n_rows, 1)), rows.target))
    for repeat in range(3):
        got = KFold(k, repeats=3, stratify=stratify, seed=seed).folds(rows, repeat)
        for fold, (train, test) in zip(got, wanted[repeat * k : (repeat + 1) * k], strict=True):
            np.testing.assert_array_equal(fold.train, np.sort(train))
            np.testing.assert_array_equal(fold.test, np.sort(test))


@pytest.mark.parametrize("stratify", [True, False])
def test_the_first_repeat_is_that_of_the_plain_splitter(stratify: bool) -> None:
    rows = table_of(50, 0)
    oracle: Any = (StratifiedKFold if stratify else PlainKFold)(5, shuffle=True, random_state=3)
    wanted = [np.sort(test).tolist() for _, test in oracle.split(np.zeros((50, 1)), rows.target)]
    assert drawn(KFold(5, stratify=stratify, seed=3), rows, 0) == wanted


@pytest.mark.parametrize("stratify", [True, False])
def test_grouped_folds_are_those_of_scikit_learn_with_one_generator(stratify: bool) -> None:
    rows = table_of(90, 5, n_groups=20)
    generator = np.random.RandomState(11)
    oracle: Any = (StratifiedGroupKFold if stratify else GroupKFold)(4, shuffle=True, random_state=generator)
    for repeat in range(3):
        wanted = [np.sort(test).tolist() for _, test in oracle.split(np.zeros((90, 1)), rows.target, rows.groups)]
        assert drawn(KFold(4, stratify=stratify, seed=11), rows, repeat) == wanted


@given(st.integers(30, 70), st.integers(2, 5), st.integers(0, 100), st.sampled_from([None, 6, 15]), st.booleans())
def test_in_a_fold_all_rows_stand_on_one_side_and_each_is_tested_once(
    n_rows: int,
    k: int,
    seed: int,
    n_groups: int | None,
    stratify: bool,
) -> None:
    rows = table_of(n_rows, seed, n_groups=n_groups)
    folds = KFold(k, stratify=stratify, seed=seed).folds(rows, 1)
    assert len(folds) == k
    assert sorted(itertools.chain(*(fold.test.tolist() for fold in folds))) == list(range(n_rows))
    for fold in folds:
        assert sorted([*fold.train, *fold.test]) == list(range(n_rows))
        assert fold.train.dtype == fold.test.dtype == np.int64
        assert (np.diff(fold.train) > 0).all()
        assert (np.diff(fold.test) > 0).all()
        assert fold.valid is None


@given(st.integers(2, 5), st.integers(0, 1000), st.booleans())
def test_a_group_never_stands_on_both_sides(k: int, seed: int, stratify: bool) -> None:
    rows = table_of(60, seed, n_groups=11)
    assert rows.groups is not None
    for fold in KFold(k, stratify=stratify, seed=seed).folds(rows, seed % 3):
        assert not set(rows.groups[fold.train]) & set(rows.groups[fold.test])


@given(st.integers(1, 9), st.integers(0, 6), st.sampled_from([None, 9]))
def test_a_repeat_does_not_depend_on_the_count_of_repeats(repeats: int, repeat: int, n_groups: int | None) -> None:
    rows = table_of(40, 1, n_groups=n_groups)
    assert drawn(KFold(3, repeats=repeats, seed=5), rows, repeat) == drawn(KFold(3, seed=5), rows, repeat)


def test_a_repeat_does_not_depend_on_earlier_calls() -> None:
    rows, split = table_of(40, 1), KFold(3, repeats=3)
    last = drawn(split, rows, 2)
    drawn(split, rows, 0)
    assert drawn(split, rows, 2) == last
    assert drawn(split, rows, 1) != last


def test_stratify_none_follows_the_task() -> None:
    rows = table_of(40, 1)
    without = SplitRows(ids=rows.ids, columns=rows.columns, target=rows.target)
    assert drawn(KFold(4), rows, 0) == drawn(KFold(4, stratify=True), rows, 0)
    assert drawn(KFold(4), without, 0) == drawn(KFold(4, stratify=False), rows, 0)


def test_a_named_column_is_spread_evenly() -> None:
    rows, split = table_of(30, 2), KFold(5, stratify="region")
    region = rows.columns.column("region").to_numpy()
    assert split.columns == ("region",)
    for fold in split.folds(rows, 0):
        assert np.bincount(region[fold.test]).tolist() == [2, 2, 2]


def test_a_dictionary_column_with_nulls_can_be_stratified_by() -> None:
    values = pa.array(["a", "b", None] * 10).dictionary_encode()
    rows = SplitRows(ids=pa.array(range(30)), columns=pa.table({"region": values}))
    for fold in KFold(5, stratify="region").folds(rows, 0):
        assert sorted(position % 3 for position in fold.test.tolist()) == [0, 0, 1, 1, 2, 2]


def test_texts_as_target_and_groups_split_as_numbers_do() -> None:
    rows = table_of(60, 3, n_groups=10)
    assert rows.target is not None
    assert rows.groups is not None
    texts = SplitRows(
        ids=rows.ids,
        columns=rows.columns,
        target=rows.target.astype(str).astype(object),
        groups=np.array([f"{group:02}" for group in rows.groups], dtype=object),
        has_classes=True,
    )
    assert drawn(KFold(3), rows, 1) == drawn(KFold(3), texts, 1)


def test_the_count_of_repeats_is_no_part_of_the_identity_and_all_else_is() -> None:
    plain = KFold(5).identity()
    assert KFold(5, repeats=9).identity() == plain
    others = [KFold(4), KFold(5, stratify=True), KFold(5, stratify="a"), KFold(5, seed=1), KFold(5, holdout=0.1)]
    identities = [split.identity() for split in others]
    assert all(identity != plain for identity in identities)
    assert plain["kind"] == KFold().kind == "random"


@pytest.mark.parametrize(
    ("settings", "match"),
    [
        ({"k": 1}, r"`k` must be a whole number of at least 2\. It is 1\. Say `k=5`\."),
        ({"k": 2.5}, r"`k` must be a whole number"),
        ({"k": True}, r"`k` must be a whole number"),
        ({"repeats": 0}, r"`repeats` must be a whole number of at least 1"),
        ({"seed": -1}, r"`seed` must be a whole number from 0"),
        ({"seed": None}, r"`seed` must be a whole number from 0"),
        ({"stratify": 3}, r"`stratify` must be True for the target"),
        ({"holdout": 1}, r"`holdout` must be a share of the rows"),
        ({"holdout": "2024-01-01"}, r"`holdout` must be a share of the rows"),
        ({"holdout": float("nan")}, r"`holdout` must be a share of the rows"),
    ],
)
def test_a_setting_out_of_range_is_refused(settings: dict[str, Any], match: str) -> None:
    with pytest.raises(DefinitionError, match=match):
        KFold(**settings)


def test_too_few_rows_groups_or_members_of_a_class_are_refused() -> None:
    rows = table_of(20, 0, n_groups=3)
    with pytest.raises(DataError, match=r"needs at least that many groups\. There are 3 groups for `k=4`\."):
        KFold(4).folds(rows, 0)
    few = SplitRows(ids=pa.array([1, 2]), columns=pa.table({}))
    with pytest.raises(DataError, match=r"There are 2 rows for `k=3`"):
        KFold(3).folds(few, 0)
    rare = SplitRows(ids=pa.array(range(9)), columns=pa.table({}), target=np.array(["a"] * 7 + ["b"] * 2))
    with pytest.raises(DataError, match=r"at least 3 rows .* The class 'b' has 2\. .*`stratify=False`"):
        KFold(3, stratify=True).folds(rare, 0)
    column = SplitRows(ids=pa.array(range(4)), columns=pa.table({"region": ["n", "n", "n", "s"]}))
    with pytest.raises(DataError, match=r"Each class of `region` .* The class 's' has 1"):
        KFold(2, stratify="region").folds(column, 0)


def test_what_cannot_be_stratified_or_grouped_is_refused() -> None:
    rows = table_of(20, 0)
    with pytest.raises(NotFoundError, match=r"no column `regio`\. Did you mean `region`\?"):
        KFold(2, stratify="regio").folds(rows, 0)
    with pytest.raises(DataError, match="single target column"):
        KFold(2, stratify=True).folds(SplitRows(ids=rows.ids, columns=rows.columns), 0)
    holes = SplitRows(
        ids=pa.array(["x", "y", "z"]), columns=pa.table({}), groups=np.array(["a", None, "b"], dtype=object)
    )
    with pytest.raises(DataError, match=r"1 rows have none, the first is the row with id 'y'"):
        KFold(2).folds(holes, 0)
    with pytest.raises(DefinitionError, match=r"It is -1\."):
        KFold(2).folds(rows, -1)


def test_one_large_group_fills_a_fold_alone() -> None:
    groups = np.array([0] * 30 + [1, 1, 2, 2])
    target = np.array([0, 1] * 17)
    rows = SplitRows(ids=pa.array(range(34)), columns=pa.table({}), target=target, groups=groups, has_classes=True)
    folds = KFold(3).folds(rows, 0)
    assert sorted(len(fold.test) for fold in folds) == [2, 2, 30]


def test_a_default_that_is_written_out_has_the_identity_of_what_it_means() -> None:
    for split in (KFold(), Single()):
        resolved = split.resolve(has_classes=True, has_groups=False)
        assert resolved.identity() == replace(split, stratify=True).identity()
    assert KFold().resolve(has_classes=False, has_groups=False) == KFold(stratify=False)
    assert Single().resolve(has_classes=True, has_groups=True) == Single(stratify=False)
    assert KFold(stratify="region").resolve(has_classes=True, has_groups=True) == KFold(stratify="region")
