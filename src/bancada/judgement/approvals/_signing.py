"""What the signatures of approvals are worth, each verified once a day."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
from typing import TYPE_CHECKING

import msgspec

from bancada.exceptions import UsageError
from bancada.judgement.approvals._entries import NAMESPACE, message_of
from bancada.provenance.origin import Signatures

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.definitions import Project
    from bancada.judgement.approvals._entries import Entry

__all__ = ["Verdicts", "signed_by"]

_MEMO = "approvals.json"
_MOST_KEPT = 2_000
_MOST_MEMO_BYTES = 1_000_000
_SIGNATURES = Signatures(NAMESPACE)


def signed_by(raw: dict[str, object], key: Path, *, ask: bool) -> str:
    """Return the signature of an entry.

    Args:
        raw: All that it says.
        key: The SSH key.
        ask: True where a passphrase may be asked for on the terminal.

    Raises:
        UsageError: The key cannot be used.
    """
    return _SIGNATURES.sign(message_of(raw), key, ask=ask)


class Verdicts:
    """Judges signatures, and keeps what it found in the cache folder: `ssh-keygen` takes longer than a board.

    A verdict holds for these bytes, these allowed signers, and this day, for keys expire.

    Args:
        project: Knows the allowed signers and the cache folder.
    """

    def __init__(self, project: Project) -> None:
        self._signers = project.signers
        self._place = project.cache / _MEMO
        self._today = dt.datetime.now(dt.UTC).date().isoformat()
        self._kept: dict[str, str] | None = None

    def of(self, entry: Entry) -> str:
        """Return `good`, `altered`, `stranger` or `unchecked`; empty for an entry without a signature."""
        if entry.said is None or not entry.said.signature:
            return ""
        message, signature, who = message_of(entry.raw), entry.said.signature, entry.said.who
        signers = b"" if self._signers is None else _read(self._signers)
        parts = (self._today.encode(), signers, message, signature.encode(), who.encode())
        key = hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hexdigest()
        kept = self._memo()
        if key not in kept:
            try:
                kept[key] = _SIGNATURES.judge(message, signature, who, self._signers)
            except UsageError:  # no `ssh-keygen`, or no file of signers: then nobody's signature counts as one
                return "unchecked"
            self._keep(kept)
        return kept[key]

    def _memo(self) -> dict[str, str]:
        if self._kept is None:
            try:
                data = self._place.read_bytes()[:_MOST_MEMO_BYTES]
                self._kept = msgspec.json.decode(data, type=dict[str, str])
            except (OSError, msgspec.DecodeError):
                self._kept = {}
        return self._kept

    def _keep(self, kept: dict[str, str]) -> None:
        newest = dict(list(kept.items())[-_MOST_KEPT:])
        aside = self._place.with_name(f".{_MEMO}.{os.getpid()}")
        with contextlib.suppress(OSError):  # a cache that cannot be written costs time and nothing else
            self._place.parent.mkdir(parents=True, exist_ok=True)
            aside.write_bytes(msgspec.json.encode(newest))
            aside.replace(self._place)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
