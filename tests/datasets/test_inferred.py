"""Types of CSV columns; pandas' own reader is the oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from bancada.datasets import ROW, Dataset

if TYPE_CHECKING:
    from pathlib import Path

BIG, HUGE = "12345678901234567890", "123456789012345678901"


def written(folder: Path, values: list[str]) -> Path:
    path = folder / "people.csv"
    path.write_text("x,other\n" + "".join(f"{value},1\n" for value in values))
    return path


def opened(folder: Path, values: list[str], **options: Any) -> Any:
    return Dataset.from_file(written(folder, values), id=ROW, **options).at(folder, folder / "cache")


@pytest.mark.parametrize(
    "values",
    [
        ["1", "-2"],
        ["1", ""],
        ["1", "NA", "2"],
        ["1.5", "2"],
        ["1.5", "nan"],
        ["1e300", "inf"],
        ["true", "False"],
        ["true", ""],
        ["TRUE", "1"],
        ["0", "false"],
        ["x", "y"],
        ["x", ""],
        ["None", "x"],
        ["<NA>", "1"],
        ["", ""],
        ["yes", "no"],
        ["2024-01-01", "2024-01-02"],
        ["2024-01-01", ""],
        ["2024-01-01T10:00:00", "2024-01-02 11:00"],
        ["2024-01-01T10:00:00Z", "2024-01-02T11:00:00+02:00"],
        ["2024-01-01 10:00:00.123456789"],
        ["10:00:00", "11:30"],
        ["9223372036854775807", "1"],
        ["9223372036854775808", "1"],
        ["9223372036854775808", "-1"],
        [BIG, "12345678901234567891"],
        ["18446744073709551615", "0"],
        [BIG, "1.5"],
        ["1e19", "2"],
        ["01", "002"],
    ],
    ids=repr,
)
def test_columns_have_the_types_of_pandas_own_reader(tmp_path: Path, values: list[str]) -> None:
    data = opened(tmp_path, values)
    found = data.take(None, ["x"], "pandas")["x"]
    wanted = pd.read_csv(written(tmp_path, values))["x"]
    assert found.dtype == wanted.dtype
    # A missing bool is None here and NaN there.
    assert [None if pd.isna(value) else value for value in found] == [
        None if pd.isna(value) else value for value in wanted
    ]
    remembered = {field.name: str(field.type) for field in data.schema()}
    again = opened(tmp_path, values).with_schema(remembered)
    assert again.identity().table == data.identity().table


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([BIG, "12345678901234567891"], "uint64"),
        (["0" + BIG, "12345678901234567891"], "uint64"),
        ([BIG, "12345678901234567891", ""], "string"),
        ([BIG, "-12345678901234567891"], "string"),
        ([HUGE, "123456789012345678902"], "string"),
        ([HUGE, "", "123456789012345678902"], "string"),
        (["+" + BIG, "12345678901234567891"], "string"),
        ([" " + BIG, "12345678901234567891"], "uint64"),
    ],
    ids=repr,
)
def test_large_integers_stay_distinct(tmp_path: Path, values: list[str], kind: str) -> None:
    data = opened(tmp_path, values)
    assert str(data.schema().field("x").type) == kind
    found = data.rows(["x"]).column("x").to_pylist()
    assert [None if value is None else int(value) for value in found] == [
        int(value) if value else None for value in values
    ]


def test_dates_are_dates_where_the_schema_says_so(tmp_path: Path) -> None:
    data = opened(tmp_path, ["2024-01-01", ""], schema={"x": "timestamp[ns]", "other": "int64"})
    assert data.take(None, ["x"], "pandas")["x"].dtype == "datetime64[ns]"


def test_a_large_integer_late_in_a_large_file_is_seen(tmp_path: Path) -> None:
    data = opened(tmp_path, ["1"] * 300_000 + [BIG])
    assert data.rows(["x"]).column("x").to_pylist()[-1] == int(BIG)
