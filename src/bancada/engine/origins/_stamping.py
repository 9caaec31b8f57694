"""What is written gets the stamp of the user's own key; without a key it is written all the same, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.provenance.origin import NoKey, find_key, stamp, stamp_statement
from bancada.records import Evidence

if TYPE_CHECKING:
    from bancada.definitions import Project
    from bancada.records import RunRecord, Statement

__all__ = ["said", "stamped"]


def stamped(record: RunRecord, project: Project) -> RunRecord:
    """Return a record as it is written: with its stamp, or with the reason why it has none in its evidence.

    Args:
        record: A run that has ended.
        project: Knows the folder of the personal settings, where the key is made on the first run.
    """
    key = find_key(project.personal, make=True)
    if isinstance(key, NoKey):
        missing = (*record.evidence.missing, f"origin: {key.reason}")
        return msgspec.structs.replace(record, evidence=Evidence(grade="incomplete", missing=missing))
    return stamp(record, key)


def said(statement: Statement, run_id: str, project: Project) -> Statement:
    """Return a statement as it is written: with its stamp where there is a key.

    Args:
        statement: What is said.
        run_id: The run that it is about.
        project: Knows where the key is.
    """
    key = find_key(project.personal, make=True)
    return statement if isinstance(key, NoKey) else stamp_statement(statement, run_id, key)
