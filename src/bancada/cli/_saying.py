"""Saying something about runs that are finished: a statement beside each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click
import msgspec

from bancada import judgement, provenance
from bancada.cli._opening import reading
from bancada.display import plain, short_id
from bancada.exceptions import UsageError
from bancada.records import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.cli._context import Common
    from bancada.records import RunRecord
    from bancada.store import Store

__all__ = ["SaidDocument", "say"]


class SaidDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.statement/1`: what was said, and about which runs."""

    schema: str = "bancada.statement/1"
    kind: str
    runs: tuple[str, ...]
    content: dict[str, Any]
    said: str
    author: str


def say(common: Common, references: Sequence[str], kind: str, content: dict[str, str], told: str) -> SaidDocument:
    """Add a statement to each of these runs.

    Args:
        common: The shared options.
        references: Runs (`r-…`), candidates' names, `best`.
        kind: What kind of statement it is.
        content: Its fields; what looks like a secret in them is masked.
        told: What is told on stderr of each run, before its name.
    """
    with reading(common) as (project, store, index):
        name = judgement.meant_problem(store, common.problem, str(project.root), references)
        # All are found before anything is said: a slip in the last name must not leave half of it done.
        lines = [judgement.find_line(reference, index, name) for reference in references]
        runs = {run.run_id: run for line in lines for run in line}
        if kind == "restored":
            for run in runs.values():
                _check_whole(run, store)
        # Bytes that are no text reach a program as halves of characters, which no file can hold.
        whole = {field: text.encode(errors="replace").decode() for field, text in content.items()}
        masked = {field: provenance.mask_secrets(text) for field, text in whole.items()}
        said = dt.datetime.now(dt.UTC).isoformat()
        statement = Statement(kind=kind, said=said, content=masked, author=provenance.author(project.root))
        for run in runs.values():
            store.runs.say(name, run.run_id, statement)
            if not common.as_json:
                click.echo(f"{told} {short_id(run.run_id)} ({plain(run.candidate)})", err=True)
        index.refresh(name)
    return SaidDocument(kind=kind, runs=tuple(runs), content=masked, said=said, author=statement.author)


def _check_whole(run: RunRecord, store: Store) -> None:
    """Refuse to bring back a run whose predictions are gone."""
    lost = [use for use in run.folds if use.content and not store.folds.place(use.key, use.content).is_dir()]
    if lost:
        raise UsageError(
            "A withdrawal is taken back while the run's predictions are there.",
            f"`bancada gc` has removed {len(lost)} folds of {short_id(run.run_id)}.",
            f"Run it again: `bancada run {run.candidate}`.",
        )
