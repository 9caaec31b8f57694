"""Who is told how a sweep goes."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Silence", "SweepListener"]


class SweepListener(Protocol):
    """Receives what happens in a sweep, in order, from the thread that runs it."""

    def planned(self, total_folds: int, known_folds: int, claims: int) -> None:
        """Hear once, first, how much there is to do."""

    def fold(self, label: str, repeat: int, fold: int, status: str, seconds: float, *, cached: bool) -> None:
        """Hear of each fold: `done` or `failed`."""

    def run(self, label: str, status: str, score: str) -> None:
        """Hear of each run that is finished, with its primary score as text."""

    def waiting(self, folds: int) -> None:
        """Hear now and then that nothing is left but folds that another driver on this store computes."""

    def tick(self) -> None:
        """Hear now and then that time passes while nothing ends."""

    def close(self) -> None:
        """Hear once, last, that nothing more will come."""


class Silence:
    """A listener that says nothing."""

    def planned(self, total_folds: int, known_folds: int, claims: int) -> None:
        """Hear how much there is to do."""

    def fold(self, label: str, repeat: int, fold: int, status: str, seconds: float, *, cached: bool) -> None:
        """Hear of a fold."""

    def run(self, label: str, status: str, score: str) -> None:
        """Hear of a finished run."""

    def waiting(self, folds: int) -> None:
        """Hear of folds that another driver computes."""

    def tick(self) -> None:
        """Hear that time passes."""

    def close(self) -> None:
        """Hear that nothing more will come."""
