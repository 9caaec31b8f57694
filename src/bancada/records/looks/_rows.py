"""Which rows a holdout holds, as a sketch: enough to tell an old holdout under a new name, and no id can be read."""

from __future__ import annotations

import base64
import binascii
import math
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["HoldoutRows", "same_rows"]

SKETCHED = 256
SHARE = 0.1
_BYTES = 6
# Of fewer rows that both sketches could hold, a share of a tenth cannot be told from none.
_FEW = 30


class HoldoutRows(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of a sealed holdout.

    Attributes:
        digest: Digest of the ids, in order: equal for the very same rows.
        n_rows: How many there are.
        sketch: The 256 smallest hashes of ids, 48 bits each in Base64; those of all rows where there are fewer.
        schema: `store.holdout/1`.
    """

    digest: str
    n_rows: int
    sketch: str
    schema: str = "store.holdout/1"

    @classmethod
    def of(cls, digest: str, n_rows: int, hashes: Iterable[int]) -> HoldoutRows:
        """Return rows by the hashes of their ids.

        Args:
            digest: Digest of the ids.
            n_rows: How many there are.
            hashes: Hashes of 64 bits, in any order; the smallest 256 will do.
        """
        smallest = sorted({value >> 16 for value in hashes})[:SKETCHED]
        data = b"".join(value.to_bytes(_BYTES, "big") for value in smallest)
        return cls(digest=digest, n_rows=n_rows, sketch=base64.b64encode(data).decode())

    @property
    def hashes(self) -> tuple[int, ...]:
        """The hashes, ascending; none where the sketch cannot be read."""
        try:
            data = base64.b64decode(self.sketch, validate=True)
        except (binascii.Error, ValueError):
            return ()
        return tuple(sorted(int.from_bytes(data[i : i + _BYTES], "big") for i in range(0, len(data), _BYTES)))


def same_rows(now: HoldoutRows, then: HoldoutRows) -> bool:
    """Tell whether more than a tenth of the rows of a holdout were in an earlier one (STATISTICS §6).

    Both sketches hold every hash up to the smaller of their largest ones, so that of the rows of `now` with such a
    hash it is known whether `then` had them: an estimate of the share, exact for at most 256 rows each. What cannot be
    told counts as the same: a look more than there was widens an interval, one fewer would narrow it.

    Args:
        now: The holdout that is asked about.
        then: That of an earlier look.
    """
    if now.digest == then.digest:
        return True
    mine, theirs = now.hashes, then.hashes
    limit = min(_reach(now, mine), _reach(then, theirs))
    known, others = [value for value in mine if value <= limit], set(theirs)
    if not known or not theirs:
        return True
    shared = sum(value in others for value in known)
    if limit < math.inf and len(known) < _FEW:
        return shared > 0
    return shared > SHARE * len(known)


def _reach(rows: HoldoutRows, hashes: tuple[int, ...]) -> float:
    """Return up to which hash a sketch holds every row's."""
    return math.inf if rows.n_rows <= len(hashes) or not hashes else hashes[-1]
