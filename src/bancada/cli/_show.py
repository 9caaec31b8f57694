"""`bancada show`: one run, its code, or the split."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from bancada import engine, judgement, provenance, report
from bancada import store as stores
from bancada.cli._completing import complete_reference
from bancada.cli._context import common_options
from bancada.cli._opening import apart, keep_snapshot, load_definitions, reading
from bancada.cli._output import emit
from bancada.engine import origins, outside
from bancada.exceptions import UsageError
from bancada.judgement import journal
from bancada.report import holdout, recorded
from bancada.report import journal as journals
from bancada.report._views import View

if TYPE_CHECKING:
    from bancada.cli._context import Common

__all__ = ["command"]

HELP = """Show one run: scores over all rows and over slices, parameters, evidence.

RUN is a candidate's name, a run (`r-…`), or `best`. With --code it shows which definitions the run's identity consists
of, and their texts as they were kept; a candidate that never ran is read from the project as it is now. With --patch it
shows how the project differed from its commit. With --log it shows what the model logged, the end
of what each fold wrote to its standard streams, and the errors of folds that failed. --split needs no RUN and shows
which rows train and test as the problem is defined now: it imports the project's modules. Sealed rows are counted and
not listed.

\b
Examples:
  bancada show best
  bancada show boosting --code
  bancada show boosting --patch | git apply
  bancada show forest --log
  bancada show --split --csv > split.csv      id, repeat, fold, part: train, valid or test
"""


@click.command("show", help=HELP, short_help="Show one run: scores, parameters, code, split.")
@click.argument("run", required=False, shell_complete=complete_reference)
@click.option("--code", is_flag=True, help="Show the definitions that the candidate's identity consists of.")
@click.option("--patch", is_flag=True, help="Show how the project differed from its commit, as `git apply` takes it.")
@click.option("--log", is_flag=True, help="Show what the model logged and wrote, fold by fold, and what failed.")
@click.option("--split", is_flag=True, help="Show which rows train and test in each fold.")
@click.option("--csv", "as_csv", is_flag=True, help="With --split: every row as CSV: id, repeat, fold, part.")
@common_options()
def command(common: Common, run: str | None, *, code: bool, patch: bool, log: bool, split: bool, as_csv: bool) -> None:
    """Show a run, its code or the split."""
    if as_csv and not split:
        raise UsageError("`--csv` writes the split.", "It was given without `--split`.", "Add `--split`.")
    if as_csv and common.as_json:
        raise UsageError("The split is written as CSV or as JSON.", "Both were asked for.", "Drop one of them.")
    if run is not None and split:
        raise UsageError("The split belongs to the problem.", f"Run `{run}` was named with it.", "Drop the name.")
    if split:
        _show_split(common, as_csv=as_csv)
    elif run is None:
        raise UsageError("`bancada show` needs a run.", "None was named.", "Try `bancada show best`, or `--split`.")
    elif patch:
        _show_patch(common, run)
    elif code:
        _show_code(common, run)
    else:
        _show_run(common, run, log=log)


def _show_run(common: Common, run: str, *, log: bool) -> None:
    with reading(common) as (project, store, index):
        name = judgement.meant_problem(store, common.problem, str(project.root), (run,))
        record = judgement.find_line(run, index, name)[0]
        stored = None if log else store.runs.read(name, record.run_id)
        said = () if stored is None else stored.statements
        if log:
            view = report.log_view(record, store)
        else:
            origin = origins.Judge(store, project).word(name, record.run_id)
            expected = journal.expected_of(record.run_id, index, name)
            around = (*journals.expected_lines(expected, record.run_id), *recorded.recorded_lines(record, store))
            shown = report.show_view(record, said, origin, (*around, *holdout.look_lines(said)))
            view = journals.with_expected(shown, expected)
        emit(view.document, as_json=common.as_json, render=view.render)


def _show_patch(common: Common, run: str) -> None:
    with reading(common) as (project, store, index):
        name = judgement.meant_problem(store, common.problem, str(project.root), (run,))
        document = recorded.patch_document(judgement.find_line(run, index, name)[0], store)
    emit(document, as_json=common.as_json, render=recorded.patch_text)


def _show_code(common: Common, name: str) -> None:
    view = _kept_code(common, name)
    if view is None:
        project = common.open_project()
        definitions = load_definitions(project)
        if common.problem is not None:
            definitions.problem(common.problem)
        candidate = definitions.candidate(name)
        code = provenance.ProjectCode(project.root, project.search)
        view = report.code_view(name, provenance.code_closure(candidate.module, candidate.qualname, code))
    emit(view.document, as_json=common.as_json, render=view.render)


def _kept_code(common: Common, name: str) -> View | None:
    """Return the code of a run as it was kept; None where nothing was run under that name, or no code was kept."""
    try:
        with reading(common) as (project, store, index):
            problem = judgement.meant_problem(store, common.problem, str(project.root), (name,))
            run = judgement.find_line(name, index, problem)[0]
            kept = recorded.source_code(run, store)
            return None if kept is None else View(kept, recorded.code_tables)
    except UsageError:
        if name == "best" or name.startswith("r-"):
            raise
        return None


def _show_split(common: Common, *, as_csv: bool) -> None:
    project = common.open_project()
    definitions = load_definitions(project)
    problem = definitions.problem(common.problem)
    store = stores.Store.open(project.store, create=True)
    keep_snapshot(definitions, store)
    with apart():
        binding = engine.bind(problem, project, store)
    if as_csv:
        outside.write_split(binding, sys.stdout.buffer)
        return
    view = report.split_view(binding)
    emit(view.document, as_json=common.as_json, render=view.render)
