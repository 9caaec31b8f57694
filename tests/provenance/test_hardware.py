"""The machine a run ran on."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
import threadpoolctl

from bancada.provenance import _hardware, hardware

if TYPE_CHECKING:
    from pathlib import Path


def test_the_machine_is_described() -> None:
    machine = hardware()
    told = ["affinity", "blas", "cores", "cpu", "gpu_driver", "gpus", "machine", "memory_bytes"]
    assert sorted(machine) == told
    assert machine["cores"] == os.cpu_count()
    assert 1 <= int(machine["affinity"]) <= int(machine["cores"])
    assert int(machine["memory_bytes"]) > 2**26


def test_the_libraries_of_linear_algebra_are_those_that_threadpoolctl_finds() -> None:
    np.linalg.inv(np.eye(2))
    found = {told["internal_api"] for told in threadpoolctl.threadpool_info() if told["user_api"] == "blas"}
    blas = hardware()["blas"]
    assert {told["library"] for told in blas} == found != set()
    assert blas == sorted(blas, key=lambda told: tuple(told.values()))
    assert all(told["version"] and sorted(told) == ["kernel", "library", "threads", "version"] for told in blas)


def test_without_numpy_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "numpy")
    assert hardware()["blas"] == []


def test_the_model_of_the_cpu_is_read_from_its_line(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("processor\t: 0\nmodel name\t: Some CPU: 2 GHz\nflags : x\n")
    assert _hardware._cpu_model(cpuinfo) == "Some CPU: 2 GHz"
    cpuinfo.write_text("processor\t: 0\n")
    assert _hardware._cpu_model(cpuinfo) == ""


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has the program that is absent here")
def test_what_cannot_be_found_is_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert _hardware._cpu_model(tmp_path / "absent") == ""
