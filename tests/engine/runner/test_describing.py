"""What a run keeps for a runner: no pickles, built-ins by name, all else by reference; and what has no form."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sklearn.metrics import f1_score, make_scorer

from bancada import metrics
from bancada.engine.runner import read_template
from bancada.engine.runner._describing import metric_form

if TYPE_CHECKING:
    from tests.engine.conftest import Folder


def template(folder: Folder, *words: str) -> tuple[Any, Any]:
    """Run, and return the run's record with what it keeps for a runner."""
    (answer, *_) = folder.run(*words)
    return answer.record, read_template(folder.store.objects.get(answer.record.provenance["job"]))


def test_runs_of_one_sweep_share_one_object(folder: Folder) -> None:
    answers = folder.run("logistic", "C=0.1,1,10", "bayes")
    assert len({answer.record.provenance["job"] for answer in answers}) == 1
    assert len(answers) >= 4


def test_the_problem_is_told_by_values(folder: Folder) -> None:
    record, found = template(folder, "bayes")
    assert (found.problem, found.target, found.features) == ("noisy", "noisy", ("a", "b", "c"))
    assert found.task == {"object": "bancada.tasks._binary:Binary", "state": {"classes": None, "positive": None}}
    assert [form["metric"] for form in found.metrics] == ["roc_auc", "accuracy", "log_loss"]
    assert (found.split.kind, found.split.sealed) == ("random", None)
    assert dict(found.split.tables) == record.provenance["splits"]
    assert (found.missing, found.unscored) == ((), ())
    assert json.loads(folder.store.objects.get(record.provenance["job"]))["schema"] == "store.job/1"


def test_sealed_rows_are_kept_as_bits(folder: Folder) -> None:
    problem = folder.parts["problem"].replace("seed=1)", "seed=1, holdout=0.25)")
    folder.write(problem=problem)
    record, found = template(folder, "bayes")
    bits = np.unpackbits(np.frombuffer(folder.store.objects.get(found.split.sealed), dtype=np.uint8), count=120)
    assert bits.sum() == record.provenance["n_sealed"] > 0


def test_a_metric_of_the_project_goes_by_reference_and_one_without_a_form_by_name(folder: Folder) -> None:
    head = folder.parts["head"] + (
        "\ndef near(y_true, y_pred):\n    return float((y_true == y_pred).mean())\n"
        "\ndef made():\n    def far(y_true, y_pred):\n        return 1.0\n    return far\n"
    )
    own = 'bc.metrics.from_function(near, greater_is_better=True), bc.metrics.from_function(made(), name="far", '
    problem = folder.parts["problem"].replace('"log_loss"]', f"{own}greater_is_better=True)]")
    folder.write(head=head, problem=problem)
    record, found = template(folder, "bayes")
    (form,) = (form for form in found.metrics if "object" in form)
    assert form["state"]["function"] == {"reference": f"{folder.module}:near"}
    assert found.unscored == ("far",)
    assert not any("far" in text for text in record.evidence.missing)


def test_a_task_without_a_form_makes_the_evidence_incomplete(folder: Folder) -> None:
    head = folder.parts["head"] + (
        "\nfrom bancada.testing import NumberTask\n"
        "\nclass Own(NumberTask):\n    def __init__(self):\n        object.__setattr__(self, 'key', lambda: 1)\n"
    )
    problem = folder.parts["problem"].replace("bc.tasks.Binary()", "Own()").replace('"accuracy", "log_loss"', "")
    problem = problem.replace('"roc_auc"', '"mae"').replace('target="noisy"', 'target="a"').replace('["a", "b"', '["b"')
    folder.write(head=head, problem=problem, candidates="")
    record, found = template(folder, "baseline")
    assert found.task is None
    assert any(text.startswith("the task `number`") for text in record.evidence.missing)


@pytest.mark.parametrize(
    ("metric", "form"),
    [
        (metrics.get("roc_auc"), {"metric": "roc_auc", "aggregate": "fold-mean"}),
        (metrics.get("ndcg", k=10), {"metric": "ndcg@10", "aggregate": "fold-mean"}),
        (metrics.get("rmse").with_aggregate("pooled"), {"metric": "rmse", "aggregate": "pooled"}),
    ],
)
def test_a_built_in_metric_goes_by_name(metric: Any, form: dict[str, str]) -> None:
    assert metric_form(metric) == form


def test_a_scorer_of_scikit_learn_has_a_form() -> None:
    assert "object" in metric_form(metrics.from_scorer(make_scorer(f1_score)))
