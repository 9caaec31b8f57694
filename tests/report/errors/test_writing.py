"""Tables of rows as files."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from pyarrow import parquet

from bancada.exceptions import UsageError
from bancada.report.errors import write_rows

if TYPE_CHECKING:
    from pathlib import Path

TABLE = pa.table(
    {
        "id": ["=1+1", "b,c", None],
        "loss": [0.1, None, float("nan")],
        "right": [True, False, None],
        "day": [dt.date(2024, 1, 2)] * 3,
        "kind": pa.array(["x", "y", "x"]).dictionary_encode(),
    }
)


def test_csv_is_guarded_and_holds_numbers_in_full(tmp_path: Path) -> None:
    write_rows(TABLE, tmp_path / "x.csv", "csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "x.csv").read_text(encoding="utf-8"))))
    assert [row["id"] for row in rows] == ["'=1+1", "b,c", ""]
    assert [row["loss"] for row in rows] == ["0.1", "", ""]
    assert [row["right"] for row in rows] == ["true", "false", ""]
    assert (rows[0]["day"], rows[0]["kind"]) == ("2024-01-02", "x")


def test_a_long_table_is_written_in_pieces_under_one_heading(tmp_path: Path) -> None:
    write_rows(pa.table({"id": list(range(45_000))}), tmp_path / "x.csv", "csv")
    lines = (tmp_path / "x.csv").read_text(encoding="utf-8").splitlines()
    assert lines == ["id", *map(str, range(45_000))]


def test_parquet_keeps_types(tmp_path: Path) -> None:
    write_rows(TABLE, tmp_path / "x.parquet", "parquet")
    assert parquet.read_table(tmp_path / "x.parquet").schema.field("day").type == pa.date32()


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("old", encoding="utf-8")
    write_rows(TABLE, tmp_path / "x.csv", "csv")
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]
    with pytest.raises(UsageError, match="folder that exists"):
        write_rows(TABLE, tmp_path / "nowhere" / "x.csv", "csv")
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="cannot be written"):
        write_rows(TABLE, tmp_path / "folder", "csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "x.csv"]
