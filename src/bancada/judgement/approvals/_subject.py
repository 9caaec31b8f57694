"""Something that people approve, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Subject"]


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that people approve.

    Attributes:
        name: `evaluation`, `code`, `guide` or `alternatives`.
        digest: SHA-256 of it; empty where there is nothing to approve.
        parts: The first digits of the digest of each part; None where they are not known.
        lacking: Why there is nothing to approve, a sentence; empty where there is.
        remedy: What to do then.
        applies: False where there need not be anything, such as code of a project that judges by built-ins alone.
    """

    name: str
    digest: str
    parts: Mapping[str, str] | None = field(default_factory=dict)
    lacking: str = ""
    remedy: str = ""
    applies: bool = True
