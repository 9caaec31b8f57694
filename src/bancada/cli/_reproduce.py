"""`bancada reproduce`: rebuild a run, compute it once more, compare every prediction."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from bancada import judgement, reproduction
from bancada.cli._completing import complete_reference
from bancada.cli._consenting import asking, trust_option
from bancada.cli._context import common_options
from bancada.cli._errors import DONE, NO
from bancada.cli._opening import reading
from bancada.cli._output import emit
from bancada.display import plain
from bancada.engine import origins
from bancada.exceptions import NotFoundError, UsageError
from bancada.report import reproducing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bancada.cli._context import Common
    from bancada.definitions import Project
    from bancada.records import RunRecord
    from bancada.reproduction import Reproduction
    from bancada.store import Index, Store

__all__ = ["command"]

HELP = """Rebuild a run, compute it once more, and compare every prediction of every fold and every score.

RUN is a candidate's name (the claim that its line on the board shows), a run (`r-…`), or `best`. Code, environment,
data, parameters and seed are those that were recorded; the verdict is kept with the run and shows on the board. A run
of somebody else is shown first, and asked about: see the guide on security.

\b
Verdicts:
  identical          every prediction is the same to the bit
  within-tolerance   some differ, by less than the task counts as a difference
  diverged           some differ: the first, the largest, and what has drifted
  impossible         something is missing: all of it is listed

\b
Examples:
  bancada reproduce best
  bancada reproduce --top 3                            the three best, for a nightly job: exit code 1 unless all hold
  bancada reproduce boosting --with-current-code       does it still hold?
  bancada reproduce r-3f9a1c --keep /tmp/look          keep the folder in which it was computed
"""
MOST = 100
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("reproduce", help=HELP, short_help="Rebuild a run, compute it once more, compare every prediction.")
@click.argument("runs", nargs=-1, metavar="[RUN]…", shell_complete=complete_reference)
@click.option("--top", type=click.IntRange(1, MOST), metavar="N", help="The N best of the board.")
@click.option("--with-current-code", is_flag=True, help="Take the project's files as they are now.")
@click.option("--with-current-environment", is_flag=True, help="Take this interpreter with its packages.")
@trust_option
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Lay the run out there, and keep it.",
)
@common_options()
def command(common: Common, runs: tuple[str, ...], top: int | None, *, trust: str | None, **asked: Any) -> int:
    """Reproduce runs."""
    _check(runs, top, asked["keep"])
    with reading(common) as (project, store, index):
        name = judgement.meant_problem(store, common.problem, str(project.root), runs)
        # What was judged and shown is what is executed; all of it before the first begins.
        records = [
            origins.agreed("reproduce", store, project, name, run_id, trust=trust, ask=asking()).scored()
            for run_id in _chosen(runs, top, index, name)
        ]
        ways = reproduction.Ways(
            current_code=asked["with_current_code"],
            current_environment=asked["with_current_environment"],
            keep=asked["keep"],
        )
        telling = Telling(sys.stderr)
        found = []
        with (
            reproduction.ended_by_signals(),
            telling.interrupted(),
            reproduction.Reproducer(project, store, os.environ, telling) as reproducer,
        ):
            for record in records:
                reproducer.check(record, ways)
            for record in records:
                telling.begin(record)
                try:
                    done = reproducer.reproduce(record, ways)
                finally:
                    telling.end()
                _say(done, project, store)
                found.append(done)
        index.refresh(name)
    if len(found) == 1 and top is None:
        emit(found[0], as_json=common.as_json, render=reproducing.reproduction_text)
    else:
        document = reproduction.Reproductions(reproductions=tuple(found))
        emit(document, as_json=common.as_json, render=reproducing.reproductions_table)
    return DONE if all(item.holds for item in found) else NO


def _check(runs: tuple[str, ...], top: int | None, keep: Path | None) -> None:
    if bool(runs) == (top is not None):
        found = "Both were given." if runs else "Neither was given."
        raise UsageError("Runs are named, or `--top N` takes the best.", found, "Try `bancada reproduce best`.")
    if keep is not None and (top is not None or len(runs) > 1):
        raise UsageError("`--keep` keeps the folder of one run.", "Several were asked for.", "Name one run.")


def _chosen(runs: tuple[str, ...], top: int | None, index: Index, problem: str) -> list[str]:
    if top is None:
        return list(dict.fromkeys(judgement.find_line(run, index, problem)[0].run_id for run in runs))
    board = judgement.current_board(index, problem, top=top)
    ranked = [row for row in board.rows if row.rank_low is not None][:top]
    if not ranked:
        raise NotFoundError(
            "`--top` takes lines of the board that have a rank.",
            f"No line of `{problem}` has one.",
            "See `bancada leaderboard` for what failed.",
        )
    return [row.run_id for row in ranked]


def _say(done: Reproduction, project: Project, store: Store) -> None:
    """Keep the verdict with the run."""
    statement = reproduction.verdict_statement(done, project.root)
    store.runs.say(done.problem, done.run_id, origins.said(statement, done.run_id, project))
    origins.sign_quietly(store, project, [(done.problem, done.run_id)])


class Telling:
    """Tells on stderr what happens: on a terminal in one line that changes, else in a line for each step.

    Args:
        stream: Where it is told.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._name = ""
        self._width = 0

    def begin(self, run: RunRecord) -> None:
        """Tell which run comes now."""
        self._name = f"{plain(run.candidate)} (r-{run.run_id[:6]})"

    def step(self, text: str) -> None:
        """Tell what is being done."""
        self._show(text, lasting=True)

    def fold(self, done: int, total: int, status: str) -> None:
        """Tell that a fold has ended."""
        failed = f", {plain(status)}" if status.startswith("failed") else ""
        self._show(f"fold {done} of {total}{failed}", lasting=bool(failed) or done == total)

    def end(self) -> None:
        """Take the line away."""
        if self._live:
            click.echo("\r" + " " * self._width + "\r", file=self._stream, nl=False)

    @contextmanager
    def interrupted(self) -> Iterator[None]:
        """Tell who ends it that nothing was done to the run."""
        try:
            yield
        except KeyboardInterrupt:
            click.echo("\nInterrupted: the run is untouched.", file=self._stream, nl=False)
            raise

    def _show(self, text: str, *, lasting: bool) -> None:
        line = f"{self._name}: {text}"
        if self._live:
            click.echo("\r" + line.ljust(self._width), file=self._stream, nl=False)
            self._width = max(self._width, len(line))
        elif lasting:
            click.echo(line, file=self._stream)
