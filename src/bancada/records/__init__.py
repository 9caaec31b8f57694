"""Frozen, versioned values: what is written, and what passes between blocks."""

from bancada.records._folds import FoldError, FoldRecord, FoldUse, Observed
from bancada.records._identities import (
    Column,
    DatasetIdentity,
    EvaluationIdentity,
    MetricIdentity,
    ProblemIdentity,
)
from bancada.records._runs import Evidence, RunRecord, Statement
from bancada.records._scores import Estimate, FoldScore, Score

__all__ = [
    "Column",
    "DatasetIdentity",
    "Estimate",
    "EvaluationIdentity",
    "Evidence",
    "FoldError",
    "FoldRecord",
    "FoldScore",
    "FoldUse",
    "MetricIdentity",
    "Observed",
    "ProblemIdentity",
    "RunRecord",
    "Score",
    "Statement",
]
