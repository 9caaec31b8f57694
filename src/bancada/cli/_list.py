"""`bancada list`: problems, candidates and runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bancada import judgement, report
from bancada.cli._context import common_options
from bancada.cli._opening import reading, warn_of_changes
from bancada.cli._output import emit
from bancada.engine import origins
from bancada.exceptions import StoreError

if TYPE_CHECKING:
    from bancada.cli._context import Common
    from bancada.records import RunRecord
    from bancada.store import Store

__all__ = ["command"]

HELP = """List what there is: problems, candidates with their parameters, and the newest runs.

It reads what the last `bancada run` left behind; no project code is executed.

\b
Examples:
  bancada list
  bancada list --runs 100 --json
  bancada list --failed                           and why
"""


@click.command("list", help=HELP, short_help="List problems, candidates and runs.")
@click.option("--runs", type=click.IntRange(0), default=20, show_default=True, metavar="N", help="How many runs.")
@click.option("--failed", is_flag=True, help="Runs that failed only, with the first error of each.")
@common_options()
def command(common: Common, *, runs: int, failed: bool) -> None:
    """List what there is."""
    with reading(common) as (project, store, index):
        snapshot = store.definitions.current(str(project.root)) or {}
        defined = {item["name"] for item in snapshot.get("problems", ())}
        if common.problem is None:
            names = store.runs.problems()
        else:
            meant = common.problem
            names = (meant if meant in defined else judgement.meant_problem(store, meant, str(project.root)),)
        entries = [(name, entry) for name in names for entry in index.listing(name)]
        unreadable = [(name, *entry) for name in names for entry in index.unreadable(name)]
        if failed:
            entries = [item for item in entries if item[1].status == "failed"]
        entries.sort(key=lambda item: item[1].started, reverse=True)
        warn_of_changes(project, store)
        shown = [(name, entry, _record(store, name, entry.run_id)) for name, entry in entries[:runs]]
        judge = origins.Judge(store, project)
        whose = {
            run_id: word
            for name in {name for name, _ in entries[:runs]}
            for run_id, word in judge.shown(name, [run.run_id for of, run, _ in shown if of == name], index).items()
        }
        view = report.list_view({} if failed else snapshot, shown, len(entries), unreadable, whose)
        emit(view.document, as_json=common.as_json, render=view.render)


def _record(store: Store, problem: str, run_id: str) -> RunRecord | None:
    try:
        stored = store.runs.read(problem, run_id)
    except StoreError:
        return None
    return None if stored is None else stored.record
