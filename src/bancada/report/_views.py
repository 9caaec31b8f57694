"""Views: a document for machines and how people see it, held together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bancada.exceptions import StoreError
from bancada.report._documents import fit_document, plan_document, run_document
from bancada.report._drift import drift_table
from bancada.report._listing import (
    code_document,
    code_table,
    list_document,
    list_text,
    said_text,
    show_document,
    split_document,
    split_summary,
    stored_code,
)
from bancada.report._logged import LoggedFold, logged_command, logged_document, logged_text
from bancada.report._running import failures_text, fit_text, plan_table, run_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bancada.display import Table
    from bancada.engine import Answer, Binding, FittedModel, Plan
    from bancada.judgement.carrying import Drift
    from bancada.provenance import CodeClosure
    from bancada.records import FoldUse, RunRecord, Statement
    from bancada.report._listing import ShowDocument
    from bancada.store import IndexedRun, Store

__all__ = ["View", "code_view", "fit_view", "list_view", "log_view", "plan_view", "run_view", "show_view", "split_view"]


@dataclass(frozen=True, slots=True)
class View:
    """A document and how people see it.

    Attributes:
        document: A struct with a `schema`.
        render: Makes a table of the document, several, or text that is already plain.
        below: What people see below the board; None where that is nothing.
    """

    document: Any
    render: Callable[[Any], Table | str | tuple[Table, ...]]
    below: Table | None = None


def run_view(answers: Sequence[Answer], problem: str, drift: tuple[Drift, ...] | None = None) -> View:
    """Return what became of claims; people see the failures, since the board shows the rest."""
    return View(run_document(answers, problem, drift), failures_text, drift_table(drift) if drift else None)


def plan_view(plan: Plan) -> View:
    """Return what a sweep would do."""
    return View(plan_document(plan), plan_table)


def fit_view(model: FittedModel) -> View:
    """Return a fitted model and where it is kept."""
    return View(fit_document(model), fit_text)


def show_view(
    record: RunRecord, statements: Sequence[Statement] = (), origin: str = "", around: Sequence[str] = ()
) -> View:
    """Return one run, with whose it is, where it ran and what people said about it."""
    document = show_document(record, statements, origin)

    def render(shown: ShowDocument) -> Table:
        return run_table(shown.run, [*around, *(said_text(item) for item in shown.statements)], origin)

    return View(document, render)


def log_view(record: RunRecord, store: Store) -> View:
    """Return what a run's models, or its command, logged."""
    return View(logged_document(record, _logged(record, store), logged_command(record, store)), logged_text)


def _logged(record: RunRecord, store: Store) -> Iterator[LoggedFold]:
    for use in record.folds:
        lines = () if use.content is None else store.folds.log(use.key, use.content)
        kept = None if use.content is None else store.folds.read(use.key, use.content)
        files = () if kept is None else kept.files
        folder = str(store.folds.place(use.key, use.content) / "files") if files and use.content else None
        told = None if use.error is None else use.error.traceback or f"{use.error.type}: {use.error.message}"
        yield LoggedFold(
            repeat=use.repeat,
            fold=use.fold,
            status=use.status,
            lines=lines,
            files=files,
            folder=folder,
            error=told,
            output=_output(use, store),
        )


def _output(use: FoldUse, store: Store) -> str:
    """Return what a fold wrote, as far as it is kept."""
    if use.content is not None:
        return store.folds.output(use.key, use.content)
    if use.error is None or not use.error.output:
        return ""
    try:
        return store.objects.get(use.error.output).decode("utf-8", "replace")
    except StoreError as error:
        return error.found


def code_view(candidate: str, closure: CodeClosure | bytes) -> View:
    """Return the definitions that a candidate's identity consists of.

    Args:
        candidate: Name of the candidate.
        closure: The code as it is now, or the object that a run names as its code.
    """
    document = stored_code(candidate, closure) if isinstance(closure, bytes) else code_document(candidate, closure)
    return View(document, code_table)


def split_view(binding: Binding) -> View:
    """Return the split by its counts."""
    return View(split_document(binding), split_summary)


def list_view(
    snapshot: Mapping[str, Any],
    runs: Sequence[tuple[str, IndexedRun, RunRecord | None]],
    runs_in_all: int,
    unreadable: Sequence[tuple[str, str, str]],
    origins: Mapping[str, str] | None = None,
) -> View:
    """Return problems, candidates and runs; see `list_document`."""
    return View(list_document(snapshot, runs, runs_in_all, unreadable, origins), list_text)
