"""The rows of runs, from what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

from bancada.definitions import find_project
from bancada.engine.examples import examples_of
from bancada.exceptions import DataError, UsageError
from bancada.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.conftest import Folder

    from bancada.definitions import Project
    from bancada.records import RunRecord

SEALED = """
problem = bc.Problem(
    name="noisy",
    dataset=bc.Dataset.from_function(table, name="noisy", version="1", id="row"),
    target="noisy",
    task=bc.tasks.Binary(),
    split=bc.splits.KFold(3, repeats=2, seed=1, holdout=0.25),
    evaluation=bc.Evaluation(primary="roc_auc", slices=["region", bc.Slice("high", "a > 0.5")]),
    features=["a", "b", "c"],
    weight="weight",
)
"""


def project_of(root: Path) -> Project:
    return find_project(root, {"BANCADA_CACHE": str(root / "cache")}, home=root)


def ran(folder: Folder, *words: str, **options: object) -> RunRecord:
    return folder.run(*words, **options)[0].record


def test_they_are_those_of_the_binding_without_its_sealed_rows(folder: Folder) -> None:
    folder.write(problem=SEALED)
    run = ran(folder, "logistic")
    binding = folder.binding()
    found = examples_of([[run]], project_of(folder.root), folder.store)
    assert found.ids.to_pylist() == binding.ids.to_pylist()
    assert found.n_rows == 120 - binding.n_sealed < 120
    assert found.truth.equals(binding.truth)
    assert found.task == binding.task
    assert found.weight is not None
    assert found.weight.tolist() == binding.weight.tolist()  # type: ignore[union-attr] # the problem names one
    assert {name: mask.tolist() for name, mask in found.slices.items()} == {
        name: mask.tolist() for name, mask in binding.slices.items()
    }
    assert found.features == ("a", "b", "c")
    assert "noisy" not in found.describing
    assert "region" in found.describing
    assert [(fold.repeat, fold.fold) for fold in found.sides[0]] == [(r, k) for r in range(2) for k in range(3)]
    for fold in found.sides[0]:
        assert fold.rows.tolist() == binding.drawn[fold.repeat].parts[fold.fold].test.tolist()
    assert found.columns(["a"]).equals(binding.dataset.rows(["a"]).take(pa.array(binding.positions)))
    assert found.notes == ()


def test_a_fold_s_sample_scores_as_the_run_did(folder: Folder) -> None:
    run = ran(folder, "logistic")
    found = examples_of([[run]], project_of(folder.root), folder.store)
    score = next(score for score in run.scores if score.metric == "roc_auc")
    metric = found.metrics[0]
    values = [metric.score(found.sample(fold)) for fold in found.sides[0]]
    assert values == pytest.approx([fold.value for fold in score.folds])
    half = np.arange(found.n_rows) % 2 == 0
    part = found.sample(found.sides[0][0], half)
    assert part.truth.num_rows == half[found.sides[0][0].rows].sum() == part.predictions.num_rows


def test_sealed_rows_that_have_predictions_are_left_out_and_told(folder: Folder) -> None:
    folder.write(problem=SEALED)
    run = ran(folder, "logistic")
    open_ids = set(folder.binding().ids.to_pylist())
    store = folder.store
    use = run.folds[0]
    path = store.folds.place(use.key, use.content) / "predictions.arrow"
    table = store.folds.predictions(use.key, use.content or "")
    sealed = next(row for row in range(120) if row not in open_ids)
    ids = pa.array([sealed, *table.column("id").to_pylist()[1:]], type=table.schema.field("id").type)
    altered = table.set_column(table.column_names.index("id"), "id", ids)
    path.chmod(0o600)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, altered.schema) as writer:
        writer.write_table(altered)
    found = examples_of([[run]], project_of(folder.root), Store.open(folder.root / ".bancada", create=False))
    assert sealed not in found.ids.to_pylist()
    assert any("1 sealed row had predictions" in note for note in found.notes)


def test_rows_without_predictions_in_a_fold_are_no_examples_of_it(folder: Folder) -> None:
    folder.write(
        candidates="""
class Fails:
    def fit(self, X, y):
        # The fold that tests the row with the greatest value trains without it.
        if X["a"].max() < np.random.default_rng(3).normal(size=(120, 3))[:, 0].max():
            raise ValueError("this fold only")
        return self
    def predict_proba(self, X):
        return np.full((len(X), 2), 0.5)
    def predict(self, X):
        return np.zeros(len(X), dtype=bool)

@bc.candidate
def fails():
    return Fails()
"""
    )
    run = ran(folder, "fails")
    found = examples_of([[run]], project_of(folder.root), folder.store)
    assert len(found.sides[0]) == 6
    assert found.notes == ("`fails`: 2 of 8 folds failed and have no predictions.",)
    assert found.tested(0).sum() == found.n_rows < 120


def test_a_run_without_any_predictions_is_refused(folder: Folder) -> None:
    folder.write(
        candidates="""
class Broken:
    def fit(self, X, y):
        raise ValueError("always")
    def predict(self, X):
        return X

@bc.candidate
def broken():
    return Broken()
"""
    )
    run = ran(folder, "broken")
    with pytest.raises(UsageError, match="No fold of `broken` has any"):
        examples_of([[run]], project_of(folder.root), folder.store)


def test_data_that_are_nowhere_are_named(folder: Folder) -> None:
    run = ran(folder, "logistic")
    other = find_project(folder.root, {"BANCADA_CACHE": str(folder.root / "other")}, home=folder.root)
    with pytest.raises(DataError, match="not in the cache, and it was made of no files"):
        examples_of([[run]], other, folder.store)
