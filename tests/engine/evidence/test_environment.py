"""The look at the environment beside the work: kept in the store, and no run ends for it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from bancada.engine.evidence import KeptEnvironment, Looking, kept_environment
from bancada.engine.evidence import _environment as room
from bancada.exceptions import StoreError
from bancada.records.environments import EnvironmentRecord, read_environment
from bancada.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.conftest import Folder


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store", create=True)


def test_what_was_found_is_an_object_that_names_every_package(store: Store, tmp_path: Path) -> None:
    looking = Looking(tmp_path, tmp_path / "cache", store)
    kept = looking.kept
    assert kept.name is not None
    record = read_environment(store.objects.get(kept.name))
    names = {package.name: package.origin for package in record.packages}
    assert (names["numpy"], names["bancada"]) == ("index", "kept")
    assert all(store.objects.has(name) for name in record.objects)
    assert looking.hardware["cores"] >= 1


def test_what_is_missing_and_what_is_noted_is_told(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = EnvironmentRecord(
        manager="uv", python="3", implementation="CPython", tag="", platform="", missing=("a",), notes=("b",)
    )
    monkeypatch.setattr(room, "capture", lambda *_: told)
    kept = kept_environment(tmp_path, tmp_path, store)
    assert (kept.missing, kept.notes) == (("a",), ("b",))


def test_what_goes_wrong_is_said_and_stops_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> EnvironmentRecord:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(room, "capture", fail)
    kept = Looking(tmp_path, tmp_path, store).kept
    assert kept.name is None
    assert kept.missing == ("its environment could not be captured: PermissionError: [Errno 13] Permission denied",)


def test_a_store_that_refuses_is_no_fault_of_the_environment(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> EnvironmentRecord:
        raise StoreError("The store must be writable.", "No space left on device.", "Free space.")

    monkeypatch.setattr(room, "capture", refuse)
    looking = Looking(tmp_path, tmp_path, store)
    with pytest.raises(StoreError, match="No space left on device"):
        _ = looking.kept


def test_a_machine_that_cannot_be_described_is_missed(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> dict[str, object]:
        raise RuntimeError("no such library")

    monkeypatch.setattr(room, "hardware", fail)
    monkeypatch.setattr(room, "kept_environment", lambda *_: KeptEnvironment("a" * 64, ("b",)))
    looking = Looking(tmp_path, tmp_path / "cache", store)
    assert looking.kept.name == "a" * 64
    assert looking.kept.missing == ("its machine could not be described: RuntimeError: no such library", "b")
    assert looking.hardware == {}


def test_what_the_look_reads_is_no_input_of_a_fold_of_this_process(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = folder.root / "requirements.txt"
    lock.write_text("")

    def look(*_: object) -> KeptEnvironment:
        threading.Event().wait(0.3)
        lock.read_text()
        return KeptEnvironment(None)

    monkeypatch.setattr(room, "kept_environment", look)
    folder.write(
        candidates="""
        import threading

        class Waits(GaussianNB):
            def fit(self, X, y):
                for thread in threading.enumerate():
                    if thread.name == "bancada-environment":
                        thread.join()
                return super().fit(X, y)

        @bc.candidate
        def waits():
            return Waits()
        """
    )
    files = [answer.record.provenance["files"] for answer in folder.run("waits")]
    assert all("requirements.txt" not in kept for kept in files)
