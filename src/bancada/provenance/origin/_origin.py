"""Whose a run is: the user's own, a colleague's, or nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from bancada.exceptions import StoreError
from bancada.provenance.origin._batch import Signed, leaf_of, message_of, signed_message, ways
from bancada.provenance.origin._ssh import sign, verify
from bancada.provenance.origin._stamp import is_stamped, record_digest, said_under, statement_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from bancada.provenance.origin._key import Key
    from bancada.records import Statement

__all__ = ["COLLEAGUE", "FOREIGN", "OWN", "SIGNATURE", "Origin", "origin_of", "said_by", "sign_batch"]

OWN, COLLEAGUE, FOREIGN = "own", "colleague", "foreign"
SIGNATURE = "signature"
# Each costs two programs to verify: whoever puts more beside a run wants to waste time.
_MOST_SIGNATURES = 8


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose a record is.

    Attributes:
        kind: `own`, `colleague` or `foreign`.
        who: The allowed signer, for a colleague's.
    """

    kind: str
    who: str = ""

    @property
    def own(self) -> bool:
        """True where the record was written under the user's own key."""
        return self.kind == OWN

    def __str__(self) -> str:
        """Return it in words."""
        return f"{self.kind} ({self.who})" if self.who else self.kind


def origin_of(run: bytes, statements: Sequence[Statement], key: Key | None, signers: Path | None) -> Origin:
    """Return whose a run is.

    Args:
        run: Its `run.json` as it is stored.
        statements: What was said about it, oldest first.
        key: The user's own key; None where there is none.
        signers: The user's file of allowed signers; None where there is none.

    Raises:
        ConfigurationError: There is a signature to verify, and the file of allowed signers cannot be read.
        UsageError: There is a signature to verify, and no `ssh-keygen`.
    """
    if key is not None and is_stamped(run, key):
        return Origin(OWN)
    who = "" if signers is None else _signer(record_digest(run), statements, signers, "")
    return Origin(COLLEAGUE, who) if who else Origin(FOREIGN)


def said_by(
    statement: Statement,
    run: bytes,
    run_id: str,
    statements: Sequence[Statement],
    key: Key | None,
    signers: Path | None,
) -> Origin:
    """Return who has made a statement about a run, such as the one that names its model.

    Args:
        statement: The statement.
        run: The run's `run.json` as it is stored.
        run_id: The run's id.
        statements: All that was said about the run, signatures included.
        key: The user's own key; None where there is none.
        signers: The user's file of allowed signers; None where there is none.

    Raises:
        ConfigurationError: There is a signature to verify, and the file of allowed signers cannot be read.
        UsageError: There is a signature to verify, and no `ssh-keygen`.
    """
    if key is not None and said_under(statement, run_id, key):
        return Origin(OWN)
    if signers is None:
        return Origin(FOREIGN)
    who = _signer(record_digest(run), statements, signers, statement_digest(statement))
    return Origin(COLLEAGUE, who) if who else Origin(FOREIGN)


def sign_batch(
    runs: Sequence[tuple[bytes, Iterable[Statement]]], key: Path, *, ask: bool
) -> tuple[dict[str, object], ...]:
    """Sign runs, with what was said about them so far, by one signature.

    Args:
        runs: Each run's `run.json` as it is stored, and the statements about it that are vouched for.
        key: The SSH key.
        ask: True where a passphrase may be asked for.

    Returns:
        The contents of their `signature` statements, in the same order.

    Raises:
        StoreError: A record is none.
        UsageError: The key cannot be used.
    """
    if not runs:
        return ()
    said = [sorted(statement_digest(item) for item in statements if item.kind != SIGNATURE) for _, statements in runs]
    digests = [record_digest(run) for run, _ in runs]
    if not all(digests):
        raise StoreError(
            "What is signed is a record.", "Found one that is no JSON object.", "Run `bancada store verify`."
        )
    root, found = ways([leaf_of(digest, item) for digest, item in zip(digests, said, strict=True)])
    signature = sign(message_of(root), key, ask=ask)
    signed = [Signed(said=tuple(item), way=way, signature=signature) for item, way in zip(said, found, strict=True)]
    return tuple(msgspec.to_builtins(item) for item in signed)


def _signer(record: str, statements: Sequence[Statement], signers: Path, covering: str) -> str:
    """Return who has signed a record, and what was said where that is asked for; empty where nobody allowed has."""
    found = [statement for statement in statements if statement.kind == SIGNATURE][-_MOST_SIGNATURES:]
    for statement in reversed(found):
        try:
            signed = msgspec.convert(statement.content, Signed)
        except msgspec.ValidationError:
            continue
        message = signed_message(record, signed) if record else None
        if message is None or (covering and covering not in signed.said):
            continue
        who = verify(message, signed.signature, signers)
        if who:
            return who
    return ""
