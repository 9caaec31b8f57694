"""`bancada submit` for tasks of classes, and for a task of the user's own with lists and structs."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

if TYPE_CHECKING:
    from tests.acceptance.conftest import Told, Typed

CLASSES = {
    "task": "bc.tasks.Multiclass()",
    "target": '"region"',
    "evaluation": 'bc.Evaluation(primary="log_loss", metrics=["accuracy"])',
}

Lines = list[dict[str, str]]


def rows_to_test(typed: Typed) -> Lines:
    told = typed.types("show", "--split", "--csv")
    return [line for line in csv.DictReader(io.StringIO(told.out)) if line["part"] == "test"]


def submitted(typed: Typed, frame: pd.DataFrame, *words: str) -> Told:
    frame.to_csv(typed.root / "out.csv", index=False)
    return typed.types("submit", "out.csv", "--as", "vendor", *words)


def test_labels_are_written_as_in_the_data(typed: Typed) -> None:
    typed.write(**CLASSES)
    lines = rows_to_test(typed)
    sides = ["north" if int(line["id"]) % 3 else "south" for line in lines]
    frame = pd.DataFrame({"id": [x["id"] for x in lines], "label": sides})
    typed.write(**CLASSES | {"evaluation": 'bc.Evaluation(primary="accuracy")'})
    run = submitted(typed, frame, "--json").document["runs"][0]
    assert run["scores"]["accuracy"]["value"] == 1
    submitted(typed, frame.assign(label=["East", *sides[1:]])).refuses(
        "'East'", "'north', 'south'", f"{lines[0]['id']}"
    )


def test_a_label_is_derived_from_probabilities_and_said_so(typed: Typed) -> None:
    typed.write(**CLASSES)
    lines = rows_to_test(typed)
    north = np.array([0.9 if int(line["id"]) % 3 else 0.2 for line in lines])
    frame = pd.DataFrame({"id": [x["id"] for x in lines], "probability_north": north, "probability_south": 1 - north})
    run = submitted(typed, frame, "--json").document["runs"][0]
    assert run["scores"]["accuracy"]["value"] == 1
    assert "`label` was derived from the probabilities" in typed.types("show", "vendor").out
    submitted(typed, frame.drop(columns="probability_south")).refuses("`probability_south`")
    submitted(typed, frame.assign(probability_south=0.5)).refuses("must sum to 1")


def test_a_task_of_lists_and_structs_works_from_parquet(typed: Typed) -> None:
    typed.write(
        head=LISTS,
        candidates="",
        task="Path()",
        target='"a"',
        features='["b"]',
        evaluation="bc.Evaluation(primary=Near())",
    )
    lines = rows_to_test(typed)
    ids = [int(line["id"]) for line in lines]
    table = pa.table({"id": ids, "path": pa.array([[float(n), 0.0] for n in ids]), "hint": [{"x": n} for n in ids]})
    parquet.write_table(table, typed.root / "out.parquet")
    run = typed.types("submit", "out.parquet", "--as", "vendor", "--json").document["runs"][0]
    assert run["scores"]["near"]["value"] is not None
    submitted(typed, pd.DataFrame({"id": ids, "path": "[1.0]", "hint": "x"})).refuses("Write a Parquet or Arrow file.")


LISTS = """
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

import bancada as bc
from bancada.identity import digest
from bancada.records import MetricIdentity

SCHEMA = pa.schema([("path", pa.list_(pa.float64())), ("hint", pa.struct([("x", pa.int64())]))])


@dataclass(frozen=True)
class Path:
    name = "path"
    metrics = ()
    has_classes = False

    def identity(self):
        return {"name": "path"}

    def resolve(self, target):
        return self

    def truth(self, target):
        return pa.table({"goal": target.column(0).cast(pa.float64())})

    def truth_schema(self):
        return pa.schema([("goal", pa.float64())])

    def schema(self):
        return SCHEMA

    def read(self, model, X, n_rows, columns=None):
        raise NotImplementedError

    def flags(self, model):
        return ()

    def check(self, predictions, n_rows):
        return None

    def baseline(self):
        raise NotImplementedError


@dataclass(frozen=True)
class Near:
    name = "near"
    greater_is_better = False
    bounds = (0.0, None)
    aggregate = "fold-mean"
    columns = ()

    def identity(self):
        told = {"name": "near"}
        return MetricIdentity(name="near", digest=digest(told), ingredients=told, greater_is_better=False)

    def missing(self, truth, predictions):
        return tuple(name for name in ("path",) if name not in predictions.names)

    def score(self, sample):
        first = np.array([item[0] for item in sample.predictions.column("path").to_pylist()])
        return float(np.abs(first - sample.truth.column("goal").to_numpy()).mean())

    def pairs(self, sample):
        return 0.0
"""
