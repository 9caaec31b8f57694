"""`bancada note`: write down what was thought about a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bancada.cli._completing import complete_reference
from bancada.cli._context import common_options
from bancada.cli._output import emit
from bancada.cli._saying import say
from bancada.exceptions import UsageError

if TYPE_CHECKING:
    from bancada.cli._context import Common

__all__ = ["command"]

HELP = """Write a note about a run; `bancada show` shows it.

RUN is a run (`r-…`), a candidate's name (the claim that its line on the board shows), or `best`. A note is never
changed: a later one stands beside it. What looks like a secret in it is masked.

\b
Examples:
  bancada note best "the drop in March is the new tariff"
  bancada note r-3k9f "do not ship: uses the future"
"""


@click.command("note", help=HELP, short_help="Write a note about a run.")
@click.argument("run", shell_complete=complete_reference)
@click.argument("text", nargs=-1, required=True, metavar="TEXT")
@common_options()
def command(common: Common, run: str, text: tuple[str, ...]) -> None:
    """Write a note."""
    words = " ".join(text).strip()
    if not words:
        raise UsageError(
            "A note says something.", "Its text is empty.", f'Write `bancada note {run} "what you found"`.'
        )
    document = say(common, [run], "note", {"text": words}, "noted on")
    emit(document, as_json=common.as_json, render=lambda _: f"kept; `bancada show {run}` shows it")
