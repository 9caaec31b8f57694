"""`bancada gc`: free the space of what no record names."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click
import msgspec

from bancada import display
from bancada import store as stores
from bancada.cli._context import common_options
from bancada.cli._output import emit

if TYPE_CHECKING:
    from bancada.cli._context import Common

__all__ = ["command"]

DAY_S = 86_400
HELP = """Free the space of what no record names: folds and objects of runs that were withdrawn, and strays.

What a run or a snapshot of definitions names is never removed, nor anything younger than --days, for its run may not be
written yet. A fold that a killed sweep has acknowledged is kept. While a sweep is under way nothing is removed.

\b
Examples:
  bancada gc --dry-run
  bancada gc --days 90
"""


class CollectedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.gc/1`: what no record names."""

    schema: str = "bancada.gc/1"
    store: str
    removed: bool
    days: int
    folds: int
    objects: int
    size_bytes: int
    younger: int


@click.command("gc", help=HELP, short_help="Free the space of what no record names.")
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@click.option(
    "--days", type=click.IntRange(0), default=14, show_default=True, metavar="N", help="Keep what is younger."
)
@common_options(problem=False)
def command(common: Common, *, dry_run: bool, days: int) -> None:
    """Collect what no record names."""
    project = common.open_project()
    stores.Store.open(project.store, create=False)
    # Opened to write, it is rid of what killed processes have left aside.
    store = stores.Store.open(project.store, create=not dry_run)
    found = store.collect(before_s=time.time() - days * DAY_S, delete=not dry_run)
    document = CollectedDocument(
        store=str(store.root),
        removed=not dry_run,
        days=days,
        folds=found.folds,
        objects=found.objects,
        size_bytes=found.size_bytes,
        younger=found.young,
    )
    emit(document, as_json=common.as_json, render=_told)


def _told(document: CollectedDocument) -> str:
    verb = "removed" if document.removed else "would remove"
    size = f"{display.count(round(document.size_bytes / 1000))} kB"
    lines = [f"{verb} {_many(document.folds, 'fold')} and {_many(document.objects, 'object')}, {size}"]
    if document.younger:
        lines.append(f"{display.count(document.younger)} more are younger than {document.days} days and stay")
    return "\n".join(lines)


def _many(number: int, noun: str) -> str:
    return f"{display.count(number)} {noun}{'' if number == 1 else 's'}"
