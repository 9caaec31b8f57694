"""The score of an older run by one metric on one slice, computed from its predictions where it has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.engine._recording import utc_now
from bancada.engine._scoring import RunScorer
from bancada.provenance import author
from bancada.records import Statement

if TYPE_CHECKING:
    from bancada.contracts import Metric
    from bancada.engine._binding import Binding
    from bancada.records import RunRecord
    from bancada.store import Store

__all__ = ["scored_by"]


def scored_by(run: RunRecord, metric: Metric, slice_name: str | None, binding: Binding, store: Store) -> RunRecord:
    """Return a run with its score by a metric on a slice; one that is computed now is kept as a statement.

    Args:
        run: A run of the problem.
        metric: One of the binding's metrics.
        slice_name: One of the binding's slices; None for all rows.
        binding: The problem with its data.
        store: Where predictions and statements are.

    Raises:
        StoreError: Predictions are missing.
    """
    where = None if slice_name is None else binding.slice_ids[slice_name]
    wanted = metric.identity().digest, where
    if any(score.key == wanted for score in run.scores):
        return run
    found = RunScorer(binding, store).scores(run.folds, [metric], explored=run.status == "explored")
    new = tuple(score for score in found if score.key == wanted)
    if new:
        content = {"scores": msgspec.to_builtins(new)}
        said = Statement(kind="score", said=utc_now(), content=content, author=author(binding.project.root))
        store.runs.say(run.problem.name, run.run_id, said)
    return msgspec.structs.replace(run, scores=(*run.scores, *new))
