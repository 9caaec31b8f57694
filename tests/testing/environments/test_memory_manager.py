"""The manager in memory gives back what it was made with, and an interpreter that runs."""

from __future__ import annotations

import platform
import subprocess
from typing import TYPE_CHECKING

import pytest

from bancada.exceptions import EnvironmentNotRebuilt
from bancada.records.environments import EnvironmentRecord, Package
from bancada.testing.environments import MemoryManager

if TYPE_CHECKING:
    from pathlib import Path


def record(version: str) -> EnvironmentRecord:
    return EnvironmentRecord(
        manager="memory",
        python=platform.python_version(),
        implementation="CPython",
        tag="",
        platform="",
        packages=(Package(name="own", version=version, origin="manager"),),
    )


def test_its_packages_can_be_imported(tmp_path: Path) -> None:
    manager = MemoryManager({"own": ("1.0", {"own/__init__.py": "WORD = 'memory'\n"})})
    python = manager.rebuild(record("1.0"), tmp_path, {})
    program = "import own; from importlib.metadata import version; print(own.WORD, version('own'))"
    done = subprocess.run([python, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "memory 1.0\n"
    assert manager.manages(tmp_path, tmp_path)
    assert manager.facts(tmp_path, tmp_path).gives == {"own"}


def test_what_it_does_not_have_is_named(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentNotRebuilt, match=r"`own` 2\.0") as caught:
        MemoryManager({"own": ("1.0", {})}).rebuild(record("2.0"), tmp_path, {})
    assert caught.value.packages == ("own",)
