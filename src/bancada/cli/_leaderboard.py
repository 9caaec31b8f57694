"""`bancada leaderboard`: who leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bancada import judgement, report
from bancada.cli._context import common_options
from bancada.cli._opening import board_of, reading, warn_of_changes
from bancada.cli._output import emit
from bancada.judgement import optimism

if TYPE_CHECKING:
    from bancada.cli._context import Common

__all__ = ["command"]

HELP = """Show who leads, how certain that is, and what cannot be compared.

\b
Examples:
  bancada leaderboard
  bancada leaderboard --metric log_loss --top 5
  bancada leaderboard --all --json
  bancada leaderboard --data 2024-05              the board of an earlier version of the data
  bancada leaderboard --corrected                 what choosing the best adds to its score
"""


@click.command("leaderboard", help=HELP, short_help="Show who leads, and how certain that is.")
@click.option("--metric", metavar="NAME", help="Metric that orders the lines; the primary by default.")
@click.option("--top", type=click.IntRange(1), default=20, show_default=True, metavar="N", help="How many lines.")
@click.option("--all", "every_claim", is_flag=True, help="A line for every claim, not only the best of each candidate.")
@click.option("--data", metavar="VERSION", help="Version of the data; by default that of the newest run.")
@click.option(
    "--corrected",
    is_flag=True,
    help="Compute what choosing the best of all claims adds to its score by the primary metric.",
)
@common_options()
def command(
    common: Common, *, metric: str | None, top: int, every_claim: bool, data: str | None, corrected: bool
) -> None:
    """Show the board."""
    with reading(common) as (project, store, index):
        name = judgement.meant_problem(store, common.problem, str(project.root))
        if corrected:
            optimism.keep(optimism.correct(index, project, name), index, name)
        board = board_of(
            project, index, name, metric=metric, top=None if every_claim else top, every_claim=every_claim, data=data
        )
        warn_of_changes(project, store)
        emit(board, as_json=common.as_json, render=report.leaderboard_table)
