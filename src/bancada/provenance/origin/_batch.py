"""One signature for many runs: the root of a tree of digests is signed, each run keeps its way to the root.

A sweep of a thousand runs asks the key once. Leaves and nodes are hashed apart, so that no node can pass for a leaf
(as in RFC 9162, section 2.1.1); a leaf without a partner moves up as it is.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Signed", "leaf_of", "message_of", "signed_message", "ways"]

_LEFT, _RIGHT = "left", "right"
_MOST_STEPS = 64
_HEX = 64


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """The content of a `signature` statement.

    Attributes:
        said: Digests of the statements about the run that are signed with it.
        way: From the run's leaf to the root: on which side the other half stands, and its digest.
        signature: Of the root, armoured.
    """

    said: tuple[str, ...] = ()
    way: tuple[tuple[str, str], ...] = ()
    signature: str


def leaf_of(record: str, said: Sequence[str]) -> str:
    """Return the leaf of a run.

    Args:
        record: Digest of its record.
        said: Digests of what was said about it.
    """
    return _hash(b"\0", json.dumps([record, sorted(said)]).encode())


def message_of(root: str) -> bytes:
    """Return what is signed for a root."""
    return f"bancada.batch/1 {root}\n".encode()


def ways(leaves: Sequence[str]) -> tuple[str, list[tuple[tuple[str, str], ...]]]:
    """Return the root of a tree, and the way of each leaf to it.

    Args:
        leaves: At least one.
    """
    found: list[list[tuple[str, str]]] = [[] for _ in leaves]
    level = [(leaf, [number]) for number, leaf in enumerate(leaves)]
    while len(level) > 1:
        above = []
        for (left, on_left), (right, on_right) in zip(level[::2], level[1::2], strict=False):
            for number in on_left:
                found[number].append((_RIGHT, right))
            for number in on_right:
                found[number].append((_LEFT, left))
            above.append((_node(left, right), on_left + on_right))
        level = above + level[len(level) - len(level) % 2 :]
    return level[0][0], [tuple(way) for way in found]


def signed_message(record: str, signed: Signed) -> bytes | None:
    """Return what must have been signed for a run; None where its way is none.

    Args:
        record: Digest of its record.
        signed: What its statement says.
    """
    if len(signed.way) > _MOST_STEPS:
        return None
    digest = leaf_of(record, signed.said)
    for side, other in signed.way:
        if side not in {_LEFT, _RIGHT} or len(other) != _HEX:
            return None
        digest = _node(other, digest) if side == _LEFT else _node(digest, other)
    return message_of(digest)


def _node(left: str, right: str) -> str:
    return _hash(b"\1", left.encode() + right.encode())


def _hash(kind: bytes, data: bytes) -> str:
    return hashlib.sha256(kind + data).hexdigest()
