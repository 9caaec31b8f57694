"""`bancada compare`: is one candidate really better than another?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bancada import judgement
from bancada.cli._columns import columns_named
from bancada.cli._completing import complete_reference
from bancada.cli._context import common_options
from bancada.cli._opening import reading
from bancada.cli._output import emit
from bancada.judgement import errors, paired
from bancada.report import errors as errors_report

if TYPE_CHECKING:
    from bancada.cli._context import Common

__all__ = ["command"]

HELP = """Tell whether candidate A is really better than B, on the folds that both have.

A and B are candidates' names, runs (`r-…`), or `best`. All of it is read from the store and the data: no code of the
project is executed.

\b
Examples:
  bancada compare boosting logistic
  bancada compare best baseline --metric log_loss
  bancada compare boosting logistic --rows --features tenure,region
  bancada compare boosting logistic --csv changes.csv
  bancada compare r-3k9f r-81ab --json
"""


@click.command("compare", help=HELP, short_help="Tell whether one candidate is really better than another.")
@click.argument("a", shell_complete=complete_reference)
@click.argument("b", shell_complete=complete_reference)
@click.option("--metric", metavar="NAME", help="Metric to compare by; the primary by default.")
@click.option("--rows", is_flag=True, help="List the rows that A fixes and breaks, with their features.")
@click.option("--features", metavar="COLUMNS", help="Columns shown with them: names between commas, or `all`.")
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write these rows, with all their features, as CSV.",
)
@common_options()
def command(
    common: Common, a: str, b: str, *, metric: str | None, rows: bool, features: str | None, csv_file: Path | None
) -> None:
    """Compare two runs."""
    with reading(common) as (project, store, index):
        name = judgement.meant_problem(store, common.problem, str(project.root), (a, b))
        first, second = (judgement.find_line(reference, index, name) for reference in (a, b))
        tried = judgement.tried_beside(first[0], index)
        comparison = judgement.compare(first, second, metric=metric, tried=tried)
        comparison = paired.over_rows(comparison, first, second, project, store)
        wanted = rows or features is not None or csv_file is not None
        columns = None if features is None and csv_file is not None else columns_named(features)
        comparison = errors.with_rows(comparison, first, second, project, store, listed=wanted, features=columns)
        if csv_file is not None:
            written = errors_report.write_changes(comparison, csv_file)
            click.echo(f"wrote {written:,} rows to {csv_file}", err=True)
        emit(comparison, as_json=common.as_json, render=errors_report.comparison_tables)
