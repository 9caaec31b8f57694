"""Objects: equal content is kept once, under its digest, and nothing else is read for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bancada.exceptions import StoreError
from bancada.store import _objects

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.store import Store


def test_an_object_is_kept_once_under_its_digest(store: Store) -> None:
    name = store.objects.put(b"split")
    assert store.objects.put(b"split") == name
    assert store.objects.get(name) == b"split"
    assert len(list((store.root / "objects").iterdir())) == 1


def test_a_name_that_leads_out_of_the_store_is_refused(store: Store) -> None:
    for name in ("../store.json", "/etc/passwd", "a" * 63):
        with pytest.raises(StoreError, match="named by 64 hexadecimal digits"):
            store.objects.get(name)
    with pytest.raises(StoreError, match="Names in a store are letters"):
        store.runs.ids("../other")


def test_a_store_that_cannot_be_written_says_so(store: Store) -> None:
    (store.root / "objects").write_text("a file where a folder must be")
    with pytest.raises(StoreError, match=r"The store must be writable.*Not a directory|File exists"):
        store.objects.put(b"x")


def test_an_object_that_a_power_cut_tore_is_put_anew(store: Store) -> None:
    name = store.objects.put(b"split")
    store.objects.path(name).write_bytes(b"")
    assert store.objects.put(b"split") == name
    assert store.objects.get(name) == b"split"


def test_what_is_no_digest_names_no_object(store: Store) -> None:
    assert not store.objects.has("../store.json")


def test_no_more_is_read_of_an_object_than_is_allowed(store: Store) -> None:
    name = store.objects.put(b"0123456789")
    assert store.objects.get(name, 10) == b"0123456789"
    with pytest.raises(StoreError, match="has more than 9 bytes"):
        store.objects.get(name, 9)


def test_a_file_is_kept_by_its_content_and_leaves_nothing_aside(store: Store, tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"abc" * 3_000_000)
    name = store.objects.put_file(tmp_path / "large")
    assert store.objects.get(name) == b"abc" * 3_000_000
    assert store.objects.put_file(tmp_path / "large") == name
    assert [path.name for path in store.objects.folder.iterdir()] == [name]
    store.objects.path(name).write_bytes(b"torn")
    assert store.objects.put_file(tmp_path / "large") == name
    assert store.objects.get(name) == b"abc" * 3_000_000


@pytest.mark.parametrize("trouble", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_a_copy_that_was_broken_off_leaves_nothing_behind(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: BaseException
) -> None:
    (tmp_path / "large").write_bytes(b"abc" * 3_000_000)

    def fail(*_: object) -> None:
        raise trouble

    monkeypatch.setattr(_objects, "write_all", fail)
    expected = KeyboardInterrupt if isinstance(trouble, KeyboardInterrupt) else StoreError
    with pytest.raises(expected, match=None if expected is KeyboardInterrupt else "No space left on device"):
        store.objects.put_file(tmp_path / "large")
    assert list(store.objects.folder.iterdir()) == []
