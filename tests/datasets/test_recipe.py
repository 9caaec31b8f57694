"""A dataset that was frozen is the very same when it is thawed, in another process and at another place."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from sklearn.datasets import load_iris

from bancada.datasets import ROW, Dataset, TableDataset, freeze, table_file, thaw
from bancada.exceptions import DataError, DefinitionError, NotFoundError
from bancada.testing import MemoryDataset

if TYPE_CHECKING:
    from collections.abc import Callable

FRAMES = ("pandas", "polars", "arrow", "numpy")
SOURCE = Path(__file__).resolve().parents[2] / "src"


def table() -> pa.Table:
    return pa.table(
        {
            "customer": pa.array([3, 1, 4, 2, 5]),
            "tenure": pa.array([30, 10, None, 20, 50]),
            "spend": pa.array([3.5, -0.0, float("nan"), None, 5.5]),
            "region": pa.array(["c", "a", None, "b", "é"]),
            "plan": pa.DictionaryArray.from_arrays(pa.array([1, 0, 1, 1, None], pa.int8()), ["x", "y"], ordered=True),
            "active": pa.array([True, None, False, True, True]),
            "seen": pa.array([dt.datetime(2024, 1, day, tzinfo=dt.UTC) for day in range(1, 6)]),
            "tags": pa.array([["a"], [], None, ["b", "c"], [None]]),
        }
    )


def _csv(root: Path) -> TableDataset:
    table().drop_columns(["tags"]).to_pandas().to_csv(root / "data.csv", index=False)
    return Dataset.from_file("data.csv", version="2", id="customer")


def _csv_with_schema(root: Path) -> TableDataset:
    (root / "data.csv").write_text("k,level\n2,low\n1,high\n")
    return Dataset.from_file("data.csv", id="k", schema={"k": "int32", "level": "category"})


def _parquet(root: Path) -> TableDataset:
    parquet.write_table(table(), root / "data.parquet")
    return Dataset.from_file("data.parquet", id="customer")


def _arrow(root: Path) -> TableDataset:
    with pa.ipc.new_file(str(root / "data.arrow"), table().schema) as writer:
        writer.write_table(table())
    return Dataset.from_file("data.arrow", id=ROW)


def _several(root: Path) -> TableDataset:
    (root / "parts").mkdir()
    parquet.write_table(table().slice(0, 2), root / "parts" / "b.parquet")
    parquet.write_table(table().slice(2), root / "parts" / "a.parquet")
    return Dataset.from_file(["parts/b.parquet", "parts/a.parquet"], name="several", id="customer")


def _images(images_as: str) -> Callable[[Path], TableDataset]:
    def made(root: Path) -> TableDataset:
        folder = root / "data" / "scans"
        folder.mkdir(parents=True)
        for name in "abc":
            (folder / f"{name}.bin").write_bytes(name.encode() * 4)
        (root / "data" / "all.csv").write_text("k,file\n2,scans/b.bin\n1,scans/a.bin\n3,scans/c.bin\n")
        return Dataset.from_file("data/all.csv", id="k", images="file", images_as=images_as)

    return made


MADE: dict[str, Callable[[Path], TableDataset]] = {
    "csv": _csv,
    "csv with schema": _csv_with_schema,
    "parquet": _parquet,
    "arrow": _arrow,
    "several": _several,
    "image paths": _images("path"),
    "image bytes": _images("bytes"),
    "pandas": lambda _: Dataset.from_frame(table().drop_columns(["tags"]).to_pandas(), name="d", id="customer"),
    "polars": lambda _: Dataset.from_frame(pl.from_arrow(table().drop_columns(["tags"])), name="d", id="customer"),
    "Arrow": lambda _: Dataset.from_frame(table(), name="d", version="7", id="customer"),
    "arrays": lambda _: Dataset.from_arrays(np.arange(8.0).reshape(4, 2), np.array(["a", "b", "a", "b"])),
    "sklearn": lambda _: Dataset.from_sklearn(load_iris, labels=True),
    "function": lambda _: Dataset.from_function(table, name="made", id=ROW),
}


def assert_same(one: TableDataset, other: TableDataset) -> None:
    assert other.identity() == one.identity()
    assert other.labels == one.labels
    assert other.schema().equals(one.schema(), check_metadata=True)
    assert other.ids().equals(one.ids())
    names = one.schema().names
    assert_bits(one.rows(names), other.rows(names))
    assert other.image_files == one.image_files
    some = np.array([len(one.ids()) - 1, 0, 0])
    for frame in FRAMES:
        for rows in (None, some):
            for columns in (names, names[:1], list(reversed(names))):
                assert_bits(one.take(rows, columns, frame), other.take(rows, columns, frame))


def assert_bits(one: Any, other: Any) -> None:
    assert type(one) is type(other)
    if isinstance(one, np.ndarray):
        assert one.dtype == other.dtype
        if one.dtype == object:
            assert repr(one.tolist()) == repr(other.tolist())
        else:
            assert one.tobytes() == other.tobytes()
    elif isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, check_exact=True, check_categorical=True)
    elif isinstance(one, pa.Table):
        assert one.schema == other.schema
        # The text tells -0.0 from 0.0, and NaN equals NaN in it.
        assert str(one.to_pydict()) == str(other.to_pydict())
    else:
        assert one.schema == other.schema
        assert one.equals(other)


def travelled(dataset: TableDataset, elsewhere: Path, root: Path) -> TableDataset:
    """Thaw from a copy of the table, and from the recipe's text."""
    elsewhere.mkdir(exist_ok=True)
    recipe = json.loads(json.dumps(freeze(dataset)))
    shutil.copy(table_file(dataset), elsewhere / "table.arrow")
    return thaw(recipe, elsewhere / "table.arrow", root)


@pytest.mark.parametrize("kind", MADE)
def test_what_was_thawed_is_the_very_same(tmp_path: Path, kind: str) -> None:
    dataset = MADE[kind](tmp_path).at(tmp_path, tmp_path / "cache")
    again = travelled(dataset, tmp_path / "elsewhere", tmp_path)
    shutil.rmtree(tmp_path / "cache")
    assert_same(dataset, again)
    assert_same(dataset, again.at(tmp_path, tmp_path / "other"))
    assert freeze(again) == freeze(dataset) | {"reading": None}


@pytest.mark.parametrize("kind", ["parquet", "image bytes", "function"])  # no process could tell the others apart
def test_another_process_has_the_very_same(tmp_path: Path, kind: str) -> None:
    dataset = MADE[kind](tmp_path).at(tmp_path, tmp_path / "cache")
    shutil.copy(table_file(dataset), tmp_path / "table.arrow")
    (tmp_path / "recipe.json").write_text(json.dumps(freeze(dataset)))
    code = (
        "import json, pickle, sys; from pathlib import Path; from bancada.datasets import thaw\n"
        "root = Path(sys.argv[1])\n"
        "data = thaw(json.loads((root / 'recipe.json').read_text()), root / 'table.arrow', root)\n"
        "names = data.schema().names\n"
        "told = {frame: data.take(None, names, frame) for frame in ('pandas', 'numpy', 'arrow', 'polars')}\n"
        "(root / 'told.pickle').write_bytes(pickle.dumps((data, data.identity(), told)))"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path], check=True, env={"PYTHONPATH": str(SOURCE)})
    import pickle  # noqa: PLC0415 - read once, here

    again, identity, told = pickle.loads((tmp_path / "told.pickle").read_bytes())  # noqa: S301 - written just now
    assert identity == dataset.identity()
    for frame, taken in told.items():
        assert_bits(dataset.take(None, dataset.schema().names, frame), taken)
    assert_same(dataset, again)


VALUES = st.one_of(
    st.lists(st.integers(-(2**63), 2**63 - 1) | st.none(), min_size=4, max_size=4),
    st.lists(st.floats(width=64) | st.none(), min_size=4, max_size=4),
    st.lists(st.text(st.characters(codec="utf-8"), max_size=4) | st.none(), min_size=4, max_size=4),
    st.lists(st.booleans() | st.none(), min_size=4, max_size=4),
    st.lists(st.dates() | st.none(), min_size=4, max_size=4),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(VALUES, VALUES, st.permutations(["k3", "k1", "k2", "k0"]), st.booleans())
def test_any_table_survives(tmp_path: Path, one: list[Any], two: list[Any], ids: list[str], numbered: bool) -> None:
    frame = pa.table({"k": ids, "one": one, "two": pa.array(two).dictionary_encode()})
    dataset = Dataset.from_frame(frame, name="d", id=ROW if numbered else "k").at(tmp_path, tmp_path / "cache")
    assert_same(dataset, travelled(dataset, tmp_path / "elsewhere", tmp_path))


def test_a_recipe_holds_no_path_of_the_machine(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    dataset = _parquet(outside)
    named = Dataset.from_file(outside / "data.parquet", id="customer").at(tmp_path / "root", tmp_path / "cache")
    assert str(tmp_path) not in json.dumps(freeze(named))
    assert str(tmp_path) not in json.dumps(freeze(dataset.at(outside, tmp_path / "cache")))
    reading = freeze(dataset.at(outside, tmp_path / "cache"))["reading"]
    assert reading == {"paths": ["data.parquet"], "several": False, "schema": None, "remembered": False}


def test_another_table_is_refused(tmp_path: Path) -> None:
    dataset = _parquet(tmp_path).at(tmp_path, tmp_path / "cache")
    other = Dataset.from_frame(table().slice(1), name="d", id="customer").at(tmp_path, tmp_path / "cache")
    with pytest.raises(
        DataError, match=r"must have the digest of its recipe, `[0-9a-f]{12}…`\. .* has `[0-9a-f]{12}…`"
    ):
        thaw(freeze(dataset), table_file(other), tmp_path)
    with pytest.raises(NotFoundError, match="There is no file"):
        thaw(freeze(dataset), tmp_path / "gone.arrow", tmp_path)
    (tmp_path / "bad.arrow").write_bytes(table_file(dataset).read_bytes()[:300])
    with pytest.raises(DataError, match=r"`bad\.arrow` cannot be read as one"):
        thaw(freeze(dataset), tmp_path / "bad.arrow", tmp_path)


def test_other_levels_are_another_table(tmp_path: Path) -> None:
    ids, codes = pa.array([1, 2]), pa.array([0, 1], pa.int8())
    one = pa.table({"k": ids, "x": pa.DictionaryArray.from_arrays(codes, ["a", "b"])})
    two = pa.table({"k": ids, "x": pa.DictionaryArray.from_arrays(codes, ["a", "b", "c"])})
    first, second = (Dataset.from_frame(item, name="d", id="k").at(tmp_path, tmp_path / "cache") for item in (one, two))
    assert first.identity().table == second.identity().table
    with pytest.raises(DataError, match="not in the types of its columns"):
        thaw(freeze(first), table_file(second), tmp_path)


def test_a_table_that_lies_about_its_digest_is_found_out(tmp_path: Path) -> None:
    dataset = _parquet(tmp_path).at(tmp_path, tmp_path / "cache")
    data = table_file(dataset).read_bytes()
    place = data.rindex(np.float64(5.5).tobytes())
    (tmp_path / "bad.arrow").write_bytes(data[:place] + np.float64(6.5).tobytes() + data[place + 8 :])
    with pytest.raises(DataError, match="must have the digest of its recipe"):
        thaw(freeze(dataset), tmp_path / "bad.arrow", tmp_path)


def test_another_image_is_refused(tmp_path: Path) -> None:
    dataset = _images("path")(tmp_path).at(tmp_path, tmp_path / "cache")
    recipe, kept = freeze(dataset), table_file(dataset)
    moved = tmp_path / "moved"
    shutil.copytree(tmp_path / "data", moved / "data")
    assert thaw(recipe, kept, moved).image_files == {str(moved / "data" / "scans" / f"{name}.bin") for name in "abc"}
    (moved / "data" / "scans" / "b.bin").write_bytes(b"xxxx")
    with pytest.raises(DataError, match="The images of a dataset must be those of its recipe"):
        thaw(recipe, kept, moved)
    (moved / "data" / "scans" / "b.bin").unlink()
    with pytest.raises(NotFoundError, match=r"1 of 3 of `all` are missing: `scans/b\.bin`"):
        thaw(recipe, kept, moved)


def test_an_image_column_may_not_lead_out_of_the_root(tmp_path: Path) -> None:
    dataset = _images("path")(tmp_path).at(tmp_path, tmp_path / "cache")
    recipe = freeze(dataset)
    for folder in ("/etc", "../data", "data/../../x"):
        recipe["images"]["folder"] = folder
        with pytest.raises(DataError, match="The folder of its images is"):
            thaw(recipe, table_file(dataset), tmp_path)
    recipe["images"]["folder"] = None
    with pytest.raises(NotFoundError, match="were outside of the project"):
        thaw(recipe, table_file(dataset), tmp_path)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"schema": "store.dataset/2"}, r"Found 'store\.dataset/2'"),
        ({"schema": None}, "Found None"),
        ({"rows": "many"}, "Its fields are not those of one: Expected `int`"),
        ({"columns": [["k"]]}, "Its fields are not those of one"),
    ],
)
def test_a_recipe_that_is_none_is_refused(tmp_path: Path, change: dict[str, Any], match: str) -> None:
    dataset = _parquet(tmp_path).at(tmp_path, tmp_path / "cache")
    with pytest.raises(DataError, match=match):
        thaw(freeze(dataset) | change, table_file(dataset), tmp_path)


def test_fields_of_a_later_version_do_no_harm(tmp_path: Path) -> None:
    dataset = _parquet(tmp_path).at(tmp_path, tmp_path / "cache")
    assert_same(dataset, thaw(freeze(dataset) | {"later": 1}, table_file(dataset), tmp_path))


def test_a_class_of_its_own_has_no_recipe() -> None:
    made = MemoryDataset(pa.table({"k": [1, 2]}), name="mine")
    with pytest.raises(DefinitionError, match="is of the class `MemoryDataset`"):
        freeze(made)


def test_the_recipe_of_this_version_stays_readable() -> None:
    sample = json.loads((Path(__file__).parent / "samples" / "dataset-1.json").read_text())
    kept = Path(__file__).parent / "samples" / "dataset-1.arrow"
    again = thaw(sample, kept, Path("/nowhere"))
    assert again.take(None, ["spend"], "arrow").to_pydict() == {"spend": [1.5, None]}
    assert msgspec.to_builtins(again.identity())["files"] == {"data.csv": sample["files"]["data.csv"]}
