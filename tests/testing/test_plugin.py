"""The plugin for pytest, in the folder of a real project and in processes of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.testing.projects import BROKEN, DEFINITIONS

from bancada.testing._plugin import _waived

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "bancada.toml").write_text('modules = ["orders"]\n')
    (root / "orders.py").write_text(DEFINITIONS)
    (root / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\n")
    (root / "test_own.py").write_text("def test_own():\n    assert True\n")
    return root


def run(root: Path, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", *arguments]
    answer = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=400, check=False)
    return answer.returncode, answer.stdout + answer.stderr


def test_a_broken_law_is_told_without_a_traceback_of_bancada(project: Path) -> None:
    (project / "orders.py").write_text(DEFINITIONS + BROKEN)
    (project / "pytest.ini").write_text(
        "[pytest]\naddopts = -p no:cacheprovider\nbancada = true\n"
        "bancada_waive =\n    late/candidate forgetful::one_row_is_answered: it is a demonstration\n"
    )
    code, told = run(project, "-v", "-rs", "-k", "(rows_are_answered or one_row_is) and not alone or depth or test_own")
    assert code == 1, told
    assert "test_own.py::test_own PASSED" in told
    assert "bancada::late/candidate tree::rows_are_answered PASSED" in told
    assert "`forgetful`: `predict` returned the shape" in told
    assert "waived: it is a demonstration" in told
    assert "no_such_setting" in told
    assert "orders.py:" in told
    assert "_model_laws.py" not in told
    assert "_check.py" not in told


@pytest.mark.slow
def test_it_runs_under_xdist(project: Path) -> None:
    code, told = run(project, "--bancada", "-n", "2", "-k", "split or test_own")
    assert code == 0, told
    assert "15 passed, 1 skipped" in told


def test_a_project_that_names_no_module_is_told_so(project: Path) -> None:
    (project / "bancada.toml").write_text("")
    code, told = run(project, "--bancada")
    assert code == 4
    assert "A project names the modules with its problems and candidates" in told
    assert "Traceback" not in told


def test_who_does_not_ask_pays_nothing(project: Path) -> None:
    (project / "test_own.py").write_text(
        "import sys\n\ndef test_own():\n"
        "    loaded = {'numpy', 'pandas', 'pyarrow', 'sklearn', 'bancada.testing._check'} & set(sys.modules)\n"
        "    assert 'bancada.testing._plugin' in sys.modules\n"
        "    assert loaded == set()\n"
    )
    code, told = run(project, "-q")
    assert code == 0, told
    assert "1 passed" in told


def test_each_waived_law_has_a_reason() -> None:
    assert _waived(["late/*::ids_ascend: hashes: no order"]) == {"late/*::ids_ascend": "hashes: no order"}
    with pytest.raises(pytest.UsageError, match=r"is a pattern and its reason\. Found 'late/\*'"):
        _waived(["late/*"])
