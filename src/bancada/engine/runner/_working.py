"""One job from its file to its result, once the threads of the numerical libraries are bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cloudpickle

from bancada.engine.runner._protocol import Result
from bancada.engine.runner._rebuilding import laid_out, model_spec, rebuilt_binding
from bancada.engine.runner._running import compute, session_of, surroundings
from bancada.executors import ProcessExecutor
from bancada.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bancada.engine.runner._protocol import Job

__all__ = ["work"]

TARGET = "bancada.engine._worker:worker"


def work(job: Job, folder: Path, tell: Callable[[dict[str, Any]], None]) -> Result:
    """Compute a job.

    Args:
        job: What to compute.
        folder: Where its file lies.
        tell: Takes what happens.
    """
    laid = laid_out(job, folder)
    store = Store.open(laid.project.store, create=True)
    tell({"event": "importing"})
    spec = model_spec(laid, store)
    # As in a sweep: workers are forked before anything is computed, with all that was imported.
    executor = ProcessExecutor(
        TARGET,
        workers=job.workers,
        threads=job.threads,
        prelude=laid.project.modules,
        path=tuple(str(path) for path in laid.project.search),
    )
    try:
        tell({"event": "data"})
        binding = rebuilt_binding(laid, store)
        tell({"event": "begun", "folds": len(job.folds)})
        # Pickled for the workers of this very process.
        executor.start(cloudpickle.dumps(session_of(binding, store)))
        done = compute(laid, binding, spec, executor, store, tell)
    finally:
        executor.shutdown(cancel=True)
    return Result(
        run_id=job.run_id,
        folds=done.folds,
        scores=done.scores,
        tolerances=dict(done.tolerances),
        problem_id=binding.identity.digest,
        surroundings=surroundings(executor.threads),
    )
