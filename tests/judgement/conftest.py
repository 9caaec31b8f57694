"""Run records made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from bancada.identity import digest
from bancada.records import (
    DatasetIdentity,
    Estimate,
    EvaluationIdentity,
    Evidence,
    FoldError,
    FoldScore,
    FoldUse,
    MetricIdentity,
    ProblemIdentity,
    RunRecord,
    Score,
)
from bancada.scoring import Design, interval

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def metric_identity(name: str, *, greater: bool = True, version: int = 1) -> MetricIdentity:
    ingredients = {"name": name, "version": version}
    return MetricIdentity(
        name=name, digest=digest(ingredients), ingredients=ingredients, greater_is_better=greater, bounds=(0.0, None)
    )


def evaluation_identity(
    metrics: Sequence[MetricIdentity] | None = None, margin: float | None = None
) -> EvaluationIdentity:
    chosen = tuple(metrics or (metric_identity("roc_auc"), metric_identity("log_loss", greater=False)))
    names = {"metrics": [metric.digest for metric in chosen], "margin": margin}
    return EvaluationIdentity(
        digest=digest(names), ingredients=names, primary=chosen[0].name, metrics=chosen, margin=margin
    )


def problem_identity(**changes: Any) -> ProblemIdentity:
    ingredients: dict[str, Any] = {
        "data": {"table": "t" * 64},
        "roles": {"target": ["churned"], "features": ["a", "b"]},
        "task": {"name": "binary"},
        "split": {"design": "KFold", "kind": "random", "k": 5, "seed": 0},
    }
    for path, value in changes.items():
        part, _, field = path.partition("__")
        ingredients[part] = {**ingredients[part], field: value}
    dataset = DatasetIdentity(name="churn", version="2024-05", table="t" * 64, n_rows=120, columns=())
    return ProblemIdentity(name="churn", digest=digest(ingredients), ingredients=ingredients, dataset=dataset)


def scored(metric: MetricIdentity, values: Sequence[float | None], design: Design, **changes: Any) -> Score:
    numbers = [value for value in values if value is not None]
    whole = len(numbers) == design.n_folds
    mean = float(np.mean(numbers)) if numbers else None
    estimate = Estimate(value=mean)
    if whole and mean is not None:
        estimate = interval(mean, numbers, design, metric.bounds)
    train = changes.pop("train", None)
    folds = tuple(
        FoldScore(repeat=i // design.k, fold=i % design.k, value=value, train=train) for i, value in enumerate(values)
    )
    return Score(metric=metric.name, metric_id=metric.digest, estimate=estimate, folds=folds, n_rows=100, **changes)


def fold_use(
    place: int, k: int, *, error: FoldError | None, sizes: tuple[int | None, int | None], split: str | None
) -> FoldUse:
    failed = error is not None and place == 0
    return FoldUse(
        repeat=place // k,
        fold=place % k,
        key="k" * 64,
        status="failed" if failed else "done",
        error=error if failed else None,
        n_train=sizes[0],
        n_test=sizes[1],
        split=split,
    )


_CHANGES: dict[str, Any] = {
    "params": {},
    "seed": 0,
    "status": "done",
    "baseline": False,
    "repeats": 3,
    "k": 5,
    "started": "2024-01-01T00:00:00+00:00",
    "problem": None,
    "evaluation": None,
    "train": None,
    "error": None,
    "code": "c1",
    "run_id": None,
    "slices": {},
    "other": None,
    "sizes": (80, 20),
    "splits": None,
    "grade": "complete",
    "flags": (),
    "provenance": {},
}


def make_run(candidate: str = "boosting", values: Any = None, **changes: Any) -> RunRecord:
    assert set(changes) <= set(_CHANGES), set(changes) - set(_CHANGES)
    given = {**_CHANGES, **changes}
    problem = given["problem"] or problem_identity()
    evaluation = given["evaluation"] or evaluation_identity()
    k, repeats = given["k"], given["repeats"]
    kind = problem.ingredients["split"]["kind"]
    design = Design(kind, (80,) * k * repeats, (20,) * k * repeats, repeats)
    numbers = np.full(k * repeats, 0.8) if values is None else values
    listed = [None if value is None else float(value) for value in numbers]
    claim = {"name": candidate, "code": given["code"], "params": given["params"], "seed": given["seed"]}
    claim_id = digest(claim)
    splits = given["splits"] or [None] * repeats
    uses = tuple(
        fold_use(i, k, error=given["error"], sizes=given["sizes"], split=splits[i // k]) for i in range(k * repeats)
    )
    return RunRecord(
        run_id=given["run_id"] or digest([claim_id, given["started"], listed])[:26],
        claim_id=claim_id,
        claim=claim,
        candidate=candidate,
        params=given["params"],
        seed=given["seed"],
        status=given["status"],
        problem=problem,
        evaluation=evaluation,
        folds=uses,
        scores=_scores(evaluation.metrics, listed, design, given),
        evidence=Evidence(grade=given["grade"]),
        started=given["started"],
        seconds=1.0,
        baseline=given["baseline"],
        provenance=given["provenance"],
    )


def _scores(
    metrics: Sequence[MetricIdentity], listed: Sequence[float | None], design: Design, given: Mapping[str, Any]
) -> tuple[Score, ...]:
    if given["status"] == "failed" and given["error"] is not None and all(value is None for value in listed):
        return ()
    found = [scored(metrics[0], listed, design, train=given["train"], flags=given["flags"])]
    if given["other"] is not None:
        found.append(scored(metrics[1], given["other"], design))
    found += [scored(metrics[0], part, design, slice=name) for name, part in given["slices"].items()]
    return tuple(found)


@pytest.fixture(scope="session")
def run_of() -> Callable[..., RunRecord]:
    """Return a maker of runs."""
    return make_run


@pytest.fixture(scope="session")
def problem_of() -> Any:
    """Return a maker of problem identities; `split__k=10` changes one field."""
    return problem_identity


@pytest.fixture(scope="session")
def evaluation_of() -> Any:
    """Return a maker of evaluation identities."""
    return evaluation_identity


@pytest.fixture(scope="session")
def metric_of() -> Any:
    """Return a maker of metric identities."""
    return metric_identity
