"""`bancada diff`: in what do two runs differ?"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from bancada import judgement, reproduction
from bancada.cli._completing import complete_reference
from bancada.cli._consenting import asking, trust_option
from bancada.cli._context import common_options
from bancada.cli._opening import reading
from bancada.cli._output import emit
from bancada.cli._reproduce import Telling
from bancada.engine import origins
from bancada.exceptions import UsageError
from bancada.report import differing as report
from bancada.reproduction import differing, explaining

if TYPE_CHECKING:
    from bancada.cli._context import Common
    from bancada.definitions import Project
    from bancada.judgement import Comparison
    from bancada.records import RunRecord
    from bancada.store import Index

__all__ = ["command"]

HELP = """Tell in what run B differs from run A: code, parameters, files, packages, data, problem, seed, machine.

A and B are candidates' names, runs (`r-…`), or `best`. All of it is read from what was recorded: no code of the project
is executed. Where both stand on one board, the verdict of `bancada compare` stands below.

With --explain A is rebuilt and computed with one ingredient of B at a time: that says how much of the difference of the
scores each accounts for. Runs of somebody else are shown first, and asked about.

\b
Examples:
  bancada diff boosting logistic
  bancada diff r-3k9f r-81ab --json
  bancada diff boosting r-81ab --explain
  bancada diff best best --store-b ../colleague/.bancada
"""


@click.command("diff", help=HELP, short_help="Tell in what two runs differ.")
@click.argument("a", shell_complete=complete_reference)
@click.argument("b", shell_complete=complete_reference)
@click.option(
    "--store-b",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Look B up in another folder of records.",
)
@click.option(
    "--explain", is_flag=True, help="Compute A with one ingredient of B at a time: what makes the difference?"
)
@click.option("--with-current-environment", is_flag=True, help="With --explain: compute by this interpreter as it is.")
@trust_option
@common_options()
def command(
    common: Common,
    a: str,
    b: str,
    *,
    store_b: Path | None,
    explain: bool,
    with_current_environment: bool,
    trust: str | None,
) -> None:
    """Tell in what two runs differ."""
    if with_current_environment and not explain:
        raise UsageError(
            "`--with-current-environment` says how `--explain` computes.",
            "It was given without `--explain`.",
            "Add `--explain`, or drop it: nothing is computed then.",
        )
    if explain and store_b is not None:
        raise UsageError(
            "`--explain` computes with the records of one store.",
            "B was looked up in another one.",
            "Copy its folder over yours first: a union of two stores is a store.",
        )
    with ExitStack() as stack:
        first = _found(common, a, stack)
        second = _found(common if store_b is None else replace(common, store=store_b), b, stack)
        document = differing.diff(first[0], second[0], common.open_project())
        if explain:
            found = _explained(document, first, second, trust, current=with_current_environment)
            document = msgspec.structs.replace(document, explanation=found)
        compared = None if store_b is not None else _compared(first, second)
        if compared is not None:
            document = msgspec.structs.replace(document, comparison=msgspec.to_builtins(compared))
        emit(document, as_json=common.as_json, render=lambda told: report.diff_tables(told, compared))


Found = tuple[differing.Recorded, tuple["RunRecord", ...], "Index", "Project"]


def _explained(
    document: differing.Diff, a: Found, b: Found, trust: str | None, *, current: bool
) -> differing.Explanation:
    project, store = a[3], a[0].store
    runs = [
        origins.agreed(
            "diff --explain", store, project, run.problem.name, run.run_id, trust=trust, ask=asking()
        ).scored()
        for run in (a[0].run, b[0].run)
    ]
    telling = Telling(sys.stderr)
    with (
        reproduction.ended_by_signals(),
        explaining.Explainer(project, store, os.environ, telling, current=current) as explainer,
    ):
        telling.begin(runs[0])
        found = explainer.explain(document, *runs)
        telling.end()
    return found


def _found(common: Common, reference: str, stack: ExitStack) -> Found:
    project, store, index = stack.enter_context(reading(common))
    problem = judgement.meant_problem(store, common.problem, str(project.root), (reference,))
    line = judgement.find_line(reference, index, problem)
    return differing.Recorded(line[0], store, len(line)), line, index, project


def _compared(a: Found, b: Found) -> Comparison | None:
    """Return the comparison of B with A; None where they are not comparable."""
    if a[0].run.run_id == b[0].run.run_id:
        return None
    try:
        return judgement.compare(b[1], a[1], tried=judgement.tried_beside(a[0].run, a[2]))
    except UsageError:
        return None
