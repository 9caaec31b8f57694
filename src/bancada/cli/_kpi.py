"""`bancada kpi`: what errors cost, where to decide, and how much depends on what was assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bancada import engine
from bancada import store as stores
from bancada.cli._context import common_options
from bancada.cli._opening import apart, load_definitions
from bancada.cli._output import emit
from bancada.judgement import kpi as judged
from bancada.report import kpi as shown
from bancada.store import Index

if TYPE_CHECKING:
    from bancada.cli._context import Common

__all__ = ["command"]

HELP = """Tell what the candidates are worth by the KPIs of the evaluation: from which probability on deciding positive
pays, how far each assumption moves before the ranking changes, and what each metric says about the KPI.

All is computed from stored predictions; nothing is fitted, nothing is written. The amounts are in the data and a KPI
may be a function, so that this verb imports the project's modules, as `bancada run` does.

\b
Examples:
  bancada kpi                                     every KPI
  bancada kpi "cost of errors"                    one of several
  bancada kpi --json
"""


@click.command("kpi", help=HELP, short_help="Tell what errors cost, where to decide, what that rests on.")
@click.argument("name", required=False)
@common_options()
def command(common: Common, *, name: str | None) -> None:
    """Show the KPIs."""
    project = common.open_project()
    definitions = load_definitions(project)
    problem = definitions.problem(common.problem)
    store = stores.Store.open(project.store, create=False)
    index = Index(store, project.cache)
    try:
        with apart():
            document = judged.kpi_document(index, engine.bind(problem, project, store), name)
    finally:
        index.close()
    emit(document, as_json=common.as_json, render=shown.kpi_tables)
