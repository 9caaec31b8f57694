"""Laws of the check before a fork; each in a process of its own, for the test runner's may hold any library."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import bancada
from bancada.executors import fork_hazard

linux = pytest.mark.skipif(sys.platform != "linux", reason="the system's threads are counted on Linux only")
SOURCE = str(Path(bancada.__file__).parents[1])


def _hazard_after(code: str, **environment: str) -> str:
    program = f"{code}\nfrom bancada.executors import fork_hazard\nprint(fork_hazard())"
    told = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={**os.environ, "PYTHONPATH": SOURCE, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.strip()


@linux
def test_imported_numerical_libraries_are_safe() -> None:
    assert _hazard_after("import numpy, scipy.linalg, pandas, pyarrow") == "None"


@linux
def test_pools_that_only_openblas_has_are_safe() -> None:
    code = "import numpy\na = numpy.ones((300, 300))\na @ a"
    assert _hazard_after(code, OPENBLAS_NUM_THREADS="4") == "None"


@linux
def test_threads_of_openmp_are_a_hazard() -> None:
    code = (
        "import numpy\nfrom sklearn.metrics import pairwise_distances_argmin\n"
        "a = numpy.random.default_rng(0).random((4000, 8))\npairwise_distances_argmin(a, a)"
    )
    if (os.cpu_count() or 1) < 2:
        pytest.skip("OpenMP starts no thread on one core")
    assert "no BLAS pool accounts for" in _hazard_after(code, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="2")


@linux
def test_a_python_thread_is_a_hazard_and_named() -> None:
    code = "import threading, time\nthreading.Thread(target=time.sleep, args=(9,), name='poller', daemon=True).start()"
    assert _hazard_after(code) == "another Python thread runs (`poller`)"


@linux
def test_cuda_is_a_hazard_once_initialised() -> None:
    code = (
        "import sys, types\ntorch = sys.modules['torch'] = types.ModuleType('torch')\n"
        "torch.cuda = types.SimpleNamespace(is_initialized=lambda: {answer})"
    )
    assert _hazard_after(code.format(answer=True)) == "CUDA is initialised"
    assert _hazard_after(code.format(answer=False)) == "None"


def test_macos_is_a_hazard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "macOS" in str(fork_hazard())


def test_a_platform_without_fork_is_a_hazard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    assert "has no fork" in str(fork_hazard())


@linux
def test_the_thread_of_an_executor_is_a_hazard_until_it_is_shut_down() -> None:
    code = (
        f"import sys\nsys.path.append({str(Path(__file__).parent)!r})\nfrom bancada.executors import *\n"
        "pool = ProcessExecutor('executor_jobs:actor', workers=1, session=b'')\nprint(pool.fresh, fork_hazard())\n"
        "pool.shutdown(cancel=True)"
    )
    assert _hazard_after(code) == "False another Python thread runs (`bancada-executor`)\nNone"
