"""How far the evaluation of a board is approved, as a value of the board."""

from __future__ import annotations

import msgspec

__all__ = ["Approved"]


class Approved(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far the evaluation of a board is approved.

    Attributes:
        needed: How many roles must approve it.
        given: How many have.
        signed: How many of these signed it.
        missing: Roles that have not.
        flagged: Which entries do not count and why, a phrase each; those that lapsed are not among them.
    """

    needed: int
    given: int
    signed: int
    missing: tuple[str, ...] = ()
    flagged: tuple[str, ...] = ()

    @property
    def in_words(self) -> str:
        """Such as `approved 3 of 3, 1 signed`."""
        told = f"approved {self.given} of {self.needed}"
        return f"{told}, {self.signed} signed" if self.signed else told
