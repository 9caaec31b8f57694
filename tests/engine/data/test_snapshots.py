"""Copies at an address: whole or not there, whatever happens while they are written."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from bancada.datasets import Dataset, freeze, table_file
from bancada.engine.data._snapshots import fetch_snapshot, keep_snapshot
from bancada.exceptions import ConfigurationError, DataError
from bancada.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.datasets import TableDataset


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store", create=True)


@pytest.fixture
def data(tmp_path: Path) -> TableDataset:
    return Dataset.from_frame(pa.table({"k": [1, 2]}), name="d", id="k").at(tmp_path, tmp_path / "cache")


def test_a_copy_comes_back_as_it_went(tmp_path: Path, store: Store, data: TableDataset) -> None:
    target = f"file://{tmp_path}/away/"
    address = keep_snapshot(data, target, store)
    assert address == f"file://{tmp_path}/away/{freeze(data)['table']}.arrow"
    found = fetch_snapshot(address, freeze(data), store, tmp_path / "other", target)
    assert found.read_bytes() == table_file(data).read_bytes()


def test_a_copy_in_memory_of_the_machine_too(tmp_path: Path, store: Store, data: TableDataset) -> None:
    address = keep_snapshot(data, "memory://bucket/folder", store)
    found = fetch_snapshot(address, freeze(data), store, tmp_path / "other", "memory://bucket")
    assert found.read_bytes() == table_file(data).read_bytes()


@pytest.mark.parametrize("trouble", [KeyboardInterrupt("pressed"), OSError(28, "No space left on device")])
def test_a_copy_that_was_broken_off_leaves_nothing_behind(
    tmp_path: Path,
    store: Store,
    data: TableDataset,
    monkeypatch: pytest.MonkeyPatch,
    trouble: BaseException,
) -> None:
    local = importlib.import_module("fsspec.implementations.local").LocalFileSystem

    def fail(*_: object, **__: object) -> None:
        raise trouble

    monkeypatch.setattr(local, "mv", fail)
    expected = (KeyboardInterrupt, "pressed") if isinstance(trouble, KeyboardInterrupt) else (DataError, "be: OSError")
    with pytest.raises(expected[0], match=expected[1]):
        keep_snapshot(data, f"file://{tmp_path}/away", store)
    assert list((tmp_path / "away").iterdir()) == []


def test_without_its_library_the_error_says_how_to_get_it(
    tmp_path: Path, store: Store, data: TableDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(ConfigurationError, match=r"Install `bancada\[remote\]`"):
        keep_snapshot(data, f"file://{tmp_path}/away", store)


def test_an_address_that_leads_out_of_the_place_is_not_asked(tmp_path: Path, store: Store, data: TableDataset) -> None:
    allowed = f"file://{tmp_path}/away"
    for address in (f"{allowed}/../x.arrow", f"file://{tmp_path}/awayx/x.arrow", "s3://other/x.arrow"):
        with pytest.raises(ConfigurationError, match="which `snapshot` does not name"):
            fetch_snapshot(address, freeze(data), store, tmp_path / "other", allowed)
