"""Stamps: what proves that a record, or what was said about it, was written under a key.

A stamp is HMAC-SHA-256 (RFC 2104) over the canonical JSON of what it stands in, without the field `origin`. Fields
that this version does not know are covered: the text that is stored counts, not what is read of it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from bancada.provenance.origin._key import Key
    from bancada.records import RunRecord, Statement

__all__ = ["is_stamped", "record_digest", "said_under", "stamp", "stamp_statement", "statement_digest"]

# What is stamped for one purpose must not pass for another.
_RUN = b"bancada.origin.run/1\0"
_STATEMENT = b"bancada.origin.statement/1\0"


def stamp(record: RunRecord, key: Key) -> RunRecord:
    """Return a record with the proof that it was written under a key.

    Args:
        record: A run that is about to be written.
        key: The user's own key.
    """
    return msgspec.structs.replace(record, origin=_mac(key, _RUN, _signed(msgspec.json.encode(record))))


def is_stamped(run: bytes, key: Key) -> bool:
    """Tell whether a `run.json`, as it is stored, was written under a key."""
    return _agrees(run, key, _RUN, _signed(run))


def stamp_statement(statement: Statement, run_id: str, key: Key) -> Statement:
    """Return a statement with the proof that it was made under a key, about this run.

    Args:
        statement: What is about to be said.
        run_id: The run that it is about.
        key: The user's own key.
    """
    told = _told(statement, run_id)
    return msgspec.structs.replace(statement, origin=_mac(key, _STATEMENT, told))


def said_under(statement: Statement, run_id: str, key: Key) -> bool:
    """Tell whether a statement was made about a run under a key."""
    return hmac.compare_digest(statement.origin.encode(), _mac(key, _STATEMENT, _told(statement, run_id)).encode())


def record_digest(run: bytes) -> str:
    """Return the SHA-256 of a `run.json`'s canonical JSON without its stamp; empty where it has none."""
    signed = _signed(run)
    return hashlib.sha256(signed).hexdigest() if signed else ""


def statement_digest(statement: Statement) -> str:
    """Return the SHA-256 of a statement's canonical JSON without its stamp."""
    return hashlib.sha256(_told(statement, "")).hexdigest()


def _told(statement: Statement, run_id: str) -> bytes:
    plain = {"run_id": run_id, **msgspec.to_builtins(msgspec.structs.replace(statement, origin=""))}
    return _canonical(msgspec.json.decode(msgspec.json.encode(plain)))


def _signed(run: bytes) -> bytes:
    """Return what of a record's text is stamped; nothing where it is no record."""
    try:
        value = msgspec.json.decode(run)
        if not isinstance(value, dict):
            return b""
        value.pop("origin", None)
        return _canonical(value)
    except (msgspec.DecodeError, RecursionError, ValueError):
        return b""


def _canonical(value: object) -> bytes:
    """Return what `identity.canonical_json` gives for values that were read from JSON, in a twentieth of the time."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def _agrees(run: bytes, key: Key, purpose: bytes, signed: bytes) -> bool:
    if not signed:
        return False
    found = msgspec.json.decode(run).get("origin")
    return isinstance(found, str) and hmac.compare_digest(found.encode(), _mac(key, purpose, signed).encode())


def _mac(key: Key, purpose: bytes, signed: bytes) -> str:
    return hmac.new(key.secret, purpose + signed, hashlib.sha256).hexdigest()
