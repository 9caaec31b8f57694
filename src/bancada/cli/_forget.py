"""`bancada forget`: cut persons out of what is stored."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from bancada import display
from bancada import store as stores
from bancada.cli._context import common_options
from bancada.cli._output import emit
from bancada.exceptions import UsageError, counted

if TYPE_CHECKING:
    from bancada.cli._context import Common

__all__ = ["command"]

HELP = """Forget rows: cut the predictions of these ids out of all folds, and remove what else in the store holds them:
split tables, digests of rows, snapshots of data.

FILE holds one id a line, as a CSV file shows it. Scores stay, for they are sums over many rows. It cannot be undone.
Cut the rows out of the data first: a later run on data that holds them brings them back. Logs, kept files and fitted
models are not looked into; how many there are is said.

\b
Examples:
  bancada forget --ids left.txt --dry-run
  bancada forget --ids left.txt
"""


class ForgottenDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.forget/1`: what was forgotten."""

    schema: str = "bancada.forget/1"
    store: str
    done: bool
    ids: int
    found: int
    folds: int
    rows: int
    split_tables: int
    artifacts: int
    models: int
    row_tables: int
    snapshots: int
    elsewhere: int


@click.command("forget", help=HELP, short_help="Cut rows out of all that is stored, by their ids.")
@click.option(
    "--ids",
    "file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The ids, one a line.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be forgotten.")
@common_options(problem=False)
def command(common: Common, *, file: Path, dry_run: bool) -> None:
    """Forget rows."""
    ids = _read(file)
    project = common.open_project()
    store = stores.Store.open(project.store, create=False)
    found = store.forget(ids, dt.datetime.now(dt.UTC).isoformat(), dry=dry_run)
    if not dry_run:
        # Decoded copies of data files lie there; they are made anew when they are needed.
        shutil.rmtree(project.cache / "tables", ignore_errors=True)
    document = ForgottenDocument(
        store=str(store.root),
        done=not dry_run,
        ids=found.ids,
        found=found.found,
        folds=found.folds,
        rows=found.rows,
        split_tables=len(found.objects) - found.row_tables - found.snapshots,
        artifacts=found.artifacts,
        models=found.models,
        row_tables=found.row_tables,
        snapshots=found.snapshots,
        elsewhere=found.elsewhere,
    )
    emit(document, as_json=common.as_json, render=_told)


def _read(file: Path) -> set[str]:
    try:
        ids = {line.strip() for line in file.read_text(encoding="utf-8-sig").splitlines()} - {""}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            "The ids to forget stand in a text file, one a line.",
            f"`{file}` cannot be read as UTF-8 text: {error}.",
            "Write the ids into a text file.",
        ) from error
    if not ids:
        raise UsageError(
            "The ids to forget stand in a text file, one a line.", f"`{file}` holds none.", "Write them into it."
        )
    return ids


def _told(document: ForgottenDocument) -> str:
    verb = "forgot" if document.done else "would forget"
    rows, tables = display.count(document.rows), display.count(document.split_tables)
    where = f"{rows} predictions in {display.count(document.folds)} folds, and {tables} split tables"
    lines = [f"{verb} {where}", f"{display.count(document.found)} of {display.count(document.ids)} ids were met"]
    if document.row_tables or document.snapshots:
        lines.append(
            f"removed with them: {counted(document.row_tables, 'table')} of row digests, "
            f"{counted(document.snapshots, 'snapshot')} of data"
        )
    if document.elsewhere:
        lines.append(f"not looked into: {counted(document.elsewhere, 'snapshot')} of data outside of the store")
    if document.artifacts or document.models:
        lines.append(
            f"not looked into: {display.count(document.artifacts)} logs and files, "
            f"{display.count(document.models)} fitted models"
        )
    return "\n".join(lines)
