"""The JSON documents of the verbs that run, show and list (DESIGN §13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bancada.judgement.carrying import Drift
from bancada.judgement.journal import Expected
from bancada.records import Evidence, FoldError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bancada.engine import Answer, FittedModel, Plan
    from bancada.records import FoldUse, RunRecord

__all__ = [
    "FoldEntry",
    "PlanDocument",
    "PlannedClaim",
    "RunDocument",
    "RunEntry",
    "ScoreEntry",
    "fit_document",
    "plan_document",
    "run_document",
]


class ScoreEntry(msgspec.Struct, frozen=True):
    """A metric over all rows, with its interval."""

    value: float | None
    low: float | None
    high: float | None


class FoldEntry(msgspec.Struct, frozen=True):
    """A fold of a run as this invocation met it."""

    repeat: int
    fold: int
    key: str
    status: str
    cached: bool
    fit_s: float | None
    predict_s: float | None
    error: FoldError | None


class ModelEntry(msgspec.Struct, frozen=True):
    """A fitted model and where it is kept."""

    object: str
    format: str
    executes_code: bool
    n_rows: int
    size_bytes: int
    fit_s: float


class RunEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A claim that was asked for, and the run that answers it."""

    run_id: str
    claim_id: str
    candidate: str
    params: dict[str, Any]
    seed: int
    status: str
    folds: tuple[FoldEntry, ...]
    scores: dict[str, ScoreEntry]
    evidence: Evidence
    seconds: float
    model: ModelEntry | None = None
    determinism: dict[str, Any] | None = None


class RunDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.run/1`; `drift` is there after `--carry`, `hypothesis` after `--because` and `--expect`."""

    schema: str = "bancada.run/1"
    problem: str
    runs: tuple[RunEntry, ...]
    drift: tuple[Drift, ...] | msgspec.UnsetType = msgspec.UNSET
    hypothesis: Expected | msgspec.UnsetType = msgspec.UNSET


class PlannedClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A claim as it is planned."""

    candidate: str
    params: dict[str, Any]
    seed: int
    claim_id: str
    folds: int
    known: int
    baseline: bool
    missing_evidence: tuple[str, ...]


class PlanDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.plan/1`."""

    schema: str = "bancada.plan/1"
    problem: str
    problem_id: str
    evaluation_id: str
    folds: int
    known: int
    n_rows: int
    n_sealed: int
    repeats: int
    metrics: tuple[str, ...]
    roles: tuple[str, ...]
    features: tuple[str, ...]
    claims: tuple[PlannedClaim, ...]
    timeout_s: float | None = None
    memory_mb: float | None = None


def run_document(answers: Sequence[Answer], problem: str = "", drift: tuple[Drift, ...] | None = None) -> RunDocument:
    """Return what became of the claims that were asked for, in that order, and the drift of those carried."""
    name = answers[0].record.problem.name if answers else problem
    return RunDocument(
        problem=name,
        runs=tuple(_entry(item.record, item.status, item.cached) for item in answers),
        drift=msgspec.UNSET if drift is None else drift,
    )


def fit_document(model: FittedModel) -> RunDocument:
    """Return a run with the model that was fitted for it."""
    entry = _entry(model.run, "known", frozenset((use.repeat, use.fold) for use in model.run.folds))
    kept = ModelEntry(model.digest, model.format, model.executes_code, model.n_rows, model.size_bytes, model.fit_s)
    return RunDocument(problem=model.run.problem.name, runs=(msgspec.structs.replace(entry, model=kept),))


def plan_document(plan: Plan) -> PlanDocument:
    """Return what a sweep would do."""
    binding = plan.binding
    return PlanDocument(
        problem=binding.problem.name,
        problem_id=binding.identity.digest,
        evaluation_id=binding.evaluation.digest,
        folds=plan.n_folds,
        known=plan.n_known,
        n_rows=binding.data.n_rows,
        n_sealed=binding.n_sealed,
        repeats=len(binding.repeats),
        metrics=tuple(metric.name for metric in binding.metrics),
        roles=binding.roles.describe(),
        features=binding.roles.features,
        claims=tuple(
            PlannedClaim(
                candidate=item.claim.label,
                params=item.claim.recorded,
                seed=item.claim.seed,
                claim_id=item.claim.claim_id,
                folds=len(item.folds),
                known=len(item.folds) - len(item.missing),
                baseline=item.claim.baseline,
                missing_evidence=item.claim.missing,
            )
            for item in plan.claims
        ),
        timeout_s=plan.limits.timeout_s,
        memory_mb=plan.limits.memory_mb,
    )


def _entry(record: RunRecord, status: str, cached: Iterable[tuple[int, int]]) -> RunEntry:
    taken = frozenset(cached)
    return RunEntry(
        run_id=record.run_id,
        claim_id=record.claim_id,
        candidate=record.candidate,
        params=record.params,
        seed=record.seed,
        status=status,
        folds=tuple(_fold(use, taken) for use in record.folds),
        scores={
            score.metric: ScoreEntry(score.estimate.value, score.estimate.low, score.estimate.high)
            for score in record.scores
            if score.slice is None
        },
        evidence=record.evidence,
        seconds=record.seconds,
        determinism=record.provenance.get("determinism"),
    )


def _fold(use: FoldUse, taken: frozenset[tuple[int, int]]) -> FoldEntry:
    cached = (use.repeat, use.fold) in taken
    return FoldEntry(use.repeat, use.fold, use.key, use.status, cached, use.fit_s, use.predict_s, use.error)
