"""Columns as bins and as conditions."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bancada.definitions import Evaluation, Slice
from bancada.judgement.errors._columns import binned_column, conditions

DAYS = [dt.datetime(2024, 1, 1) + dt.timedelta(days=n) for n in range(40)]  # noqa: DTZ001 - as a column has it
COLUMNS = {
    "x": pa.array(np.random.default_rng(1).normal(size=40)),
    "count": pa.array([n % 7 for n in range(40)]),
    "odd name": pa.array([None if n % 9 == 0 else f"it's {n % 3}" for n in range(40)]),
    "yes": pa.array([n % 2 == 0 for n in range(40)]),
    "day": pa.array(DAYS),
    "kind": pa.array([f"k{n % 4}" for n in range(40)]).dictionary_encode(),
    "gaps": pa.array([float("nan") if n % 5 == 0 else float(n) for n in range(40)]),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_condition_means_the_same_rows_in_the_grammar_of_slices(name: str) -> None:
    column = pa.chunked_array([COLUMNS[name]])
    found = list(conditions(name, column))
    assert found
    for item in found:
        masks = Evaluation(slices=[Slice("found", item.text)]).slice_masks(pa.table({name: column}))
        assert masks["found"].tolist() == item.among.tolist(), item.text


@settings(max_examples=80, deadline=None)
@given(st.lists(st.floats(-1e9, 1e9, allow_subnormal=False), min_size=6, max_size=40))
def test_short_edges_part_the_rows_as_the_values_themselves_do(values: list[float]) -> None:
    column = pa.chunked_array([pa.array(values)])
    for item in conditions("x", column):
        masks = Evaluation(slices=[Slice("found", item.text)]).slice_masks(pa.table({"x": column}))
        assert masks["found"].tolist() == item.among.tolist(), item.text


@pytest.mark.parametrize("name", COLUMNS)
def test_every_row_is_in_one_named_bin(name: str) -> None:
    found = binned_column(pa.chunked_array([COLUMNS[name]]), 5)
    assert found is not None
    assert set(found.codes) == set(range(len(found.labels)))


def test_many_values_are_the_frequent_ones_and_others() -> None:
    found = binned_column(pa.chunked_array([pa.array([f"v{n % 30}" for n in range(90)])]), 5)
    assert found is not None
    assert found.labels[-1] == "others"
    assert len(found.labels) == 9


@pytest.mark.parametrize("values", [pa.array([[1.0], [2.0]]), pa.array([1.0, 1.0]), pa.array([None, None], pa.null())])
def test_what_cannot_be_parted_is_none(values: pa.Array) -> None:
    assert binned_column(pa.chunked_array([values]), 5) is None


def test_edges_are_short() -> None:
    values = pa.chunked_array([pa.array(np.random.default_rng(1).normal(size=500))])
    assert max(len(item.text) for item in conditions("x", values)) < 14
