"""A run under way: begun, its folds noted as they end, ended with its record. A sweep and a trial share this."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.engine._jobs import FoldJob
from bancada.engine._recording import Ended, run_record, utc_now, wanted_of
from bancada.engine._results import LOST
from bancada.engine._writing import RunWriter
from bancada.engine.evidence import EvidenceFiles, loaded_files
from bancada.engine.origins import sign_quietly, stamped
from bancada.engine.runner import describe_binding
from bancada.provenance import mask_secrets
from bancada.records import FoldError, FoldUse, RunRecord
from bancada.store import random_name

if TYPE_CHECKING:
    from bancada.engine._binding import Binding
    from bancada.engine._jobs import FoldResult
    from bancada.engine._listening import SweepListener
    from bancada.engine._plan import ClaimPlan, PlannedFold
    from bancada.engine._recording import Surroundings
    from bancada.engine._scoring import RunScorer
    from bancada.engine.evidence import Gathered
    from bancada.engine.runner import Template
    from bancada.records import FoldRecord
    from bancada.store import Store

__all__ = ["Answer", "OpenRun", "RunKeeper", "primary_text"]

UNSCORED = frozenset({"interrupted"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one claim.

    Attributes:
        record: The run that answers it: a new one, or the known one.
        status: `done`, `known`, `failed`, `interrupted` or `explored`.
        cached: (repeat, fold) of the folds that were taken from the store by this invocation.
    """

    record: RunRecord
    status: str
    cached: frozenset[tuple[int, int]] = frozenset()


@dataclass(slots=True)
class OpenRun:
    """A run under way."""

    item: ClaimPlan
    label: str
    run_id: str
    started: str
    clock: float
    uses: dict[tuple[int, int], FoldUse] = field(default_factory=dict)
    observed: set[tuple[str, str]] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)

    @property
    def complete(self) -> bool:
        """True where every fold has ended."""
        return len(self.uses) == len(self.item.folds)

    @property
    def crashes(self) -> int:
        """How many of its folds ended their worker, or had it ended: by time, memory, a signal or an exit."""
        return sum(use.error is not None and use.error.type == LOST for use in self.uses.values())

    @property
    def failed(self) -> bool:
        """True where a fold has failed."""
        return any(use.content is None for use in self.uses.values())


class RunKeeper:
    """Begins runs, notes their folds and ends them.

    Args:
        binding: The problem with its data.
        store: Where everything is kept.
        scorer: Scores finished runs.
        surroundings: Where this happens.
        listener: Who is told.
    """

    def __init__(
        self, binding: Binding, store: Store, scorer: RunScorer, surroundings: Surroundings, listener: SweepListener
    ) -> None:
        self.binding = binding
        self.store = store
        self.scorer = scorer
        self.surroundings = surroundings
        self.listener = listener
        self._writer = RunWriter(store)
        self._files = EvidenceFiles(binding.project.root, store, binding.data.files)
        self._beside: frozenset[str] | None = None
        self._unsigned: list[tuple[str, str]] = []

    def begin(self, item: ClaimPlan, label: str) -> OpenRun:
        """Begin a run; its journal says so before anything else is done for it."""
        run = OpenRun(item, label, random_name(), utc_now(), time.perf_counter())
        claim = item.claim
        self._write(
            run,
            {
                "event": "begin",
                "run_id": run.run_id,
                "claim_id": claim.claim_id,
                "candidate": claim.label,
                "params": claim.recorded,
                "seed": claim.seed,
                "started": run.started,
                "folds": len(item.folds),
                **_expected(item),
            },
        )
        return run

    def job(self, run: OpenRun, fold: PlannedFold, *, alone: bool = True) -> bytes:
        """Return what a worker is told, to compute a fold of a run; `alone` where no other candidate is run."""
        claim = run.item.claim
        job = FoldJob(
            problem=self.binding.problem.name,
            run_id=run.run_id,
            spec=claim.spec,
            params=claim.params,
            frame=claim.frame,
            seed=claim.seed,
            repeat=fold.repeat.number,
            fold=fold.fold,
            key=fold.key,
            ingredients=claim.fold_ingredients(fold.repeat, fold.fold),
            alone=alone,
        )
        return msgspec.msgpack.encode(job)

    def stored(self, run: OpenRun, fold: PlannedFold) -> FoldUse | None:
        """Note a fold that the store has; None where it has not."""
        kept = fold.record
        if kept is None:
            return None
        run.observed.update((item.path, item.digest) for item in kept.observed)
        run.outside.update(kept.outside)
        return self._note(run, self.stored_use(fold, kept))

    def stored_use(self, fold: PlannedFold, kept: FoldRecord) -> FoldUse:
        """Return a fold that the store has, as a run lists it."""
        return _use(fold, kept.content, cached=True, fit_s=kept.fit_s, predict_s=kept.predict_s, flags=kept.flags)

    def take(self, run: OpenRun, fold: PlannedFold, result: FoldResult) -> FoldUse:
        """Note what a worker answered."""
        run.observed.update((item.path, item.digest) for item in result.observed)
        run.outside.update(result.outside)
        run.notes.update(result.notes)
        error = self._keep_output(fold, result)
        use = _use(
            fold,
            result.content,
            fit_s=result.fit_s,
            predict_s=result.predict_s,
            flags=result.flags,
            error=error,
        )
        return self._note(run, use)

    def _keep_output(self, fold: PlannedFold, result: FoldResult) -> FoldError | None:
        """Keep what a fold wrote: beside its predictions, or as an object that its error names, which is returned."""
        text = mask_secrets(result.output)
        if not text:
            return result.error
        if result.content is not None:
            self.store.folds.keep_output(fold.key, result.content, text)
        if result.error is None:
            return None
        return msgspec.structs.replace(result.error, output=self.store.objects.put(text.encode()))

    def cancel(self, run: OpenRun, fold: PlannedFold, reason: str) -> FoldUse:
        """Note a fold that is not computed, and why."""
        error = FoldError(kind="cancelled", type="Cancelled", message=reason)
        return self._note(run, _use(fold, None, error=error))

    def end(self, run: OpenRun, status: str, stopped_by: str = "") -> Answer:
        """End a run and write its record.

        Args:
            run: The run.
            status: `done`, `failed`, `interrupted` or `explored`.
            stopped_by: What ended a trial early; empty where nothing did.

        Raises:
            StoreError: The store cannot be written.
        """
        uses = tuple(run.uses[where] for where in sorted(run.uses))
        unstable = [use for use in uses if use.content is not None and self.store.folds.contradicted(use.key)]
        ended = Ended(
            run_id=run.run_id,
            started=run.started,
            seconds=time.perf_counter() - run.clock,
            status=status,
            uses=uses,
            scores=() if status in UNSCORED else self.scorer.scores(uses, explored=status == "explored"),
            gathered=self._gathered(run),
            outside=frozenset(run.outside),
            notes=frozenset(run.notes),
            unstable=len(unstable),
            read=frozenset({path for path, _ in run.observed} | run.outside),
            stopped_by=stopped_by,
        )
        told = run_record(run.item.claim, self.binding, self.surroundings, self.store, ended, *self._job)
        told = msgspec.structs.replace(told, provenance=told.provenance | _expected(run.item))
        record = stamped(told, self.binding.project)
        self._writer.write(record)
        self._unsigned.append((record.problem.name, record.run_id))
        self.listener.run(run.label, status, primary_text(record))
        return Answer(record, status, frozenset(where for where, use in run.uses.items() if use.cached))

    def foresee(self, item: ClaimPlan) -> tuple[str, ...]:
        """Return what the evidence of a run would lack, as far as it is known before its folds are computed.

        Args:
            item: The claim, with the folds that are stored.
        """
        run = OpenRun(item, "", random_name(), utc_now(), time.perf_counter())
        for record in (fold.record for fold in item.folds if fold.record is not None):
            run.observed.update((seen.path, seen.digest) for seen in record.observed)
            run.outside.update(record.outside)
        ended = Ended(
            run_id=run.run_id,
            started=run.started,
            seconds=0.0,
            status="done",
            uses=(),
            scores=(),
            gathered=self._gathered(run),
            outside=frozenset(run.outside),
        )
        told = run_record(item.claim, self.binding, self.surroundings, self.store, ended, *self._job)
        return told.evidence.missing

    def _gathered(self, run: OpenRun) -> Gathered:
        """Keep what a run's code consists of and what its folds observed."""
        project = self.binding.project
        if self._beside is None:
            self._beside = loaded_files(project.root, (project.store, project.cache))
        return self._files.gather(wanted_of(run.item.claim, self.binding, run.observed, self._beside))

    def close(self) -> None:
        """Have every record on the disk, and signed where the personal settings name a key.

        Raises:
            StoreError: The disk refused.
        """
        self._writer.close()
        sign_quietly(self.store, self.binding.project, self._unsigned)
        self._unsigned.clear()

    @cached_property
    def _job(self) -> tuple[str, Template]:
        """What a runner must know of the problem, kept once for all claims."""
        return describe_binding(self.binding, self.store)

    def _note(self, run: OpenRun, use: FoldUse) -> FoldUse:
        self._write(run, {"event": "fold", **msgspec.to_builtins(use)})
        run.uses[use.repeat, use.fold] = use
        seconds = (use.fit_s or 0.0) + (use.predict_s or 0.0)
        status = use.status if use.error is None else f"{use.status}: {_short(use.error)}"
        self.listener.fold(run.label, use.repeat, use.fold, status, seconds, cached=use.cached)
        return use

    def _write(self, run: OpenRun, line: dict[str, Any]) -> None:
        journal = self.store.runs.journal(self.binding.problem.name, run.run_id, "driver")
        try:
            journal.append(msgspec.json.encode(line))
        finally:
            journal.close()


def _use(fold: PlannedFold, content: str | None, **rest: Any) -> FoldUse:
    """Return a fold as a run lists it."""
    size = fold.repeat.sizes[fold.fold]
    return FoldUse(
        repeat=fold.repeat.number,
        fold=fold.fold,
        key=fold.key,
        status="failed" if content is None else "done",
        content=content,
        n_train=size.n_train,
        n_test=size.n_test,
        rows_test=size.rows_test,
        split=fold.repeat.digest,
        **rest,
    )


def _expected(item: ClaimPlan) -> dict[str, Any]:
    """Return what is expected of a run, as its journal and its provenance say it."""
    return {} if item.hypothesis is None else {"hypothesis": dict(item.hypothesis)}


def _short(error: FoldError) -> str:
    """Return a word for an error: what ended the worker, or the class of what was raised."""
    return error.kind if error.type == LOST else error.type


def primary_text(record: RunRecord) -> str:
    """Return the primary score as text; a failure's first sentence where there is none."""
    for score in record.scores:
        if score.metric == record.evaluation.primary and score.slice is None and score.estimate.value is not None:
            return f"{score.metric} {score.estimate.value:.4f}"
    for use in record.folds:
        if use.error is not None:
            return f"{use.error.type}: {use.error.message}".splitlines()[0]
    return ""
