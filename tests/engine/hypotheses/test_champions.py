"""Scores of older runs that are computed when a hypothesis needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.conftest import folder

from bancada.engine.hypotheses import scored_by, with_rows

if TYPE_CHECKING:
    from tests.engine.conftest import Folder

__all__ = ["folder"]


def test_a_missing_score_is_computed_from_predictions_and_kept(folder: Folder) -> None:
    run = folder.run("bayes")[0].record
    binding = with_rows(folder.binding(), "a > 0")
    metric = binding.metrics[0]
    assert scored_by(run, metric, None, binding, folder.store) is run
    scored = scored_by(run, metric, "a > 0", binding, folder.store)
    score = scored.score_by(metric.identity().digest, "a > 0")
    assert score is not None
    assert score.n_rows == int(binding.slices["a > 0"].sum())
    stored = folder.store.runs.read("noisy", run.run_id)
    assert stored is not None
    assert stored.scored().score_by(metric.identity().digest, "a > 0") == score
    assert stored.scored().evaluation == run.evaluation
