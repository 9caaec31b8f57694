"""`bancada sign`: sign runs by an SSH key."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
import msgspec

from bancada import judgement
from bancada.cli._completing import complete_reference
from bancada.cli._context import common_options
from bancada.cli._opening import reading
from bancada.cli._output import emit
from bancada.display import plain, short_id
from bancada.engine import origins

if TYPE_CHECKING:
    from bancada.cli._context import Common

__all__ = ["command"]

HELP = """Sign runs by the SSH key that your personal settings name, so that colleagues can tell that you made them.

RUN is a run (`r-…`), a candidate's name (the claim that its line on the board shows), or `best`. You sign your own
runs, with what you have said about them: the model that you fitted, your verdicts. Runs that you make while `key` is
set are signed as they end; this is for earlier ones, and for a key that asks for a passphrase.

\b
Set it up once, in ~/.config/bancada/config.toml:
  key = "~/.ssh/id_ed25519"                  signs what you run
  signers = "~/.ssh/allowed_signers"         whose signatures you accept, a line each: NAME KEY

\b
Examples:
  bancada sign best
  bancada sign r-3k9f r-8d2q
"""


class SignedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.sign/1`: which runs were signed, by which key."""

    schema: str = "bancada.sign/1"
    runs: tuple[str, ...]
    key: str


@click.command("sign", help=HELP, short_help="Sign runs by your SSH key, for colleagues.")
@click.argument("runs", nargs=-1, required=True, metavar="RUN...", shell_complete=complete_reference)
@common_options()
def command(common: Common, runs: tuple[str, ...]) -> None:
    """Sign runs."""
    with reading(common) as (project, store, index):
        name = judgement.meant_problem(store, common.problem, str(project.root), runs)
        lines = [judgement.find_line(reference, index, name) for reference in runs]
        found = {run.run_id: run for line in lines for run in line}
        origins.sign_runs(store, project, [(name, run_id) for run_id in found], ask=sys.stdin.isatty())
        index.refresh(name)
        if not common.as_json:
            for run in found.values():
                click.echo(f"signed {short_id(run.run_id)} ({plain(run.candidate)})", err=True)
    document = SignedDocument(runs=tuple(found), key=str(project.key))
    emit(document, as_json=common.as_json, render=_told)


def _told(document: SignedDocument) -> str:
    many = "1 run" if len(document.runs) == 1 else f"{len(document.runs)} runs"
    return f"{many} signed by {plain(document.key)}"
