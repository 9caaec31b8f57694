"""Who tried what, why, and what came of it: read from the index and the runs that are shown."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from bancada.exceptions import NotFoundError, StoreError, UsageError, nearest
from bancada.judgement.journal._documents import Entry, Journal, JournalRun
from bancada.judgement.journal._hypothesis import KIND, hypotheses_of, read_hypothesis
from bancada.judgement.journal._outcomes import BETWEEN, siblings, told
from bancada.judgement.journal._statements import TOLD, statement_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bancada.records import RunRecord
    from bancada.store import Index, IndexedRun, StoredRun

__all__ = ["RUNS", "journal", "parse_since"]

RUNS = 50
# Older runs about which something was said since the oldest that is shown began.
_SPOKEN = 200
_AGO = re.compile(r"([0-9]{1,5})\s*([hdw])")
_UNITS = {"h": 1, "d": 24, "w": 168}
_MADE = {"submission": "submitted", "exec": "command"}


def parse_since(text: str, now: dt.datetime) -> str:
    """Return a moment as UTC time, ISO 8601.

    Args:
        text: A date, a date with a time (UTC unless it says otherwise), or how long ago: `12h`, `7d`, `2w`.
        now: The present.

    Raises:
        UsageError: It is neither.

    Examples:
        >>> now = dt.datetime(2026, 3, 9, 12, tzinfo=dt.UTC)
        >>> parse_since("7d", now), parse_since("2026-03-01", now)
        ('2026-03-02T12:00:00+00:00', '2026-03-01T00:00:00+00:00')
    """
    ago = _AGO.fullmatch(text.strip().lower())
    try:
        if ago is not None:
            moment = now - dt.timedelta(hours=int(ago[1]) * _UNITS[ago[2]])
        else:
            moment = dt.datetime.fromisoformat(text.strip())
            moment = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment
        return moment.astimezone(dt.UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError) as error:
        raise UsageError(
            "`--since` is a date, or how long ago.",
            f"Found {text!r}.",
            "Write it as `2026-03-01`, `2026-03-01T09:30`, `12h`, `7d` or `2w`.",
        ) from error


def journal(
    index: Index, problem: str, *, candidate: str | None = None, since: str = "", every: bool = False
) -> Journal:
    """Return what was done on a problem, newest first.

    Args:
        index: The index over the store.
        problem: Name of the problem.
        candidate: Candidate whose runs are meant; all by default.
        since: UTC time, ISO 8601, before which nothing is told; empty for no bound.
        every: True for all runs; else the newest 50, the runs of their hypotheses, and what was said meanwhile.

    Raises:
        NotFoundError: No run is of that candidate.
    """
    index.refresh(problem)
    listing = index.listing(problem)
    asked = [run for run in listing if candidate in {None, run.candidate} and run.started >= since]
    names = {run.candidate for run in listing}
    if candidate is not None and candidate not in names:
        rule = "A journal is of a candidate that was run."
        raise NotFoundError(rule, f"Found no run of `{candidate}`.", nearest(candidate, names))
    chosen = asked if every else asked[-RUNS:]
    pages = _Pages(index, problem, listing)
    events = list(pages.runs(chosen, since))
    # What was said about runs that are not shown themselves is told as far back as the oldest that is.
    back = since if len(chosen) == len(asked) else max(since, chosen[0].started)
    about = {run.run_id for run in listing if candidate in {None, run.candidate}}
    spoken = index.spoken(problem, len(listing) if every else _SPOKEN)
    others = [name for name in spoken if name in about and name not in pages.read]
    events += pages.said([*(run.run_id for run in chosen), *others], back)
    return Journal(
        problem=problem,
        entries=tuple(_merged(events)),
        shown=len(chosen),
        runs_in_all=len(asked),
        unreadable=tuple(pages.unreadable),
    )


@dataclass(slots=True)
class _Pages:
    """The runs of a problem as they are read.

    Attributes:
        index: The index over the store.
        problem: Name of the problem.
        listing: All runs, oldest first.
        read: Runs that were read, by id.
        told: Hypotheses that were told, by id.
        unreadable: Runs whose record cannot be read.
    """

    index: Index
    problem: str
    listing: Sequence[IndexedRun]
    read: dict[str, StoredRun] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    unreadable: list[str] = field(default_factory=list)

    def runs(self, chosen: Iterable[IndexedRun], since: str) -> Iterator[Entry]:
        """Yield an entry for each run that is by itself, and one for each hypothesis."""
        for run in chosen:
            stored = self._stored(run.run_id)
            if stored is None:
                continue
            if read_hypothesis(stored.record.provenance.get(KIND)) is None:
                one = _run(stored)
                yield Entry(when=stored.record.started, kind=_kind(stored), author=stored.record.author, runs=(one,))
            yield from self._expected(stored, since)

    def said(self, names: Iterable[str], back: str) -> Iterator[Entry]:
        """Yield an entry for each statement about these runs, and for hypotheses that were stated later."""
        for name in names:
            stored = self._stored(name)
            if stored is None:
                continue
            yield from self._expected(stored, back)
            for said in stored.statements:
                if said.kind in TOLD and said.said >= back:
                    text = statement_text(said)
                    yield Entry(when=said.said, kind=said.kind, author=said.author, runs=(_run(stored),), text=text)

    def _expected(self, stored: StoredRun, back: str) -> Iterator[Entry]:
        for hypothesis in hypotheses_of(stored):
            if hypothesis.id in self.told or hypothesis.declared < back:
                continue
            self.told.add(hypothesis.id)
            first = bisect_left(self.listing, hypothesis.declared, key=lambda run: run.started)
            # With one run of another sweep between each two.
            later = [run.run_id for run in self.listing[first : first + 2 * hypothesis.claims + BETWEEN]]
            runs = siblings(hypothesis, self.index, self.problem, self.read, later)
            yield Entry(
                when=hypothesis.declared,
                kind="hypothesis",
                author=stored.record.author,
                runs=tuple(_run(one) for one in reversed(runs)),
                expected=told(hypothesis, runs, self.index, self.problem, self.read),
            )

    def _stored(self, run_id: str) -> StoredRun | None:
        if run_id not in self.read:
            try:
                stored = self.index.store.runs.read(self.problem, run_id)
            except StoreError:
                stored = None
            if stored is None:
                self.unreadable.append(run_id)
                return None
            self.read[run_id] = stored
        return self.read[run_id]


def _merged(events: Iterable[Entry]) -> Iterator[Entry]:
    """Yield entries newest first, runs of one candidate that follow each other on one day as one."""
    ordered = sorted(events, key=lambda entry: entry.when, reverse=True)
    for _, group in groupby(ordered, key=_alike):
        entries = list(group)
        if len(entries) == 1:
            yield entries[0]
            continue
        first = entries[0]
        runs = tuple(run for entry in entries for run in entry.runs)
        yield Entry(when=first.when, kind=first.kind, author=first.author, runs=runs)


def _alike(entry: Entry) -> tuple[str, ...] | int:
    if entry.text or entry.expected is not None or entry.kind in TOLD:
        return id(entry)
    return entry.kind, entry.author, entry.runs[0].candidate, entry.when[:10]


def _kind(stored: StoredRun) -> str:
    if stored.record.status == "explored":
        return "tried"
    return _MADE.get(str(stored.record.claim.get("kind")), "runs")


def _run(stored: StoredRun) -> JournalRun:
    run = stored.scored()
    score = next((one for one in run.scores if one.metric == run.evaluation.primary and one.slice is None), None)
    estimate = None if score is None else score.estimate
    return JournalRun(
        run_id=run.run_id,
        candidate=run.candidate,
        params=run.params,
        seed=run.seed,
        status=run.status,
        metric=run.evaluation.primary,
        value=None if estimate is None else estimate.value,
        low=None if estimate is None else estimate.low,
        high=None if estimate is None else estimate.high,
        withdrawn=stored.withdrawn,
        error=_error(run),
    )


def _error(run: RunRecord) -> str:
    first = next((use.error for use in run.folds if use.error is not None), None)
    return "" if first is None else f"{first.type}: {first.message}".splitlines()[0]
