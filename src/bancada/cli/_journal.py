"""`bancada journal`: who tried what, why, and what came of it."""

from __future__ import annotations

import datetime as dt
import os
import sys
from typing import TYPE_CHECKING

import click

from bancada import judgement
from bancada.cli._context import common_options
from bancada.cli._opening import reading
from bancada.cli._output import emit, screen
from bancada.exceptions import UsageError
from bancada.judgement import journal as journals
from bancada.report import journal as report

if TYPE_CHECKING:
    from bancada.cli._context import Common

__all__ = ["command"]

HELP = """Tell who tried what, why, and what came of it, newest first.

Hypotheses (`bancada run --because … --expect …`) with their outcome, runs without one in a line, trials, commands,
notes, withdrawals, reproductions and looks at the holdout. It shows the newest 50 runs and what was said meanwhile.

\b
Examples:
  bancada journal
  bancada journal --candidate boosting --since 7d
  bancada journal --all --markdown > JOURNAL.md
"""


@click.command("journal", help=HELP, short_help="Tell who tried what, why, and what came of it.")
@click.option("--candidate", metavar="NAME", help="Only what is about this candidate.")
@click.option("--since", metavar="WHEN", help="From this date on (`2026-03-01`), or so long ago: `12h`, `7d`, `2w`.")
@click.option("--all", "every", is_flag=True, help="All runs, not only the newest 50.")
@click.option("--markdown", is_flag=True, help="Write Markdown.")
@common_options()
def command(common: Common, *, candidate: str | None, since: str | None, every: bool, markdown: bool) -> None:
    """Show the journal."""
    if markdown and common.as_json:
        raise UsageError("The journal is written as Markdown or as JSON.", "Both were asked for.", "Drop one of them.")
    begin = "" if since is None else journals.parse_since(since, dt.datetime.now(dt.UTC))
    with reading(common) as (project, store, index):
        name = judgement.meant_problem(store, common.problem, str(project.root))
        found = journals.journal(index, name, candidate=candidate, since=begin, every=every)
    width = screen(sys.stdout, os.environ).width
    fitting = report.WIDTH if width is None else min(width, report.WIDTH)
    emit(
        found,
        as_json=common.as_json,
        render=report.journal_markdown if markdown else lambda document: report.journal_text(document, fitting),
    )
