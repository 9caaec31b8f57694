"""A submission as an object of a notebook or a script, and as a line of text."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.display import interval, plain, score, short_id, to_html, to_text
from bancada.report._documents import RunDocument
from bancada.report._leaderboard import leaderboard_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bancada.judgement import Leaderboard
    from bancada.report._documents import RunEntry

__all__ = ["Submitted", "submitted_text"]

_SAID = {"known": "is known: these very predictions were submitted before", "done": "was submitted"}


class Submitted:
    """Predictions that were accepted: their scores, and the board on which they stand.

    Args:
        document: The run, as `bancada submit --json` tells it.
        warnings: What was passed over, a sentence each.
        board: The board; None while the command that made the predictions is still running.
    """

    def __init__(self, document: RunDocument, warnings: Sequence[str] = (), board: Leaderboard | None = None) -> None:
        self.document = document
        self.warnings = tuple(warnings)
        self.board = board

    @classmethod
    def told(cls, document: Mapping[str, Any], warnings: Sequence[str]) -> Submitted:
        """Return a submission as the process that runs the script tells it."""
        return cls(msgspec.convert(document, RunDocument), warnings)

    @property
    def run(self) -> RunEntry:
        """The run: its id, scores and evidence."""
        return self.document.runs[0]

    @property
    def run_id(self) -> str:
        """Id of the run, in full."""
        return self.run.run_id

    @property
    def status(self) -> str:
        """`done`, or `known` where these predictions were submitted before under this name."""
        return self.run.status

    @property
    def scores(self) -> dict[str, float | None]:
        """Value of each metric over all rows, by its name."""
        return {name: entry.value for name, entry in self.run.scores.items()}

    def __str__(self) -> str:
        """Return the line of the submission, its warnings and the board as plain text."""
        lines = [submitted_text(self.document), *(f"warning: {plain(text)}" for text in self.warnings)]
        if self.board is None:
            return "\n".join([*lines, "It stands on the board when the command has ended."])
        return "\n".join([*lines, to_text(leaderboard_table(self.board), width=None, color=False)])

    def __repr__(self) -> str:
        """Return it as plain text: what a console shows."""
        return str(self)

    def _repr_html_(self) -> str:
        lines = [submitted_text(self.document), *(f"warning: {plain(text)}" for text in self.warnings)]
        head = "".join(f"<p>{escape(line)}</p>" for line in lines)
        return head if self.board is None else head + str(to_html(leaderboard_table(self.board)))


def submitted_text(document: RunDocument) -> str:
    """Return what became of a submission in one line."""
    run = document.runs[0]
    repeats = len({fold.repeat for fold in run.folds})
    folds = f"{len(run.folds)} folds" + (f" of {repeats} repeats" if repeats > 1 else "")
    scores = ", ".join(_score(name, entry.value, entry.low, entry.high) for name, entry in run.scores.items())
    said = _SAID.get(run.status, run.status)
    return f"{plain(run.candidate)} ({short_id(run.run_id)}) {said}, {folds}: {plain(scores)}"


def _score(name: str, value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return f"{name} –"
    if low is None or high is None:
        return f"{name} {score(value)}"
    return f"{name} {score(value, (high - low) / 2)} ({interval(low, high)})"
