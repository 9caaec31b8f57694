"""A table in several files: one dataset, whatever the parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import csv, feather, parquet

from bancada.datasets import ROW, Dataset
from bancada.exceptions import DataError, DefinitionError, NotFoundError
from bancada.testing import dataset_checks

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.datasets import TableDataset

TABLE = pa.table(
    {
        "sale": pa.array([5, 1, 4, 2, 3, 6]),
        "amount": pa.array([0.5, None, -1.25, 3.0, 4.0, 5.5]),
        "region": pa.array(["north", "south", None, "east", "east", "west"]),
    }
)


def write(folder: Path, name: str, table: Any) -> str:
    """Write a part as its suffix says."""
    {"csv": csv.write_csv, "parquet": parquet.write_table, "arrow": feather.write_feather}[name.rpartition(".")[2]](
        table, folder / name
    )
    return name


def opened(path: Any, folder: Path, **options: Any) -> TableDataset:
    return Dataset.from_file(path, **({"name": "sales", "id": "sale"} | options)).at(folder, folder / "cache")


def test_parts_are_the_table_that_they_were_cut_from(tmp_path: Path) -> None:
    whole = opened(write(tmp_path, "whole.parquet", TABLE), tmp_path)
    for ending in ("csv", "parquet", "arrow"):
        parts = [write(tmp_path, f"{n}.{ending}", TABLE.slice(2 * n, 2)) for n in range(3)]
        for places in (parts, parts[::-1], f"[0-2].{ending}", [parts[1], f"[02].{ending}"]):
            data = opened(places, tmp_path)
            assert data.identity().table == whole.identity().table
            assert data.rows(TABLE.column_names).equals(whole.rows(TABLE.column_names))
            assert set(data.identity().files) == set(parts)
    mixed = ["0.csv", "1.parquet", "2.arrow"]
    assert opened(mixed, tmp_path).identity().table == whole.identity().table


@settings(max_examples=15)
@given(st.lists(st.integers(0, 2), min_size=6, max_size=6), st.permutations(range(3)))
def test_neither_cut_nor_order_of_parts_nor_of_columns_is_in_the_digest(
    tmp_path_factory: pytest.TempPathFactory, part: list[int], order: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("parts")
    tables = [TABLE.filter(pa.array([number == wanted for number in part])) for wanted in range(3)]
    names = [write(folder, f"{n}.parquet", table) for n, table in enumerate(tables) if table.num_rows]
    shuffled = sorted(names, key=lambda name: order[int(name[0])])
    last = folder / shuffled[-1]
    parquet.write_table(parquet.read_table(last).select(["region", "sale", "amount"]), last)
    whole = opened(write(folder, "whole.parquet", TABLE), folder)
    assert opened(shuffled, folder).rows(["sale", "amount"]).equals(whole.rows(["sale", "amount"]))
    if len(names) > 1:
        assert opened(shuffled, folder).identity().table == whole.identity().table


def test_a_new_part_is_new_data(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    write(tmp_path / "parts", "a.csv", TABLE.slice(0, 4))
    (tmp_path / "parts" / "_SUCCESS").write_text("")
    (tmp_path / "parts" / "readme.txt").write_text("")
    one = opened("parts", tmp_path, name=None)
    before = one.identity()
    assert (one.name, before.n_rows, list(before.files)) == ("parts", 4, ["parts/a.csv"])
    write(tmp_path / "parts", "b.csv", TABLE.slice(4))
    after = opened("parts/", tmp_path).identity()
    assert after.table != before.table
    assert after.n_rows == 6
    assert set(after.files) == {"parts/a.csv", "parts/b.csv"}


def test_rows_are_numbered_in_the_order_of_the_parts(tmp_path: Path) -> None:
    names = [write(tmp_path, name, TABLE.slice(2 * n, 2)) for n, name in enumerate(["b.csv", "a.csv"])]
    assert opened(names, tmp_path, id=ROW).rows(["sale"]).to_pydict() == {"sale": [5, 1, 4, 2]}
    assert opened("*.csv", tmp_path, id=ROW).rows(["sale"]).to_pydict() == {"sale": [4, 2, 5, 1]}


def test_types_that_hold_both_are_taken_and_parts_of_nulls_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("sale,x,y,z\n1,1,,3\n")
    (tmp_path / "b.csv").write_text("sale,x,y,z\n2,1.5,north,\n")
    data = opened("*.csv", tmp_path)
    assert data.rows(["x", "y", "z"]).to_pydict() == {"x": [1.0, 1.5], "y": [None, "north"], "z": [3, None]}
    (tmp_path / "c.csv").write_text("sale,x,y,z\n3,many,south,1\n")
    with pytest.raises(DataError, match=r"Column `x` is double in `a.csv` and string in `c.csv`"):
        opened(["a.csv", "b.csv", "c.csv"], tmp_path).identity()


def test_levels_of_categories_are_joined(tmp_path: Path) -> None:
    for name, values in (("a.parquet", ["x", "y"]), ("b.parquet", ["z", "y"])):
        ids = pa.array([1, 2] if name == "a.parquet" else [3, 4])
        write(tmp_path, name, pa.table({"sale": ids, "kind": pa.array(values).dictionary_encode()}))
    data = opened("*.parquet", tmp_path)
    assert data.rows(["kind"]).column(0).to_pylist() == ["x", "y", "z", "y"]
    assert list(data.take(None, ["kind"], "pandas")["kind"].cat.categories) == ["x", "y", "z"]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("sale,amount,region", None),
        ("sale,amount", r"`b.csv` misses `region`, unlike `a.csv`"),
        ("sale,amount,regoin", r"`b.csv` misses `region` and also has `regoin`, unlike `a.csv`"),
        ("sale,amount,region,more", r"`b.csv` also has `more`, unlike `a.csv`"),
    ],
)
def test_a_part_of_other_columns_is_named(tmp_path: Path, header: str, told: str | None) -> None:
    write(tmp_path, "a.csv", TABLE)
    (tmp_path / "b.csv").write_text(
        header + "\n" + ",".join(["9"] * len(header.split(","))).replace("9,9,9", "9,9,x") + "\n"
    )
    data = opened("*.csv", tmp_path)
    if told is None:
        assert data.identity().n_rows == 7
        return
    with pytest.raises(DataError, match=told):
        data.identity()


def test_an_id_in_two_parts_is_told_with_both(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", TABLE.slice(0, 3))
    write(tmp_path, "b.csv", TABLE.slice(3))
    write(tmp_path, "c.csv", TABLE.slice(2, 1))
    with pytest.raises(DataError, match=r"`sale` has 1 ids in several parts, first 4 in `a.csv` and `c.csv`"):
        opened("*.csv", tmp_path).identity()
    write(tmp_path, "c.csv", pa.concat_tables([TABLE.slice(0, 1)] * 2).set_column(0, "sale", pa.array([9, 9])))
    with pytest.raises(DataError, match="Ids must be unique"):
        opened("*.csv", tmp_path).identity()


def test_an_earlier_schema_holds_new_parts_of_csv(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", TABLE)
    schema = opened("a.csv", tmp_path).schema()
    (tmp_path / "b.csv").write_text("sale,amount,region\n7,many,north\n")
    held = opened("*.csv", tmp_path).with_schema({field.name: str(field.type) for field in schema})
    with pytest.raises(DataError, match=r"Column `amount` was double, is string since value 'many' in row 1"):
        held.identity()


def test_what_is_not_there_is_told_with_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, "sales.csv", TABLE)
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFoundError, match=r"There is no file .*seles.csv.*Did you mean `sales.csv`"):
        opened(["sales.csv", "seles.csv"], tmp_path).identity()
    with pytest.raises(NotFoundError, match=r"Nothing fits 'seles\*.csv'. Did you mean `sales.csv`"):
        opened("seles*.csv", tmp_path).identity()
    with pytest.raises(NotFoundError, match="`empty` holds nothing"):
        opened("empty", tmp_path).identity()
    with pytest.raises(NotFoundError, match="A dataset's file must exist"):
        opened("nowhere", tmp_path).identity()
    with pytest.raises(DataError, match=r"`sales.csv` is twice"):
        opened(["sales.csv", "./sales.csv"], tmp_path).identity()


@pytest.mark.parametrize(
    ("path", "told"),
    [([], "The list is empty"), ([3], "Found 3"), (["a.csv", "b.csv"], "Say `name=`"), ("*.csv", "Say `name=`")],
)
def test_a_list_that_cannot_be_meant_is_refused_at_once(path: Any, told: str) -> None:
    with pytest.raises(DefinitionError, match=told):
        Dataset.from_file(path, id="sale")


def test_several_files_keep_the_laws_of_datasets(tmp_path: Path) -> None:
    numbers = iter(range(100))

    def make(table: pa.Table) -> TableDataset:
        folder = tmp_path / f"made-{next(numbers)}"
        folder.mkdir()
        half = (table.num_rows + 1) // 2
        for n, part in enumerate([table.slice(0, half), table.slice(half)]):
            if part.num_rows:
                write(folder, f"{n}.parquet", part)
        return Dataset.from_file("*.parquet", name="sales", id="sale").at(folder, folder / "cache")

    for law in dataset_checks(make(TABLE), make=make):
        law()
