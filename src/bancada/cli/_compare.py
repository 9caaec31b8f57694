"""`bancada compare`: is one candidate really better than another?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bancada import judgement, report
from bancada.cli._completing import complete_reference
from bancada.cli._context import common_options
from bancada.cli._opening import reading
from bancada.cli._output import emit

if TYPE_CHECKING:
    from bancada.cli._context import Common

__all__ = ["command"]

HELP = """Tell whether candidate A is really better than B, on the folds that both have.

A and B are candidates' names, runs (`r-…`), or `best`.

\b
Examples:
  bancada compare boosting logistic
  bancada compare best baseline --metric log_loss
  bancada compare r-3k9f r-81ab --json
"""


@click.command("compare", help=HELP, short_help="Tell whether one candidate is really better than another.")
@click.argument("a", shell_complete=complete_reference)
@click.argument("b", shell_complete=complete_reference)
@click.option("--metric", metavar="NAME", help="Metric to compare by; the primary by default.")
@common_options()
def command(common: Common, a: str, b: str, *, metric: str | None) -> None:
    """Compare two runs."""
    with reading(common) as (project, store, index):
        name = judgement.meant_problem(store, common.problem, str(project.root))
        first, second = (judgement.find_line(reference, index, name) for reference in (a, b))
        tried = judgement.tried_beside(first[0], index)
        comparison = judgement.compare(first, second, metric=metric, tried=tried)
        emit(comparison, as_json=common.as_json, render=report.comparison_table)
