"""The benchmarks run; what they measure is never a test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def benchmarks(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.parametrize("name", [pytest.param("cache_soundness", marks=pytest.mark.slow), "hashing", "startup"])
def test_a_quick_measurement_prints_its_table_and_keeps_nothing(name: str) -> None:
    results = ROOT / "benchmarks" / "RESULTS.md"
    before = results.read_bytes() if results.exists() else None
    answer = benchmarks(name, "--quick")
    assert answer.returncode == 0, answer.stderr
    assert "| what | bar | result | beside it | |" in answer.stdout
    assert (results.read_bytes() if results.exists() else None) == before


def test_an_unknown_name_is_answered_with_those_that_exist() -> None:
    answer = benchmarks("nothing")
    assert answer.returncode == 2
    assert "there is no nothing; there are evidence" in answer.stderr
