"""Who is told what happens while a run is computed once more."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Listener", "Silence"]


class Listener(Protocol):
    """Is told what happens; may be slow, and must not raise."""

    def step(self, text: str) -> None:
        """Take what is being done now, such as `rebuilding the environment`."""

    def fold(self, done: int, total: int, status: str) -> None:
        """Take that a fold has ended."""


class Silence:
    """A listener who says nothing."""

    def step(self, text: str) -> None:
        """Ignore it."""

    def fold(self, done: int, total: int, status: str) -> None:
        """Ignore it."""
