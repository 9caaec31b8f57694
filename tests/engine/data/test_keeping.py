"""A run names all by which its data can be had again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa
import pytest

from bancada.datasets import Dataset, table_file, thaw
from bancada.engine.data import data_evidence, uncaptured
from bancada.testing import MemoryDataset

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.conftest import Folder


def test_a_run_names_the_recipe_of_its_data(folder: Folder) -> None:
    record = folder.run("bayes")[0].record
    binding = folder.binding()
    recipe = msgspec.json.decode(folder.store.objects.get(record.provenance["data"]["recipe"]))
    again = thaw(recipe, table_file(binding.dataset), folder.root)
    assert again.identity() == record.problem.dataset
    assert again.take(None, ["a", "b"], "pandas").equals(binding.dataset.take(None, ["a", "b"], "pandas"))


def test_runs_on_the_same_data_share_the_objects(folder: Folder) -> None:
    first = folder.run("bayes")[0].record
    kept = sorted(path.name for path in folder.store.objects.walk())
    second = folder.run("bayes", again=True)[0].record
    assert second.provenance["data"] == first.provenance["data"]
    assert sorted(path.name for path in folder.store.objects.walk()) == kept


def test_gc_keeps_what_a_run_names_of_its_data_and_verify_misses_it(folder: Folder) -> None:
    name = folder.run("bayes")[0].record.provenance["data"]["recipe"]
    folder.store.collect(before_s=float("inf"), delete=True)
    assert folder.store.objects.has(name)
    assert folder.store.verify() == ()
    folder.store.objects.path(name).unlink()
    told = {finding.what.partition(": ")[2] for finding in folder.store.verify()}
    assert told == {"the recipe of its data is missing"}


def test_a_class_of_its_own_has_no_recipe(folder: Folder) -> None:
    data = MemoryDataset(pa.table({"k": [1]}))
    assert data_evidence(data, folder.definitions().project, folder.store) == {
        "recipe": None,
        "rows": None,
        "snapshot": None,
    }


@pytest.mark.parametrize(("place", "lacks"), [("data", False), ("../elsewhere", True)])
def test_files_outside_of_the_root_are_missed_without_a_snapshot(tmp_path: Path, place: str, lacks: bool) -> None:
    root = tmp_path / "root"
    (root / place).mkdir(parents=True)
    path = (root / place / "d.csv").resolve()
    path.write_text("k,x\n1,2\n")
    data = Dataset.from_file(path, name="d", id="k").at(root, tmp_path / "cache")
    kept = {"recipe": "r", "rows": None, "snapshot": None}
    told = ("the data: `d.csv` lies outside of the root, and no snapshot of it was kept",)
    assert uncaptured(data, kept) == (told if lacks else ())
    assert uncaptured(data, {**kept, "snapshot": "s"}) == ()
