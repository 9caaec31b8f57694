"""Folds: equal content is kept once, other content beside it, and what was torn is put anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.store.store_samples import KEY, fold_content

from bancada.exceptions import StoreError
from bancada.records import FoldRecord, Observed
from bancada.store import FoldContent, _folds
from bancada.store._folds import write_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.store import Store


def test_a_fold_is_found_while_its_observed_files_are_as_they_were(store: Store) -> None:
    content = fold_content(key=KEY, observed=(Observed("lookup.csv", "1"),))
    assert store.folds.put(content)
    now = {"lookup.csv": "1"}
    found = store.folds.lookup(KEY, now.get)
    assert found is not None
    assert found.content == content.record.content
    assert store.folds.lookup("cd" * 32, now.get) is None
    now = {"lookup.csv": "2"}
    assert store.folds.lookup(KEY, now.get) is None
    now = {}
    assert store.folds.lookup(KEY, now.get) is None


def test_equal_content_is_kept_once_and_other_content_beside_it(store: Store) -> None:
    assert store.folds.put(fold_content(key=KEY))
    assert not store.folds.put(fold_content(key=KEY, fit_s=9.0))
    assert store.folds.put(fold_content(key=KEY, scores=(0.1, 0.9)))
    assert len(store.folds.entries(KEY)) == 2


def test_stored_predictions_come_back_as_they_were(store: Store) -> None:
    content = fold_content(key=KEY)
    store.folds.put(content)
    assert store.folds.predictions(KEY, content.record.content).equals(content.table)
    assert store.folds.train_scores(KEY, content.record.content) == {"m": 0.9}
    assert store.folds.log(KEY, content.record.content) == ({"loss": 0.5},)


def test_few_rows_are_written_as_many_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = fold_content(key=KEY).table
    sizes = [write_table(tmp_path / "few", table)]
    monkeypatch.setattr(_folds, "BUFFERED_ROWS", 0)
    sizes.append(write_table(tmp_path / "many", table))
    contents = [(tmp_path / name).read_bytes() for name in ("few", "many")]
    assert contents[0] == contents[1]
    assert sizes == [len(content) for content in contents]


def test_a_fold_that_is_missing_is_said_to_be(store: Store) -> None:
    with pytest.raises(StoreError, match=f"The predictions of fold `{KEY[:12]}…` cannot be read"):
        store.folds.predictions(KEY, "0" * 64)


def _none(_path: str) -> None:
    """Say of each file that it is gone."""


def _torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _removed(path: Path) -> None:
    path.unlink()


def _flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    place = data.index(msgspec.msgpack.encode(0.8)[:0:-1])
    data[place] ^= 1
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("harm", [_torn, _emptied, _removed])
def test_predictions_that_were_torn_never_answer(store: Store, harm: Callable[[Path], None]) -> None:
    content = fold_content()
    store.folds.put(content)
    harm(store.folds.place(KEY, content.record.content) / "predictions.arrow")
    assert store.folds.lookup(KEY, _none) is None


@pytest.mark.parametrize("harm", [_torn, _emptied, _removed, _flipped])
def test_a_damaged_fold_is_replaced(store: Store, harm: Callable[[Path], None]) -> None:
    content = fold_content()
    store.folds.put(content)
    harm(store.folds.place(KEY, content.record.content) / "predictions.arrow")
    assert len(store.verify()) == 1
    assert store.folds.put(content)
    assert store.folds.lookup(KEY, _none) is not None
    assert store.folds.predictions(KEY, content.record.content).equals(content.table)
    assert store.verify() == ()
    assert list(store.folds.aside.iterdir()) == []


def test_a_fold_of_before_sizes_were_kept_still_answers(store: Store) -> None:
    content = fold_content()
    store.folds.put(content)
    path = store.folds.place(KEY, content.record.content) / "fold.json"
    record = msgspec.json.decode(path.read_bytes(), type=FoldRecord)
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(record, size_bytes=0)))
    assert store.folds.lookup(KEY, _none) is not None


def test_a_fold_is_written_aside_and_nothing_stays_there(store: Store) -> None:
    broken = msgspec.structs.replace(fold_content().record, recorded="now")
    content = FoldContent(record=broken, table=fold_content().table, train_scores={}, artifacts={"../x": Path("none")})
    with pytest.raises(StoreError, match="Names in a store are letters"):
        store.folds.put(content)
    assert list(store.folds.aside.iterdir()) == []
    assert store.folds.entries(KEY) == ()


def test_what_a_fold_wrote_is_kept_once_beside_it_and_decides_nothing(store: Store) -> None:
    content = fold_content(key=KEY)
    where = (KEY, content.record.content)
    store.folds.keep_output(*where, "too early\n")
    assert store.folds.output(*where) == ""
    store.folds.put(content)
    store.folds.keep_output(*where, "ação\n")
    store.folds.keep_output(*where, "later\n")
    assert store.folds.output(*where) == "ação\n"
    assert store.folds.read(*where) == store.folds.lookup(KEY, lambda _: None)
    assert list(store.folds.broken()) == []
    (store.folds.place(*where) / "output.txt").write_bytes(b"torn \xff")
    assert store.folds.output(*where) == "torn \ufffd"


def test_a_fold_is_proved_by_the_digests_that_name_it(store: Store) -> None:
    record = fold_content(key=KEY).record
    assert store.folds.proved(KEY, record.content) is None
    assert store.folds.put(fold_content(key=KEY))
    (stored,) = store.folds.entries(KEY)
    place = store.folds.place(KEY, stored.content)
    assert store.folds.proved(KEY, stored.content) == stored
    path = place / "predictions.arrow"
    before = path.read_bytes()
    _flipped(path)
    with pytest.raises(StoreError, match="digests that name it"):
        store.folds.proved(KEY, stored.content)
    path.write_bytes(before)
    (place / "fold.json").write_bytes(msgspec.json.encode(msgspec.structs.replace(stored, key="cd" * 32)))
    with pytest.raises(StoreError, match="lies in a folder that is not its own"):
        store.folds.proved(KEY, stored.content)
    (place / "fold.json").write_bytes(b"{")
    with pytest.raises(StoreError, match=r"fold\.json cannot be read"):
        store.folds.proved(KEY, stored.content)
    path.unlink()
    assert store.folds.proved(KEY, stored.content) is None
