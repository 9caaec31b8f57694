"""Every dataset of bancada keeps every law, and each law catches a dataset that breaks it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest import SkipTest

import numpy as np
import pyarrow as pa
import pytest
from tests.testing.own_blocks import DATASETS, FILES, TABLE

from bancada.datasets import ROW, Dataset
from bancada.exceptions import LawBroken
from bancada.testing import MemoryDataset, check, dataset_checks
from bancada.testing._dataset_laws import LAWS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from bancada import contracts
    from bancada.records import DatasetIdentity
    from bancada.testing import Check


@pytest.mark.parametrize(
    "law",
    [
        pytest.param(law, id=f"{name}-{law}")
        for name, make in DATASETS.items()
        for law in dataset_checks(make(TABLE), make=make)
    ],
)
def test_our_datasets_keep_every_law(law: Check) -> None:
    law()


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("id_", ["key", ROW], ids=["id", "numbered"])
def test_our_files_keep_every_law(file: str, id_: Any, tmp_path: Path) -> None:
    numbers = itertools.count()

    def make(table: pa.Table) -> contracts.Dataset:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        FILES[file](table, str(folder / file))
        return Dataset.from_file(file, id=id_).at(folder, tmp_path / "cache")

    assert check(make(TABLE), make=make).skipped == {}


def test_rows_of_a_bunch_keep_every_law() -> None:
    from sklearn.datasets import load_iris  # noqa: PLC0415 - for this test alone

    assert set(check(Dataset.from_sklearn(load_iris)).skipped) == {"identity_tells_the_data"}


class Mutant(MemoryDataset):
    """A dataset in memory that gets one thing wrong."""


class Unsorted(Mutant):
    def ids(self) -> Any:
        return self.table.column("key").combine_chunks()


class Renumbered(Mutant):
    def ids(self) -> Any:
        return pa.array(sorted(f"{text}-new" for text in self.table.column("key").to_pylist()))


class Miscounted(Mutant):
    def identity(self) -> DatasetIdentity:
        identity = super().identity()
        return type(identity)(name="memory", version="", table="", n_rows=6, columns=identity.columns, id="key")


class FileOrder(Mutant):
    def rows(self, columns: Sequence[str]) -> Any:
        return super().rows([name for name in self.table.column_names if name in columns] or columns)


class Upper(Mutant):
    def take(self, positions: Any, columns: Sequence[str], frame: str) -> Any:
        taken = super().take(positions, columns, frame)
        return taken.set_column(0, columns[0], [["x"] * taken.num_rows]) if frame == "arrow" else taken


class SkipsLast(Mutant):
    def take(self, positions: Any, columns: Sequence[str], frame: str) -> Any:
        return super().take(np.arange(4) if positions is None else positions, columns, frame)


class Sorting(Mutant):
    def take(self, positions: Any, columns: Sequence[str], frame: str) -> Any:
        return super().take(None if positions is None else np.sort(positions), columns, frame)


class Rounding(Mutant):
    def take(self, positions: Any, columns: Sequence[str], frame: str) -> Any:
        taken = super().take(positions, columns, frame)
        return taken.assign(share=taken["share"].round()) if frame == "pandas" and "share" in columns else taken


class Narrow(Mutant):
    def take(self, positions: Any, columns: Sequence[str], frame: str) -> Any:
        taken = super().take(positions, columns, frame)
        return taken.infer_objects() if frame != "pandas" or positions is None else taken.convert_dtypes()


class Sharing(Mutant):
    def take(self, positions: Any, columns: Sequence[str], frame: str) -> Any:
        if frame != "pandas" or positions is not None:
            return super().take(positions, columns, frame)
        return _SHARED.setdefault(tuple(columns), super().take(None, columns, frame))


_SHARED: dict[tuple[str, ...], Any] = {}
_CALLS = itertools.count()


class Restless(Mutant):
    def identity(self) -> DatasetIdentity:
        identity = super().identity()
        return type(identity)(name="memory", version="", table=str(next(_CALLS)), n_rows=5, columns=identity.columns)


class Forgetful(Mutant):
    def __reduce__(self) -> Any:
        return MemoryDataset, (self.table.slice(1), self.id)


class Blind(Mutant):
    def identity(self) -> DatasetIdentity:
        identity = super().identity()
        return type(identity)(name="memory", version="", table="same", n_rows=5, columns=identity.columns, id="key")


class Generous(Mutant):
    def rows(self, columns: Sequence[str]) -> Any:
        return super().rows([name for name in columns if name in self.table.column_names])


class Wrapping(Mutant):
    def take(self, positions: Any, columns: Sequence[str], frame: str) -> Any:
        return super().take(None if positions is None else np.asarray(positions) % 5, columns, frame)


class Framed(Mutant):
    def take(self, positions: Any, columns: Sequence[str], frame: str) -> Any:
        return super().take(positions, columns, frame if frame != "xarray" else "arrow")


class Dropping(Mutant):
    def with_schema(self, columns: Mapping[str, str]) -> contracts.Dataset:
        return replace(self, table=self.table.drop_columns(["share"]))


# By law: datasets that break it, and what the check says of them.
MUTANTS: dict[str, list[tuple[Callable[..., MemoryDataset], str]]] = {
    "ids_ascend": [(Unsorted, "Id 'a' comes after 'c'")],
    "ids_belong_to_rows": [(Renumbered, "They begin with")],
    "descriptions_agree": [(Miscounted, "rows")],
    "columns_come_as_asked": [(FileOrder, "`rows` gave")],
    "rows_and_take_agree": [(Upper, "in one row `key` is '.' and 'x'")],
    "none_is_every_row": [(SkipsLast, "None gave 4 rows, all positions 5")],
    "positions_are_followed": [(Sorting, "At positions")],
    "frames_agree": [(Rounding, "As `arrow` and as `pandas` in one row `share`")],
    "types_do_not_depend_on_rows": [(Narrow, "of 1 rows")],
    "taken_rows_are_ones_own": [(Sharing, "After a write in one row")],
    "identity_is_stable": [(Restless, "A second call gave another"), (Forgetful, "A pickled copy has another")],
    "copies_take_the_same": [(Forgetful, "raised Position|raised A position|In the dataset and its copy")],
    "identity_tells_the_data": [(Blind, "One row less has the same digest")],
    "unknown_columns_are_refused": [(Generous, "`rows` did not")],
    "unknown_rows_and_frames_are_refused": [(Wrapping, "It took position 5 of 5 rows"), (Framed, "'xarray'")],
    "own_schema_changes_nothing": [(Dropping, "It has another digest")],
}


@pytest.mark.parametrize("name", [each.name for each in LAWS])
def test_each_law_catches_a_dataset_that_breaks_it(name: str) -> None:
    for mutant, found in MUTANTS[name]:
        dataset = mutant(TABLE, id="key")
        checks = {each.name: each for each in dataset_checks(dataset, make=lambda table, m=mutant: m(table, id="key"))}  # type: ignore[misc] # mypy does not see the default
        with pytest.raises(LawBroken, match=found):
            checks[name]()


def test_without_a_maker_the_change_of_data_is_skipped() -> None:
    checks = {each.name: each for each in dataset_checks(MemoryDataset(TABLE))}
    with pytest.raises(SkipTest, match="`make=`"):
        checks["identity_tells_the_data"]()
