"""`bancada store`: verify and rebuild."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import click
import msgspec

from bancada import display
from bancada.cli._context import common_options
from bancada.cli._errors import DONE, NO
from bancada.cli._opening import reading
from bancada.cli._output import emit
from bancada.exceptions import StoreError, counted

if TYPE_CHECKING:
    from bancada.cli._context import Common

__all__ = ["command"]


class StoreDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.store/1`: what a verb of the store found or did."""

    schema: str = "bancada.store/1"
    store: str
    verb: str
    runs: int
    findings: tuple[str, ...] = ()
    leftovers: int = 0


@click.group("store", short_help="Verify or rebuild the folder of records.")
def command() -> None:
    """Look after the folder of records."""


@command.command("verify")
@common_options(problem=False)
def verify(common: Common) -> int:
    """Prove every digest in the store, and that all that runs list is there. Exit code 1 where something is not."""
    with reading(common) as (_, store, index):
        for problem in store.runs.problems():
            with contextlib.suppress(StoreError):
                # What was put there by hand is in the index from now on; what cannot be read is a finding below.
                index.refresh(problem, thorough=True)
        findings = tuple(finding.what for finding in store.verify())
        count = sum(1 for _ in store.runs.walk())
        document = StoreDocument(
            store=str(store.root), verb="verify", runs=count, findings=findings, leftovers=len(store.leftovers())
        )
        emit(document, as_json=common.as_json, render=_verified)
    return NO if findings else DONE


@command.command("rebuild")
@common_options(problem=False)
def rebuild(common: Common) -> None:
    """Throw the index in the cache folder away, make it anew from the store, and remove what killed processes left."""
    with reading(common) as (_, store, index):
        left = store.clean()
        document = StoreDocument(store=str(store.root), verb="rebuild", runs=index.rebuild(), leftovers=left)
        emit(document, as_json=common.as_json, render=_rebuilt)


def _verified(document: StoreDocument) -> str:
    shown = display.plain(document.store)
    if document.findings:
        lines = [
            f"{display.count(len(document.findings))} findings in `{shown}`",
            *map(display.plain, document.findings),
        ]
    else:
        lines = [f"{counted(document.runs, 'run')} in `{shown}`: every digest holds"]
    if document.leftovers:
        lines.append(
            f"{display.count(document.leftovers)} files or folders were left half-written by killed processes: "
            "no damage; `bancada store rebuild` removes them"
        )
    return "\n".join(lines)


def _rebuilt(document: StoreDocument) -> str:
    told = f"{counted(document.runs, 'run')} of `{display.plain(document.store)}` are in the new index"
    return f"{told}; {display.count(document.leftovers)} leftovers removed" if document.leftovers else told
