"""`bancada rm`: withdraw runs."""

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
    from bancada.cli._saying import SaidDocument

__all__ = ["command"]

HELP = """Withdraw runs: they leave the board, and nothing is deleted.

RUN is a run (`r-…`), a candidate's name (the claim that its line on the board shows), or `best`. A claim that was tried
still counts as tried: what was seen cannot be unseen. --undo takes a withdrawal back. `bancada gc` frees the space of
runs that were withdrawn long enough ago.

\b
Examples:
  bancada rm r-3k9f --because "trained on the wrong column"
  bancada rm r-3k9f --undo
"""


@click.command("rm", help=HELP, short_help="Withdraw runs from the board; nothing is deleted.")
@click.argument("runs", nargs=-1, required=True, metavar="RUN...", shell_complete=complete_reference)
@click.option("--because", metavar="TEXT", default="", help="Why, for those who wonder later.")
@click.option("--undo", is_flag=True, help="Take the withdrawal of these runs back.")
@common_options()
def command(common: Common, runs: tuple[str, ...], *, because: str, undo: bool) -> None:
    """Withdraw runs, or take that back."""
    named = [run for run in runs if undo and not run.startswith("r-")]
    if named:
        raise UsageError(
            "A run that was withdrawn is named by its id.",
            f"Found {named[0]!r}.",
            "`bancada list` shows withdrawn runs with theirs.",
        )
    kind, told = ("restored", "restored") if undo else ("withdrawn", "withdrew")
    document = say(common, runs, kind, {"because": because} if because else {}, told)
    emit(document, as_json=common.as_json, render=_told)


def _told(document: SaidDocument) -> str:
    many = "1 run" if len(document.runs) == 1 else f"{len(document.runs)} runs"
    if document.kind == "restored":
        return f"{many} back on the board"
    return f"{many} withdrawn; `bancada rm --undo r-…` takes it back"
