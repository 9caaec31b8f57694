"""What differs from `data.lock` is told, whatever it is; what is the same passes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from bancada.datasets import ROW, Dataset, TableDataset
from bancada.definitions import find_project
from bancada.engine.data import held, lock_data
from bancada.exceptions import DataError, NotFoundError
from bancada.store import Store

if TYPE_CHECKING:
    from pathlib import Path


class Place:
    """A project whose one dataset is locked, and looked at again."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.project = replace(find_project(root, {}, home=root), cache=root / "cache")
        self.store = Store.open(root / ".bancada", create=True)

    def bound(self, **options: Any) -> TableDataset:
        told: dict[str, Any] = {"path": "t.parquet", "name": "d", "version": "1", "id": "k"} | options
        return Dataset.from_file(told.pop("path"), **told).at(self.root, self.root / "cache")

    def write(self, **columns: Any) -> None:
        parquet.write_table(pa.table(columns), self.root / "t.parquet")

    def lock(self, **options: Any) -> None:
        lock_data([self.bound(**options)], self.project, self.store, snapshot="none")

    def held(self, **options: Any) -> Any:
        return held(self.bound(**options), self.project, self.store)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path)
    made.write(k=[1, 2, 3], x=[1.0, 2.0, 3.0])
    return made


def test_what_is_the_same_passes_in_whatever_file(place: Place) -> None:
    place.lock()
    assert place.held().identity().n_rows == 3
    place.write(k=[3, 1, 2], x=[3.0, 1.0, 2.0])
    assert place.held().identity().n_rows == 3


def test_the_order_of_columns_and_types_are_data_too(place: Place) -> None:
    place.lock()
    place.write(x=[1.0, 2.0, 3.0], k=[1, 2, 3])
    with pytest.raises(DataError, match="They differ: the columns stand in another order"):
        place.held()
    place.write(k=[1, 2, 3], x=[1, 2, 3])
    with pytest.raises(DataError, match="They differ: column `x` was double, is int64"):
        place.held()


def test_levels_of_categories_are_told(place: Place) -> None:
    def levels(*names: str) -> Any:
        return pa.DictionaryArray.from_arrays(pa.array([0, 1, 0], pa.int32()), list(names))

    place.write(k=[1, 2, 3], x=levels("a", "b"))
    place.lock()
    place.held()
    place.write(k=[1, 2, 3], x=levels("a", "b", "c"))
    with pytest.raises(
        DataError, match=r'column `x` was dictionary<.*>\["a", "b"\], is dictionary<.*>\["a", "b", "c"\]'
    ):
        place.held()


def test_another_id_is_told(place: Place) -> None:
    place.lock()
    with pytest.raises(DataError, match="the id was `k`, is `the number of the row`"):
        place.held(id=ROW)


def test_images_that_changed_are_told(place: Place) -> None:
    (place.root / "a.bin").write_bytes(b"1")
    (place.root / "list.csv").write_text("k,file\n1,a.bin\n")
    options = {"path": "list.csv", "images": "file"}
    place.lock(**options)
    place.held(**options)
    (place.root / "a.bin").write_bytes(b"2")
    with pytest.raises(DataError, match=r"the files that its rows name: `\./\* \(1 files of column file\)`"):
        place.held(**options)


def test_a_missing_file_is_no_difference(place: Place) -> None:
    place.lock()
    (place.root / "t.parquet").unlink()
    with pytest.raises(NotFoundError, match="There is no file"):
        place.held()


def test_many_differences_are_cut_short(place: Place) -> None:
    place.lock()
    place.write(k=[1, 2, 3], x=[1.0, 2.0, 3.0], **{f"new{at}": [0, 0, 0] for at in range(12)})
    with pytest.raises(DataError, match="column `new7` added; and 4 more"):
        place.held()


def test_another_name_or_version_is_not_held(place: Place) -> None:
    place.lock()
    place.write(k=[1], x=[1.0])
    assert place.held(version="2").identity().n_rows == 1
    assert place.held(name="e").identity().n_rows == 1
