"""The board from the index: who competes is told from entries, and only the lines that are shown need their records.

What is returned is what `leaderboard` returns for the records of all runs; it decides there, too, what that means.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.exceptions import NotFoundError, nearest
from bancada.judgement._differences import differing_folds, differing_metric, differing_problem
from bancada.judgement._documents import Incomparable
from bancada.judgement._leaderboard import Field, board_of, leaderboard, metric_named
from bancada.judgement._lines import clipped, line_of
from bancada.judgement.champions import named_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bancada.judgement._documents import Leaderboard
    from bancada.records import EvaluationIdentity, MetricIdentity, ProblemIdentity, RunRecord
    from bancada.store import Entry, Index

__all__ = ["Competitors", "board_from", "competitors", "tried_from"]

WITHDRAWN = "withdrawn"


SHORTEST_DIGEST = 6


@dataclass(frozen=True, slots=True)
class _Group:
    """A line before its records are read: of each seed the run that counts, newest first."""

    entries: tuple[Entry, ...]
    value: float | None
    complete: bool

    @property
    def eligible(self) -> bool:
        return self.complete and not self.entries[0].baseline


@dataclass(frozen=True, slots=True)
class Competitors:
    """Those who could be chosen.

    Attributes:
        problem: The problem that they solved.
        metric: The primary metric.
        sides: The runs behind each eligible line, the best first.
        tried: K, the claims eligible for first place.
    """

    problem: ProblemIdentity
    metric: MetricIdentity
    sides: tuple[tuple[RunRecord, ...], ...]
    tried: int


class _Standings:
    """The runs of a problem, sorted out by a metric.

    Args:
        index: The index over the store, refreshed.
        name: Name of the problem.
        metric: Name of the metric; the primary one by default.
        reference: The problem; by default that of the newest run.
        evaluation: How it is judged; by default as the newest run of the problem was.

    Raises:
        NotFoundError: There is no run, or the metric is unknown.
    """

    def __init__(
        self,
        index: Index,
        name: str,
        metric: str | None,
        reference: ProblemIdentity | None = None,
        evaluation: EvaluationIdentity | None = None,
    ) -> None:
        self.index = index
        self.name = name
        newest = index.newest(name)
        if newest is None:
            raise NotFoundError(
                "A board needs at least one finished run.",
                f"Problem `{name}` has none in `{index.store.root}`.",
                "Run `bancada run` first.",
            )
        self.problem = reference or newest.problem
        evaluations = [run.evaluation for run in index.of_problem(name, self.problem.digest)]
        self.evaluation = evaluation or (evaluations[0] if evaluations else newest.evaluation)
        wanted = self.evaluation.primary if metric is None else metric
        self.metric: MetricIdentity = metric_named(wanted, [self.evaluation, *evaluations])
        self._shapes: dict[bytes, RunRecord] = {}
        self.incomparable: list[Incomparable] = []
        # A claim that was withdrawn was tried all the same: what was seen cannot be unseen.
        self._scored = self._sorted_out(index.entries(name, self.metric.digest))
        self.comparable = [entry for entry in self._scored if entry.status != WITHDRAWN]

    @property
    def tried(self) -> int:
        """K: the claims that were eligible for first place."""
        return len(
            {
                entry.claim_key
                for entry in self._scored
                if entry.scored and not entry.baseline and entry.status != "failed"
            }
        )

    @property
    def params(self) -> dict[str, list[dict[str, Any]]]:
        """The parameters of all comparable runs by candidate."""
        encoded = dict.fromkeys((entry.candidate, entry.params) for entry in self.comparable)
        found: dict[str, list[dict[str, Any]]] = {}
        decode = msgspec.msgpack.Decoder(dict[str, Any]).decode
        for candidate, params in encoded:
            found.setdefault(candidate, []).append(decode(params))
        return found

    @property
    def latest(self) -> RunRecord | None:
        """The newest comparable run; None where there is none."""
        return self.records(self.comparable[:1])[0] if self.comparable else None

    def records(self, entries: Iterable[Entry]) -> tuple[RunRecord, ...]:
        """Return the records of these runs."""
        return self.index.records(self.name, [entry.run_id for entry in entries])

    def groups(self) -> list[_Group]:
        """Return a group for each claim, its seeds together, the newest first; none for what was only explored."""
        claims: dict[bytes, dict[str, Entry]] = {}
        for entry in self.comparable:
            if entry.status == "explored":
                continue
            newest = claims.setdefault(entry.claim_key, {})
            known = newest.get(entry.claim_id)
            if known is None or (entry.complete and not known.complete):
                newest[entry.claim_id] = entry
        return [self._group(list(newest.values())) for newest in claims.values()]

    def best(self, groups: Iterable[_Group]) -> list[_Group]:
        """Return each candidate's best: complete before incomplete before failed, then by value, then the newest."""
        best: dict[tuple[str, bool], _Group] = {}
        for group in groups:
            place = (group.entries[0].candidate, bool(group.entries[0].baseline))
            if place not in best or self._merit(group) > self._merit(best[place]):
                best[place] = group
        return list(best.values())

    def _merit(self, group: _Group) -> tuple[bool, bool, float]:
        if group.value is None:
            return False, False, 0.0
        return group.complete, True, group.value if self.metric.greater_is_better else -group.value

    def _group(self, entries: list[Entry]) -> _Group:
        complete = [entry for entry in entries if entry.complete]
        if len(complete) <= 1:
            entry = (complete or entries)[0]
            return _Group((entry,), entry.value, bool(entry.complete))
        places = {entry.places for entry in complete}
        if len(places) > 1 or b"" in places:
            # Over folds that not all of them have, a mean needs the scores of each fold.
            line = line_of(self.records(complete), self.metric)
            return _Group(tuple(complete), line.estimate.value, line.complete)
        values = [entry.value for entry in complete if entry.value is not None]
        return _Group(tuple(complete), clipped(fsum(values) / len(values), self.metric.bounds), complete=True)

    def _sorted_out(self, entries: Sequence[Entry]) -> list[Entry]:
        """Return the runs that answered the question; the newest finished one sets the folds."""
        comparable: list[Entry] = []
        asked: dict[bytes, tuple[str, ...]] = {}
        folds: dict[bytes, tuple[str, ...]] = {}
        silent: dict[bytes, bool] = {}
        standard: RunRecord | None = None
        for entry in entries:
            shape = entry.shape
            if self._like(entry).row_limit is not None:
                continue
            if shape not in asked:
                run = self._like(entry)
                silent[shape] = not run.folds
                asked[shape] = differing_problem(run.problem, self.problem) or differing_metric(run, self.metric)
            if silent[shape]:
                continue  # a command that submitted nothing, or what was interrupted at once, has answered nothing
            differs = asked[shape]
            if not differs and standard is not None:
                if shape not in folds:
                    folds[shape] = differing_folds(standard, self._like(entry))
                differs = folds[shape]
            if differs and entry.status == WITHDRAWN:
                continue
            if differs:
                self.incomparable.append(Incomparable(run_id=entry.run_id, candidate=entry.candidate, differs=differs))
                continue
            comparable.append(entry)
            if standard is None and entry.status == "done":
                standard = self._like(entry)
        return comparable

    def _like(self, entry: Entry) -> RunRecord:
        """Return a record of the shape of an entry's."""
        if entry.shape not in self._shapes:
            self._shapes[entry.shape] = self.records([entry])[0]
        return self._shapes[entry.shape]


def board_from(
    index: Index, name: str, *, metric: str | None, top: int | None, every_claim: bool, data: str | None = None
) -> Leaderboard:
    """Return the board of a problem.

    Args:
        index: The index over the store, refreshed.
        name: Name of the problem.
        metric: Metric that orders the lines; the primary of the newest run by default.
        top: How many ranked lines are shown; None for all.
        every_claim: True for a line per claim; else one per candidate, its best.
        data: Version of the data; that of the newest run by default.

    Raises:
        NotFoundError: The problem has no finished run, or no run has the metric, or there is none on these data.
    """
    newest = index.newest(name)
    if newest is not None and newest.status == "explored" and data is None:
        # Nothing but trials: a handful of runs.
        return leaderboard(index.runs(name), metric=metric, top=top, every_claim=every_claim)
    standings = _Standings(index, name, metric, None if data is None else _problem_on(data, index.runs(name)))
    groups = standings.groups()
    shown = groups if every_claim else standings.best(groups)
    lines = [line_of(records, standings.metric) for group in shown if (records := standings.records(group.entries))]
    field = Field(
        problem=standings.problem,
        evaluation=standings.evaluation,
        metric=standings.metric,
        lines=lines,
        params=standings.params,
        tried=standings.tried,
        incomparable=tuple(standings.incomparable),
        champion=None if standings.latest is None else named_in(standings.latest),
    )
    return board_of(field, top=top)


def competitors(index: Index, name: str, most: int) -> Competitors:
    """Return every claim that has a rank among all claims, by the primary metric, the best first.

    Args:
        index: The index over the store.
        name: Name of the problem.
        most: How many at most.

    Raises:
        NotFoundError: The problem has no finished run.
    """
    index.refresh(name)
    standings = _Standings(index, name, None)
    sign = -1.0 if standings.metric.greater_is_better else 1.0
    eligible = [group for group in standings.groups() if group.eligible and group.value is not None]
    eligible.sort(key=lambda group: (sign * (group.value or 0.0), group.entries[0].candidate, group.entries[0].run_id))
    sides = tuple(standings.records(group.entries) for group in eligible[:most])
    return Competitors(standings.problem, standings.metric, sides, max(standings.tried, len(eligible)))


def _problem_on(data: str, runs: Sequence[RunRecord]) -> ProblemIdentity:
    """Return the newest problem on a version of the data, or on the table whose digest begins like that."""
    for run in reversed(runs):
        found = run.problem.dataset
        if data == found.version or (len(data) >= SHORTEST_DIGEST and found.table.startswith(data)):
            return run.problem
    versions = {run.problem.dataset.version for run in runs}
    raise NotFoundError(
        "A board is of a version of the data that was run.",
        f"No run is on version {data!r}.",
        nearest(data, versions),
    )


def tried_from(index: Index, run: RunRecord) -> int:
    """Return K for a comparison with this run: the claims eligible for first place on its problem.

    Args:
        index: The index over the store, refreshed.
        run: One of the runs that are compared.
    """
    standings = _Standings(index, run.problem.name, None, run.problem, run.evaluation)
    ranked = [group for group in standings.best(standings.groups()) if group.eligible]
    return max(standings.tried, len(ranked))
