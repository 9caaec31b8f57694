"""`bancada rescore`: judge all runs of a problem by its present evaluation."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from bancada import engine
from bancada import store as stores
from bancada.cli._context import common_options
from bancada.cli._errors import DONE, INTERRUPTED, NO
from bancada.cli._judging import Judging
from bancada.cli._opening import apart, keep_snapshot, load_definitions
from bancada.cli._output import emit
from bancada.report import rescoring

if TYPE_CHECKING:
    from bancada.cli._context import Common

__all__ = ["command"]

HELP = """Judge all runs of a problem by its present evaluation, from their kept predictions; nothing is fitted.

`bancada run` does the same when it ends. What is computed is added to each run; the scores that it had stay, with the
metric that they belong to. Runs on other data, another split or other roles are of another problem and are left alone;
so are withdrawn ones. Ctrl-C loses nothing: the next time goes on from there.

Exit code 1 where a run could not be judged.

\b
Examples:
  bancada rescore                   after a metric, a slice or the margin has changed
  bancada rescore --cores 8 --json
"""


@click.command("rescore", help=HELP, short_help="Judge all runs by the present evaluation; nothing is fitted.")
@click.option("--cores", type=click.IntRange(1), metavar="N", help="How many runs are scored at once.")
@common_options()
def command(common: Common, *, cores: int | None) -> int:
    """Judge all runs anew."""
    project = common.open_project()
    definitions = load_definitions(project)
    problem = definitions.problem(common.problem)
    store = stores.Store.open(project.store, create=True)
    keep_snapshot(definitions, store)
    with engine.Workbench(project, store, workers=cores, modules=project.modules, reads=definitions.reads) as bench:
        with apart():
            binding = engine.bind(problem, project, store)
            started = time.perf_counter()
            rescored = bench.renew(binding, Judging(sys.stderr))
        document = rescoring.rescore_document(binding, rescored, time.perf_counter() - started)
    emit(document, as_json=common.as_json, render=rescoring.rescore_text)
    if rescored.unscored and not common.as_json:
        click.echo(rescoring.unscored_text(rescored.unscored), err=True)
    if rescored.interrupted:
        if not common.as_json:
            click.echo("Interrupted: what was judged stays judged; the next time goes on from there.", err=True)
        return INTERRUPTED
    return NO if rescored.unscored else DONE
