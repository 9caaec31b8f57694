"""Laws of the memory that processes hold, seen from outside."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bancada.executors import _memory
from bancada.executors._memory import kernel_kills, memory_mb

if TYPE_CHECKING:
    from pathlib import Path

HOLDER = """
import sys
held = b"x" * 300_000_000
print("held", flush=True)
sys.stdin.read()
"""
linux = pytest.mark.skipif(not _memory._TELLS, reason="the system has no /proc")


def _grown(told: bool, monkeypatch: pytest.MonkeyPatch) -> float:
    """Return by how much this process and its children grow where a child takes 300 MB."""
    monkeypatch.setattr(_memory, "_TELLS", told)
    before = memory_mb(os.getpid())
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        return memory_mb(os.getpid()) - before


@linux
def test_children_count(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 280 < _grown(True, monkeypatch) < 360


def test_a_system_that_does_not_tell_is_asked_by_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 280 < _grown(False, monkeypatch) < 360


@linux
def test_pages_of_a_mapped_file_do_not_count(tmp_path: Path) -> None:
    np.ones(20_000_000).tofile(tmp_path / "data")
    before, resident = memory_mb(os.getpid()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    mapped = np.memmap(tmp_path / "data", dtype=np.float64, mode="r")
    assert mapped.sum() == 20_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >= resident
    assert memory_mb(os.getpid()) - before < 80


def test_a_process_that_has_gone_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    assert memory_mb(child.pid) == 0
    monkeypatch.setattr(_memory, "_TELLS", False)
    assert memory_mb(child.pid) == 0


def test_kills_of_the_kernel_are_counted_where_it_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kernel_kills() >= 0
    monkeypatch.setattr(_memory, "_KERNEL", tmp_path / "vmstat")
    assert kernel_kills() == 0
    (tmp_path / "vmstat").write_text("nr_free_pages 17\noom_kill 4\n")
    assert kernel_kills() == 4
