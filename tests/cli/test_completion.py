"""The scripts that shells read."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from bancada.cli._main import program, run
from bancada.cli._shells import COMPLETION


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = run(program(), words, os.environ)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("shell", ["bash", "fish", "zsh"])
def test_each_script_is_one_that_its_shell_can_read(
    shell: str, capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    code, out, err = told(capsys, "completion", shell)
    assert (code, err) == (0, "")
    assert f"{COMPLETION}={shell}_complete" in out
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    script = tmp_path_factory.mktemp("scripts") / "script"
    script.write_text(out, encoding="utf-8")
    answer = subprocess.run([shell, "-n", str(script)], capture_output=True, text=True, timeout=30, check=False)
    assert (answer.returncode, answer.stderr) == (0, "")


def test_without_a_name_it_is_the_shell_of_the_environment(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELL", "/usr/bin/zsh")
    assert told(capsys, "completion") == told(capsys, "completion", "zsh")


@pytest.mark.parametrize("shell", ["/bin/dash", ""])
def test_a_shell_that_cannot_complete_is_named(
    shell: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELL", shell)
    code, out, err = told(capsys, "completion")
    assert (code, out) == (2, "")
    assert f"$SHELL is {shell!r}, which is none of them." in err
