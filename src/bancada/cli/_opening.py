"""From the shared options to what a verb works with; no rule lives here."""

from __future__ import annotations

import datetime as dt
import gc
import sys
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING, Any

import click

from bancada import definitions as defined
from bancada import judgement
from bancada.display import plain
from bancada.engine import origins
from bancada.judgement import approvals, holdout
from bancada.store import Index, Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from bancada.cli._context import Common
    from bancada.definitions import Definitions, Project
    from bancada.judgement import Leaderboard

__all__ = ["apart", "board_of", "keep_snapshot", "load_definitions", "reading", "warn_of_changes"]


def apart() -> redirect_stdout[TextIO]:
    """Send what the project's own code prints to stderr: stdout holds the verb's answer and nothing else."""
    return redirect_stdout(sys.stderr)


def load_definitions(project: Project) -> Definitions:
    """Import the project's modules, and warn of those that fail.

    Where no problem is left, the first failure is the error that follows, and is told there.
    """
    try:
        with apart():
            definitions = defined.load(project)
    finally:
        # It was off while modules were imported; what they made is there to stay.
        gc.freeze()
        gc.enable()
    for failure in definitions.failures[0 if definitions.problems else 1 :]:
        click.echo(f"warning: module `{failure.module}` failed to import: {plain(failure.error)}", err=True)
        for line in failure.traceback.splitlines():
            click.echo(f"         {plain(line)}", err=True)
    return definitions


def keep_snapshot(definitions: Definitions, store: Store) -> None:
    """Keep what the project defines, for the verbs that execute no project code."""
    store.definitions.write(str(definitions.project.root), definitions.snapshot(), dt.datetime.now(dt.UTC).isoformat())


def board_of(project: Project, index: Index, problem: str, **asked: Any) -> Leaderboard:
    """Return the current board as `judgement.current_board` does, with what changes beside it.

    That is whose each line's runs are, who approved the evaluation, and how often the holdout was looked at.
    """
    board = judgement.current_board(index, problem, **asked)
    if project.team.roles:
        board = board.with_approved(approvals.approved_on(problem, board.evaluation_id, project))
    judge = origins.Judge(index.store, project)
    known = board.with_origins(judge.shown(problem, [run for row in board.rows for run in row.runs], index))
    return holdout.with_looks(known, index, project.root)


@contextmanager
def reading(common: Common) -> Iterator[tuple[Project, Store, Index]]:
    """Open what a reading verb needs: no project code is executed."""
    project = common.open_project()
    store = Store.open(project.store, create=False)
    index = Index(store, project.cache)
    try:
        yield project, store, index
    finally:
        index.close()


def warn_of_changes(project: Project, store: Store) -> None:
    """Say on stderr which source files have changed since the definitions were last imported."""
    current = store.definitions.current(str(project.root))
    changed = () if current is None else project.changed_sources(current)
    if changed and sys.stderr.isatty():
        names = ", ".join(f"`{plain(name)}`" for name in changed)
        click.echo(f"note: {names} changed since the last `bancada run`", err=True)
