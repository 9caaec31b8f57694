"""`bancada try`: one candidate against the leader, fold by fold."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, TextIO

import click

from bancada import engine, report
from bancada import store as stores
from bancada.cli._context import common_options
from bancada.cli._errors import DONE, INTERRUPTED, NO
from bancada.cli._opening import apart, keep_snapshot, load_definitions
from bancada.cli._output import emit
from bancada.exceptions import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.cli._context import Common
    from bancada.definitions import Definitions, Project
    from bancada.engine import Request, Workbench
    from bancada.report._trial import TrialDocument

__all__ = ["Asked", "command", "try_claim"]

HELP = """Try one candidate against the leader, fold by fold, and stop when it trails.

After each fold: its score, the difference Δ to the leader so far, how many folds a verdict would still need, and the
rows that were fixed and broken. The leader's folds are those in the store. What is stored is not computed again, and
`bancada run` takes every fold that a trial has computed. A trial that ends early counts among the claims tried.

\b
Examples:
  bancada try boosting                       against the leader, fold by fold
  bancada try boosting --watch               again on every save, until Ctrl-C
  bancada try boosting max_depth=6           with other parameters
  bancada try boosting --quick               one fold on at most 10,000 rows: does it run at all?
"""

QUICK_ROWS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the options of `bancada try` said; each attribute is the option of its name."""

    words: tuple[str, ...]
    quick: bool = False
    seed: int = 0
    timeout: float | None = None
    in_process: bool = False


@click.command("try", help=HELP, short_help="Try one candidate against the leader, fold by fold.")
@click.argument("words", nargs=-1, required=True, metavar="CANDIDATE [NAME=VALUE]…")
@click.option("--watch", is_flag=True, help="Try again on every save of the project's modules, until Ctrl-C.")
@click.option(
    "--quick", is_flag=True, help="The first fold on at most 10,000 rows; on no board, compared with nothing."
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    default=0,
    show_default=True,
    metavar="N",
    help="Every fold's seed follows from it.",
)
@click.option("--timeout", type=click.FloatRange(0, min_open=True), metavar="SECONDS", help="Limit for one fold.")
@click.option("--in-process", is_flag=True, help="Run folds in this process, for a debugger.")
@common_options()
def command(common: Common, *, watch: bool, **asked: Any) -> int:
    """Try one candidate."""
    project, said = common.open_project(), Asked(**asked)
    if not watch:
        return try_claim(common, load_definitions(project), said)
    answer: int = import_module("bancada.cli._watching").watch(common, project, said)
    return answer


def try_claim(
    common: Common,
    definitions: Definitions,
    asked: Asked,
    tick: Callable[[], None] | None = None,
    show: Callable[[TrialDocument], None] | None = None,
) -> int:
    """Try a candidate of definitions that are loaded, and show each fold; return the exit code.

    Args:
        common: The shared options.
        definitions: What the project defines.
        asked: What the verb's own options said.
        tick: Called now and then while a fold is computed.
        show: What becomes of the document where JSON is asked for; printed by default.
    """
    project = definitions.project
    problem = definitions.problem(common.problem)
    request = _only(engine.check_words(asked.words, definitions))
    # What the project's own code prints goes to stderr; lines for people are the answer.
    out = sys.stderr if common.as_json else sys.stdout
    store = stores.Store.open(project.store, create=True)
    keep_snapshot(definitions, store)
    with _workbench(project, store, definitions, asked) as bench, apart():
        binding = engine.bind(problem, project, store)
        if asked.quick:
            binding = binding.first_fold(QUICK_ROWS, asked.seed)
        limit = QUICK_ROWS if asked.quick else None
        plan = bench.plan([request], binding, seeds=[asked.seed], row_limit=limit)
        board = report.explore(bench, plan, tick=tick, say=lambda lines: _say(out, lines))
    if common.as_json:
        (show or _print)(board.document)
    if board.interrupted:
        return INTERRUPTED
    return NO if board.document.status == "failed" else DONE


def _workbench(project: Project, store: stores.Store, definitions: Definitions, asked: Asked) -> Workbench:
    # One fold at a time, so that it may have every core.
    return engine.Workbench(
        project,
        store,
        workers=1,
        modules=project.modules,
        reads=definitions.reads,
        in_process=asked.in_process,
        timeout_s=asked.timeout,
    )


def _only(requests: tuple[Request, ...]) -> Request:
    if len(requests) == 1:
        return requests[0]
    names = list(dict.fromkeys(request.label for request in requests))
    found = f"{len(names)} candidates" if len(names) > 1 else f"{len(requests)} sets of parameters of `{names[0]}`"
    raise UsageError(
        "A trial is of one candidate with one set of parameters.",
        f"Found {found}.",
        "Name one, with one value behind each parameter, or score all of them with `bancada run`.",
    )


def _say(out: TextIO, lines: list[str]) -> None:
    for line in lines:
        click.echo(line, file=out)


def _print(document: TrialDocument) -> None:
    emit(document, as_json=True, render=str)
