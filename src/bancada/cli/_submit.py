"""`bancada submit`: predictions made anywhere, scored like those of any candidate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bancada import datasets, engine, report
from bancada import store as stores
from bancada.cli._context import common_options
from bancada.cli._opening import apart, board_of, keep_snapshot, load_definitions
from bancada.cli._output import emit
from bancada.display import plain
from bancada.engine import outside

if TYPE_CHECKING:
    from bancada.cli._context import Common

__all__ = ["command"]

HELP = """Score predictions that were made anywhere, by any language or vendor.

FILE (.csv, .tsv, .txt, .parquet, .arrow, .feather) has a column `id`, the columns of the task, such as `probability`,
`label` or `value`, and, where the split has several repeats, `repeat` and `fold`. `bancada show --split --csv` writes
the rows that are asked for. A repeat is submitted whole; the first repeats alone are enough. Nothing is kept unless
every row passes every check; what was made outside bancada is marked as such in its evidence.

\b
Examples:
  bancada show --split --csv > split.csv      train on `train`, predict `test`
  bancada submit predictions.csv --as vendor-a
  bancada submit out.parquet --as forest_in_r --problem churn --json
"""


@click.command("submit", help=HELP, short_help="Score predictions that were made anywhere.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "name", metavar="NAME", help="Name on the board.")
@common_options()
def command(common: Common, file: Path, name: str | None) -> None:
    """Submit predictions."""
    project = common.open_project()
    definitions = load_definitions(project)
    problem = definitions.problem(common.problem)
    said = outside.check_submitted_name(name, definitions.candidates)
    with apart():
        found = datasets.received(file)
    store = stores.Store.open(project.store, create=True)
    keep_snapshot(definitions, store)
    with apart():
        submission = outside.check_submission(found, said, engine.bind(problem, project, store))
    index = stores.Index(store, project.cache)
    try:
        with apart():
            answer = outside.accept(submission, index, file.name)
        view = report.run_view((answer,), problem.name)
        for warning in submission.warnings:
            click.echo(f"warning: {plain(warning)}", err=True)
        if common.as_json:
            emit(view.document, as_json=True, render=view.render)
            return
        click.echo(report.submitted_text(view.document), err=True)
        board = board_of(project, index, problem.name)
        emit(board, as_json=False, render=report.leaderboard_table)
        if not any(row.baseline for row in board.rows):
            click.echo("note: there is no baseline yet to hold it against: run `bancada run baseline`", err=True)
    finally:
        index.close()
