"""From what a runner answered to the verdict: what came out, held against what was recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa

from bancada.reproduction._comparing import Compared, same_number
from bancada.reproduction._documents import DIVERGED, IDENTICAL, WITHIN, Reproduction, ScoreDifference

if TYPE_CHECKING:
    from bancada.engine.runner import Result
    from bancada.records import RunRecord
    from bancada.store import Store

__all__ = ["judged"]


def judged(begun: Reproduction, run: RunRecord, result: Result, out: Path, store: Store) -> Reproduction:
    """Return the verdict on a run.

    Args:
        begun: What is known of the reproduction.
        run: The run.
        result: What the runner answered.
        out: Where it wrote the predictions.
        store: Where the recorded predictions are.

    Raises:
        StoreError: Recorded predictions were altered.
    """
    compared = Compared(result.tolerances)
    found = {(fold.repeat, fold.fold): fold for fold in result.folds}
    for use in run.folds:
        fold = found.get((use.repeat, use.fold))
        recorded = store.folds.predictions(use.key, use.content or "")
        if fold is None or fold.error is not None or not fold.predictions:
            error = None if fold is None else fold.error
            reason = "it was not computed" if error is None else f"{error.type}: {error.message}"
            compared.failed(use.repeat, use.fold, f"{recorded.num_rows} rows", reason)
            continue
        compared.add(use.repeat, use.fold, recorded, _table(out, fold.predictions))
    scores = _scores(run, result)
    same = not compared.differing and not compared.whole
    verdict = IDENTICAL if same and not scores else DIVERGED if compared.diverged or same else WITHIN
    return msgspec.structs.replace(
        begun,
        verdict=verdict,
        predictions=compared.predictions,
        differing=compared.differing,
        beyond=compared.beyond,
        max_abs_difference=compared.largest,
        first_difference=compared.first_difference,
        largest_difference=compared.largest_difference,
        tolerances=result.tolerances,
        scores=scores,
        folds=len(result.folds),
    )


def _table(out: Path, name: str) -> pa.Table:
    # The name comes from a program that ran the record's code.
    path = out / Path(name).name
    if path.is_symlink():
        message = f"{name} is a link"
        raise OSError(message)
    with pa.OSFile(str(path), "rb") as source:
        return pa.ipc.open_stream(source).read_all()


def _scores(run: RunRecord, result: Result) -> tuple[ScoreDifference, ...]:
    """Return the scores that came out otherwise: over all folds, or in one of them."""
    recorded = {(score.metric_id, score.slice): score for score in run.scores}
    different = []
    for score in result.scores:
        was = recorded.get((score.metric_id, score.slice))
        if was is None or (score.slice_id and was.slice_id and score.slice_id != was.slice_id):
            # A slice that was given other rows since, under its name, answers another question.
            continue
        folds = {(fold.repeat, fold.fold): fold.value for fold in was.folds}
        same = same_number(was.estimate.value, score.value) and all(
            same_number(folds.get((repeat, fold)), value) for repeat, fold, value in score.folds
        )
        if not same:
            different.append(
                ScoreDifference(metric=score.metric, slice=score.slice, recorded=was.estimate.value, found=score.value)
            )
    return tuple(different)
