"""Tests of how a problem is judged, as plain values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Protocol

from bancada.definitions import load
from bancada.identity import canonical_json, digest

if TYPE_CHECKING:
    from bancada.definitions import Project

    class Write(Protocol):
        def __call__(self, files: dict[str, str], *modules: str) -> Project: ...


DEFINED = """\
import bancada as bc

data = bc.Dataset.from_frame({"id": [1], "x": [1.0], "y": [0]}, name="data", version="7", id="id")
churn = bc.Problem(
    name="churn", dataset=data, target="y", task=bc.tasks.Binary(positive=1), split=bc.splits.KFold(5, repeats=2),
    evaluation=bc.Evaluation(
        primary="roc_auc", metrics=["brier"], margin=0.01, title="Who leaves", rationale="We call them.",
        kpi=bc.Kpi("errors", unit="EUR per 1,000 people", costs={"c10": 2, "c01": 9}, ranges={"c01": (5, 20)}),
        reasons={"roc_auc": "the order counts"}, alternatives=[bc.Alternative("accuracy", "most stay")],
    ),
)
"""


def test_the_snapshot_tells_all_that_people_approve(write_project: Write) -> None:
    taken = load(write_project({"defined.py": DEFINED}, "defined")).snapshot()
    problem = json.loads(canonical_json(taken))["problems"][0]
    judged = problem["judged"]
    assert digest(judged["ingredients"]) == problem["evaluation"]
    assert (judged["title"], judged["rationale"]) == ("Who leaves", "We call them.")
    assert judged["reasons"] == {"roc_auc": "the order counts"}
    assert judged["alternatives"] == [{"name": "accuracy", "why": "most stay"}]
    assert [(metric["name"], metric["built_in"]) for metric in judged["metrics"]] == [
        ("roc_auc", True),
        ("brier", True),
    ]
    assert judged["kpi"] == [
        {
            "name": "errors", "unit": "EUR per 1,000 people", "rationale": "", "greater_is_better": False,
            "rows": 1000.0, "function": None, "costs": {"c01": 9, "c10": 2}, "decided_by": "label", "columns": [],
            "assumptions": {}, "ranges": {"c01": [5.0, 20.0]},
        }
    ]  # fmt: skip
    assert (judged["repeats"], judged["code"]) == (2, [])
