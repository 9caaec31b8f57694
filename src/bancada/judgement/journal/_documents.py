"""The documents of hypotheses and of the journal."""

from __future__ import annotations

from typing import Any

import msgspec

from bancada.judgement.journal._hypothesis import Reference, Seen

__all__ = ["Entry", "Expected", "Journal", "JournalRun", "RunOutcome"]


class RunOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an expectation in one run.

    Attributes:
        run_id: The run.
        candidate: Label of its candidate.
        params: Its parameters.
        outcome: `supported`, `refuted` or `inconclusive`.
        value: Its score by the metric, on the slice.
        delta: Against a champion: its score − the champion's, on the folds of both; in the metric's own direction.
        low: Lower end of the interval at level alpha/M: of the score, or of delta; None where there is none.
        high: Upper end.
        procedure: Name of the procedure that made the interval.
        note: Why it is inconclusive where there is no interval; what the interval is about where it is over rows.
    """

    run_id: str
    candidate: str
    params: dict[str, Any]
    outcome: str
    value: float | None = None
    delta: float | None = None
    low: float | None = None
    high: float | None = None
    procedure: str = ""
    note: str = ""


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """A hypothesis with what came of it: of several runs it says that at least one does what is expected.

    Attributes:
        id: The same for all runs of the invocation.
        because: Why they were made.
        expect: What was expected; empty where there was only a reason.
        reference: The champion as it was then.
        declared: UTC time, ISO 8601.
        after_data: True where results on the same rows existed then.
        seen: What could have been seen then.
        claims: M, how many claims the invocation made.
        level: Level of each interval: alpha/M.
        outcome: `supported`, `refuted` or `inconclusive`; empty where nothing was expected.
        note: Why it is inconclusive where that is not told of a run.
        runs: Each run that is there, in the order in which they began.
    """

    id: str
    because: str
    expect: str
    reference: Reference | None
    declared: str
    after_data: bool
    seen: Seen
    claims: int
    level: float
    outcome: str
    note: str = ""
    runs: tuple[RunOutcome, ...] = ()


class JournalRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run as the journal tells it, with its score by the primary metric of its evaluation."""

    run_id: str
    candidate: str
    params: dict[str, Any]
    seed: int
    status: str
    metric: str
    value: float | None
    low: float | None
    high: float | None
    withdrawn: bool = False
    error: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was done.

    Attributes:
        when: UTC time, ISO 8601: of a hypothesis when it was declared, of runs when the newest began.
        kind: `hypothesis`, `runs`, `tried`, `submitted`, `command`, `note`, `withdrawn`, `restored`, `verdict`, `look`.
        author: Who did it, unverified.
        runs: The runs that it is about, newest first.
        text: What was said, of a statement.
        expected: The hypothesis, and what came of it.
    """

    when: str
    kind: str
    author: str
    runs: tuple[JournalRun, ...]
    text: str = ""
    expected: Expected | None = None


class Journal(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.journal/1`: newest first.

    Attributes:
        problem: Name of the problem.
        entries: What was done.
        shown: How many runs were looked at.
        runs_in_all: How many runs there are that were asked for.
        unreadable: Runs whose record cannot be read.
    """

    schema: str = "bancada.journal/1"
    problem: str
    entries: tuple[Entry, ...]
    shown: int
    runs_in_all: int
    unreadable: tuple[str, ...] = ()
