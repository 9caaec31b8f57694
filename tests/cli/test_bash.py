"""Completion in a real bash."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.acceptance.conftest import typed  # noqa: F401 - a fixture

from bancada.cli._bash import LINE, Bash
from bancada.cli._main import program
from bancada.cli._shells import COMPLETION

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed

SOURCE = Path(__file__).resolve().parents[2] / "src"
ASK = """
bancada() { "$PYTHON" -c "import sys; sys.argv[0] = 'bancada'; from bancada.cli import main; main()" "$@"; }
env() { (export "$1" "$2"; bancada); }  # the script calls the program by its name on the PATH
compopt() { echo "option $2"; }
eval "$(bancada completion bash)"
COMP_LINE=$1 COMP_POINT=${#1}
_bancada_completion bancada
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def bash() -> Bash:
    return Bash(program(), {}, "bancada", COMPLETION)


@pytest.mark.parametrize(
    ("line", "before", "incomplete"),
    [
        ("bancada ", [], ""),
        ("bancada ru", [], "ru"),
        ("bancada run forest trees=", ["run", "forest"], "trees="),
        ("bancada run forest trees=5 ", ["run", "forest", "trees=5"], ""),
        ("bancada run 'logistic C=0.1", ["run"], "logistic C=0.1"),
        ("", [], ""),
    ],
)
def test_the_line_up_to_the_cursor_is_read_as_the_shell_reads_it(
    line: str, before: list[str], incomplete: str, bash: Bash, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LINE, line)
    assert bash.get_completion_args() == (before, incomplete)


def asked(typed: Typed, line: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:  # noqa: F811 - the fixture's value
    shell = shutil.which("bash")
    if shell is None:
        pytest.skip("bash is not installed")
    monkeypatch.setenv("PYTHON", sys.executable)
    monkeypatch.setenv("PYTHONPATH", str(SOURCE))
    answer = subprocess.run(
        [shell, "--norc", "-c", ASK, "_", line], cwd=typed.root, capture_output=True, text=True, timeout=60, check=True
    )
    assert answer.stderr == ""
    return answer.stdout.split("\n")[:-1]


def test_bash_completes_verbs_candidates_and_behind_an_equals_sign(
    typed: Typed,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert typed.runs("--plan").code == 0
    assert asked(typed, "bancada leader", monkeypatch) == ["leaderboard"]
    assert asked(typed, "bancada run s", monkeypatch) == ["second"]
    # No space is put behind `cut=`, and only what stands behind it is offered then.
    assert asked(typed, "bancada run first cu", monkeypatch) == ["option nospace", "cut="]
    assert asked(typed, "bancada run first cut=", monkeypatch) == ["0.0"]
    assert asked(typed, "bancada run first nothing", monkeypatch) == [""]
