"""The laws of `contracts.Dataset`."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from bancada.contracts import Dataset as Contract
from bancada.datasets import ROW, Dataset
from bancada.exceptions import DataError, DefinitionError, NotFoundError
from bancada.identity import table_digest

IDS = st.one_of(
    st.lists(st.integers(-(2**40), 2**40), min_size=1, max_size=30, unique=True),
    st.lists(st.text(max_size=5), min_size=1, max_size=30, unique=True),
    st.lists(st.floats(allow_nan=False, width=32), min_size=1, max_size=30, unique_by=lambda value: value + 0.0),
    st.lists(st.dates(), min_size=1, max_size=30, unique=True),
)
FRAMES = ["pandas", "polars", "arrow", "numpy"]


def churn() -> pa.Table:
    return pa.table(
        {
            "customer": pa.array([3, 1, 4, 2, 5]),
            "tenure": pa.array([30, 10, None, 20, 50]),
            "spend": pa.array([3.5, 1.5, float("nan"), None, 5.5]),
            "region": pa.array(["c", "a", None, "b", "e"]),
            "plan": pa.array(["x", "y", "x", "x", None]).dictionary_encode(),
            "active": pa.array([True, None, False, True, True]),
        }
    )


def plain(frame: Any) -> Any:
    """Return a frame of any library as something that compares by value."""
    if isinstance(frame, np.ndarray):
        return [[None if value is None or value != value else value for value in row] for row in frame.tolist()]  # noqa: PLR0124 - NaN
    if isinstance(frame, pd.DataFrame):
        frame = pa.Table.from_pandas(frame, preserve_index=False)
    return repr(frame.to_pydict() if isinstance(frame, pa.Table) else frame.to_dict(as_series=False))


@pytest.fixture
def opened(tmp_path: Path) -> Any:
    return Dataset.from_frame(churn(), name="churn", version="1", id="customer").at(tmp_path, tmp_path / "cache")


def test_it_satisfies_the_contract(opened: Any) -> None:
    assert isinstance(opened, Contract)
    assert (opened.name, opened.version, opened.id) == ("churn", "1", "customer")
    assert repr(opened) == "Dataset(name='churn', version='1', id='customer')"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(IDS)
def test_rows_are_in_ascending_id_order_and_keep_together(tmp_path: Path, ids: list[Any]) -> None:
    data = Dataset.from_frame({"key": ids, "text": [repr(key) for key in ids]}, name="d", id="key")
    data = data.at(tmp_path, tmp_path / "cache")
    wanted = sorted(ids, key=lambda key: key.encode() if isinstance(key, str) else key)
    assert data.ids().to_pylist() == wanted
    assert data.rows(["text"]).column("text").to_pylist() == [repr(key) for key in wanted]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(5)), st.sampled_from([pa.int8(), pa.int32(), pa.string(), pa.float64()]))
def test_the_order_of_the_source_changes_nothing(tmp_path: Path, order: list[int], kind: pa.DataType) -> None:
    table = churn().set_column(0, "customer", churn()["customer"].cast(kind))
    one = Dataset.from_frame(table, name="d", id="customer").at(tmp_path, tmp_path / "cache")
    other = Dataset.from_frame(table.take(pa.array(order)), name="d", id="customer").at(tmp_path, tmp_path / "cache")
    assert one.identity() == other.identity()
    assert plain(one.take(None, one.schema().names, "arrow")) == plain(other.take(None, one.schema().names, "arrow"))


@pytest.mark.parametrize("frame", FRAMES)
def test_taking_none_is_taking_all(opened: Any, frame: str) -> None:
    columns = ["spend", "tenure", "plan"]
    assert plain(opened.take(None, columns, frame)) == plain(opened.take(np.arange(5), columns, frame))


@pytest.mark.parametrize("frame", FRAMES)
def test_every_method_is_pure(opened: Any, frame: str) -> None:
    positions = np.array([3, 0, 3])
    first = plain(opened.take(positions, ["tenure", "region"], frame))
    assert plain(opened.take(positions, ["tenure", "region"], frame)) == first
    assert opened.identity() == opened.identity()
    assert opened.schema() == opened.schema()
    assert opened.rows(["plan"]).equals(opened.rows(["plan"]))


def test_columns_come_in_the_order_asked_for(opened: Any) -> None:
    columns = ["region", "customer", "spend"]
    assert opened.rows(columns).column_names == columns
    for frame in ("pandas", "polars"):
        assert list(opened.take(np.array([1]), columns, frame).columns) == columns
    assert opened.take(None, ["tenure", "customer"], "numpy")[0].tolist() == [10.0, 1.0]
    assert opened.take(None, ["customer", "tenure"], "numpy")[0].tolist() == [1.0, 10.0]
    assert opened.schema().names == churn().column_names


def test_the_identity_tells_labels_digest_and_schema(opened: Any) -> None:
    identity = opened.identity()
    assert identity.table == table_digest(churn().sort_by("customer"))
    assert (identity.name, identity.version, identity.id, identity.n_rows) == ("churn", "1", "customer", 5)
    assert identity.columns[0].name == "customer"
    assert [column.type for column in identity.columns[:4]] == ["int64", "int64", "double", "string"]
    assert identity.files == {}


def test_rows_without_an_id_are_numbered(tmp_path: Path) -> None:
    data = Dataset.from_frame({"x": [3.0, 1.0, 2.0]}, name="d", id=ROW).at(tmp_path, tmp_path / "cache")
    assert data.id is None
    assert data.identity().id is None
    assert data.ids().to_pylist() == [0, 1, 2]
    assert data.rows(["x"])["x"].to_pylist() == [3.0, 1.0, 2.0]
    assert data.schema().names == ["x"]


def test_an_unknown_column_is_named_with_the_nearest(opened: Any) -> None:
    with pytest.raises(NotFoundError, match=r"no column `tenur`\. Did you mean `tenure`\?"):
        opened.rows(["tenur"])
    with pytest.raises(NotFoundError, match=r"no column `tenur`\. Did you mean `tenure`\?"):
        opened.take(None, ["tenur"], "pandas")


def test_an_unopened_dataset_is_opened_where_nobody_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    parquet.write_table(churn(), "churn.parquet")
    assert Dataset.from_file("churn.parquet", id="customer").identity().files.keys() == {"churn.parquet"}
    assert list((Path(os.environ["BANCADA_CACHE"]) / "tables").iterdir())


def test_a_pickle_carries_only_labels_and_path(tmp_path: Path) -> None:
    frame = {"x": np.arange(100_000.0)}
    data = Dataset.from_frame(frame, name="d", id=ROW).at(tmp_path, tmp_path / "cache")
    assert len(pickle.dumps(data)) < 1_000
    copy = pickle.loads(pickle.dumps(data))  # noqa: S301 - bytes that this very line has pickled
    assert copy.identity() == data.identity()
    assert copy.at(tmp_path, tmp_path / "other").identity() == data.identity()
    assert copy.with_schema({"x": "int64"}) is copy


def test_a_copy_in_another_process_answers_without_the_source(tmp_path: Path) -> None:
    path = tmp_path / "churn.parquet"
    parquet.write_table(churn(), path)
    data = Dataset.from_file(path, id="customer").at(tmp_path, tmp_path / "cache")
    data.identity()
    (tmp_path / "data.pickle").write_bytes(pickle.dumps(data))
    path.unlink()
    code = (
        "import pickle, sys, numpy\n"
        "data = pickle.load(open(sys.argv[1], 'rb'))\n"
        "print(data.take(numpy.array([0, 2]), ['customer', 'region'], 'pandas').to_dict('list'), data.name)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "data.pickle")],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert answer.stdout.strip() == "{'customer': [1, 3], 'region': ['a', 'c']} churn"


def test_binding_elsewhere_reads_a_file_anew_and_a_function_never(tmp_path: Path) -> None:
    calls = []

    def load() -> pa.Table:
        calls.append(1)
        return churn()

    data = Dataset.from_function(load, name="d", id="customer")
    assert calls == []
    first = data.at(tmp_path, tmp_path / "one")
    identity = first.identity()
    assert first.at(tmp_path, tmp_path / "two").identity() == identity
    assert calls == [1]
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        parquet.write_table(churn().slice(0, 2 if folder == "a" else 3), tmp_path / folder / "d.parquet")
    bound = Dataset.from_file("d.parquet", id="customer").at(tmp_path / "a", tmp_path / "cache")
    assert bound.identity().n_rows == 2
    assert bound.at(tmp_path / "b", tmp_path / "cache").identity().n_rows == 3


@pytest.mark.parametrize(
    ("ids", "match"),
    [
        ([1, None, None], r"`key` of `d` is null in 2 rows, first in row 2\. Fill the ids"),
        ([1.0, float("nan"), 2.0], r"`key` of `d` is null in 1 row, first in row 2\."),
        ([1, 1, 2], r"`key` of `d` repeats an id in 1 row, first 1\."),
        ([7, 1, 7], r"`key` of `d` repeats an id in 1 row, first 7\."),
        (["b", "a", "a"], r"`key` of `d` repeats an id in 1 row, first 'a'\."),
        ([[1], [2], [3]], r"`key` of `d` is of type `list<.*>`"),
        ([True, False, None], r"`key` of `d` is of type `bool`"),
    ],
)
def test_broken_ids_are_refused(tmp_path: Path, ids: list[Any], match: str) -> None:
    table = pa.table({"key": pa.array(ids), "x": [1, 2, 3]})
    with pytest.raises(DataError, match=match):
        Dataset.from_frame(table, name="d", id="key").at(tmp_path, tmp_path).identity()


def test_an_id_that_is_not_given_is_asked_for_with_what_it_could_be(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"None was given for `d`\. Say `id='customer'`, or `id=bc\.ROW` to number"):
        Dataset.from_frame(churn(), name="d").at(tmp_path, tmp_path).identity()
    with pytest.raises(DataError, match=r"None was given for `d`\. Say `id=bc\.ROW` to number the rows\."):
        Dataset.from_frame({"x": [1, 1]}, name="d").at(tmp_path, tmp_path).identity()
    with pytest.raises(NotFoundError, match=r"`d` has no column `custmer`\. Did you mean `customer`\?"):
        Dataset.from_frame(churn(), name="d", id="custmer").at(tmp_path, tmp_path).identity()
    with pytest.raises(DefinitionError, match=r"`id` must be the name of a column, or `bc\.ROW`\. It is 3\."):
        Dataset.from_frame(churn(), name="d", id=3)  # type: ignore[arg-type] # what the test is about


def test_empty_and_ambiguous_tables_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"`d` has 0 rows and 6 columns"):
        Dataset.from_frame(churn().slice(0, 0), name="d", id=ROW).at(tmp_path, tmp_path).identity()
    twice = pa.table([pa.array([1]), pa.array([2])], names=["x", "x"])
    with pytest.raises(DataError, match=r"`d` has more than one `x`"):
        Dataset.from_frame(twice, name="d", id=ROW).at(tmp_path, tmp_path).identity()


def test_types_that_mean_the_same_share_a_digest_and_no_file(tmp_path: Path) -> None:
    texts = Dataset.from_frame({"x": pa.array(["a", "b"])}, name="d", id=ROW).at(tmp_path, tmp_path)
    category = Dataset.from_frame({"x": pa.array(["a", "b"]).dictionary_encode()}, name="d", id=ROW).at(
        tmp_path, tmp_path
    )
    assert texts.identity().table == category.identity().table
    assert str(texts.take(None, ["x"], "pandas")["x"].dtype) == "str"
    assert str(category.take(None, ["x"], "pandas")["x"].dtype) == "category"


def test_polars_and_arrow_frames_are_what_was_asked_for(opened: Any) -> None:
    assert isinstance(opened.take(np.array([0]), ["plan"], "polars"), pl.DataFrame)
    assert isinstance(opened.take(np.array([0]), ["plan"], "arrow"), pa.Table)


LEVELS = ["low", "mid", "high"]


def sized(levels: list[str], cache: Path, *, ordered: bool = True) -> Any:
    frame = pd.DataFrame({"size": pd.Categorical(["low", "high", "mid"], levels, ordered=ordered)})
    return Dataset.from_frame(frame, name="d", id=ROW).at(cache, cache)


def test_categories_keep_their_order_whatever_was_cached_before(tmp_path: Path) -> None:
    for levels in (LEVELS, LEVELS[::-1]):
        for ordered in (True, False):
            taken = sized(levels, tmp_path, ordered=ordered).take(None, ["size"], "pandas")["size"]
            assert taken.cat.categories.tolist() == levels
            assert taken.cat.ordered is ordered


def test_the_order_of_categories_is_in_the_columns_and_not_in_the_digest(tmp_path: Path) -> None:
    up, down = sized(LEVELS, tmp_path).identity(), sized(LEVELS[::-1], tmp_path).identity()
    assert up.table == down.table
    kind = "dictionary<values=large_string, indices=int8, ordered=1>"
    assert up.columns[0].type == f'{kind}["low", "mid", "high"]'
    assert down.columns[0].type == f'{kind}["high", "mid", "low"]'
