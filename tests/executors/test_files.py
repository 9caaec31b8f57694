"""Imported files: whatever changed since they were read is noticed."""

from __future__ import annotations

import os
import sys
import time
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from bancada.executors._files import ImportedFiles

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "project" / "imported.py"
    path.parent.mkdir()
    path.write_text("value = 1")
    imported = ModuleType("imported")
    imported.__file__ = str(path)
    monkeypatch.setitem(sys.modules, "imported", imported)
    time.sleep(0.05)
    return path


def test_files_of_named_modules_and_of_folders_count(module: Path) -> None:
    watched = [
        ImportedFiles(("imported",), (), time.time_ns()),
        ImportedFiles((), (str(module.parent),), time.time_ns()),
        ImportedFiles(("imported",), (str(module.parent),), time.time_ns()),
    ]
    other = ImportedFiles(("os",), (str(module.parent / "deeper"),), time.time_ns())
    assert all(files.unchanged() for files in watched)
    module.write_text("value = 2")
    assert not any(files.unchanged() for files in watched)
    assert other.unchanged()


def test_a_change_that_hides_behind_an_old_time_is_noticed(module: Path) -> None:
    before = module.stat()
    files = ImportedFiles(("imported",), (), time.time_ns())
    module.write_text("value = 2")
    os.utime(module, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not files.unchanged()


def test_a_file_that_is_gone_has_changed(module: Path) -> None:
    files = ImportedFiles(("imported",), (), time.time_ns())
    module.unlink()
    assert not files.unchanged()


def test_of_a_file_that_was_written_during_the_imports_nobody_knows_what_was_read(module: Path) -> None:
    begun_ns = time.time_ns()
    time.sleep(0.05)
    module.write_text("value = 2")
    assert not ImportedFiles(("imported",), (), begun_ns).unchanged()
