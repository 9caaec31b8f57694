"""Files and frames as sources: one golden table, decoded once."""

from __future__ import annotations

import gzip
import os
import time
from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import csv, feather, parquet

from bancada.datasets import ROW, Dataset, _sources
from bancada.datasets._files import read_file
from bancada.exceptions import DataError, DefinitionError, NotFoundError

if TYPE_CHECKING:
    from pathlib import Path

GOLDEN = pa.table(
    {
        "customer": pa.array([2, 1, 3]),
        "spend": pa.array([0.5, None, -1.25]),
        "region": pa.array(["north", "south", None]),
        "active": pa.array([True, False, True]),
    }
)
SCHEMA = {"customer": "int64", "spend": "float64", "region": "string", "active": "bool"}


def write(folder: Path, name: str) -> Path:
    """Write the golden table as its suffix says."""
    path = folder / name
    if name.endswith(".parquet"):
        parquet.write_table(GOLDEN, path)
    elif name.endswith(".csv"):
        csv.write_csv(GOLDEN, path)
    elif name.endswith(".csv.gz"):
        csv.write_csv(GOLDEN, folder / "plain.csv")
        path.write_bytes(gzip.compress((folder / "plain.csv").read_bytes()))
    elif name.endswith(".feather"):
        feather.write_feather(GOLDEN, path)
    else:
        new = pa.ipc.new_stream if name.startswith("stream") else pa.ipc.new_file
        with pa.OSFile(str(path), "wb") as sink, new(sink, GOLDEN.schema) as writer:
            writer.write_table(GOLDEN)
    return path


def test_one_golden_table_has_one_digest_through_everything(tmp_path: Path) -> None:
    names = ["g.parquet", "g.csv", "g.csv.gz", "g.feather", "g.arrow", "g.ipc", "stream.arrow"]
    sets: list[Any] = [Dataset.from_file(write(tmp_path, name), id="customer", schema=SCHEMA) for name in names]
    sets += [Dataset.from_file(write(tmp_path, name), id="customer") for name in names]
    frames: list[Any] = [GOLDEN, GOLDEN.to_batches()[0], GOLDEN.to_pandas(), pl.from_arrow(GOLDEN), GOLDEN.to_pydict()]
    sets += [Dataset.from_frame(frame, name="g", id="customer") for frame in frames]
    sets.append(Dataset.from_function(lambda: GOLDEN, name="g", id="customer"))
    digests = {data.at(tmp_path, tmp_path / "cache").identity().table for data in sets}
    assert len(digests) == 1


def test_a_file_is_decoded_once_and_again_when_its_bytes_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed = []

    def counted(path: Path, schema: Any, *, remembered: bool) -> Any:
        parsed.append(path.name)
        return read_file(path, schema, remembered=remembered)

    monkeypatch.setattr(_sources, "read_file", counted)
    path = write(tmp_path, "g.csv")
    old = time.time() - 100
    os.utime(path, (old, old))

    def opened(**options: Any) -> Any:
        return Dataset.from_file("g.csv", id="customer", **options).at(tmp_path, tmp_path / "cache").identity()

    first = opened()
    assert opened(name="other label", version="2").table == first.table
    assert parsed == ["g.csv"]
    assert first.files == {"g.csv": opened().files["g.csv"]}
    opened(schema=SCHEMA)
    assert len(parsed) == 2
    path.write_text("customer,spend\n1,2\n")
    assert opened().table != first.table
    assert len(parsed) == 3


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "g.parquet")

    def changing(path: Path, schema: Any, *, remembered: bool) -> Any:
        with path.open("ab") as file:
            file.write(b" ")
        return GOLDEN

    monkeypatch.setattr(_sources, "read_file", changing)
    with pytest.raises(DataError, match=r"must not change while it is read\. .*g\.parquet` did"):
        Dataset.from_file(path, id="customer").at(tmp_path, tmp_path / "cache").identity()


def test_files_are_named_from_the_root_and_never_by_absolute_path(tmp_path: Path) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    write(tmp_path / "data" / "raw", "g.parquet")
    inside = Dataset.from_file("data/../data/raw/g.parquet", id="customer").at(tmp_path, tmp_path / "cache")
    assert list(inside.identity().files) == ["data/raw/g.parquet"]
    outside = Dataset.from_file(tmp_path / "data/raw/g.parquet", id="customer").at(
        tmp_path / "else", tmp_path / "cache"
    )
    assert list(outside.identity().files) == ["g.parquet"]


def test_the_name_is_that_of_the_file() -> None:
    assert Dataset.from_file("data/churn.csv.gz", id=ROW).name == "churn"


def test_constructing_reads_nothing() -> None:
    assert Dataset.from_file("absent.parquet", id=ROW).name == "absent"


def test_an_absent_file_is_named_with_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, "churn.parquet")
    with pytest.raises(NotFoundError, match=r"There is no file `.*chrun\.parquet`\. Did you mean `churn\.parquet`\?"):
        Dataset.from_file("chrun.parquet", id=ROW).at(tmp_path, tmp_path / "cache").identity()
    with pytest.raises(NotFoundError, match=r"There is no folder `.*raw`\. Relative paths start at the project's root"):
        Dataset.from_file("raw/churn.parquet", id=ROW).at(tmp_path, tmp_path / "cache").identity()


def test_an_unknown_suffix_lists_the_known() -> None:
    with pytest.raises(DefinitionError, match=r"must end in `\.parquet`, `\.csv`.* `churn\.xlsx` does not\."):
        Dataset.from_file("churn.xlsx", id=ROW)


@pytest.mark.parametrize("name", ["broken.parquet", "broken.arrow", "broken.feather"])
def test_a_file_that_is_not_what_its_suffix_says_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("customer\n1\n")
    with pytest.raises(DataError, match=rf"must be readable as such\. `{name}` is not: "):
        Dataset.from_file(name, id=ROW).at(tmp_path, tmp_path / "cache").identity()


def test_a_declared_schema_holds_for_files_with_types_of_their_own(tmp_path: Path) -> None:
    path = write(tmp_path, "g.parquet")

    def opened(**changes: str) -> Any:
        return Dataset.from_file(path, id="customer", schema=SCHEMA | changes).at(tmp_path, tmp_path / "cache")

    assert opened(customer="string").ids().to_pylist() == ["1", "2", "3"]
    assert opened(region="category").schema().field("region").type == pa.dictionary(pa.int32(), pa.string())
    with pytest.raises(DataError, match=r"Column `spend` is declared int64, is double: .*truncated"):
        opened(spend="int64").identity()
    with pytest.raises(DataError, match=r"`g\.parquet` must have the columns of its schema\. It misses `age`\."):
        opened(age="int64").identity()


def test_the_index_that_pandas_wrote_without_a_name_is_dropped(tmp_path: Path) -> None:
    pd.DataFrame({"x": [1, 2]}, index=[5, 7]).to_parquet(tmp_path / "x.parquet")
    data = Dataset.from_file("x.parquet", id=ROW).at(tmp_path, tmp_path / "cache")
    assert data.schema().names == ["x"]


def test_a_key_in_the_path_of_a_parquet_file_is_no_column(tmp_path: Path) -> None:
    (tmp_path / "year=2024").mkdir()
    write(tmp_path / "year=2024", "g.parquet")
    data = Dataset.from_file("year=2024/g.parquet", id="customer").at(tmp_path, tmp_path / "cache")
    assert data.schema().names == GOLDEN.column_names
