"""The folds of a job, computed by the same workers as those of a sweep, and what is written of them."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa

from bancada.contracts import TolerantTask
from bancada.engine._jobs import FoldJob, WorkerSession
from bancada.engine._results import result_of
from bancada.engine._scoring import KEYS, RunScorer
from bancada.engine.runner._protocol import ResultFold, ResultScore
from bancada.environments import interpreter, metadata_folders
from bancada.provenance import hardware
from bancada.records import FoldUse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bancada.engine._binding import Binding
    from bancada.engine._jobs import FoldResult, ModelSpec
    from bancada.engine.runner._protocol import JobFold
    from bancada.engine.runner._rebuilding import Laid
    from bancada.executors import ProcessExecutor
    from bancada.store import Store

__all__ = ["Computed", "compute", "session_of", "surroundings"]

TICK_S = 0.5


@dataclass(frozen=True)
class Computed:
    """What was computed."""

    folds: tuple[ResultFold, ...]
    scores: tuple[ResultScore, ...]
    tolerances: Mapping[str, float]


def session_of(binding: Binding, store: Store) -> WorkerSession:
    """Return what all folds of a binding share."""
    project = binding.project
    return WorkerSession(
        root=project.root,
        store=store.root,
        cache=project.cache,
        reads=(),
        dataset=binding.dataset,
        features=binding.roles.features,
        target=binding.roles.target,
        read_by_task=binding.roles.read_by_task,
        row_columns=binding.roles.row_columns,
        weight=binding.roles.weight,
        fit_weight=binding.problem.fit_weight,
        task=binding.task,
        metrics=binding.metrics,
        positions=binding.positions,
        splits={repeat.number: repeat.content for repeat in binding.repeats},
        places=binding.places,
    )


def compute(
    laid: Laid,
    binding: Binding,
    spec: ModelSpec,
    executor: ProcessExecutor,
    store: Store,
    tell: Callable[[dict[str, Any]], None],
) -> Computed:
    """Compute every fold of a job, score them, and write their predictions.

    Args:
        laid: The job.
        binding: Its problem with its data.
        spec: How a worker makes the model.
        executor: Workers that were started with the binding's session.
        store: The job's own.
        tell: Takes what happens; called now and then with nothing new.
    """
    job = laid.job
    running = {executor.submit(_fold_job(laid, spec, fold), job.timeout_s): fold for fold in job.folds}
    results: dict[tuple[int, int], FoldResult] = {}
    waiting: set[Future[bytes]] = set(running)
    while waiting:
        done, waiting = wait(waiting, timeout=TICK_S, return_when=FIRST_COMPLETED)
        if not done:
            tell({"event": "tick"})
        for future in done:
            fold, result = running[future], result_of(future)
            results[fold.repeat, fold.fold] = result
            status = "done" if result.error is None else f"failed: {result.error.type}"
            seconds = result.fit_s + result.predict_s
            tell({"event": "fold", "repeat": fold.repeat, "fold": fold.fold, "status": status, "seconds": seconds})
    tell({"event": "scoring"})
    uses = [_use(fold, results[fold.repeat, fold.fold], binding) for fold in job.folds]
    written = tuple(_written(laid, use, results[use.repeat, use.fold], store) for use in uses)
    scores = RunScorer(binding, store).scores(uses)
    told = tuple(
        ResultScore(
            metric=score.metric,
            metric_id=score.metric_id,
            slice=score.slice,
            value=score.estimate.value,
            folds=tuple((fold.repeat, fold.fold, fold.value) for fold in score.folds),
            slice_id=score.slice_id,
        )
        for score in scores
    )
    return Computed(written, told, _tolerances(binding, uses, store))


def surroundings(threads: int) -> dict[str, Any]:
    """Return where this happened, in the words of a run's record."""
    here = interpreter()
    return {
        "python": here["python"],
        "packages": {folder.name: folder.version for folder in metadata_folders()},
        "platform": here["platform"],
        "libc": here["libc"],
        "hardware": hardware(),
        "threads": threads,
    }


def _fold_job(laid: Laid, spec: ModelSpec, fold: JobFold) -> bytes:
    job = laid.job
    return msgspec.msgpack.encode(
        FoldJob(
            problem=job.template.problem,
            run_id=job.run_id,
            spec=spec,
            params=job.params,
            frame=job.frame,
            seed=job.seed,
            repeat=fold.repeat,
            fold=fold.fold,
            key=fold.key,
            ingredients={},
        )
    )


def _use(fold: JobFold, result: FoldResult, binding: Binding) -> FoldUse:
    repeat = binding.drawn[fold.repeat]
    size = repeat.sizes[fold.fold]
    return FoldUse(
        repeat=fold.repeat,
        fold=fold.fold,
        key=fold.key,
        status="failed" if result.content is None else "done",
        content=result.content,
        fit_s=result.fit_s,
        predict_s=result.predict_s,
        error=result.error,
        flags=result.flags,
        n_train=size.n_train,
        n_test=size.n_test,
        rows_test=size.rows_test,
        split=repeat.digest,
    )


def _written(laid: Laid, use: FoldUse, result: FoldResult, store: Store) -> ResultFold:
    """Write the predictions of a fold beside the result."""
    if use.content is None:
        return ResultFold(repeat=use.repeat, fold=use.fold, error=result.error)
    record = store.folds.read(use.key, use.content)
    table = store.folds.predictions(use.key, use.content)
    name = f"predictions-{use.repeat}-{use.fold}.arrow"
    _write_arrow(laid.folder / laid.job.out / name, table)
    return ResultFold(
        repeat=use.repeat,
        fold=use.fold,
        predictions=name,
        digest="" if record is None else record.predictions,
        n_test=table.num_rows,
        fit_s=result.fit_s,
        predict_s=result.predict_s,
        flags=result.flags,
        observed=() if record is None else record.observed,
    )


def _write_arrow(path: Path, table: pa.Table) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)


def _tolerances(binding: Binding, uses: list[FoldUse], store: Store) -> Mapping[str, float]:
    task = binding.task
    tables = [store.folds.predictions(use.key, use.content) for use in uses if use.content is not None]
    if not tables or not isinstance(task, TolerantTask):
        return {}
    # A fold may lack a column that another one has.
    return task.tolerances(binding.truth, pa.concat_tables(tables, promote_options="default").drop_columns(list(KEYS)))
