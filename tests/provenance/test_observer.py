"""Which files a piece of work reads, and which modules it imports."""

from __future__ import annotations

import hashlib
import importlib
import linecache
import os
import sqlite3
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from bancada.identity import DigestMemo
from bancada.provenance import Observation, Observer, observed_digests
from bancada.provenance import _observer as internals

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for name in ("data/a.csv", "data/b.csv", "store/fold.json", ".git/HEAD", "notes.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x,y\n1,2\n")
    return folder


def observe(root: Path, work: Callable[[], object]) -> Observation:
    observer = Observer(root, (Path("store"),))
    observer.start()
    try:
        work()
    finally:
        seen = observer.stop()
    return seen


def test_files_below_the_root_are_told_relative_and_sorted(root: Path) -> None:
    def work() -> None:
        pd.read_csv(root / "data" / "b.csv")
        np.loadtxt(root / "data" / "a.csv", delimiter=",", skiprows=1)
        os.close(os.open(os.fsencode(root / "notes.txt"), os.O_RDONLY))

    assert observe(root, work) == Observation(files=("data/a.csv", "data/b.csv", "notes.txt"))


def test_nothing_is_seen_before_and_after(root: Path) -> None:
    observer = Observer(root)
    (root / "data/a.csv").read_text()
    observer.start()
    observer.stop()
    (root / "data/b.csv").read_text()
    assert observer.stop() == Observation()
    observer.start()
    (root / "notes.txt").read_text()
    assert observer.stop().files == ("notes.txt",)


def test_only_reading_counts(root: Path) -> None:
    def work() -> None:
        (root / "out.txt").write_text("new")
        (root / "out.txt").read_text()
        with (root / "log.txt").open("a") as file:
            file.write("line")
        with (root / "fresh.txt").open("x") as file:
            file.write("line")
        assert not (root / "absent.txt").exists()
        with pytest.raises(FileNotFoundError, match="absent"):
            (root / "absent.txt").read_text()
        with (root / "data/a.csv").open("r+") as file:
            file.read()
        (root / "data/b.csv").read_text()
        (root / "data/b.csv").write_text("overwritten")

    assert observe(root, work).files == ("data/a.csv", "data/b.csv")


def test_ignored_folders_git_and_bytecode_do_not_count(root: Path) -> None:
    def work() -> None:
        for name in ("store/fold.json", ".git/HEAD"):
            (root / name).read_text()
        (root / "__pycache__").mkdir()
        for name in ("__pycache__/x.bin", "x.pyc"):
            (root / name).write_bytes(b"")
        for name in ("__pycache__/x.bin", "x.pyc"):
            (root / name).read_bytes()

    assert observe(root, work) == Observation()


def test_files_elsewhere_are_told_in_full_but_not_those_of_the_system(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    (tmp_path / "temporary" / "scratch").write_text("x")
    (tmp_path / "elsewhere.csv").write_text("x")

    def work() -> None:
        (tmp_path / "elsewhere.csv").read_text()
        (tmp_path / "temporary" / "scratch").read_text()
        Path(os.__file__).read_text(encoding="utf-8")
        Path(np.__file__).read_text(encoding="utf-8")
        for name in ("/dev/null", "/etc/hosts"):
            if Path(name).exists():
                Path(name).read_bytes()

    assert observe(root, work) == Observation(outside=(str(tmp_path / "elsewhere.csv"),))


def test_a_project_inside_the_temporary_folder_is_seen_all_the_same(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    assert observe(root, (root / "notes.txt").read_text).files == ("notes.txt",)


def test_packages_installed_inside_the_root_do_not_count(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(root / ".venv"))
    (root / ".venv").mkdir()
    (root / ".venv" / "some.py").write_text("x = 1")
    assert observe(root, (root / ".venv" / "some.py").read_text) == Observation()


def test_links_and_relative_paths_lead_to_the_same_file(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to(root)
    monkeypatch.chdir(root / "data")

    def work() -> None:
        Path("a.csv").read_text()
        Path("../notes.txt").read_text()
        (tmp_path / "link" / "data" / "b.csv").read_text()
        os.chdir(root)

    assert observe(root, work).files == ("data/a.csv", "data/b.csv", "notes.txt")
    assert observe(tmp_path / "link", (root / "notes.txt").read_text).files == ("notes.txt",)


def test_modules_that_are_imported_meanwhile_are_files_too(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(root))
    (root / "early_module_of_mine.py").write_text("x = 1\n")
    (root / "late_package_of_mine").mkdir()
    (root / "late_package_of_mine" / "__init__.py").write_text("from . import part\n")
    (root / "late_package_of_mine" / "part.py").write_text("x = 1\n")
    importlib.import_module("early_module_of_mine")

    def work() -> None:
        importlib.import_module("late_package_of_mine")
        linecache.checkcache()
        linecache.getline(str(root / "early_module_of_mine.py"), 1)

    try:
        for _ in range(2):  # the second time from bytecode
            seen = observe(root, work)
            assert seen.modules == ("late_package_of_mine", "late_package_of_mine.part")
            assert seen.files == ("late_package_of_mine/__init__.py", "late_package_of_mine/part.py")
            assert seen.outside == ()
            for name in seen.modules:
                del sys.modules[name]
    finally:
        sys.modules.pop("early_module_of_mine", None)


def test_databases_and_other_threads_are_seen(root: Path) -> None:
    database = root / "data" / "facts.sqlite"
    sqlite3.connect(database).close()
    database.touch()

    def work() -> None:
        sqlite3.connect(database).close()
        thread = threading.Thread(target=(root / "notes.txt").read_text)
        thread.start()
        thread.join()

    assert observe(root, work).files == ("data/facts.sqlite", "notes.txt")


def test_two_observers_see_each_their_own_span(root: Path) -> None:
    outer, inner = Observer(root), Observer(root)
    outer.start()
    (root / "data/a.csv").read_text()
    inner.start()
    (root / "data/b.csv").read_text()
    assert inner.stop().files == ("data/b.csv",)
    (root / "notes.txt").read_text()
    assert outer.stop().files == ("data/a.csv", "data/b.csv", "notes.txt")


def test_one_hook_serves_the_process_and_tests_one_flag_when_idle(root: Path) -> None:
    for _ in range(3):
        observe(root, lambda: None)
    assert len(internals._INSTALLED) == 1
    assert internals._SPANS == []


def test_observed_files_have_digests_and_gone_ones_none(root: Path, tmp_path: Path) -> None:
    seen = Observation(files=("notes.txt", "gone.txt", "data/a.csv"))
    digests = observed_digests(root, seen, DigestMemo(tmp_path / "memo.sqlite"))
    content = hashlib.sha256(b"x,y\n1,2\n").hexdigest()
    assert [(item.path, item.digest) for item in digests] == [
        ("data/a.csv", content),
        ("gone.txt", ""),
        ("notes.txt", content),
    ]
    assert observed_digests(root, seen) == digests


def test_what_another_process_noted_is_judged_alike(root: Path) -> None:
    noted = [str(root / "data/a.csv"), str(root / "store/fold.json"), str(root / "gone.csv"), os.__file__]
    assert Observer(root, (Path("store"),)).judge(noted) == Observation(files=("data/a.csv",))


def test_a_temporary_file_counts_where_it_lay_there_before(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(temporary))
    for name in ("rates.csv", "matplotlib-x1/fontlist.json", "joblib_memmapping_folder_1/array.pkl", "later.csv"):
        (temporary / name).parent.mkdir(parents=True, exist_ok=True)
        (temporary / name).write_text("x")
    minute = 60_000_000_000
    later = temporary / "later.csv"

    def work() -> None:
        for path in temporary.rglob("*"):
            if path.is_file() and path != later:
                path.read_text()
        with tempfile.TemporaryDirectory(dir=temporary) as folder:
            made = Path(folder) / "made"
            made.write_text("x")
            made.read_text()
        (temporary / "made.csv").write_text("x")
        (temporary / "made.csv").read_text()

    # Had the work begun in a minute from now, what lies there would have lain there before.
    observer = Observer(root, since_ns=time.time_ns() + minute)
    observer.start()
    work()
    assert observer.stop() == Observation(outside=(str(temporary / "rates.csv"),))
    # Had it begun a minute ago, another process of it may have made them.
    assert Observer(root, since_ns=time.time_ns() - minute).judge([str(later)]) == Observation()
    assert Observer(root, since_ns=time.time_ns() + minute).judge([str(later)]) == Observation(outside=(str(later),))
