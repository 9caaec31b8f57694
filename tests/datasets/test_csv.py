"""CSV files: what they may hold, and what is said when they do not."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from bancada.datasets import ROW, Dataset
from bancada.exceptions import DataError

if TYPE_CHECKING:
    from pathlib import Path


def opened(folder: Path, text: str | bytes, **options: Any) -> Any:
    path = folder / "people.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Dataset.from_file(path, id=ROW, **options).at(folder, folder / "cache")


def test_types_are_inferred_and_empty_fields_are_null(tmp_path: Path) -> None:
    data = opened(tmp_path, 'name,age,score,member,day\nAna,31,0.5,true,2024-01-01\n"",,NA,,\n')
    assert [str(field.type) for field in data.schema()] == ["string", "int64", "double", "bool", "string"]
    assert data.rows(["name", "age", "score"]).to_pylist()[1] == {"name": None, "age": None, "score": None}


def test_quoted_line_breaks_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    data = opened(tmp_path, b'\xef\xbb\xbfname,text\nAna,"two\nlines"\n')
    assert data.rows(["name", "text"]).to_pylist() == [{"name": "Ana", "text": "two\nlines"}]


def test_a_type_that_changes_late_in_a_large_file_is_seen(tmp_path: Path) -> None:
    data = opened(tmp_path, "a,b\n" + "1,2\n" * 300_000 + "1.5,2\n")
    assert str(data.schema().field("a").type) == "double"


def test_a_line_that_does_not_parse_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"as many fields in each line.*`people\.csv`, line 3: Expected 2 columns, got 1: 3"
    ):
        opened(tmp_path, "a,b\n1,2\n3\n").identity()


def test_an_unparsable_packed_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "people.csv.gz").write_bytes(gzip.compress(b"a,b\n1,2\n3\n"))
    with pytest.raises(DataError, match=r"`people\.csv\.gz`, line 3: Expected 2 columns"):
        Dataset.from_file("people.csv.gz", id=ROW).at(tmp_path, tmp_path / "cache").identity()


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", r"must have a header and rows\. `people\.csv` is empty\."),
        ("a,b\n", r"must have rows and columns\. `people` has 0 rows and 2 columns"),
        ("a,a\n1,2\n", r"`people` has more than one `a`"),
        ("a;b\n1;2\n", r"separated by commas\. `people\.csv` has the single column 'a;b'\..*sep=';'"),
        ("não,b\n1,2\n".encode("latin-1"), r"must be UTF-8\. The header of `people\.csv` has bytes that are not"),
        ("nome\nJoão\n".encode("latin-1"), r"must be UTF-8\. Column `nome` of `people\.csv` has bytes that are not"),
    ],
)
def test_what_is_no_csv_with_rows_is_refused(tmp_path: Path, text: str | bytes, match: str) -> None:
    with pytest.raises(DataError, match=match):
        opened(tmp_path, text).identity()


def test_a_declared_schema_is_enforced(tmp_path: Path) -> None:
    text = "zip,age\n01234,31\n98765,\n"
    data = opened(tmp_path, text, schema={"age": "float64", "zip": "string"})
    assert data.rows(["zip", "age"]).to_pydict() == {"zip": ["01234", "98765"], "age": [31.0, None]}
    assert data.schema().names == ["zip", "age"]
    with pytest.raises(
        DataError, match=r"Column `zip` is declared bool, is int64 since value '01234' in row 1\. Correct the file"
    ):
        opened(tmp_path, text, schema={"zip": "bool", "age": "int64"}).identity()


def test_a_remembered_schema_names_each_changed_column(tmp_path: Path) -> None:
    remembered = {
        column.name: column.type for column in opened(tmp_path, "age,size,flag\n1,2,true\n").identity().columns
    }
    changed = opened(tmp_path, "age,size,flag\n1,2.5,true\nabc,3,x\n").with_schema(remembered)
    with pytest.raises(
        DataError,
        match=(
            r"Column `age` was int64, is string since value 'abc' in row 2\. "
            r"Column `size` was int64, is double since value '2\.5' in row 1\. "
            r"Column `flag` was bool, is string since value 'x' in row 2\. .*`schema=`"
        ),
    ):
        changed.identity()


def test_a_remembered_schema_keeps_types_that_look_otherwise_now(tmp_path: Path) -> None:
    data = opened(tmp_path, "code,size\n12,3\n").with_schema(pa.schema({"code": pa.string(), "size": pa.float64()}))
    assert data.rows(["code", "size"]).to_pylist() == [{"code": "12", "size": 3.0}]


def test_a_declared_schema_goes_before_a_remembered_one(tmp_path: Path) -> None:
    data = opened(tmp_path, "code\n12\n", schema={"code": "string"}).with_schema({"code": "int64"})
    assert data.rows(["code"]).to_pylist() == [{"code": "12"}]


def test_columns_that_came_or_went_are_named(tmp_path: Path) -> None:
    data = opened(tmp_path, "a,c,d\n1,2,3\n").with_schema({"a": "int64", "b": "int64"})
    with pytest.raises(DataError, match=r"It misses `b` and also has `c`, `d`\. Correct the file"):
        data.identity()


def test_a_line_that_does_not_parse_is_named_under_a_schema_too(tmp_path: Path) -> None:
    data = opened(tmp_path, "a,b\n1,2\n3\n", schema={"a": "int64", "b": "int64"})
    with pytest.raises(DataError, match=r"line 3: Expected 2 columns"):
        data.identity()


def test_only_csv_files_need_a_remembered_schema(tmp_path: Path) -> None:
    frame = Dataset.from_frame({"a": [1]}, name="d", id=ROW)
    assert frame.with_schema({"a": "string"}) is frame
    file = Dataset.from_file(tmp_path / "a.parquet", id=ROW).with_schema({"a": "string"})
    pa.parquet.write_table(pa.table({"a": [1]}), tmp_path / "a.parquet")
    assert file.at(tmp_path, tmp_path / "cache").rows(["a"]).to_pylist() == [{"a": 1}]
