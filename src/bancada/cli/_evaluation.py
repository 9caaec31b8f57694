"""`bancada evaluation`: show how a problem is judged, approve it, and tell how far it is approved."""

from __future__ import annotations

import datetime as dt
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bancada import display
from bancada.cli._completing import complete_role
from bancada.cli._context import common_options
from bancada.cli._errors import DONE, NO
from bancada.cli._opening import keep_snapshot, load_definitions
from bancada.cli._output import emit
from bancada.display import markdown
from bancada.exceptions import ConfigurationError, UsageError
from bancada.judgement import approvals
from bancada.report import approvals as views
from bancada.store import Index, Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bancada.cli._context import Common
    from bancada.definitions import Project
    from bancada.judgement.approvals import Told

__all__ = ["command"]

HELP = """Show how a problem is judged, approve it, and tell how far it is approved.

Roles and their members stand in `[tool.bancada.team]`; approvals are lines of `approvals.toml`, for the repository.
Each is bound to what it approves: what changes afterwards lapses it, and a comment or another layout changes nothing.

\b
Examples:
  bancada evaluation show                               the document that people approve
  bancada evaluation show --html evaluation.html
  bancada evaluation approve --subject evaluation --role product
  bancada evaluation approve --subject code --sign      runs its tests first
  bancada evaluation status                             what is approved, and what is missing
"""

_fresh = click.option("--fresh", is_flag=True, help="Import the project's modules first, to read them as they are now.")


@click.group("evaluation", help=HELP, short_help="Show how a problem is judged, and approve it.")
def command() -> None:
    """Look after the evaluation."""


@command.command("show")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write a page to FILE.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print Markdown.")
@_fresh
@common_options()
def show(common: Common, *, html: Path | None, as_markdown: bool, fresh: bool) -> None:
    """Show how a problem is judged, with reasons and alternatives, and who approved it. No project code is executed."""
    if sum((html is not None, as_markdown, common.as_json)) > 1:
        found = "Several of `--html`, `--markdown` and `--json` were given."
        raise UsageError("The document is shown in one form.", found, "Keep one of them.")
    with _told(common, fresh=fresh) as (project, store, told, changed):
        index = Index(store, project.cache)
        try:
            rows = views.known_rows(index, told.name, project.root)
        finally:
            index.close()
        document = views.evaluation_document(
            told, approvals.status_of(told, project), project, rows=rows, changed=changed
        )
    sections = views.evaluation_sections(document)
    if html is not None:
        _write(html, display.page(views.document_title(document), views.page_fragments(sections)))
    elif as_markdown:
        click.echo(markdown.to_markdown(sections), nl=False)
    else:
        emit(document, as_json=common.as_json, render=views.evaluation_sections)


@command.command("approve")
@click.option(
    "--subject",
    "subjects",
    multiple=True,
    required=True,
    metavar="NAME",
    shell_complete=lambda _ctx, _param, begun: [name for name in approvals.SUBJECTS if name.startswith(begun)],
    help="What: `evaluation`, `code`, `guide` or `alternatives`. May be given several times.",
)
@click.option(
    "--role", metavar="NAME", shell_complete=complete_role, help="In which role; not needed by who has only one."
)
@click.option("--sign", is_flag=True, help="Sign it by the SSH key that your personal settings name.")
@click.option("--withdraw", is_flag=True, help="Take your own approval back.")
@common_options()
def approve(common: Common, *, subjects: tuple[str, ...], role: str | None, sign: bool, withdraw: bool) -> None:
    """Approve the evaluation, its code, its guide or its alternatives, as they are now.

    You are who git says; you must be a member of the role. Before code is approved its tests run, and they must execute
    every statement of it. The project's modules are imported.
    """
    if sign and withdraw:
        raise UsageError("An approval is signed or taken back.", "Both were asked for.", "Drop one of them.")
    wanted = tuple(dict.fromkeys(map(approvals.checked_subject, subjects)))
    approver = approvals.approver_of(role, common.open_project())
    with _told(common, fresh=True) as (project, _, told, _):
        gone = 0
        if withdraw:
            gone = approvals.withdraw(told, wanted, approver, project)
        else:
            now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            approvals.approve(told, wanted, approver, project, now=now, sign=sign, ask=sys.stdin.isatty())
        status = approvals.status_of(told, project)
    document = views.approval_document(
        status,
        wanted,
        role=approver.role,
        who=approver.who,
        signed=sign,
        withdrawn=gone,
    )
    emit(document, as_json=common.as_json, render=views.approval_text)


@command.command("status")
@_fresh
@common_options()
def status(common: Common, *, fresh: bool) -> int:
    """Tell how far the evaluation is approved, what lapsed and why. Exit code 1 where something is missing."""
    with _told(common, fresh=fresh) as (project, _, told, changed):
        found = approvals.status_of(told, project)
    document = views.status_document(found, changed)
    emit(document, as_json=common.as_json, render=views.status_tables)
    return NO if any(outcome.status == "failed" for outcome in document.outcomes) else DONE


@contextmanager
def _told(common: Common, *, fresh: bool) -> Iterator[tuple[Project, Store, Told, tuple[str, ...]]]:
    """Open how a problem is judged, and say which source files changed since that was read."""
    project = common.open_project()
    if not fresh and not project.store.is_dir():
        approvals.told_problem(None, common.problem)  # says what to do where nothing was ever read
    store = Store.open(project.store, create=fresh)
    if fresh:
        keep_snapshot(load_definitions(project), store)
    snapshot = store.definitions.current(str(project.root))
    told = approvals.told_problem(snapshot, common.problem)
    yield project, store, told, project.changed_sources(snapshot or {})


def _write(place: Path, text: str) -> None:
    try:
        place.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            "The page is written to the file that `--html` names.",
            f"`{place}` cannot be written: {error.strerror or error}.",
            "Name a file in a folder that is there.",
        ) from error
    click.echo(f"wrote `{display.plain(str(place))}`", err=True)
