"""The workbench: a store, the workers over it, and what is done with them in one invocation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import msgspec

from bancada import models
from bancada.engine._claims import ClaimMaker, differing
from bancada.engine._jobs import FitJob, FitResult, WorkerSession
from bancada.engine._limits import limits_of
from bancada.engine._listening import Silence
from bancada.engine._plan import make_plan
from bancada.engine._recording import Surroundings, utc_now
from bancada.engine._scoring import RunScorer
from bancada.engine._sweep import Sweep
from bancada.engine._trial import Trial
from bancada.engine._underway import RunKeeper
from bancada.engine.evidence import OUTSIDE, Foreseen
from bancada.engine.origins import said, sign_quietly
from bancada.engine.rescoring import Rescored, rescore
from bancada.exceptions import UsageError
from bancada.executors import InProcessExecutor, ProcessExecutor, bound_threads, usable_cores
from bancada.provenance import ProjectCode
from bancada.provenance.repository import Repository
from bancada.records import Statement
from bancada.store import Index, random_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bancada.definitions import Project
    from bancada.engine._binding import Binding
    from bancada.engine._claims import Claim, Request
    from bancada.engine._listening import SweepListener
    from bancada.engine._plan import Plan
    from bancada.engine._underway import Answer
    from bancada.engine.rescoring import RescoreListener, Unscored
    from bancada.records import RunRecord
    from bancada.store import Store

__all__ = ["FittedModel", "Outcome", "SealedAnswer", "SealedRows", "Workbench"]

TARGET = "bancada.engine._worker:worker"
WARMING = "bancada.engine._warming"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sweep gave.

    Attributes:
        answers: An answer per claim, in the order asked for.
        interrupted: True where Ctrl-C ended it; what was finished is kept.
        unscored: Older runs that could not be judged by the present evaluation.
    """

    answers: tuple[Answer, ...]
    interrupted: bool = False
    unscored: tuple[Unscored, ...] = ()

    @property
    def failed(self) -> bool:
        """True where a claim that was asked for failed."""
        return any(answer.status == "failed" for answer in self.answers)


@dataclass(frozen=True, slots=True)
class SealedRows:
    """Sealed rows to be predicted by a model that is being fitted, because a look is being taken.

    Attributes:
        positions: Positions in the dataset, as the bytes of int64.
        places: Where in time they stand, as an Arrow stream; empty where the task has no places.
    """

    positions: bytes
    places: bytes = b""


@dataclass(frozen=True, slots=True)
class SealedAnswer:
    """What a model predicted for sealed rows.

    Attributes:
        predictions: An Arrow stream.
        flags: What must be told beside scores.
        read: Paths that the candidate's code read meanwhile: relative ones below the root, absolute ones elsewhere.
    """

    predictions: bytes
    flags: tuple[str, ...]
    read: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FittedModel:
    """A model that was fitted on all rows that are not sealed, and where it is kept.

    Attributes:
        run: The run whose claim it realises.
        digest: Object in the store.
        format: `skops` or `cloudpickle`.
        executes_code: True where loading it executes code.
        n_rows: Rows it was fitted on.
        size_bytes: Size of the object.
        fit_s: Seconds in `fit`.
        sealed: What it predicted for the sealed rows; None where no look is being taken.
    """

    run: RunRecord
    digest: str
    format: str
    executes_code: bool
    n_rows: int
    size_bytes: int
    fit_s: float
    sealed: SealedAnswer | None = None


class Workbench:
    """Workers over a store. Construct it before any numerical work: it forks.

    Args:
        project: Root, cache and import folders.
        store: Where everything is kept.
        workers: How many folds run at once; all usable cores by default.
        modules: Project modules that hold candidates, which a fresh interpreter must import.
        reads: Files below the root that these modules read while they were imported.
        in_process: True to run folds in this process, for a debugger.
        timeout_s: Seconds that one fold may take; the project's by default, infinity for no limit.
        memory_mb: Million bytes of memory that one fold may hold; the project's by default, infinity for no limit.

    Raises:
        UsageError: A limit is asked for with `in_process`, where it could not be kept.
    """

    def __init__(  # noqa: PLR0913 - each is a setting of its own, and named
        self,
        project: Project,
        store: Store,
        *,
        workers: int | None = None,
        modules: tuple[str, ...] = (),
        reads: tuple[str, ...] = (),
        in_process: bool = False,
        timeout_s: float | None = None,
        memory_mb: float | None = None,
    ) -> None:
        self.limits = limits_of(project, timeout_s, memory_mb, in_process=in_process)
        self.project = project
        self.store = store
        self.reads = reads
        self.index = Index(store, project.cache)
        self.code = ProjectCode(project.root, project.search)
        self._in_process = in_process
        count = 1 if in_process else (workers or project.cores or usable_cores())
        self.threads = bound_threads(count, usable_cores())
        self.executor: InProcessExecutor | ProcessExecutor = (
            InProcessExecutor(TARGET)
            if in_process
            else ProcessExecutor(
                TARGET,
                workers=count,
                threads=self.threads,
                prelude=(*modules, WARMING),
                path=tuple(str(folder) for folder in project.search),
            )
        )
        # After the fork, and answered while the data are read.
        self._repository = Repository(project.root)
        self._surroundings: Surroundings | None = None
        self._started: Binding | None = None

    def __enter__(self) -> Self:
        """Return the workbench itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave no process behind."""
        self.executor.shutdown(cancel=True)
        self.index.close()
        self._repository.close()

    def plan(
        self,
        requests: Iterable[Request],
        binding: Binding,
        *,
        seeds: Iterable[int] = (0,),
        again: bool = False,
        row_limit: int | None = None,
    ) -> Plan:
        """Return what must be done for these candidates; see `make_plan`."""
        plan = make_plan(
            requests, binding, self.code, self.store, self.index, seeds=seeds, again=again, row_limit=row_limit
        )
        return replace(plan, limits=self.limits)

    def trial(self, plan: Plan, tick: Callable[[], None] | None = None) -> Trial:
        """Return a trial of the first claim of a plan; its workers are begun at once where a fold is missing.

        Args:
            plan: What to do.
            tick: Called now and then while a fold is computed.
        """
        binding, item = plan.binding, plan.claims[0]
        if item.missing:
            self._start(binding)
        quiet = Silence()
        keeper = RunKeeper(binding, self.store, RunScorer(binding, self.store), self._around(binding), quiet)
        runs = self.index.claim(binding.problem.name, item.claim.claim_id)
        explored = tuple(run for run in runs if run.status == "explored")
        return Trial(item, keeper, self.executor, tick or quiet.tick, explored, plan.limits)

    def renew(
        self, binding: Binding, listener: RescoreListener | None = None, scorer: RunScorer | None = None
    ) -> Rescored:
        """Judge all runs of the problem by the present evaluation, from their predictions; nothing is fitted.

        Args:
            binding: The problem with its data.
            listener: Who is told.
            scorer: Scores runs of the problem; made where there is none.
        """
        return rescore(
            scorer or RunScorer(binding, self.store),
            self.index,
            self._repository.author,
            lambda: self._start(binding),
            limits=self.limits,
            listener=listener,
        )

    def run(self, plan: Plan, listener: SweepListener | None = None, judging: RescoreListener | None = None) -> Outcome:
        """Carry a plan out, judge older runs by the present evaluation, and bring the index up to date.

        Args:
            plan: What to do.
            listener: Who is told of the folds.
            judging: Who is told of older runs.
        """
        binding = plan.binding
        if plan.n_known < plan.n_folds:
            self._start(binding)
        scorer = RunScorer(binding, self.store)
        sweep = Sweep(plan, self.executor, self.store, scorer, self._around(binding), listener or Silence())
        answers = sweep.run()
        self.index.refresh(binding.problem.name)
        renewed = Rescored() if sweep.interrupted else self.renew(binding, judging, scorer)
        complete = tuple(replace(item, record=renewed.runs.get(item.record.run_id, item.record)) for item in answers)
        return Outcome(complete, sweep.interrupted or renewed.interrupted, tuple(renewed.unscored))

    def foresee(self, plan: Plan) -> tuple[Foreseen, ...]:
        """Return the claims of a plan whose evidence would be incomplete, as far as that is known; nothing is fitted.

        Args:
            plan: What to do.
        """
        binding = plan.binding
        keeper = RunKeeper(binding, self.store, RunScorer(binding, self.store), self._around(binding), Silence())
        found = []
        for item in plan.claims:
            missing = keeper.foresee(item) if item.known is None else item.known.evidence.missing
            # A known run may be older than what is known of such claims today.
            missing = tuple(
                dict.fromkeys((*missing, *item.claim.missing, *self._read_before(binding.problem.name, item.claim)))
            )
            if missing:
                found.append(Foreseen(item.claim.label, missing, item.known is not None))
        return tuple(found)

    def _read_before(self, problem: str, claim: Claim) -> tuple[str, ...]:
        """Return what the newest run of the same code has read outside the project."""
        names = [run.run_id for run in self.index.listing(problem) if run.candidate == claim.label]
        for run in self.index.records(problem, names[-1:]):
            if run.claim.get("code") == claim.ingredients["code"]:
                return tuple(phrase for phrase in run.evidence.missing if phrase.endswith(OUTSIDE))
        return ()

    def fit(self, run: RunRecord, request: Request, binding: Binding, sealed: SealedRows | None = None) -> FittedModel:
        """Fit the model of a run on all rows that are not sealed, and keep it.

        Args:
            run: The run whose claim is realised.
            request: Its candidate as it is now.
            binding: The problem with its data as they are now.
            sealed: Rows that it shall predict; `engine.holdout` alone asks for that, and counts it.

        Raises:
            UsageError: The code, the data or the packages are no longer those of the run, or the fit failed.
        """
        item = ClaimMaker(binding, self.code, self.store).make(request, run.seed, nonce=random_name())
        if item.cacheable and item.claim_id != run.claim_id:
            changed = ", ".join(f"`{name}`" for name in differing(item.ingredients, run.claim))
            raise UsageError(
                "A model is fitted from the code, the data and the packages of its run.",
                f"These differ now from run `r-{run.run_id[:6]}`: {changed}.",
                f"Run it as it is now with `bancada run {run.candidate}`, and fit that run.",
            )
        self._start(binding)
        seed = models.fold_seed(run.seed, -1, -1)
        job = FitJob(spec=item.spec, params=item.params, frame=item.frame, seed=seed)
        if sealed is not None:
            job = msgspec.structs.replace(job, sealed=sealed.positions, places=sealed.places)
        future = self.executor.submit(msgspec.msgpack.encode(job))
        return self._keep(run, msgspec.msgpack.decode(future.result(), type=FitResult), seed)

    def load(self, model: FittedModel) -> Any:
        """Return a model that this workbench has just fitted."""
        return models.load(self.store.objects.get(model.digest), model.format, trusted=True)

    def _keep(self, run: RunRecord, result: FitResult, seed: int) -> FittedModel:
        if result.error is not None:
            raise UsageError(
                "A model is kept once it has been fitted on all rows that are not sealed.",
                f"The fit of `{run.candidate}` failed: {result.error.type}: {result.error.message}",
                f"Its frames:\n{result.error.traceback}" if result.error.traceback else "See its code.",
            )
        name = self.store.objects.put(result.data)
        content = {
            "object": name,
            "format": result.format,
            "executes_code": result.executes_code,
            "packages": result.packages,
            "n_rows": result.n_rows,
            "fit_s": result.fit_s,
            "seed": seed,
        }
        statement = Statement(kind="fit", said=utc_now(), content=content, author=self._repository.author)
        self.store.runs.say(run.problem.name, run.run_id, said(statement, run.run_id, self.project))
        sign_quietly(self.store, self.project, [(run.problem.name, run.run_id)])
        self.index.refresh(run.problem.name)
        told = SealedAnswer(result.predictions, result.flags, (*result.observed, *result.outside))
        return FittedModel(
            run,
            name,
            result.format,
            result.executes_code,
            result.n_rows,
            len(result.data),
            result.fit_s,
            told if result.predictions else None,
        )

    def _around(self, binding: Binding) -> Surroundings:
        if self._surroundings is None:
            self._surroundings = Surroundings.capture(
                self._repository,
                self.store,
                self.executor.workers,
                self.threads,
                binding.data.files,
                root=self.project.root,
                cache=self.project.cache,
            )
            if self._in_process:
                # Folds hear of every file that this process opens, and what is looked at is no input of theirs.
                self._surroundings.looking.wait()
        return self._surroundings

    def _start(self, binding: Binding) -> InProcessExecutor | ProcessExecutor:
        if self._started is binding:
            return self.executor
        if self._started is not None:
            raise UsageError(
                "A workbench serves one problem.",
                f"It was started for `{self._started.problem.name}` and asked for `{binding.problem.name}`.",
                "Open another one.",
            )
        import cloudpickle  # noqa: PLC0415 - metrics of a notebook travel by value; needed only where folds run

        session = WorkerSession(
            root=self.project.root,
            store=self.store.root,
            cache=self.project.cache,
            reads=self.reads,
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
        self.executor.start(cloudpickle.dumps(session))
        self._started = binding
        return self.executor
