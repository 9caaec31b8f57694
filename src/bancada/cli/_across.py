"""`bancada across`: candidates over many problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bancada.cli._completing import complete_reference
from bancada.cli._context import common_options
from bancada.cli._opening import reading
from bancada.cli._output import emit
from bancada.judgement import across
from bancada.report import across as across_report

if TYPE_CHECKING:
    from bancada.cli._context import Common

__all__ = ["command"]

HELP = """Hold candidates against each other over the problems of the store.

On each problem a candidate has the score of its line on the board. From ten problems on there are tests: Wilcoxon's for
two candidates, Friedman's and then Wilcoxon's for more. On fewer there are raw differences only.

\b
Examples:
  bancada across boosting logistic
  bancada across boosting logistic forest --metric roc_auc
  bancada across boosting logistic --problems churn,fraud --json
"""


@click.command("across", help=HELP, short_help="Hold candidates against each other over many problems.")
@click.argument("candidates", nargs=-1, required=True, shell_complete=complete_reference)
@click.option("--metric", metavar="NAME", help="Metric on every problem; the primary of each by default.")
@click.option("--problems", metavar="NAMES", help="Problems, between commas; all by default.")
@common_options()
def command(common: Common, candidates: tuple[str, ...], *, metric: str | None, problems: str | None) -> None:
    """Show candidates over problems."""
    named = [common.problem] if common.problem is not None else None
    if problems is not None:
        named = [name.strip() for name in problems.split(",") if name.strip()]
    with reading(common) as (_, __, index):
        found = across.across(index, candidates, problems=named, metric=metric)
        emit(found, as_json=common.as_json, render=across_report.across_tables)
