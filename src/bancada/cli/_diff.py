"""`bancada diff`: in what do two runs differ?"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from bancada import judgement
from bancada.cli._completing import complete_reference
from bancada.cli._context import common_options
from bancada.cli._opening import reading
from bancada.cli._output import emit
from bancada.exceptions import UsageError
from bancada.report import differing as report
from bancada.reproduction import differing

if TYPE_CHECKING:
    from bancada.cli._context import Common
    from bancada.judgement import Comparison
    from bancada.records import RunRecord
    from bancada.store import Index

__all__ = ["command"]

HELP = """Tell in what run B differs from run A: code, parameters, files, packages, data, problem, seed, machine.

A and B are candidates' names, runs (`r-…`), or `best`. All of it is read from what was recorded: no code of the project
is executed. Where both stand on one board, the verdict of `bancada compare` stands below.

\b
Examples:
  bancada diff boosting logistic
  bancada diff r-3k9f r-81ab --json
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
@common_options()
def command(common: Common, a: str, b: str, *, store_b: Path | None) -> None:
    """Tell in what two runs differ."""
    with ExitStack() as stack:
        first = _found(common, a, stack)
        second = _found(common if store_b is None else replace(common, store=store_b), b, stack)
        document = differing.diff(first[0], second[0], common.open_project())
        compared = None if store_b is not None else _compared(first, second)
        if compared is not None:
            document = msgspec.structs.replace(document, comparison=msgspec.to_builtins(compared))
        emit(document, as_json=common.as_json, render=lambda told: report.diff_tables(told, compared))


Found = tuple[differing.Recorded, tuple["RunRecord", ...], "Index"]


def _found(common: Common, reference: str, stack: ExitStack) -> Found:
    project, store, index = stack.enter_context(reading(common))
    if reference.startswith("r-") and common.problem is None:
        # A run names its problem by itself.
        problem, _ = store.runs.resolve(reference)
    else:
        problem = judgement.meant_problem(store, common.problem, str(project.root))
    line = judgement.find_line(reference, index, problem)
    return differing.Recorded(line[0], store, len(line)), line, index


def _compared(a: Found, b: Found) -> Comparison | None:
    """Return the comparison of B with A; None where they are not comparable."""
    if a[0].run.run_id == b[0].run.run_id:
        return None
    try:
        return judgement.compare(b[1], a[1], tried=judgement.tried_beside(a[0].run, a[2]))
    except UsageError:
        return None
