"""`bancada completion`: the script that lets a shell complete verbs, candidates and runs."""

from __future__ import annotations

import os
from pathlib import PurePath

import click

from bancada.cli._shells import COMPLETION, SHELLS
from bancada.exceptions import UsageError

__all__ = ["command"]

HELP = """Print the script that lets your shell complete verbs, options, candidates, parameters, problems and runs.

Without SHELL it is the one that $SHELL names. Names come from what the last `bancada run` recorded; completing executes
no project code.

\b
Examples:
  echo 'eval "$(bancada completion bash)"' >> ~/.bashrc      bash 4.4 or later
  echo 'eval "$(bancada completion zsh)"' >> ~/.zshrc        after compinit
  bancada completion fish > ~/.config/fish/completions/bancada.fish
"""


@click.command("completion", help=HELP, short_help="Print the script that completes words in your shell.")
@click.argument("shell", type=click.Choice(list(SHELLS)), required=False)
def command(shell: str | None) -> None:
    """Print a completion script."""
    name = shell or PurePath(os.environ.get("SHELL", "")).name
    if name not in SHELLS:
        raise UsageError(
            "A completion script exists for bash, fish and zsh.",
            f"$SHELL is {os.environ.get('SHELL', '')!r}, which is none of them.",
            "Name one: `bancada completion zsh`.",
        )
    click.echo(SHELLS[name](click.Group(), {}, "bancada", COMPLETION).source())
