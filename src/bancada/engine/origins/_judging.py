"""Whose the runs of a store are, for one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.exceptions import StoreError
from bancada.identity import digest, digest_bytes
from bancada.provenance.origin import NoKey, Origin, find_key, origin_of, said_by

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bancada.definitions import Project
    from bancada.records import Statement
    from bancada.store import Index, Store, StoredRun

__all__ = ["Judge"]

_FOREIGN = Origin("foreign")


class Judge:
    """Tells whose runs are, by the key and the allowed signers of one person.

    Args:
        store: Where the runs are.
        project: Knows the personal settings.
    """

    def __init__(self, store: Store, project: Project) -> None:
        key = find_key(project.personal, make=False)
        self._key = None if isinstance(key, NoKey) else key
        self._signers = project.signers
        self._store = store

    def run(self, problem: str, run_id: str) -> Origin:
        """Return whose a run is.

        Raises:
            ConfigurationError: A signature is to be verified, and the file of allowed signers cannot be read.
            StoreError: The run cannot be read.
            UsageError: A signature is to be verified, and there is no `ssh-keygen`.
        """
        stored = self._store.runs.read(problem, run_id)
        return _FOREIGN if stored is None else self.stored(stored, problem, run_id)

    def stored(self, stored: StoredRun, problem: str, run_id: str) -> Origin:
        """Return whose a run is that was read; one that lies in another run's place is nobody's.

        Raises:
            ConfigurationError: A signature is to be verified, and the file of allowed signers cannot be read.
            UsageError: A signature is to be verified, and there is no `ssh-keygen`.
        """
        if (stored.record.problem.name, stored.record.run_id) != (problem, run_id):
            return _FOREIGN
        return origin_of(stored.data, stored.statements, self._key, self._signers)

    def said(self, statement: Statement, stored: StoredRun) -> Origin:
        """Return who has said something about a run.

        Raises:
            ConfigurationError: A signature is to be verified, and the file of allowed signers cannot be read.
            UsageError: A signature is to be verified, and there is no `ssh-keygen`.
        """
        run_id = stored.record.run_id
        return said_by(statement, stored.data, run_id, stored.statements, self._key, self._signers)

    def shown(self, problem: str, run_ids: Iterable[str], index: Index) -> dict[str, str]:
        """Return in words whose some runs are, to be shown; remembered until something is written about the problem.

        Nothing executes on the strength of this: what acts asks `run`.

        Args:
            problem: Name of the problem.
            run_ids: The runs.
            index: Where it is remembered.
        """
        wanted = sorted(set(run_ids))
        if not wanted:
            return {}
        named = [wanted, None if self._key is None else self._key.name, _content(self._signers)]
        view, stamp = f"origins-{digest(named)[:16]}", index.refresh(problem)
        kept = index.view(problem, view, stamp)
        if kept is not None:
            words = kept.decode().split("\n")
            return dict(zip(wanted, words, strict=True))
        found = {run_id: self.word(problem, run_id) for run_id in wanted}
        index.keep_view(problem, view, stamp, "\n".join(found.values()).encode())
        return found

    def word(self, problem: str, run_id: str) -> str:
        """Return in words whose a run is, and whether what makes its grade was said by nobody knows whom.

        A verdict makes the grade of a run's evidence, and so does what came out when it was computed twice; anybody who
        can write to the store can leave one beside it. What was said after it and counts for nothing hides none.

        Args:
            problem: Name of the problem.
            run_id: The run.
        """
        try:
            stored = self._store.runs.read(problem, run_id)
        except StoreError:
            stored = None
        if stored is None:
            return str(_FOREIGN)
        origin = self.stored(stored, problem, run_id)
        doubtful = origin != _FOREIGN and any(self.said(told, stored) == _FOREIGN for told in stored.deciding)
        return f"{origin}, verdict foreign" if doubtful else str(origin)


def _content(path: Path | None) -> str:
    """Return what a file of signers says, digested: it decides beside the key."""
    if path is None:
        return ""
    try:
        return digest_bytes(path.read_bytes())
    except OSError:
        return "unreadable"
