"""`bancada data`: lock the data of a project, tell what became of them, and what is wrong with them."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from bancada import engine
from bancada import store as stores
from bancada.cli._context import common_options
from bancada.cli._errors import DONE, NO
from bancada.cli._opening import apart, keep_snapshot, load_definitions
from bancada.cli._output import emit
from bancada.engine import checking, data
from bancada.report import checking as check_views
from bancada.report import data as views

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bancada.cli._context import Common
    from bancada.datasets import TableDataset
    from bancada.definitions import Project
    from bancada.store import Store

__all__ = ["command"]

HELP = """Lock the data of a project, tell what became of them, and what is wrong with them.

These verbs read the datasets that the project's problems name, so they import its modules, as `bancada run` does.

\b
Examples:
  bancada data lock                       write data.lock, for the repository
  bancada data lock --snapshot            and keep a copy of the data
  bancada data status                     are the data as they were locked?
  bancada data diff @lock churn           what changed since
  bancada data diff 2024-05 2024-06       two versions that were used here
  bancada data check                      leaks, duplicates, drift: what no score tells
"""

CHECK_HELP = """Check the data of a problem for what no score tells: leaks, duplicates, drift, too few rows.

Each finding comes with its numbers and a remedy. Nothing is fitted, and of the sealed rows nothing is read. Serious
findings stay on the board, as a note, until a later check of the same data does not have them.

Exit code 1 where a serious finding stands.

\b
Examples:
  bancada data check
  bancada data check --ignore alone:tenure     known, and meant to be there
  bancada data check --json
"""


@click.group("data", help=HELP, short_help="Lock the data of the project, check them, tell what became of them.")
def command() -> None:
    """Look after the data."""


@command.command("lock")
@click.option("--snapshot", is_flag=True, help="Keep a copy of the data, in the store or where `snapshot` says.")
@common_options(problem=False)
def lock(common: Common, *, snapshot: bool) -> int:
    """Write `data.lock` from the data as they are now. A run whose data differ from it stops."""
    with _datasets(common, complete=True) as (project, store, datasets):
        target = "store" if snapshot and project.snapshot == "none" else project.snapshot
        with apart():
            outcome = data.lock_data(datasets, project, store, snapshot=target)
        emit(views.lock_document(outcome), as_json=common.as_json, render=views.lock_text)
    return DONE


@command.command("status")
@common_options(problem=False)
def status(common: Common) -> int:
    """Tell whether the data are as they were locked. Exit code 1 where any are not."""
    with _datasets(common, complete=False) as (project, store, datasets):
        with apart():
            states = data.state_of_data(datasets, project, store)
        emit(views.status_document(states), as_json=common.as_json, render=views.status_text)
    return DONE if states.all_locked else NO


@command.command("diff")
@click.argument("old")
@click.argument("new")
@common_options(problem=False)
def diff(common: Common, *, old: str, new: str) -> int:
    """Tell how two versions of data differ: rows added, removed and changed, with the first ids, and columns.

    OLD and NEW are each a version that was used here (`2024-05`, or `churn@2024-05`), the first digits of its digest, a
    dataset as it is now (`churn`), a file, or `@lock`.
    """
    with _datasets(common, complete=False) as (project, store, datasets):
        with apart():
            one, two = (data.find_version(word, project, store, datasets) for word in (old, new))
        changes = None if one.rows is None or two.rows is None else data.differences(one.rows, two.rows)
        emit(views.diff_document(one, two, changes), as_json=common.as_json, render=views.diff_text)
    return DONE


@command.command("check", help=CHECK_HELP, short_help="Check the data for leaks, duplicates, drift, too few rows.")
@click.option(
    "--ignore",
    multiple=True,
    metavar="CHECK[:COLUMN]",
    help="Accept what a check finds, in one column or in all; may be repeated.",
)
@common_options()
def check(common: Common, *, ignore: tuple[str, ...]) -> int:
    """Check the data of a problem."""
    project = common.open_project()
    definitions = load_definitions(project)
    problem = definitions.problem(common.problem)
    store = stores.Store.open(project.store, create=True)
    keep_snapshot(definitions, store)
    with apart():
        # One repeat tells as much as three: the others draw the same rows.
        binding = engine.bind(problem, project, store, repeats=1)
        found = checking.check_data(binding, store, dt.datetime.now(dt.UTC).isoformat(), ignore)
    emit(check_views.check_document(binding, found), as_json=common.as_json, render=check_views.check_text)
    return NO if found.serious else DONE


@contextmanager
def _datasets(common: Common, *, complete: bool) -> Iterator[tuple[Project, Store, tuple[TableDataset, ...]]]:
    """Open the project's datasets; what its own code prints goes to stderr."""
    project = common.open_project()
    definitions = load_definitions(project)
    with apart():
        found = data.project_datasets(definitions, complete=complete)
    store = stores.Store.open(project.store, create=True)
    keep_snapshot(definitions, store)
    yield project, store, found
