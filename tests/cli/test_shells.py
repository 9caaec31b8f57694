"""The answers to shells that complete."""

from __future__ import annotations

import pytest

from bancada.cli._main import program, run
from bancada.cli._shells import COMPLETION


@pytest.mark.parametrize("instruction", ["bash", "tcsh_complete", "bash_dance", "_"])
def test_an_instruction_that_no_script_gives_is_refused(instruction: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(program(), [], {COMPLETION: instruction}) == 1
    assert capsys.readouterr().out == ""
