"""Images that a table names: their bytes are data, their paths lie below the table."""

from __future__ import annotations

import os
import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from bancada.datasets import Dataset, _images
from bancada.exceptions import DataError, DefinitionError, NotFoundError
from bancada.testing import dataset_checks

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.datasets import TableDataset


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """Write a manifest of three images."""
    folder = tmp_path / "data"
    (folder / "scans").mkdir(parents=True)
    for name, level in (("a", 0), ("b", 100), ("c", 200)):
        (folder / "scans" / f"{name}.pgm").write_bytes(b"P5 2 2 255\n" + bytes([level] * 4))
    rows(folder, "2,scans/b.pgm,1", "1,scans/a.pgm,0", "3,scans/c.pgm,1")
    return tmp_path


def rows(folder: Path, *lines: str) -> None:
    (folder / "manifest.csv").write_text("\n".join(["scan,file,label", *lines]) + "\n")


def opened(root: Path, **options: Any) -> TableDataset:
    told: dict[str, Any] = {"name": "scans", "id": "scan", "images": "file"} | options
    return Dataset.from_file("data/manifest.csv", **told).at(root, root / "cache")


def test_models_receive_absolute_paths_or_bytes(scans: Path) -> None:
    expected = [str(scans / "data" / "scans" / f"{name}.pgm") for name in "abc"]
    for frame in ("pandas", "polars", "arrow"):
        taken = opened(scans).take(np.array([2, 0]), ["label", "file"], frame)
        assert list(np.asarray(taken["file"])) == [expected[2], expected[0]]
        held = opened(scans, images_as="bytes").take(np.array([1]), ["file"], frame)
        (value,) = held["file"].to_pylist() if frame == "arrow" else list(held["file"])
        assert value == b"P5 2 2 255\n" + bytes([100] * 4)
    assert opened(scans).take(None, ["file"], "numpy")[:, 0].tolist() == expected
    travelled = pickle.loads(pickle.dumps(opened(scans)))  # noqa: S301 - what was written just now
    assert travelled.take(None, ["file"], "pandas")["file"].tolist() == expected
    assert travelled.image_files == frozenset(expected)


@pytest.mark.parametrize("images_as", ["path", "bytes"])
def test_a_manifest_keeps_the_laws_of_datasets(scans: Path, images_as: str) -> None:
    for law in dataset_checks(opened(scans, images_as=images_as)):
        # No images can be made of another table.
        if law.name != "identity_tells_the_data":
            law()


def test_an_image_that_changed_is_new_data(scans: Path) -> None:
    before = opened(scans).identity()
    again = opened(scans).identity()
    (scans / "data" / "scans" / "b.pgm").write_bytes(b"P5 2 2 255\n" + bytes([101] * 4))
    after = opened(scans).identity()
    assert before.table == again.table != after.table
    assert after.files["data/manifest.csv"] == before.files["data/manifest.csv"]
    told = "data/* (3 files of column file)"
    assert after.files[told] != before.files[told]


def test_neither_place_nor_order_nor_other_files_are_in_the_digest(scans: Path, tmp_path: Path) -> None:
    before = opened(scans).identity().table
    (scans / "data" / "scans" / "unused.pgm").write_bytes(b"")
    rows(scans / "data", "3,scans/c.pgm,1", "1,scans/a.pgm,0", "2,scans/b.pgm,1")
    assert opened(scans).identity().table == before
    (scans / "data").rename(scans / "elsewhere")
    told = Dataset.from_file("elsewhere/manifest.csv", name="scans", id="scan", images="file")
    assert told.at(scans, scans / "cache").identity().table == before


def test_unchanged_images_are_not_read_again(scans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in [*(scans / "data" / "scans").iterdir(), scans / "data" / "manifest.csv"]:
        os.utime(path, (1_600_000_000, 1_600_000_000))
    before = opened(scans).identity()
    read: list[str] = []

    def noted(path: Path, memo: object) -> str:
        read.append(str(path))
        return "0" * 64

    monkeypatch.setattr(_images, "file_digest", noted)
    assert opened(scans).identity() == before
    assert read == []
    (scans / "data" / "scans" / "c.pgm").write_bytes(b"other")
    assert opened(scans).identity() != before
    assert len(read) == 3


@pytest.mark.parametrize("path", ["/etc/hostname", "../secret.pgm", "scans/../../secret.pgm", "scans\\\\b.pgm", '""'])
def test_a_path_out_of_the_folder_is_refused(scans: Path, path: str) -> None:
    (scans / "secret.pgm").write_bytes(b"")
    rows(scans / "data", "1,scans/a.pgm,0", f"2,{path},1")
    with pytest.raises(DataError, match=r"are relative and lie below its folder|must name its file"):
        opened(scans).identity()


def test_a_link_out_of_the_folder_is_refused(scans: Path) -> None:
    (scans / "secret.pgm").write_bytes(b"")
    (scans / "data" / "link.pgm").symlink_to(scans / "secret.pgm")
    (scans / "data" / "linked").symlink_to(scans)
    (scans / "data" / "fine.pgm").symlink_to(scans / "data" / "scans" / "a.pgm")
    for name in ("link.pgm", "linked/secret.pgm"):
        rows(scans / "data", f"1,{name},0")
        with pytest.raises(DataError, match=f"Found `{name}`, a link to"):
            opened(scans).identity()
    rows(scans / "data", "1,fine.pgm,0")
    assert opened(scans).identity().n_rows == 1


def test_missing_files_are_counted_and_the_first_named(scans: Path) -> None:
    rows(scans / "data", "1,scans/a.pgm,0", *(f"{n},scans/{n}.pgm,1" for n in range(2, 8)))
    told = r"6 of 7 of `scans` are missing: `scans/2.pgm`, `scans/3.pgm`, `scans/4.pgm` and 3 more"
    with pytest.raises(NotFoundError, match=told):
        opened(scans).identity()


def test_a_file_that_goes_while_it_is_used_is_named(scans: Path) -> None:
    data = opened(scans, images_as="bytes")
    data.identity()
    (scans / "data" / "scans" / "b.pgm").unlink()
    with pytest.raises(NotFoundError, match=r"b.pgm` cannot be read: No such file"):
        data.take(None, ["file"], "pandas")


def test_a_column_that_cannot_be_meant_is_refused(scans: Path) -> None:
    with pytest.raises(NotFoundError, match="Did you mean `file`"):
        opened(scans, images="flie").identity()
    with pytest.raises(DataError, match="Column `label` of `scans` is int64"):
        opened(scans, images="label").identity()
    with pytest.raises(DefinitionError, match="Did you mean `bytes`"):
        opened(scans, images_as="byte")
    rows(scans / "data", "1,scans/a.pgm,0", "2,,1")
    with pytest.raises(DataError, match="null in 1 rows"):
        opened(scans).identity()
