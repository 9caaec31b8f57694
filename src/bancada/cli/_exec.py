"""`bancada exec`: a training script, run as it is and recorded."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from bancada import engine, report
from bancada import store as stores
from bancada.cli._context import common_options
from bancada.cli._errors import DONE, INTERRUPTED, NO
from bancada.cli._opening import apart, board_of, keep_snapshot, load_definitions
from bancada.cli._output import emit
from bancada.display import plain
from bancada.engine import outside
from bancada.exceptions import UsageError

if TYPE_CHECKING:
    from bancada.cli._context import Common
    from bancada.definitions import Project
    from bancada.engine.outside import Executed
    from bancada.records import RunRecord

__all__ = ["command"]

HELP = """Run a training script as it is, and record what it does.

Recorded are the command line, the commit and what differs from it, the files that its Python processes read, the
environment, the machine, the output, and what `bc.log` and `bc.log_artifact` say. Where the script calls
`bc.submit(predictions)`, its run stands on the board; where it never does, `bancada list` and `bancada show` have it.
Programs in other languages are recorded by the files that they name; --reads names more.

\b
Examples:
  bancada exec -- python train.py --depth 3
  bancada exec --as forest-in-r --reads data -- Rscript train.R
"""


@click.command(
    "exec",
    help=HELP,
    short_help="Run a training script as it is, and record what it does.",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.option("--as", "name", metavar="NAME", help="Name on the board; the script's own by default.")
@click.option("--reads", multiple=True, metavar="PATH", help="A file or a folder that the command reads; repeatable.")
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="-- COMMAND [ARGUMENT]…")
@common_options()
def command(common: Common, words: tuple[str, ...], name: str | None, reads: tuple[str, ...]) -> int:
    """Run a command."""
    _refuse_options(words)
    project = common.open_project()
    definitions = load_definitions(project)
    problem = definitions.problem(common.problem)
    said = outside.check_submitted_name(name or _stem(words), definitions.candidates)
    store = stores.Store.open(project.store, create=True)
    keep_snapshot(definitions, store)
    with apart():
        binding = engine.bind(problem, project, store)
    index = stores.Index(store, project.cache)
    try:
        asked = outside.Command(
            words=words,
            name=said,
            reads=reads,
            folder=Path.cwd(),
            taken=tuple(definitions.candidates),
            aside=common.as_json,
        )
        done = outside.execute(asked, binding, index, _told)
        _show(common, project, done, index)
    finally:
        index.close()
    return _code(done)


def _refuse_options(words: tuple[str, ...]) -> None:
    if not words:
        raise UsageError(
            "`bancada exec` runs a command.", "None was given.", "Write `bancada exec -- python train.py`."
        )
    if words[0].startswith("-"):
        raise UsageError(
            "Options of `bancada exec` stand before `--`, the command behind it.",
            f"There is no option `{words[0]}`.",
            "`bancada exec --help` shows what it takes.",
        )


def _stem(words: tuple[str, ...]) -> str:
    """Return the name of the script: the first argument that is a file with a suffix, else the program."""
    named = next((word for word in words[1:] if Path(word).suffix and Path(word).is_file()), words[0])
    return Path(named).stem


def _told(record: RunRecord) -> dict[str, Any]:
    answer = engine.Answer(record, record.status)
    document: dict[str, Any] = msgspec.to_builtins(report.run_view((answer,), record.problem.name).document)
    return document


def _show(common: Common, project: Project, done: Executed, index: stores.Index) -> None:
    problem = done.answers[0].record.problem.name
    view = report.run_view(done.answers, problem)
    if common.as_json:
        emit(view.document, as_json=True, render=view.render)
        return
    for answer in done.answers:
        click.echo(plain(_line(answer.record, done)), err=True)
    if any(answer.record.folds for answer in done.answers):
        emit(board_of(project, index, problem), as_json=False, render=report.leaderboard_table)


def _line(record: RunRecord, done: Executed) -> str:
    run = f"{record.candidate} (r-{record.run_id[:6]})"
    if done.ended.code > 0:
        return f"{run} {record.status}: the command ended with exit code {done.ended.code}"
    if done.ended.code < 0:
        number = -done.ended.code
        names = {item.value: item.name for item in signal.Signals}
        return f"{run} {record.status}: the command was ended by {names.get(number, f'signal {number}')}"
    if not record.folds:
        return f"{run} done: the command submitted no predictions; `bancada show r-{record.run_id[:6]}` has its record"
    return f"{run} done: {len(record.folds)} folds were submitted"


def _code(done: Executed) -> int:
    if done.answers[0].status == "interrupted":
        return INTERRUPTED
    return DONE if done.ended.code == 0 else NO
