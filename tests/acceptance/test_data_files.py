"""Data of several files and of images, and every kind of frame, from a project's files to the board."""

from __future__ import annotations

import datetime as dt
import textwrap
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import bancada as bc

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed

PIXELS = """
from pathlib import Path

import numpy as np

import bancada as bc


class Brightness:
    def fit(self, X, y):
        level = self.levels(X)
        self.cut = (level[np.asarray(y) == 1].mean() + level[np.asarray(y) == 0].mean()) / 2
        return self

    def levels(self, X):
        return np.array([np.frombuffer(Path(path).read_bytes()[-16:], dtype=np.uint8).mean() for path in X["file"]])

    def predict(self, X):
        return (self.levels(X) > self.cut).astype(int)
"""
IMAGES = {
    "dataset": 'bc.Dataset.from_file("scans/list.csv", name="scans", version="1", id="scan", images="file")',
    "target": '"bright"',
    "evaluation": 'bc.Evaluation(primary="accuracy")',
    "features": '["file"]',
}


def scans(typed: Typed) -> None:
    folder = typed.root / "scans"
    folder.mkdir()
    lines = ["scan,file,bright"]
    for number in range(24):
        level = 40 if number % 2 else 200
        (folder / f"{number}.pgm").write_bytes(b"P5 4 4 255\n" + bytes([level + number] * 16))
        lines.append(f"{number},{number}.pgm,{1 - number % 2}")
    (folder / "list.csv").write_text("\n".join(lines) + "\n")


def test_a_model_that_reads_images_is_scored_and_known_again(typed: Typed) -> None:
    scans(typed)
    typed.write("@bc.candidate\ndef light():\n    return Brightness()\n", PIXELS, **IMAGES)
    first = typed.runs("light", "--json").document["runs"][0]
    assert first["scores"]["accuracy"]["value"] == 1.0
    assert first["evidence"]["grade"] == "complete"
    assert typed.runs("light", "--json").document["runs"][0]["status"] == "known"
    (typed.root / "scans" / "3.pgm").write_bytes(b"P5 4 4 255\n" + bytes([255] * 16))
    changed = typed.runs("light", "--json").document["runs"][0]
    assert (changed["status"], changed["scores"]["accuracy"]["value"] < 1.0) == ("done", True)


def test_parts_of_a_file_are_the_same_problem_as_the_file(typed: Typed) -> None:
    first = typed.runs("first", "--json").document["runs"][0]
    header, *lines = (typed.root / "data.csv").read_text().splitlines()
    (typed.root / "parts").mkdir()
    for number in range(3):
        text = "\n".join([header, *lines[number::3]]) + "\n"
        (typed.root / "parts" / f"{number}.csv").write_text(text)
    typed.write(dataset='bc.Dataset.from_file("parts/*.csv", name="people", version="1", id="person")')
    again = typed.runs("first", "--json").document["runs"][0]
    assert (again["status"], again["claim_id"]) == ("known", first["claim_id"])
    (typed.root / "parts" / "3.csv").write_text(header + "\n900,0.5,0.5,1,north\n")
    assert typed.runs("first", "--json").document["runs"][0]["status"] == "done"


class Stream:
    """Anything with the Arrow PyCapsule interface."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


def every_type() -> pa.Table:
    n = 24
    lisbon = pa.timestamp("us", tz="Europe/Lisbon")
    return pa.table(
        {
            "word": pa.array([None, "é", "b"] * 8),
            "kind": pa.array(["x", None, "y"] * 8).dictionary_encode(),
            "day": pa.array([dt.date(2024, 1, 1 + i) if i % 5 else None for i in range(n)]),
            "when": pa.array([dt.datetime(2024, 3, 31, i, tzinfo=dt.UTC) for i in range(n)], lisbon),
            "price": pa.array([Decimal(i) / 4 if i % 3 else None for i in range(n)], pa.decimal128(9, 2)),
            "on": pa.array([True, None, False] * 8),
            "y": pa.array([float(i % 7) for i in range(n)]),
        }
    )


@pytest.mark.parametrize("frame", ["polars", "arrow"])
def test_every_type_reaches_a_model_as_it_was(typed: Typed, frame: str) -> None:
    data = bc.Dataset.from_frame(every_type(), name="t", id=bc.ROW).at(typed.root, typed.root / "cache")
    X = data.take(np.arange(1, 20), every_type().column_names, frame)
    table = X if frame == "arrow" else X.to_arrow()
    assert table.to_pydict() == every_type().slice(1, 19).to_pydict()
    if frame == "arrow":
        assert table.schema.equals(every_type().schema)
    else:
        kinds = [X.schema[name] for name in ("word", "kind", "day", "price", "on")]
        assert kinds == [pl.String, pl.Categorical, pl.Date, pl.Decimal(9, 2), pl.Boolean]
        assert X["when"].dtype == pl.Datetime("us", "Europe/Lisbon")


FRAMED = """
import bancada as bc


class Constant:
    def fit(self, X, y):
        assert (type(X).__module__.split(".")[0], type(y).__module__.split(".")[0]) == (self.package, self.package)
        self.share = sum(y.to_list() if self.package == "polars" else y.to_pylist()) / len(y)
        return self

    def predict_proba(self, X):
        return [self.share] * len(X)


class Polars(Constant):
    package = "polars"


class Arrow(Constant):
    package = "pyarrow"
"""


def test_a_candidate_receives_the_frame_that_it_asks_for(typed: Typed) -> None:
    candidates = """
    @bc.candidate(frame="polars")
    def first():
        return Polars()


    @bc.candidate(frame="arrow")
    def second():
        return Arrow()
    """
    roles = {"evaluation": 'bc.Evaluation(primary="log_loss")', "features": '["a", "region"]'}
    typed.write(textwrap.dedent(candidates), FRAMED, **roles)
    first, second = typed.runs("first", "second", "--json").document["runs"][:2]
    assert (first["status"], second["status"]) == ("done", "done")
    assert first["scores"] == second["scores"]


def test_one_table_has_one_digest_through_every_frame(typed: Typed) -> None:
    table = every_type()
    frames = [table, pl.from_arrow(table), Stream(table), table.to_pandas(types_mapper=pd.ArrowDtype)]
    sets = [bc.Dataset.from_frame(frame, name="t", id=bc.ROW).at(typed.root, typed.root / "cache") for frame in frames]
    assert len({data.identity().table for data in sets}) == 1
