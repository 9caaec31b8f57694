"""One approval: who approves what, in which role, and exactly which state of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import msgspec

from bancada.exceptions import BancadaError, nearest
from bancada.identity import canonical_json

__all__ = ["NAMESPACE", "SUBJECTS", "Approval", "Entry", "entry_of", "message_of"]

SUBJECTS = ("evaluation", "code", "guide", "alternatives")
# What a signature is for: one of a run, of a commit or of a mail is none of an approval.
NAMESPACE = "bancada.approval"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PART = re.compile(r"[0-9a-f]{16}")
_LONGEST = 200
_MOST_PARTS = 5_000


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry of `approvals.toml` says.

    Attributes:
        problem: Name of the problem.
        subject: `evaluation`, `code`, `guide` or `alternatives`.
        role: The role in which it was approved.
        who: The member, as `[tool.bancada.team]` names them.
        when: UTC time, ISO 8601.
        digest: SHA-256 of what was approved.
        parts: The first 16 digits of the digest of each part, so that a lapse can say which one changed.
        evidence: Of code: how many tests passed, and how many of its statements they executed.
        signature: By an SSH key, base 64; empty without one.
    """

    problem: str
    subject: str
    role: str
    who: str
    when: str
    digest: str
    parts: dict[str, str] = {}
    evidence: dict[str, int] = {}
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it was read.

    Attributes:
        raw: Its fields, those that nobody knows included.
        said: What it says; None where it is none.
        wrong: Why it is none; empty where it is one.
    """

    raw: dict[str, Any]
    said: Approval | None
    wrong: str = ""

    @property
    def place(self) -> tuple[str, str, str, str, str]:
        """Where it stands in the file: entries are ordered by what they are about, then by who says it."""
        told = [str(self.raw.get(key, "")) for key in ("problem", "subject", "role", "who", "when")]
        return told[0], told[1], told[2], told[3], told[4]


def entry_of(raw: object) -> Entry:
    """Return an entry of the file, looked at; nothing that is wrong with one entry hides the others."""
    if not isinstance(raw, dict):
        return Entry({}, None, f"it is {_shown(raw)} and no entry")
    try:
        said = msgspec.convert(raw, Approval)
    except msgspec.ValidationError as error:
        return Entry(raw, None, f"it is no whole entry: {error}")
    return Entry(raw, None, wrong) if (wrong := _wrong(said, raw)) else Entry(raw, said)


def message_of(raw: dict[str, Any]) -> bytes:
    """Return what is signed for an entry: all that it says but the signature."""
    return b"bancada.approval/1 " + canonical_json({key: raw[key] for key in raw if key != "signature"}) + b"\n"


def _wrong(said: Approval, raw: dict[str, Any]) -> str:
    """Return why an entry is none, a phrase; empty where it is one."""
    for name in ("problem", "subject", "role", "who", "when"):
        text = getattr(said, name)
        if not text.strip() or len(text) > _LONGEST or not text.isprintable():
            return f"its `{name}` is {_shown(text)}"
    if said.subject not in SUBJECTS:
        hint = nearest(said.subject, SUBJECTS).removesuffix(".")
        return f"it is about {_shown(said.subject)} ({hint[:1].lower()}{hint[1:]})"
    if not _DIGEST.fullmatch(said.digest):
        return f"its digest is {_shown(said.digest)}, not 64 hexadecimal digits"
    if len(said.parts) > _MOST_PARTS or not all(map(_PART.fullmatch, said.parts.values())):
        return "its parts are no digests of 16 hexadecimal digits"
    try:
        message_of(raw)
    except (BancadaError, RecursionError):
        return "it holds a value that is neither text nor number"
    return ""


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
