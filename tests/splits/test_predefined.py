"""Laws of `Predefined`."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.contracts import Split
from bancada.exceptions import DataError, DefinitionError, NotFoundError
from bancada.samples import SplitRows
from bancada.splits import Predefined


def rows_of(values: Any, groups: Any = None) -> SplitRows:
    array = values if isinstance(values, pa.Array) else pa.array(values)
    owners = None if groups is None else np.asarray(groups)
    return SplitRows(ids=pa.array(range(len(array))), columns=pa.table({"part": array}), groups=owners)


def test_it_satisfies_the_contract() -> None:
    assert isinstance(Predefined("part", kind="site"), Split)
    assert Predefined("part", kind="site").columns == ("part",)
    assert Predefined("part", "time").kind == "time"
    assert Predefined("part", test=1).kind == "single"


@given(st.lists(st.sampled_from("abcd"), min_size=4, max_size=40).filter(lambda values: len(set(values)) > 1))
def test_each_value_is_a_test_fold_once_in_ascending_order(values: list[str]) -> None:
    folds = Predefined("part", kind="random").folds(rows_of(values), 0)
    tested = [{values[position] for position in fold.test} for fold in folds]
    assert tested == [{value} for value in sorted(set(values))]
    for fold in folds:
        assert sorted([*fold.train, *fold.test]) == list(range(len(values)))


@pytest.mark.parametrize(
    "values",
    [
        [2, 10, 2, 1],
        [dt.date(2024, 1, 1), dt.date(2024, 3, 1), dt.date(2024, 1, 1), dt.date(2023, 1, 1)],
        [0.5, 1.5, 0.5, -1.0],
        pa.array(["m", "z", "m", "a"]).dictionary_encode(),
    ],
)
def test_values_of_any_type_are_ordered_as_their_own_type(values: Any) -> None:
    folds = Predefined("part", kind="time").folds(rows_of(values), 0)
    assert [fold.test.tolist() for fold in folds] == [[3], [0, 2], [1]]


def test_bools_are_two_folds() -> None:
    folds = Predefined("part", kind="random").folds(rows_of([True, False, True]), 0)
    assert [fold.test.tolist() for fold in folds] == [[1], [0, 2]]


def test_one_split_tests_and_validates_the_named_values_and_trains_on_the_others() -> None:
    values = ["train", "test", "valid", "other", "test"]
    (fold,) = Predefined("part", test="test", valid="valid").folds(rows_of(values), 0)
    assert fold.valid is not None
    assert (fold.train.tolist(), fold.valid.tolist(), fold.test.tolist()) == ([0, 3], [2], [1, 4])
    (bare,) = Predefined("part", test="test").folds(rows_of(pa.array(values).dictionary_encode()), 0)
    assert (bare.train.tolist(), bare.valid, bare.test.tolist()) == ([0, 2, 3], None, [1, 4])


def test_a_date_may_be_written_as_text() -> None:
    rows = rows_of([dt.date(2024, 1, 1), dt.date(2024, 2, 1)])
    for value in ("2024-02-01", dt.date(2024, 2, 1)):
        (fold,) = Predefined("part", test=value).folds(rows, 0)
        assert fold.test.tolist() == [1]


def test_the_identity_holds_what_is_prescribed() -> None:
    assert Predefined("part", test=dt.date(2024, 2, 1)).identity() == {
        "design": "predefined",
        "column": "part",
        "kind": "single",
        "test": "2024-02-01",
        "valid": None,
    }
    identities = [
        Predefined("part", kind="site").identity(),
        Predefined("part", kind="time").identity(),
        Predefined("region", kind="site").identity(),
        Predefined("part", test=1).identity(),
        Predefined("part", test=2).identity(),
        Predefined("part", test=1, valid=2).identity(),
    ]
    assert len({repr(identity) for identity in identities}) == len(identities)


def test_nothing_is_sealed() -> None:
    assert Predefined("part", kind="site").sealed(rows_of(["a", "b"])).tolist() == [False, False]


@pytest.mark.parametrize(
    ("settings", "match"),
    [
        (
            {"column": "part"},
            r"`kind` must say what the folds are.*It is not given, and neither is `test`\..*`'random'`",
        ),
        ({"column": "part", "kind": "sites"}, r"It is 'sites'"),
        ({"column": "part", "kind": "site", "test": 1}, r"Both are given: `kind='site'` and `test=1`"),
        ({"column": "part", "kind": "site", "valid": 1}, r"`valid=1` stands alone"),
        ({"column": "part", "test": [1]}, r"`test` must be a value of the column"),
        ({"column": "part", "test": 1, "valid": 1}, r"must be two values\. Both are 1"),
        ({"column": 3, "kind": "site"}, r"`column` must be the name of a column\. It is 3"),
    ],
)
def test_settings_that_say_no_design_are_refused(settings: dict[str, Any], match: str) -> None:
    with pytest.raises(DefinitionError, match=match):
        Predefined(**settings)


def test_columns_that_prescribe_no_split_are_refused() -> None:
    split = Predefined("part", kind="site")
    with pytest.raises(DataError, match=r"`part` is null or NaN in 1 rows"):
        split.folds(rows_of(["a", None, "b"]), 0)
    with pytest.raises(DataError, match=r"at least two values\. `part` has 1"):
        split.folds(rows_of(["a", "a"]), 0)
    with pytest.raises(DataError, match=r"In fold 0 1 groups do"):
        split.folds(rows_of(["a", "b"], groups=[7, 7]), 0)
    with pytest.raises(NotFoundError, match=r"no column `parts`\. Did you mean `part`\?"):
        Predefined("parts", kind="site").folds(rows_of(["a", "b"]), 0)
    with pytest.raises(DefinitionError, match=r"It is 1\. It has 1, counted from 0"):
        split.folds(rows_of(["a", "b"]), 1)


@pytest.mark.parametrize("split", [Predefined("part", kind="site"), Predefined("part", test=1.0)])
def test_not_a_number_is_as_missing_as_null(split: Predefined) -> None:
    with pytest.raises(DataError, match=r"must have a value in each row\. `part` is null or NaN in 2 rows"):
        split.folds(rows_of([1.0, float("nan"), 2.0, None]), 0)


@pytest.mark.parametrize("split", [Predefined("part", kind="site"), Predefined("part", test=1)])
@pytest.mark.parametrize("values", [[[1], [2]], [{"a": 1}, {"a": 2}]])
def test_lists_and_structs_prescribe_no_folds(split: Predefined, values: Any) -> None:
    with pytest.raises(DataError, match=r"one plain value in each row\. `part` is of type `(list|struct)<"):
        split.folds(rows_of(values), 0)


@pytest.mark.parametrize(("values", "named"), [([True, False], 2), ([True, False], 1), ([0, 1], True)])
def test_a_truth_value_is_no_number(values: Any, named: Any) -> None:
    with pytest.raises(DataError, match=rf"There is no {named} in it\."):
        Predefined("part", test=named).folds(rows_of(values), 0)
    (fold,) = Predefined("part", test=values[0]).folds(rows_of(values), 0)
    assert fold.test.tolist() == [0]


@pytest.mark.parametrize(
    "kind",
    [pa.time32("s"), pa.duration("s"), pa.timestamp("s", "UTC"), pa.decimal128(9, 2), pa.uint8(), pa.float32()],
    ids=str,
)
def test_every_plain_type_prescribes_folds(kind: pa.DataType) -> None:
    values = pa.array([0, 1, 0], kind)
    folds = Predefined("part", kind="random").folds(rows_of(values), 0)
    assert [fold.test.tolist() for fold in folds] == [[0, 2], [1]]


def test_a_value_that_does_not_occur_is_refused_with_the_nearest() -> None:
    with pytest.raises(DataError, match=r"There is no 'tset' in it\. Did you mean `test`\?"):
        Predefined("part", test="tset").folds(rows_of(["test", "train"]), 0)
    with pytest.raises(DataError, match=r"There is no 'x' in it\. Known are `1`, `2`\."):
        Predefined("part", test="x").folds(rows_of([1, 2]), 0)
    with pytest.raises(DataError, match=r"Each part of a fold must have rows\. Fold 0 has 0 rows to train on"):
        Predefined("part", test=1, valid=2).folds(rows_of([1, 2]), 0)
