"""The data of a run are found in the cache, else in the files, else in a snapshot; else it is said what is missing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from bancada.datasets import TableDataset, table_file, thaw
from bancada.engine.data import find_data
from bancada.engine.data._keeping import keep_version

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.conftest import Folder

    from bancada.definitions import Project
    from bancada.engine.data import FoundData
    from bancada.records import RunRecord

PROBLEM = """
problem = bc.Problem(
    name="noisy",
    dataset=bc.Dataset.from_file("noisy.csv", version="1", id="row"),
    target="noisy",
    task=bc.tasks.Binary(),
    split=bc.splits.KFold(2, seed=1),
    features=["a", "b", "c"],
)
"""


@pytest.fixture
def ran(folder: Folder) -> RunRecord:
    """Run one candidate on a CSV file."""
    draw = [f"{row},{row % 7 - 3},{row % 5},{row % 3},{row % 2},{'north' if row % 3 else ''}" for row in range(40)]
    (folder.root / "noisy.csv").write_text("\n".join(["row,a,b,c,noisy,region", *draw]) + "\n")
    folder.write(problem=PROBLEM)
    return folder.run("bayes")[0].record


def project(folder: Folder, **changes: Any) -> Project:
    return replace(folder.definitions().project, **changes)


def found(folder: Folder, record: RunRecord, cache: str = "cache", **changes: Any) -> FoundData:
    return find_data(record, project(folder, **changes), folder.store, folder.root / cache)


def lock(folder: Folder, target: str) -> dict[str, Any]:
    binding = folder.binding()
    assert isinstance(binding.dataset, TableDataset)
    return keep_version(binding.dataset, target, folder.store, folder.root / "cache")


def thawed(found: FoundData, root: Path) -> TableDataset:
    assert found.recipe is not None
    assert found.path is not None
    return thaw(found.recipe, found.path, root)


def test_the_cache_answers_first(folder: Folder, ran: RunRecord) -> None:
    (folder.root / "noisy.csv").unlink()
    answer = found(folder, ran)
    assert (answer.where, answer.missing) == ("cache", ())
    assert thawed(answer, folder.root).identity() == ran.problem.dataset


def test_a_damaged_cache_is_passed_over(folder: Folder, ran: RunRecord) -> None:
    (kept,) = (folder.root / "cache" / "tables").iterdir()
    data = kept.read_bytes()
    place = data.index(b"north")
    kept.write_bytes(data[:place] + b"south" + data[place + 5 :])
    answer = found(folder, ran)
    assert answer.path is None
    assert "its files are decoded to another table" in answer.missing[0]
    answer = found(folder, ran, cache="other")
    assert answer.where == "files"


def test_the_files_are_decoded_as_they_were(folder: Folder, ran: RunRecord) -> None:
    again = folder.run("bayes", again=True)[0].record  # the second run is held to the schema of the first
    for record in (ran, again):
        answer = found(folder, record, cache=record.run_id)
        assert (answer.where, answer.missing) == ("files", ())
        assert thawed(answer, folder.root).identity() == record.problem.dataset


def test_a_changed_file_is_named(folder: Folder, ran: RunRecord) -> None:
    text = (folder.root / "noisy.csv").read_text()
    (folder.root / "noisy.csv").write_text(text.replace("north", "south", 1))
    answer = found(folder, ran, cache="other")
    assert answer.path is None
    assert answer.missing == (
        "`noisy.csv` is not the file that was read: its digest is another",
        "no snapshot of its data was kept (`bancada data lock --snapshot` keeps one)",
    )
    (folder.root / "noisy.csv").unlink()
    assert found(folder, ran, cache="other").missing[0] == "there is no file `noisy.csv`"


@pytest.mark.parametrize("address", ["store", "file"])
def test_a_snapshot_answers_last(folder: Folder, tmp_path: Path, ran: RunRecord, address: str) -> None:
    target = address if address == "store" else f"file://{tmp_path}/remote/deep"
    kept = lock(folder, target)
    record = folder.run("bayes", again=True)[0].record
    assert record.provenance["data"]["snapshot"] == kept["snapshot"]
    assert lock(folder, target) == kept
    expected = table_file(folder.binding().dataset).read_bytes()
    shutil.rmtree(folder.root / "cache")
    (folder.root / "noisy.csv").unlink()
    answer = find_data(record, replace(project(folder), snapshot=target), folder.store, folder.root / "new")
    assert (answer.where, answer.missing) == ("snapshot", ())
    assert answer.path is not None
    assert answer.path.read_bytes() == expected
    assert thawed(answer, folder.root).identity() == record.problem.dataset
    assert folder.store.verify() == ()


def test_a_snapshot_that_was_kept_after_the_run_answers_too(folder: Folder, ran: RunRecord) -> None:
    lock(folder, "store")
    (folder.root / "noisy.csv").unlink()
    assert found(folder, ran, cache="other").where == "snapshot"


def test_an_address_of_a_record_alone_is_not_asked(folder: Folder, tmp_path: Path, ran: RunRecord) -> None:
    lock(folder, f"file://{tmp_path}/remote")
    record = folder.run("bayes", again=True)[0].record
    (folder.root / "noisy.csv").unlink()
    for allowed in ("none", "store", "s3://bucket", f"file://{tmp_path}/rem"):
        answer = found(folder, record, cache="other", snapshot=allowed)
        assert answer.path is None
        assert "which `snapshot` does not name" in answer.missing[-1]


def test_a_snapshot_of_other_data_is_refused(folder: Folder, tmp_path: Path, ran: RunRecord) -> None:
    lock(folder, f"file://{tmp_path}/remote")
    record = folder.run("bayes", again=True)[0].record
    (folder.root / "noisy.csv").unlink()
    (kept,) = (tmp_path / "remote").iterdir()
    data = kept.read_bytes()
    place = data.index(b"north")
    kept.write_bytes(data[:place] + b"south" + data[place + 5 :])
    answer = found(folder, record, cache="other", snapshot=f"file://{tmp_path}/remote")
    assert answer.path is None
    assert not list((folder.root / "other" / "tables").iterdir())
    kept.unlink()
    answer = found(folder, record, cache="other", snapshot=f"file://{tmp_path}/remote")
    assert "cannot be: FileNotFoundError" in answer.missing[-1]


def test_with_the_setting_each_run_keeps_its_data(folder: Folder, ran: RunRecord) -> None:
    (folder.root / "bancada.toml").write_text(f'modules = ["{folder.module}"]\nsnapshot = "store"\n')
    definitions = folder.definitions()
    assert definitions.project.snapshot == "store"
    record = folder.binding().kept
    assert folder.store.objects.has(record["snapshot"])


def test_a_record_without_recipe_or_with_a_bad_one_says_so(folder: Folder, ran: RunRecord) -> None:
    bare = msgspec.structs.replace(ran, provenance={})
    assert found(folder, bare).missing == ("the run does not say how its data were read",)
    other = folder.store.objects.put(b"no json")
    for name, told in ((other, "is none"), ("f" * 64, "is missing"), ("../x", "Found '../x'")):
        altered = msgspec.structs.replace(ran, provenance={"data": {"recipe": name}})
        (phrase,) = found(folder, altered).missing
        assert told in phrase


def test_a_recipe_leads_out_of_no_root(folder: Folder, ran: RunRecord) -> None:
    recipe = msgspec.json.decode(folder.store.objects.get(ran.provenance["data"]["recipe"]))
    recipe["reading"]["paths"] = ["../noisy.csv", "/etc/passwd"]
    name = folder.store.objects.put(msgspec.json.encode(recipe))
    altered = msgspec.structs.replace(ran, provenance={"data": {"recipe": name}})
    answer = found(folder, altered, cache="other")
    assert all("is not below the root" in phrase for phrase in answer.missing[:2])
