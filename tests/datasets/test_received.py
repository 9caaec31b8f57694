"""A table that somebody made is read as it is."""

from __future__ import annotations

import csv
import gzip
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bancada.datasets import received
from bancada.exceptions import DataError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = st.text(st.characters(exclude_characters="\r\n\0", codec="utf-8"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(FIELDS, FIELDS), min_size=1), separator=st.sampled_from([",", ";", "\t", "|"]))
def test_every_field_of_a_text_file_comes_back_as_it_was_written(
    tmp_path: Path, rows: list[tuple[str, str]], separator: str
) -> None:
    path = tmp_path / "out.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL)
        writer.writerows([("id", "text"), *rows])
    found = received(path)
    assert (found.is_text, found.separator, found.name) == (True, separator, "`out.csv`")
    assert [tuple(row.values()) for row in found.table.to_pylist()] == rows


def test_a_mark_and_spaces_around_names_are_no_part_of_them(tmp_path: Path) -> None:
    path = tmp_path / "out.txt.gz"
    path.write_bytes(gzip.compress("\ufeffid; value\n007;NA\n".encode()))
    assert received(path).table.to_pylist() == [{"id": "007", "value": "NA"}]


def test_separators_in_quotes_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text('"a;b;c;d",x,y\n1,2,3\n', encoding="utf-8")
    assert received(path).table.column_names == ["a;b;c;d", "x", "y"]


def test_a_frame_keeps_its_types() -> None:
    found = received(pd.DataFrame({"id": [1], "value": [0.5]}))
    assert (found.is_text, found.name, str(found.table.schema.field("value").type)) == (False, "The frame", "double")


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out.csv.gz").write_bytes(b"no gzip")
    with pytest.raises(DataError, match="readable, in UTF-8"):
        received(tmp_path / "out.csv.gz")
    (tmp_path / "out.csv").write_text("id,value\n")
    with pytest.raises(DataError, match="has none below its header"):
        received(tmp_path / "out.csv")
    with pytest.raises(UsageError, match=r"ends in none of `\.csv`"):
        received("out.json")
    with pytest.raises(DataError, match="A frame must be of pandas"):
        received(7)
