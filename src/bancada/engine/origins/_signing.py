"""Signatures beside finished runs, by the SSH key that the personal settings name."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from bancada.engine._recording import utc_now
from bancada.engine.origins._judging import Judge
from bancada.engine.origins._stamping import said
from bancada.exceptions import BancadaError, StoreError, UsageError
from bancada.provenance.origin import NoKey, find_key, sign_batch
from bancada.records import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.definitions import Project
    from bancada.store import Store, StoredRun

__all__ = ["sign_quietly", "sign_runs"]


def sign_runs(store: Store, project: Project, runs: Sequence[tuple[str, str]], *, ask: bool) -> None:
    """Sign runs by one signature, with the user's own statements about them: a statement beside each.

    Args:
        store: Where the runs are.
        project: Knows the key.
        runs: Problem and id of each.
        ask: True where `ssh-keygen` may ask for a passphrase on the terminal.

    Raises:
        StoreError: A run cannot be read, or the store cannot be written.
        UsageError: No key is named, it cannot be used, or a run is not the user's own.
    """
    if project.key is None:
        raise UsageError(
            "A run is signed by the SSH key that your personal settings name.",
            f"`{project.personal / 'config.toml'}` names none.",
            'Write `key = "~/.ssh/id_ed25519"` there, or set BANCADA_KEY.',
        )
    key = find_key(project.personal, make=False)
    if isinstance(key, NoKey):
        raise UsageError(
            "You sign your own runs, and your own key tells which those are.",
            f"It cannot tell: {key.reason}.",
            "Put that right first; a key is made on the first run.",
        )
    judge = Judge(store, project)
    found = [_own(store, judge, *run) for run in runs]
    vouched = [(item.data, [word for word in item.statements if judge.said(word, item).own]) for item in found]
    for item, content in zip(found, sign_batch(vouched, project.key, ask=ask), strict=True):
        record = item.record
        statement = Statement(kind="signature", said=utc_now(), content=dict(content), author=record.author)
        store.runs.say(record.problem.name, record.run_id, said(statement, record.run_id, project))


def sign_quietly(store: Store, project: Project, runs: Sequence[tuple[str, str]]) -> None:
    """Sign those of some runs that are the user's own, where the personal settings name a key; a failure is a warning.

    Args:
        store: Where the runs are.
        project: Knows the key.
        runs: Problem and id of each.
    """
    if project.key is None or not runs:
        return
    judge = Judge(store, project)
    try:
        sign_runs(store, project, [run for run in runs if judge.run(*run).own], ask=False)
    except BancadaError as error:
        message = f"not signed: {error.found} {error.remedy}"
        warnings.warn(message, UserWarning, stacklevel=2)


def _own(store: Store, judge: Judge, problem: str, run_id: str) -> StoredRun:
    stored = store.runs.read(problem, run_id)
    if stored is None:
        raise StoreError(
            "A run is signed once it is finished.", f"Run `r-{run_id[:8]}` is not.", "Run its candidate again."
        )
    if not judge.stored(stored, problem, run_id).own:
        raise UsageError(
            "A signature says: this is what I ran. You sign your own runs.",
            f"Run `r-{run_id[:8]}` of `{stored.record.candidate}` was not written under your key.",
            "Let whoever ran it sign it, or run it yourself.",
        )
    return stored
