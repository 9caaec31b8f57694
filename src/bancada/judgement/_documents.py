"""The document `bancada.leaderboard/1`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bancada.judgement.approvals import Approved
from bancada.judgement.champions import Champion
from bancada.records import Evidence

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "LEADERBOARD_SCHEMA",
    "AgainstLeader",
    "Incomparable",
    "KpiColumn",
    "KpiValue",
    "Leaderboard",
    "LeaderboardRow",
]

LEADERBOARD_SCHEMA = "bancada.leaderboard/1"
_OWN = "own"


class AgainstLeader(msgspec.Struct, frozen=True, kw_only=True):
    """A line's paired difference to the leader's.

    Attributes:
        delta: Line − leader, oriented so that positive is better; None where there is none.
        low: Lower end of the interval at the board's level; None where there is none.
        high: Upper end.
        p: Two-sided p value adjusted for the family: below alpha iff the interval excludes 0.
        mde: Smallest difference that this design finds with a power of 80 % at the board's level.
        procedure: Name of the procedure; empty where there is none.
        verdict: `better`, `worse`, `equivalent`, `inconclusive`, `identical` or `none`.
        note: What must be told beside the word.
    """

    delta: float | None
    low: float | None
    high: float | None
    p: float | None
    mde: float | None
    procedure: str
    verdict: str
    note: str = ""


class KpiColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A KPI of the evaluation: its name, its unit, and whether `higher` or `lower` is better."""

    name: str
    unit: str
    direction: str
    metric_id: str


class KpiValue(msgspec.Struct, frozen=True, kw_only=True):
    """A line by a KPI, in the KPI's unit and own direction, with its 95 % interval; None where there is none."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    flags: tuple[str, ...] = ()


class LeaderboardRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the board.

    Attributes:
        rank_low: Lowest rank that the line may truly have; None without rank.
        rank_high: Highest rank; None without rank.
        run_id: The newest run behind the line.
        claim_id: Its claim.
        candidate: Name of the candidate.
        label: The candidate with the parameters that tell it from its other claims.
        params: Resolved parameters.
        status: Status of the run.
        baseline: True for the task's baseline.
        value: The score in the metric's own direction; None where there is none.
        low: Lower end of its 95 % interval; None where there is none.
        high: Upper end.
        against_leader: The paired difference to the leader; None for the leader and for lines without a score.
        train_gap: Mean score on the training rows − score, in the metric's own direction; None where not kept.
        n_folds: Folds with a score.
        runs: Every run behind the line, newest first: seeds of one claim are averaged.
        seeds: Their seeds.
        flags: What must be told beside the score.
        evidence: Grade, and what is missing.
        error: Why the run failed: its first failed fold; absent where none failed.
        against_champion: The paired difference to the champion; absent where none is named or it has no line here.
        origin: Whose the runs behind the line are, for whoever looks: `own`, `colleague (NAME)` or `foreign`; absent
            where nobody asked.
        kpi: The line by each KPI; absent where none is declared.
    """

    rank_low: int | None
    rank_high: int | None
    run_id: str
    claim_id: str
    candidate: str
    label: str
    params: dict[str, Any]
    status: str
    baseline: bool
    value: float | None
    low: float | None
    high: float | None
    against_leader: AgainstLeader | None
    train_gap: float | None
    n_folds: int
    runs: tuple[str, ...]
    seeds: tuple[int, ...]
    flags: tuple[str, ...]
    evidence: Evidence
    error: str | msgspec.UnsetType = msgspec.UNSET
    origin: str | msgspec.UnsetType = msgspec.UNSET
    kpi: tuple[KpiValue, ...] | msgspec.UnsetType = msgspec.UNSET
    against_champion: AgainstLeader | msgspec.UnsetType = msgspec.UNSET


class Incomparable(msgspec.Struct, frozen=True, kw_only=True):
    """A run that answered another question, and the identity fields that differ, in dotted notation."""

    run_id: str
    candidate: str
    differs: tuple[str, ...]


class ChoosingOptimism(msgspec.Struct, frozen=True, kw_only=True):
    """What choosing the best of K claims adds to its score (BBC-CV, Tsamardinos et al. 2018).

    Attributes:
        run_id: The newest run behind the best line.
        value: Its score, as the board shows it.
        optimism: How much better than it is the best one scores, oriented so that positive flatters.
        corrected: value − max(optimism, 0), or + where less is better.
        compared: Claims that were held against each other, row by row.
        tried: K; where it is more than `compared`, the optimism is at least this.
        resamples: Resamples of the rows (groups).
        problem_id: Digest of the problem.
        metric_id: Digest of the metric.
    """

    run_id: str
    value: float
    optimism: float
    corrected: float
    compared: int
    tried: int
    resamples: int
    problem_id: str
    metric_id: str

    @property
    def lower_bound(self) -> bool:
        """True where more claims were tried than were held against each other."""
        return self.tried > self.compared


class Leaderboard(msgspec.Struct, frozen=True, kw_only=True):
    """Claims on one problem by one metric, best first.

    Attributes:
        schema: `bancada.leaderboard/1`.
        problem: Name of the problem.
        metric: Name of the metric.
        direction: `higher` or `lower` is better.
        primary: True where the metric decides; only then there are words and ranks.
        problem_id: Digest of the problem.
        evaluation_id: Digest of the evaluation.
        dataset: Name of the dataset.
        version: Its version.
        n_rows: Rows that are not sealed.
        n_sealed: Rows of the sealed holdout; absent where not recorded.
        looks: How often the sealed rows were looked at; absent where that is not known.
        kind: What the folds are: `random`, `site`, `time` or `single`.
        folds: Folds in a repeat.
        repeats: Repeats.
        procedure: Name of the procedure behind the intervals; empty where there is none.
        tried: K, the claims eligible for first place; their pairs are the family.
        alpha: Level of the family.
        level: Level of each comparison with the leader.
        margin: Smallest difference that matters; None where none was declared.
        rows: The lines.
        not_shown: Ranked lines beyond those shown.
        incomparable: Runs that answered another question.
        notes: What must be told beside the board.
        kpi: The KPIs of the evaluation; absent where none is declared.
        approved: How far the evaluation is approved; absent where the project names no team.
        champion: The champion that the newest run knew; absent where none is named.
        optimism: What choosing adds to the score of the first line; absent where it was not computed.
    """

    schema: str = LEADERBOARD_SCHEMA
    problem: str
    metric: str
    direction: str
    primary: bool
    problem_id: str
    evaluation_id: str
    dataset: str
    version: str
    n_rows: int
    n_sealed: int | msgspec.UnsetType = msgspec.UNSET
    looks: int | msgspec.UnsetType = msgspec.UNSET
    kind: str
    folds: int
    repeats: int
    procedure: str
    tried: int
    alpha: float
    level: float
    margin: float | None
    rows: tuple[LeaderboardRow, ...]
    not_shown: int
    incomparable: tuple[Incomparable, ...]
    notes: tuple[str, ...]
    kpi: tuple[KpiColumn, ...] | msgspec.UnsetType = msgspec.UNSET
    approved: Approved | msgspec.UnsetType = msgspec.UNSET
    champion: Champion | msgspec.UnsetType = msgspec.UNSET
    optimism: ChoosingOptimism | msgspec.UnsetType = msgspec.UNSET

    def with_approved(self, approved: Approved | None) -> Leaderboard:
        """Return the board with how far its evaluation is approved; as it is where nobody is asked to approve."""
        return self if approved is None else msgspec.structs.replace(self, approved=approved)

    def with_origins(self, origins: Mapping[str, str]) -> Leaderboard:
        """Return the board with a word on each line for whose its runs are; of several that are not own, the first.

        Args:
            origins: In words whose runs are, by id.
        """
        rows = []
        for row in self.rows:
            words = [origins.get(run_id, "foreign") for run_id in row.runs or (row.run_id,)]
            others = [word for word in words if word != _OWN]
            rows.append(msgspec.structs.replace(row, origin=others[0] if others else _OWN))
        return msgspec.structs.replace(self, rows=tuple(rows))
