"""`bancada holdout`: score candidates on the sealed rows, and list every look at them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from bancada import engine, judgement
from bancada import store as stores
from bancada.cli._completing import complete_reference
from bancada.cli._consenting import asking, trust_option
from bancada.cli._context import common_options
from bancada.cli._errors import DONE, NO
from bancada.cli._opening import apart, keep_snapshot, load_definitions, reading
from bancada.cli._output import emit
from bancada.display import plain
from bancada.engine import holdout as looking
from bancada.engine import origins, sealing
from bancada.exceptions import NotFoundError, UsageError
from bancada.judgement import holdout as looked
from bancada.report import holdout as told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.cli._context import Common
    from bancada.engine import Binding, Workbench
    from bancada.engine.holdout import Foreseen, Taken
    from bancada.records import RunRecord

__all__ = ["command"]

SCORE_HELP = """Fit runs on all rows that are not sealed, score each once on the sealed ones, and count that as a look.

RUN is a candidate's name (the claim that its line on the board shows), a run (`r-…`), or `best`. Each run is a look of
its own: look j has intervals at 1 − 0.05 · 6/(π²j²), fixed when it is taken. A look is a statement on the run and a
line in `looks.toml`, for git. The very same once more is answered from the store, and counts nothing.

What it will cost is said first, and asked about; --yes answers.

\b
Examples:
  bancada holdout score best
  bancada holdout score boosting logistic --yes
  bancada holdout score r-3k9f --yes --json
"""
SHOW_HELP = """List every look at the sealed rows: who, when, which run, at which level, and what was shown.

Looks count by the rows, under whatever problem's name they were taken; those of colleagues come by `looks.toml`.
Nothing is computed, and nothing is counted.

\b
Examples:
  bancada holdout show
  bancada holdout show boosting             what its looks have shown
"""


@click.group("holdout", short_help="Score a candidate on the sealed rows, and count every look at them.")
def command() -> None:
    """Score the sealed rows, and count how often that was done."""


@command.command("score", help=SCORE_HELP, short_help="Score candidates on the sealed rows; each is a look.")
@click.argument("runs", nargs=-1, required=True, metavar="RUN…", shell_complete=complete_reference)
@click.option("--yes", is_flag=True, help="Look without being asked.")
@trust_option
@common_options()
def score(common: Common, runs: tuple[str, ...], *, yes: bool, trust: str | None) -> int:
    """Take looks."""
    project = common.open_project()
    store = stores.Store.open(project.store, create=False)
    definitions = load_definitions(project)
    problem = definitions.problem(common.problem)
    keep_snapshot(definitions, store)
    with engine.Workbench(project, store, workers=1, modules=project.modules, reads=definitions.reads) as bench:
        names = [judgement.find_line(reference, bench.index, problem.name)[0].run_id for reference in runs]
        records = [
            origins.agreed("holdout score", store, project, problem.name, name, trust=trust, ask=asking()).scored()
            for name in dict.fromkeys(names)
        ]
        # All of them can be fitted, before the first look is spent.
        requests = [engine.request_of(record, definitions) for record in records]
        with apart():
            binding = engine.bind(problem, project, store)
        foreseen = _foreseen(bench, binding, records)
        if not _agreed(foreseen, yes=yes):
            click.echo("No look was taken.", err=True)
            return NO
        with apart():
            taken = [
                looking.take_look(bench, binding, record, request)
                for record, request in zip(records, requests, strict=True)
            ]
        rows = foreseen[0].rows
        everything = looking.looks_at(rows, bench.index, project.root)
        document = told.holdout_document(
            problem.name,
            rows,
            everything,
            shown={item.look.look_id for item in taken},
            again={item.look.look_id for item in taken if item.again},
            more=_warnings(taken),
        )
    emit(document, as_json=common.as_json, render=told.holdout_tables)
    return DONE


@command.command("show", help=SHOW_HELP, short_help="List every look at the sealed rows.")
@click.argument("run", required=False, shell_complete=complete_reference)
@common_options()
def show(common: Common, run: str | None) -> None:
    """List the looks."""
    with reading(common) as (project, store, index):
        name = judgement.meant_problem(store, common.problem, str(project.root))
        record = judgement.find_line(run, index, name)[0] if run is not None else _newest(name, index)
        everything = looked.looked_at(record, index, project.root)
        rows = sealing.kept_rows(record, store)
        if everything is None or rows is None:
            raise UsageError(
                "Looks are looks at sealed rows.",
                f"The runs of `{name}` have recorded none.",
                "Say `holdout=0.2` in its split, and run the candidates.",
            )
        shown = None
        if run is not None:
            shown = {look.look_id for look in everything.looks if look.claim_id == record.claim_id}
            if not shown:
                raise NotFoundError(
                    "A run's looks can be shown once there is one.",
                    f"Nobody has looked at the holdout with `{record.candidate}`.",
                    f"`bancada holdout score {run}` takes one; `bancada holdout show` lists those of other runs.",
                )
        document = told.holdout_document(name, rows, everything, shown)
    emit(document, as_json=common.as_json, render=told.looks_tables if run is None else told.holdout_tables)


def _newest(problem: str, index: stores.Index) -> RunRecord:
    index.refresh(problem)
    found = index.newest(problem)
    if found is None:
        raise NotFoundError("A holdout is known once there is a run.", "There is none yet.", "Run `bancada run` first.")
    return found


def _foreseen(bench: Workbench, binding: Binding, records: Sequence[RunRecord]) -> list[Foreseen]:
    """Say what each look would cost; those before it count."""
    found: list[Foreseen] = []
    for record in records:
        ahead = sum(item.known is None for item in found)
        found.append(looking.foresee(bench, binding, record, ahead))
    return found


def _agreed(foreseen: Sequence[Foreseen], *, yes: bool) -> bool:
    """Say what it costs and return whether it shall be; where all is known already nothing is asked."""
    click.echo(told.cost_text(foreseen), err=True)
    if yes or all(item.known is not None for item in foreseen):
        return True
    if sys.stdin.isatty() and sys.stderr.isatty():
        return click.confirm("Look?", default=False, err=True)
    raise UsageError(
        "A look is taken when somebody agrees to it, and there is no terminal to ask on.",
        "`--yes` was not given; no look was taken.",
        "Add `--yes` if the time for it has come.",
    )


def _warnings(taken: Sequence[Taken]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plain(item.warning) for item in taken if item.warning))
