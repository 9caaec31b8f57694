"""Folds and runs with made-up content."""

from __future__ import annotations

import pyarrow as pa

from bancada.identity import digest, table_digest
from bancada.records import (
    DatasetIdentity,
    Estimate,
    EvaluationIdentity,
    Evidence,
    FoldRecord,
    FoldScore,
    FoldUse,
    MetricIdentity,
    Observed,
    ProblemIdentity,
    RunRecord,
    Score,
)
from bancada.store import FoldContent, content_digest

KEY = digest({"seed": 0})


def fold_content(
    key: str = KEY, observed: tuple[Observed, ...] = (), scores: tuple[float, float] = (0.2, 0.8), fit_s: float = 0.1
) -> FoldContent:
    """Make the content of a fold of two rows."""
    table = pa.table({"id": [1, 2], "repeat": [0, 0], "fold": [0, 0], "score": list(scores)})
    predictions = table_digest(table)
    record = FoldRecord(
        key=key,
        content=content_digest(observed, predictions),
        ingredients={"seed": 0},
        repeat=0,
        fold=0,
        n_train=8,
        n_test=2,
        predictions=predictions,
        fit_s=fit_s,
        predict_s=0.1,
        recorded="2026-01-01T00:00:00+00:00",
        observed=observed,
    )
    return FoldContent(record=record, table=table, train_scores={"m": 0.9}, log=(b'{"loss":0.5}',))


def run_record(letter: str, *, content: str | None = None, started: str = "2026-01-01T00:00:00+00:00") -> RunRecord:
    """Make a finished run of one fold."""
    claim = {"seed": 0, "letter": letter}
    ingredients = {"data": {"table": "t"}, "split": {"kind": "random"}}
    metric = MetricIdentity(name="auc", digest="m", ingredients={"name": "auc"}, greater_is_better=True)
    fold = FoldScore(repeat=0, fold=0, value=0.8)
    return RunRecord(
        run_id=letter.ljust(26, "0"),
        claim_id=digest(claim),
        claim=claim,
        candidate=f"candidate-{letter}",
        params={},
        seed=0,
        status="done",
        problem=ProblemIdentity(
            name="churn",
            digest=digest(ingredients),
            ingredients=ingredients,
            dataset=DatasetIdentity(name="churn", version="1", table="t", n_rows=10, columns=()),
        ),
        evaluation=EvaluationIdentity(digest=digest({}), ingredients={}, primary="auc", metrics=(metric,)),
        folds=(FoldUse(repeat=0, fold=0, key=KEY, status="done", content=content),),
        scores=(Score(metric="auc", metric_id="m", estimate=Estimate(value=0.8), folds=(fold,), n_rows=2),),
        evidence=Evidence(grade="complete"),
        started=started,
        seconds=1.0,
    )
