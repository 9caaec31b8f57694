"""Rows and columns that differ are told: all of them, and no others, as far as what is known can tell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bancada.datasets import ROW, Dataset
from bancada.engine.data._differing import DataChanges, KnownRows, Retyped, differences, known_rows, rows_of
from bancada.engine.data._keeping import kept_rows
from bancada.exceptions import StoreError
from bancada.store import Store

if TYPE_CHECKING:
    from pathlib import Path

ROWS = st.dictionaries(st.integers(0, 12), st.tuples(st.integers(0, 2), st.sampled_from("ab")), min_size=1, max_size=9)


def rows(folder: Path, table: Any, *, numbered: bool = False, known: bool = True) -> KnownRows:
    data = Dataset.from_frame(table, name="d", id=ROW if numbered else "k").at(folder, folder / "cache")
    found = rows_of(data)
    return found if known else replace(found, table=None)


def table(values: dict[int, tuple[int, str]]) -> pa.Table:
    kinds = pa.schema([("k", pa.int64()), ("x", pa.int64()), ("y", pa.string())])
    return pa.table([list(values), *map(list, zip(*values.values(), strict=True))], schema=kinds)


@pytest.mark.parametrize("known", [True, False])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(ROWS, ROWS)
def test_every_row_that_differs_is_told(
    tmp_path: Path, known: bool, old: dict[int, tuple[int, str]], new: dict[int, tuple[int, str]]
) -> None:
    found = differences(rows(tmp_path, table(old), known=known), rows(tmp_path, table(new)))
    added, removed = sorted(new.keys() - old.keys()), sorted(old.keys() - new.keys())
    changed = sorted(key for key in old.keys() & new.keys() if old[key] != new[key])
    assert (found.added, found.removed, found.changed) == (len(added), len(removed), len(changed))
    assert found.first_added == tuple(map(str, added[:5]))
    assert found.first_removed == tuple(map(str, removed[:5]))
    assert found.first_changed == tuple(map(str, changed[:5]))
    columns = tuple(name for at, name in enumerate("xy") if any(old[key][at] != new[key][at] for key in changed))
    assert found.columns_changed in ({columns} if known or not removed else {columns, None})
    assert found.none == (old == new)


def test_columns_that_came_went_and_changed_their_type_are_told(tmp_path: Path) -> None:
    old = pa.table({"k": [1, 2], "x": [1, 2], "gone": [1, 1], "y": ["1", "2"], "z": [0, 1]})
    new = pa.table({"k": [1, 2], "y": [1, 2], "x": [1.0, 2.5], "come": [1, 1], "z": [0, 1]})
    found = differences(rows(tmp_path, old), rows(tmp_path, new))
    assert (found.columns_added, found.columns_removed) == (("come",), ("gone",))
    assert found.retyped == (Retyped(name="x", old="int64", new="double"), Retyped(name="y", old="string", new="int64"))
    assert (found.changed, found.first_changed, found.columns_changed) == (1, ("2",), ("x",))
    assert found.reordered
    assert found.phrases() == (
        "1 row changed in `x` (2)",
        "column `come` added",
        "column `gone` removed",
        "column `x` was int64, is double",
        "column `y` was string, is int64",
        "the columns stand in another order",
    )


def test_what_old_digests_cannot_tell_is_said_to_be_unknown(tmp_path: Path) -> None:
    old = pa.table({"k": [1, 2], "x": [1, 2], "gone": [1, 1]})
    new = pa.table({"k": [2, 3], "x": [5, 3]})
    found = differences(rows(tmp_path, old, known=False), rows(tmp_path, new))
    assert (found.added, found.removed, found.changed) == (1, 1, None)
    assert "whether rows changed in the other columns is not known" in found.phrases()
    more = pa.table({"k": [1, 2], "x": [1, 7], "gone": [1, 1], "come": [3, 4]})
    found = differences(rows(tmp_path, old, known=False), rows(tmp_path, more))
    assert (found.changed, found.columns_changed, found.columns_added) == (1, ("x",), ("come",))


def test_numbered_rows_are_told_apart_by_what_explains_most(tmp_path: Path) -> None:
    def found(old: list[int], new: list[int]) -> DataChanges:
        sides = (rows(tmp_path, pa.table({"x": values}), numbered=True) for values in (old, new))
        return differences(*sides)

    inserted = found([5, 6, 7, 8], [9, 5, 6, 7, 8])
    assert (inserted.added, inserted.removed, inserted.changed, inserted.first_added) == (1, 0, 0, ("0",))
    removed = found([5, 5, 6, 7], [5, 6, 7])
    assert (removed.added, removed.removed, removed.changed, removed.first_removed) == (0, 1, 0, ("1",))
    changed = found([5, 6, 7, 8], [5, 6, 9, 8])
    assert (changed.added, changed.removed, changed.changed, changed.first_changed) == (0, 0, 1, ("2",))
    appended = found([5, 6], [5, 6, 5])
    assert (appended.added, appended.removed, appended.changed, appended.first_added) == (1, 0, 0, ("2",))


def test_ids_of_two_types_are_compared_as_text(tmp_path: Path) -> None:
    one, two = pa.table({"k": [1, 2], "x": [1, 2]}), pa.table({"k": ["1", "3"], "x": [1, 3]})
    found = differences(rows(tmp_path, one), rows(tmp_path, two))
    assert (found.added, found.removed, found.changed) == (1, 1, 0)
    assert found.retyped == (Retyped(name="k", old="int64", new="string"),)


def test_digests_in_the_store_tell_the_same(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", create=True)
    data = Dataset.from_frame(table({1: (0, "a"), 2: (1, "b")}), name="d", id="k").at(tmp_path, tmp_path / "cache")
    name = kept_rows(data, store, tmp_path / "cache")
    assert name is not None
    known = known_rows(store, name, numbered=False, table=None, types={"k": "int64", "x": "int64", "y": "string"})
    found = differences(known, rows(tmp_path, table({1: (0, "a"), 2: (2, "b"), 3: (0, "a")})))
    assert (found.added, found.changed, found.first_changed, found.columns_changed) == (1, 1, ("2",), ("x",))
    assert kept_rows(data, store, tmp_path / "cache", at_most=0) in {None, name}
    other = store.objects.put(b"no table")
    with pytest.raises(StoreError, match=r"Digests of rows are an Arrow table in the form `store\.rows/1`"):
        known_rows(store, other, numbered=False, table=None, types={})
