"""A word means one version of data, or it is said what it could mean."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from bancada.datasets import ROW, Dataset, TableDataset
from bancada.definitions import find_project
from bancada.engine.data._keeping import keep_version
from bancada.engine.data._lock import LockedData, write_lock
from bancada.engine.data._versions import changed_since, find_version, rows_of_version
from bancada.exceptions import NotFoundError, StoreError, UsageError
from bancada.store import Store
from bancada.testing import MemoryDataset

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.definitions import Project
    from bancada.engine.data import Version


class Place:
    """A store that has seen some versions."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.project: Project = replace(find_project(root, {}, home=root), cache=root / "cache")
        self.store = Store.open(root / ".bancada", create=True)

    def made(self, name: str, version: str, *values: int) -> TableDataset:
        table = pa.table({"k": list(range(len(values))), "x": list(values)})
        return Dataset.from_frame(table, name=name, version=version, id="k").at(self.root, self.root / "cache")

    def seen(self, name: str, version: str, *values: int) -> TableDataset:
        data = self.made(name, version, *values)
        keep_version(data, "none", self.store, self.root / "cache")
        return data

    def find(self, word: str, *datasets: TableDataset) -> Version:
        return find_version(word, self.project, self.store, datasets)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_label_a_digest_and_a_name_mean_a_version(place: Place) -> None:
    one, two = place.seen("d", "1", 5, 6), place.seen("d", "2", 5, 7)
    assert place.find("1").data == place.find("d@1").data == one.identity().table
    assert place.find(two.identity().table[:10]).label == "d@2"
    assert place.find("d", two).data == two.identity().table


def test_a_label_of_several_datasets_is_refused_with_its_meanings(place: Place) -> None:
    place.seen("d", "1", 5, 6)
    place.seen("e", "1", 5, 7)
    with pytest.raises(UsageError, match=r"`1` means 2: `[de]@1` \([0-9a-f]{12}\), `[de]@1`"):
        place.find("1")
    assert place.find("e@1").label == "e@1"
    with pytest.raises(NotFoundError, match=r"`x@1` is none .* Did you mean `[de]@1`\?"):
        place.find("x@1")


def test_a_version_whose_rows_are_gone_is_told(place: Place) -> None:
    data = place.seen("d", "1", 5, 6)
    for path in (place.root / "cache" / "tables").iterdir():
        path.unlink()
    known = rows_of_version(data.identity().table, "k", place.store, place.project)
    assert known is not None
    assert known.table is None
    assert known.n_rows == 2
    (entry,) = place.store.data.all()
    place.store.objects.path(entry.rows or "").unlink()
    with pytest.raises(StoreError, match="Of `d@1` the store has none"):
        place.find("1")


def test_ids_of_changed_rows_are_known_where_the_rows_are(place: Place) -> None:
    one, two = place.seen("d", "1", 5, 6, 7), place.made("d", "2", 5, 9, 7)
    before = one.identity().table
    assert changed_since(before, two, place.project, place.store) == frozenset({1})
    assert changed_since("0" * 64, two, place.project, place.store) is None
    assert changed_since(before, MemoryDataset(pa.table({"k": [1]})), place.project, place.store) is None


def test_equal_values_that_were_seen_under_two_ids_are_told_apart(place: Place) -> None:
    def read(path: str, version: str, id_column: str | None) -> TableDataset:
        made = Dataset.from_file(path, name="d", version=version, id=id_column or ROW)
        return made.at(place.root, place.root / "cache")

    (place.root / "a.csv").write_text("k,x\na,1\nb,2\n")
    for version, id_column in (("1", "k"), ("2", None)):
        keep_version(read("a.csv", version, id_column), "none", place.store, place.root / "cache")
    (place.root / "b.csv").write_text("k,x\na,1\nb,3\n")
    old = read("a.csv", "1", "k").identity().table
    assert changed_since(old, read("b.csv", "3", "k"), place.project, place.store) == frozenset({"b"})
    assert changed_since(old, read("b.csv", "3", None), place.project, place.store) == frozenset({1})


def test_a_name_of_two_versions_is_refused_with_both(place: Place) -> None:
    one, two = place.made("d", "1", 5, 6), place.made("d", "2", 5, 7)
    with pytest.raises(UsageError, match=r"The project has 2 of `d`\..*`d@1`, `d@2`"):
        place.find("d", one, two)
    write_lock(
        place.root, [LockedData(name="d", version=v, data="0" * 64, rows=1, columns={"k": "int64"}) for v in "12"]
    )
    for word in ("@lock", "d@lock"):
        with pytest.raises(UsageError, match=r"It names 2 of `d`\..*Say which: `d@1`, `d@2`"):
            place.find(word, one, two)


def test_a_file_without_types_has_those_of_its_dataset(place: Place) -> None:
    for name in ("now.csv", "old.csv"):
        (place.root / name).write_text("k,zip\n1,10115\n2,20095\n")
    data = Dataset.from_file("now.csv", name="d", id="k", schema={"k": "int64", "zip": "string"})
    bound = data.at(place.root, place.root / "cache")
    assert place.find("old.csv", bound).types == {"k": "int64", "zip": "string"}
    # What does not fit them is told as it is.
    (place.root / "old.csv").write_text("k,zip,more\nx,10115,1\n")
    assert place.find("old.csv", bound).types == {"k": "string", "zip": "int64", "more": "int64"}
