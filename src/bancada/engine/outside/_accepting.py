"""From a checked submission to a run that stands beside all others."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from bancada.engine._recording import utc_now
from bancada.engine._scoring import RunScorer
from bancada.engine._underway import Answer
from bancada.engine.origins import sign_quietly, stamped
from bancada.engine.outside._submission import keep_folds
from bancada.engine.rescoring import rescore
from bancada.engine.sealing import keep_rows
from bancada.identity import digest
from bancada.provenance import author
from bancada.records import Evidence, RunRecord
from bancada.store import random_name

if TYPE_CHECKING:
    from bancada.engine._binding import Binding
    from bancada.engine.outside._submission import Kept, Submission
    from bancada.store import Index, Store

__all__ = ["accept", "data_facts", "known_run", "outside_record"]

MISSING = ("made outside bancada: code, environment, training data",)


def accept(submission: Submission, index: Index, source: str = "") -> Answer:
    """Store a submission, score it, and judge all other runs by the same evaluation.

    Args:
        submission: What has passed the checks.
        index: The index over the store; it is brought up to date.
        source: Where the predictions came from, such as the name of a file.

    Returns:
        The run: a new one, or the known one where the very predictions were submitted before under this name.

    Raises:
        StoreError: The store cannot be written.
    """
    binding, store = submission.binding, index.store
    started, clock = utc_now(), time.perf_counter()
    who = author(binding.project.root)
    scorer = RunScorer(binding, store)
    kept = keep_folds(submission, store)
    index.refresh(binding.problem.name)
    known = known_run(submission.claim, kept, binding, index)
    if known is None:
        record = outside_record(
            binding,
            submission.claim,
            submission.name,
            kept,
            scores=scorer.scores(kept.uses),
            evidence=Evidence(grade="incomplete", missing=MISSING),
            started=started,
            seconds=time.perf_counter() - clock,
            author=who,
            provenance={
                **data_facts(binding, store),
                "notes": sorted(submission.notes),
                "submitted": {"source": source},
            },
        )
        record = stamped(record, binding.project)
        store.runs.finish(record)
        sign_quietly(store, binding.project, [(record.problem.name, record.run_id)])
        index.refresh(binding.problem.name)
    else:
        record = known
    renewed = rescore(scorer, index, who)
    record = renewed.runs.get(record.run_id, record)
    every = frozenset((use.repeat, use.fold) for use in kept.uses)
    return Answer(record, "known" if known else "done", every if known else kept.known)


def known_run(claim: dict[str, Any], kept: Kept, binding: Binding, index: Index) -> RunRecord | None:
    """Return the newest finished run of a claim that lists these folds."""
    wanted = {(use.key, use.content) for use in kept.uses}
    for run in reversed(index.claim(binding.problem.name, digest(claim))):
        if run.status == "done" and wanted <= {(use.key, use.content) for use in run.folds}:
            return run
    return None


def data_facts(binding: Binding, store: Store) -> dict[str, Any]:
    """Return what every run of a problem says about the rows that it was scored on."""
    return {
        "data": binding.kept,
        "n_rows": binding.data.n_rows,
        "n_sealed": binding.n_sealed,
        **binding.named,
        **({"holdout": keep_rows(binding.holdout, store)} if binding.n_sealed else {}),
        "splits": {str(repeat.number): repeat.content for repeat in binding.repeats},
    }


def outside_record(
    binding: Binding,
    claim: dict[str, Any],
    name: str,
    kept: Kept,
    *,
    run_id: str = "",
    status: str = "done",
    **told: Any,
) -> RunRecord:
    """Return the record of a run that bancada did not fit.

    Args:
        binding: The problem with its data.
        claim: The ingredients of the claim.
        name: Name on the board.
        kept: Its folds; none where nothing was submitted.
        run_id: Id of the run; a new one by default.
        status: `done`, `failed` or `interrupted`.
        told: The other fields of the record.
    """
    return RunRecord(
        run_id=run_id or random_name(),
        claim_id=digest(claim),
        claim=claim,
        candidate=name,
        params={},
        seed=0,
        status=status,
        problem=binding.identity,
        evaluation=binding.evaluation,
        folds=kept.uses,
        **told,
    )
