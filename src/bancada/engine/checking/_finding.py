"""What a check answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec

__all__ = ["NOTE", "SERIOUS", "Finding", "Looked", "Outcome", "named"]

SERIOUS = "serious"
NOTE = "note"
_MOST_NAMED = 5


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something about the data that a score will not tell.

    Attributes:
        check: Which check found it.
        severity: `serious` where scores on these data mislead; else `note`.
        columns: Columns that it is about.
        found: What was found, a sentence without values of rows.
        evidence: The numbers behind it.
        remedy: What to do next.
        ids: A few rows that show it, as text, none of them sealed; kept nowhere.
    """

    check: str
    severity: str
    columns: tuple[str, ...]
    found: str
    evidence: dict[str, Any]
    remedy: str
    ids: tuple[str, ...] = ()


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one check.

    Attributes:
        check: Its name.
        status: `passed`, `found`, or `not applicable`.
        reason: Why it is not applicable; else empty.
        sampled: How many rows were drawn where not all were read; None where all were.
        findings: What it found, serious before notes.
    """

    check: str
    status: str
    reason: str
    sampled: int | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a check returns.

    Attributes:
        findings: What it found.
        skipped: Why it looked at nothing; empty where it looked.
        sampled: How many rows were drawn where not all were read.
    """

    findings: tuple[Finding, ...] = field(default=())
    skipped: str = ""
    sampled: int | None = None


def named(names: tuple[str, ...] | list[str]) -> str:
    """Return names in backticks, the first few of many."""
    shown = ", ".join(f"`{name}`" for name in names[:_MOST_NAMED])
    return shown + (f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else "")
