"""`bancada fit`: the model of a run, fitted on all rows that are not sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bancada import engine, judgement, report
from bancada import store as stores
from bancada.cli._completing import complete_reference
from bancada.cli._consenting import asking, trust_option
from bancada.cli._context import common_options
from bancada.cli._opening import apart, keep_snapshot, load_definitions
from bancada.cli._output import emit
from bancada.engine import origins

if TYPE_CHECKING:
    from bancada.cli._context import Common

__all__ = ["command"]

HELP = """Fit the model of a run on all rows that are not sealed, and keep it in the store.

RUN is a candidate's name (the claim that its line on the board shows), a run (`r-…`), or `best`. The code, the data and
the packages must still be those of the run. A run of somebody else is shown first, and asked about: see the guide on
security.

\b
Examples:
  bancada fit best
  bancada fit boosting --json
  bancada fit r-3k9f --trust ana@example.org      in CI: what this allowed signer has signed
"""


@click.command("fit", help=HELP, short_help="Fit a candidate on all rows that are not sealed and keep the model.")
@click.argument("run", shell_complete=complete_reference)
@trust_option
@common_options()
def command(common: Common, run: str, *, trust: str | None) -> None:
    """Fit and keep a model."""
    project = common.open_project()
    store = stores.Store.open(project.store, create=False)
    definitions = load_definitions(project)
    problem = definitions.problem(common.problem)
    keep_snapshot(definitions, store)
    with engine.Workbench(project, store, workers=1, modules=project.modules, reads=definitions.reads) as bench:
        found = judgement.find_line(run, bench.index, problem.name)[0]
        record = origins.agreed("fit", store, project, problem.name, found.run_id, trust=trust, ask=asking()).scored()
        with apart():
            binding = engine.bind(problem, project, store)
        model = bench.fit(record, engine.request_of(record, definitions), binding)
        view = report.fit_view(model)
        emit(view.document, as_json=common.as_json, render=view.render)
