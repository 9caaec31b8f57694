"""The shells that can complete, and the answer that each is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.shell_completion import FishComplete, ZshComplete

from bancada.cli._bash import Bash

if TYPE_CHECKING:
    from click.shell_completion import ShellComplete

__all__ = ["COMPLETION", "SHELLS", "answer"]

COMPLETION = "_BANCADA_COMPLETE"
SHELLS: dict[str, type[ShellComplete]] = {"bash": Bash, "fish": FishComplete, "zsh": ZshComplete}


def answer(group: click.Group, instruction: str) -> int:
    """Answer a shell that completes.

    Args:
        group: The program.
        instruction: What the shell's script put into the variable `COMPLETION`, such as `bash_complete`.

    Returns:
        0; 1 where no script gives such an instruction.
    """
    shell, _, act = instruction.partition("_")
    if shell not in SHELLS or act not in {"complete", "source"}:
        return 1
    found = SHELLS[shell](group, {}, "bancada", COMPLETION)
    click.echo(found.complete() if act == "complete" else found.source())
    return 0
