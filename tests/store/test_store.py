"""The store: it keeps its id, is united by copying, and removes what killed processes left."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.store.store_samples import KEY, fold_content, run_record

from bancada.exceptions import NotFoundError, StoreError
from bancada.store import Store

if TYPE_CHECKING:
    from pathlib import Path


def test_a_store_that_does_not_exist_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"Reading needs a store\. There is none at"):
        Store.open(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()


def test_a_store_keeps_its_id(store: Store) -> None:
    assert Store.open(store.root, create=True).id == store.id


def test_a_store_of_another_layout_is_refused(store: Store) -> None:
    (store.root / "store.json").write_text('{"schema": "store/9", "id": "x"}')
    with pytest.raises(StoreError, match=r"reads stores of layout `store/1`.*store/9"):
        Store.open(store.root, create=False)


def test_two_stores_are_united_by_copying(store: Store, tmp_path: Path) -> None:
    other = Store.open(tmp_path / "other", create=True)
    for where, letter in ((store, "a"), (other, "b")):
        where.folds.put(fold_content(key=KEY))
        where.runs.finish(run_record(letter, content=fold_content(key=KEY).record.content))
    for part in ("folds", "runs"):
        shutil.copytree(other.root / part, store.root / part, dirs_exist_ok=True)
    assert len(store.runs.ids("churn")) == 2
    assert store.verify() == ()


def test_a_schema_is_remembered_once_for_each_name_and_version(store: Store) -> None:
    store.remember_schema("churn", "1", {"age": "int64"})
    store.remember_schema("churn", "1", {"age": "string"})
    assert store.schema_of("churn", "1") == {"age": "int64"}
    assert store.schema_of("churn", "2") is None


def test_a_folder_aside_is_named_and_not_made(store: Store) -> None:
    one, other = store.aside(), store.aside()
    assert one != other
    assert one.parent == store.root / "aside"
    assert not one.parent.exists()


LEFT = """
import sys
from pathlib import Path
from bancada.store import Store

aside = Store.open(Path(sys.argv[1]), create=False).aside()
aside.mkdir(parents=True)
(aside / "curve.txt").write_text("half")
print(aside.name)
"""


def test_what_a_process_that_is_gone_left_aside_is_removed_by_the_next_that_writes(store: Store) -> None:
    done = subprocess.run([sys.executable, "-c", LEFT, str(store.root)], capture_output=True, text=True, check=True)
    left, own = store.root / "aside" / done.stdout.strip(), store.aside()
    own.mkdir()
    foreign = store.root / "aside" / left.name.replace("-", "-elsewhere-", 1)
    foreign.mkdir()
    Store.open(store.root, create=False)
    assert left.is_dir()
    Store.open(store.root, create=True)
    assert not left.exists()
    assert own.is_dir()
    assert foreign.is_dir()
