"""Who is told how far a re-scoring is."""

from __future__ import annotations

from typing import Protocol

__all__ = ["RescoreListener", "Silence"]


class RescoreListener(Protocol):
    """Receives what happens while runs are judged anew, in order, from the thread that does it."""

    def planned(self, total: int) -> None:
        """Hear once, first, how many runs were judged by another evaluation; never where there are none."""

    def judged(self, count: int) -> None:
        """Hear after each run how many have been judged, those that could not be among them."""

    def tick(self) -> None:
        """Hear now and then that time passes while nothing ends."""

    def close(self) -> None:
        """Hear once, last, that nothing more will come."""


class Silence:
    """A listener that says nothing."""

    def planned(self, total: int) -> None:
        """Hear how many there are."""

    def judged(self, count: int) -> None:
        """Hear how many are done."""

    def tick(self) -> None:
        """Hear that time passes."""

    def close(self) -> None:
        """Hear that nothing more will come."""
