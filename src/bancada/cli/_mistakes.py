"""`bancada errors`: where does a model err?"""

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
from bancada.judgement import errors
from bancada.report import errors as report

if TYPE_CHECKING:
    from bancada.cli._context import Common

__all__ = ["command"]

HELP = """Tell where a run errs: worst rows, confused classes, residuals, slices, suspected errors in the truth.

RUN is a candidate's name, a run (`r-…`), or `best`; with a second run B both stand side by side. All of it is read from
the predictions in the store and the data: no code of the project is executed, and sealed rows never appear.

\b
Examples:
  bancada errors best
  bancada errors boosting logistic
  bancada errors boosting --metric brier --rows 30 --features tenure,region
  bancada errors best --csv errors.csv --features all
"""

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("errors", help=HELP, short_help="Tell where a run errs: rows, classes, slices, residuals.")
@click.argument("run", shell_complete=complete_reference)
@click.argument("b", required=False, shell_complete=complete_reference)
@click.option("--metric", metavar="NAME", help="Metric whose loss orders the rows; the primary by default.")
@click.option(
    "--rows", type=click.IntRange(1), default=10, show_default=True, metavar="N", help="How many rows to list."
)
@click.option("--features", metavar="COLUMNS", help="Columns to show with each row: names between commas, or `all`.")
@click.option("--no-search", is_flag=True, help="Do not look for slices that nobody declared.")
@click.option("--csv", "csv_file", type=_FILE, metavar="FILE", help="Write a line per example as CSV.")
@click.option("--parquet", "parquet_file", type=_FILE, metavar="FILE", help="Write a line per example as Parquet.")
@common_options()
def command(  # noqa: PLR0913 - each an option of the verb
    common: Common,
    run: str,
    b: str | None,
    *,
    metric: str | None,
    rows: int,
    features: str | None,
    no_search: bool,
    csv_file: Path | None,
    parquet_file: Path | None,
) -> None:
    """Tell where a run errs."""
    with reading(common) as (project, store, index):
        name = judgement.meant_problem(store, common.problem, str(project.root), (run, b or ""))
        sides = [judgement.find_line(reference, index, name) for reference in (run, b) if reference is not None]
        examples = errors.open_examples(sides, project, store)
        columns = columns_named(features)
        document = errors.analyse(sides, examples, metric=metric, most=rows, features=columns, search=not no_search)
        for path, form in ((csv_file, "csv"), (parquet_file, "parquet")):
            if path is not None:
                report.write_rows(errors.take_away(examples, metric=metric, features=columns), path, form)
                click.echo(f"wrote {examples.n_rows:,} rows to {path}", err=True)
        emit(document, as_json=common.as_json, render=report.errors_tables)
