"""The rows of a holdout are known again whatever type their ids are read as, and named by no id."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from bancada.engine.sealing import holdout_rows, sealed_positions
from bancada.records.looks import same_rows
from bancada.splits import id_hashes
from bancada.testing import MemoryDataset


def dataset(ids: object, name: str = "d", id_name: str | None = "id") -> MemoryDataset:
    columns = {"id": ids, "x": pa.array(np.zeros(len(pa.array(ids))))}
    return MemoryDataset(pa.table(columns), name=name, id=id_name)


def test_positions_are_those_that_are_not_open() -> None:
    assert sealed_positions(np.array([0, 2, 3]), 6).tolist() == [1, 4, 5]


def test_numbers_and_texts_of_numbers_are_the_same_rows() -> None:
    numbers = np.arange(100, 200)
    assert (id_hashes(pa.array(numbers)) == id_hashes(pa.array(numbers.astype(str)))).all()
    assert (id_hashes(pa.array(numbers)) == id_hashes(pa.array(numbers.astype(float)))).all()
    assert len(set(id_hashes(pa.array(numbers)).tolist())) == 100
    assert (id_hashes(pa.array(numbers)) != id_hashes(pa.array(numbers), "another dataset")).all()


def test_a_holdout_is_known_by_its_rows_alone() -> None:
    kept = np.arange(0, 60)
    one = holdout_rows(dataset(list(range(100))), kept)
    other = holdout_rows(dataset(list(range(100)), name="another"), kept)
    assert one is not None
    assert one == other
    assert one.n_rows == 40
    shifted = holdout_rows(dataset(list(range(1_000, 1_100))), kept)
    assert shifted is not None
    assert not same_rows(one, shifted)


def test_no_sealed_row_is_no_holdout() -> None:
    assert holdout_rows(dataset(list(range(10))), np.arange(10)) is None
