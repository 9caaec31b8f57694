"""A light core: what does not compute loads nothing that computes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("jinja2", "numpy", "pandas", "pyarrow", "scipy", "sklearn")
ROOMS = sorted(path.parent.name for path in (ROOT / "src" / "bancada").glob("*/__init__.py"))

COMMAND_LINE = """
import os
from bancada.cli._main import program, run
assert run(program(), {arguments!r}, os.environ) == 0
"""


def heavy_after(program: str, folder: Path) -> list[str]:
    """Name the heavy libraries that a fresh interpreter holds after a program."""
    report = f"\nimport sys; print('heavy:', *[name for name in {HEAVY!r} if name in sys.modules])"
    command = [sys.executable, "-c", program + report]
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.splitlines()[-1].split()[1:]


def test_the_check_sees_what_is_loaded(tmp_path: Path) -> None:
    assert heavy_after("import numpy", tmp_path) == ["numpy"]


def test_import_bancada_loads_nothing_heavy(tmp_path: Path) -> None:
    assert heavy_after("import bancada", tmp_path) == []


def test_no_room_loads_anything_heavy_before_it_is_used(tmp_path: Path) -> None:
    one_by_one = "\n".join(
        [
            "import importlib, sys",
            f"for room in {ROOMS!r}:",
            "    importlib.import_module('bancada.' + room)",
            f"    loaded = [name for name in {HEAVY!r} if name in sys.modules]",
            "    assert not loaded, f'bancada.{room} loads {loaded}'",
        ]
    )
    assert heavy_after(one_by_one, tmp_path) == []


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"], ["leaderboard", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    assert heavy_after(COMMAND_LINE.format(arguments=arguments), tmp_path) == []
