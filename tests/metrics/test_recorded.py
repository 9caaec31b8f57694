"""Metrics as records tell them."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from bancada import metrics
from bancada.records import MetricIdentity

NAMES = ("roc_auc", "log_loss", "rmse", "ndcg@10", "ndcg")


@pytest.mark.parametrize("name", NAMES)
def test_a_metric_is_made_again_from_what_a_record_says(name: str) -> None:
    metric = metrics.get(name)
    said = msgspec.json.decode(msgspec.json.encode(metric.identity()), type=MetricIdentity)
    assert metrics.recorded(said) == metric


def test_its_aggregate_is_kept() -> None:
    metric = metrics.get("accuracy").with_aggregate("pooled")
    assert metrics.recorded(metric.identity()) == metric


def test_another_version_and_a_function_are_none() -> None:
    assert metrics.recorded(replace(metrics.get("mae"), version=99).identity()) is None

    def own(y_true: object, y_pred: object) -> float:
        return 0.0

    assert metrics.recorded(metrics.from_function(own, greater_is_better=True).identity()) is None
    assert metrics.recorded(replace(metrics.get("mae"), name="gone").identity()) is None
