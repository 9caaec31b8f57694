"""The worker: one fold after another, from rows to kept predictions."""

from __future__ import annotations

import datetime as dt
import os
import pickle
import shutil
import sys
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa

from bancada import models
from bancada.contracts import RemarkingTask, RowTask, TeachingTask
from bancada.datasets import TableDataset
from bancada.engine._answers import program_predictions, with_facts
from bancada.engine._failures import fold_error
from bancada.engine._jobs import FitJob, FitResult, FoldJob, FoldResult, ScoreJob, WorkerSession
from bancada.engine._live import Sink, current_sink
from bancada.engine._making import make
from bancada.engine._restoring import ProcessState
from bancada.engine._splits import decode_split
from bancada.engine.rescoring import Scorers
from bancada.exceptions import StoreError
from bancada.executors import LastAnswer
from bancada.identity import DigestMemo, table_digest
from bancada.provenance import Observation, Observer, observed_digests
from bancada.records import FoldRecord
from bancada.samples import FoldPart, Sample
from bancada.store import FoldContent, Store, content_digest

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from bancada.contracts import Model
    from bancada.engine._restoring import LibraryState

__all__ = ["FoldWorker", "worker"]

TRAIN_ROWS = 10_000
PLACES = "places"
# Reading itself says nothing about what a model depends on.
PACKAGE = Path(__file__).parent.parent


def worker(session: bytes) -> Callable[[bytes], bytes]:
    """Return what runs jobs; called once in each worker, with the session that its own driver pickled."""
    return FoldWorker(pickle.loads(session)).run  # noqa: S301 - bytes of this driver, over a socket pair


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What one fold gave, before it is kept."""

    table: pa.Table
    train_scores: dict[str, float]
    fit_s: float
    predict_s: float
    flags: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Truth:
    """What metrics compare predictions for some rows with."""

    truth: pa.Table
    rows: pa.Table
    weight: npt.NDArray[np.float64] | None


class FoldWorker:
    """Runs the jobs of one session.

    Args:
        session: What all jobs share.
    """

    def __init__(self, session: WorkerSession) -> None:
        self.session = session
        self.store = Store.open(session.store, create=False)
        self.memo = DigestMemo(session.cache / "digests.sqlite")
        self.observer = Observer(session.root, (session.store, session.cache, PACKAGE))
        self.splits: dict[int, tuple[FoldPart, ...]] = {}
        self.ids: dict[tuple[int, int], pa.Table] = {}
        self.truths: dict[tuple[int, int, int], _Truth] = {}
        self.files = set(session.reads)
        self.outside: set[str] = set()
        self.has_read = False
        self.scorers = Scorers()
        columns = list(dict.fromkeys((*session.read_by_task, *session.row_columns, *filter(None, [session.weight]))))
        self.state = ProcessState(_inherited())
        self.rows = session.dataset.rows(columns).take(pa.array(session.positions))

    def run(self, data: bytes) -> bytes:
        """Run one job and return its result; whatever the model does wrong is in the result."""
        job = msgspec.msgpack.decode(data, type=FoldJob | FitJob | ScoreJob)
        if isinstance(job, ScoreJob):
            return self.scorers.answer(job)
        self.state.begin()
        started = time.perf_counter()
        result = self.fit(job) if isinstance(job, FitJob) else self.fold(job)
        answer = msgspec.msgpack.encode(result)
        candidate = (job.spec.module, job.spec.qualname, job.spec.value)
        left = self.state.restore(candidate, time.perf_counter() - started)
        # What this candidate has read may be remembered here, in a module or a cache, where another one would find it
        # unseen. A fresh worker has nothing to remember, so that each candidate is held to its own reading.
        shared = self.has_read and isinstance(job, FoldJob) and not job.alone
        return LastAnswer(answer) if left or shared else answer

    def fold(self, job: FoldJob) -> FoldResult:
        """Fit, predict and keep one fold."""
        journal = self.store.runs.journal(job.problem, job.run_id, f"worker-{os.getpid()}")
        aside = self.store.aside()
        sink = Sink(journal, job.repeat, job.fold, aside)
        token = current_sink.set(sink)
        try:
            outcome = self._observed(job, aside)
            record = self._keep(job, outcome, sink)
        except StoreError:
            raise
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - a model may fail in any way; the sweep goes on
            return FoldResult(error=fold_error(error, self.session.root))
        finally:
            current_sink.reset(token)
            journal.close()
            shutil.rmtree(aside, ignore_errors=True)
        return FoldResult(
            content=record.content,
            fit_s=outcome.fit_s,
            predict_s=outcome.predict_s,
            flags=outcome.flags,
            observed=record.observed,
            outside=record.outside,
            notes=outcome.notes,
        )

    def fit(self, job: FitJob) -> FitResult:
        """Fit one model on all rows that are not sealed; where a look is being taken, let it predict those that are."""
        self.observer.start()
        try:
            result = self._fitted(job)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - a model may fail in any way
            return FitResult(error=fold_error(error, self.session.root))
        finally:
            seen = self.observer.stop()
        return msgspec.structs.replace(result, observed=seen.files, outside=seen.outside)

    def _fitted(self, job: FitJob) -> FitResult:
        everything = np.arange(len(self.session.positions), dtype=np.int64)
        models.seed_everything(job.seed)
        model = make(job.spec, job.params, self.session.task, self.store)
        models.seed_model(model, job.seed)
        model = with_facts(model, self.session, job.params, job.seed)
        started = time.perf_counter()
        self._fit(model, everything, None, self._frame(job))
        seconds = time.perf_counter() - started
        kept = models.dump(model)
        told, flags = self._sealed(model, job) if job.sealed else (b"", ())
        return FitResult(
            data=kept.data,
            format=kept.format,
            executes_code=kept.executes_code,
            packages=kept.packages,
            n_rows=len(everything),
            fit_s=seconds,
            predictions=told,
            flags=flags,
        )

    def _sealed(self, model: Model, job: FitJob) -> tuple[bytes, tuple[str, ...]]:
        """Return what a model predicts for the sealed rows as an Arrow stream, and what must be told beside it."""
        task, frame = self.session.task, self._frame(job)
        positions = np.frombuffer(job.sealed, dtype=np.int64)
        if frame == PLACES:
            X = pa.ipc.open_stream(job.places).read_all()
        else:
            X = self.session.dataset.take(positions, self.session.features, frame)
        predictions = self._asked(model, X, len(positions))
        task.check(predictions, len(positions))
        remarks = self._remarking.remarks(predictions) if self._remarking is not None else ()
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, predictions.schema) as writer:
            writer.write_table(predictions)
        return sink.getvalue().to_pybytes(), (*task.flags(model), *remarks)

    def _observed(self, job: FoldJob, scratch: Path) -> _Outcome:
        """Run a fold, and add what it read and imported to all that this worker has seen.

        What a candidate reads once and remembers is seen in its first fold only, so that later folds inherit it. So do
        those of another candidate, where it is this process that runs them: in a debugger's, and in a worker in which
        modules of the project were imported and nothing else was read, whose files are kept either way.
        """
        self.observer.start()
        try:
            return self._outcome(job, scratch)
        finally:
            seen = self.observer.stop()
            files = {path for path in seen.files if str(self.session.root / path) not in self.images}
            outside = {path for path in seen.outside if path not in self.images}
            imported = {getattr(sys.modules.get(name), "__file__", None) for name in seen.modules}
            read = {path for path in files - self.files if str(self.session.root / path) not in imported}
            self.has_read = self.has_read or bool(read or outside)
            self.files |= files
            self.outside |= outside

    def _outcome(self, job: FoldJob, scratch: Path) -> _Outcome:
        task = self.session.task
        part = self._part(job.repeat, job.fold)
        seed = models.fold_seed(job.seed, job.repeat, job.fold)
        models.seed_everything(seed)
        model = make(job.spec, job.params, task, self.store)
        notes = models.seed_model(model, seed)
        model = with_facts(model, self.session, job.params, seed, scratch)
        train, valid = self._training(model, part)
        frame = self._frame(job)
        started = time.perf_counter()
        self._fit(model, train, valid, frame)
        fitted = time.perf_counter()
        predictions = self._read(model, part.test, frame)
        predicted = time.perf_counter()
        task.check(predictions, len(part.test))
        scores, trouble = self._train_scores(model, train, frame, seed, (job.repeat, job.fold, len(train)))
        table = self._with_ids(predictions, part.test, job)
        told = tuple(f"`{name}` is fixed by the candidate" for name in notes)
        remarks = self._remarking.remarks(predictions) if self._remarking is not None else ()
        flags = (*task.flags(model), *remarks)
        return _Outcome(table, scores, fitted - started, predicted - fitted, flags, (*told, *trouble))

    def _read(
        self, model: Model, part: npt.NDArray[np.int64], frame: str, columns: frozenset[str] | None = None
    ) -> pa.Table:
        """Ask a model, or a program, for predictions."""
        return self._asked(model, self._take(part, frame), len(part), columns)

    def _asked(self, model: Model, X: Any, n_rows: int, columns: frozenset[str] | None = None) -> pa.Table:
        task = self.session.task
        if isinstance(model, models.Command):
            return program_predictions(model.answer(X), task, self.rows.select(self.session.read_by_task))
        return task.read(model, X, n_rows, columns)

    def _training(self, model: Model, part: FoldPart) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64] | None]:
        """Training rows, and validation rows where the model asks for them and the split has them."""
        if part.valid is None:
            return part.train, None
        if models.wants_validation(model):
            return part.train, part.valid
        return np.sort(np.concatenate([part.train, part.valid])), None

    def _fit(self, model: Model, train: npt.NDArray[np.int64], valid: npt.NDArray[np.int64] | None, frame: str) -> None:
        session = self.session
        groups = self._together(train) if self._judged_together and models.wants_groups(model) else None
        if groups is not None:
            # Rankers count the rows of each group, so these must follow each other.
            order = np.argsort(groups, kind="stable")
            train, groups = train[order], groups[order]
        weight = None
        if session.fit_weight and session.weight is not None:
            weight = self.rows.column(session.weight).take(pa.array(train)).to_numpy()
        validation = None if valid is None else (self._take(valid, frame), self._target(valid, frame))
        models.fit(
            model,
            self._take(train, frame),
            self._target(train, frame),
            sample_weight=weight,
            validation=validation,
            groups=groups,
        )

    def _together(self, part: npt.NDArray[np.int64]) -> npt.NDArray[np.int64] | None:
        """Return the number of what each row belongs to, where the task judges rows together."""
        name = self._judged_together
        if name is None:
            return None
        codes = self.rows.column(name).combine_chunks().dictionary_encode()
        return np.asarray(codes.indices.to_numpy(zero_copy_only=False), dtype=np.int64)[part]

    def _frame(self, job: FoldJob | FitJob) -> str:
        """Return what the model receives: the baseline of a task with places gets these instead of features."""
        return PLACES if job.spec.baseline and self.session.places is not None else job.frame

    def _take(self, part: npt.NDArray[np.int64], frame: str) -> Any:
        if frame == PLACES:
            return self.session.places.take(pa.array(part))
        return self.session.dataset.take(self.session.positions[part], self.session.features, frame)

    def _target(self, part: npt.NDArray[np.int64], frame: str) -> Any:
        """Return y as the model receives it: a series or array for one target column, a frame for several."""
        target = self.session.target
        if self._teaching is not None:
            taught = self._teaching.taught(self.rows.select(self.session.read_by_task).take(pa.array(part)))
            return _in_frame(taught, frame)
        if len(target) > 1:
            return self.session.dataset.take(self.session.positions[part], target, frame)
        if not target:
            return None
        if frame in {"pandas", "numpy"}:
            values = self._whole_target.take(part)
            values.index = pd.RangeIndex(len(part))
            return values if frame == "pandas" else values.to_numpy().copy()
        column = self.rows.column(target[0]).take(pa.array(part))
        if frame in {"arrow", PLACES}:
            return column
        import polars as pl  # noqa: PLC0415 - an optional package, loaded for the candidates that ask for it

        return pl.Series(target[0], column)

    # Whether a task keeps one of the further contracts is asked once: Python looks through all of its names each time.
    @cached_property
    def _remarking(self) -> RemarkingTask | None:
        """The task where it remarks on predictions."""
        task = self.session.task
        return task if isinstance(task, RemarkingTask) else None

    @cached_property
    def _teaching(self) -> TeachingTask | None:
        """The task where it makes y from the target."""
        task = self.session.task
        return task if isinstance(task, TeachingTask) else None

    @cached_property
    def _judged_together(self) -> str | None:
        """The column that tells which rows the task judges together; None where it judges each by itself."""
        task = self.session.task
        return task.together if isinstance(task, RowTask) else None

    @cached_property
    def images(self) -> frozenset[str]:
        """Files that the dataset names and its digest tells: reading them says nothing more."""
        dataset = self.session.dataset
        return dataset.image_files if isinstance(dataset, TableDataset) else frozenset()

    @cached_property
    def _whole_target(self) -> pd.Series[Any]:
        """The target of all rows, converted once."""
        name = self.session.target[0]
        series: pd.Series[Any] = self.rows.column(name).to_pandas()
        return series.rename(name)

    def _train_scores(
        self, model: Model, train: npt.NDArray[np.int64], frame: str, seed: int, place: tuple[int, int, int]
    ) -> tuple[dict[str, float], tuple[str, ...]]:
        """Return the metrics on at most 10,000 training rows, and why there are none where that failed."""
        whole = len(train) <= TRAIN_ROWS
        if not whole:
            train = self._sampled(train, seed)
        try:
            predictions = self._read(model, train, frame, self._needed)
            told = self._truth_of(train, place if whole else None)
            weight = None if told.weight is None else told.weight.copy()
            sample = Sample(told.truth, predictions, told.rows, weight)
            values = {
                metric.identity().digest: float(metric.score(sample))
                for metric in self.session.metrics
                if not metric.missing(told.truth.schema, predictions.schema)
            }
        except Exception as error:  # noqa: BLE001 - training scores are told beside the result, they never fail a fold
            return {}, (f"no training scores: {type(error).__name__}: {error}",)
        return {name: value for name, value in values.items() if np.isfinite(value)}, ()

    def _truth_of(self, part: npt.NDArray[np.int64], place: tuple[int, int, int] | None) -> _Truth:
        """Return what the metrics read beside predictions.

        Args:
            part: Training rows, (n_rows,).
            place: Repeat, fold and count of rows where these are a fold's whole training part, with the validation rows
                or without; it is kept for the next candidate. None for a sample.
        """
        if place is not None and place in self.truths:
            return self.truths[place]
        session = self.session
        rows = self.rows.take(pa.array(part))
        weight = None if session.weight is None else rows.column(session.weight).to_numpy().astype(np.float64)
        truth = session.task.truth(rows.select(session.read_by_task))
        told = _Truth(truth, rows.select(session.row_columns), weight)
        if place is not None:
            self.truths[place] = told
        return told

    def _sampled(self, train: npt.NDArray[np.int64], seed: int) -> npt.NDArray[np.int64]:
        """Draw training rows for scoring; what is judged together is drawn as a whole."""
        random = np.random.default_rng(seed)
        groups = self._together(train)
        if groups is None:
            return np.sort(random.choice(train, TRAIN_ROWS, replace=False))
        _, member, sizes = np.unique(groups, return_inverse=True, return_counts=True)
        order = random.permutation(len(sizes))
        n_groups = max(1, int(np.searchsorted(np.cumsum(sizes[order]), TRAIN_ROWS, side="right")))
        return train[np.isin(member, order[:n_groups])]

    @cached_property
    def _needed(self) -> frozenset[str]:
        """Prediction columns without which a metric could not be computed."""
        truth, schema = self.session.task.truth_schema(), self.session.task.schema()
        needed: set[str] = set()
        for metric in self.session.metrics:
            kept = list(schema)
            for field in schema:
                fewer = [item for item in kept if item.name != field.name]
                if not metric.missing(truth, pa.schema(fewer)):
                    kept = fewer
            needed.update(item.name for item in kept)
        return frozenset(needed)

    def _with_ids(self, predictions: pa.Table, test: npt.NDArray[np.int64], job: FoldJob) -> pa.Table:
        place = (job.repeat, job.fold)
        head = self.ids.get(place)
        if head is None:
            ids = self.session.dataset.ids().take(pa.array(self.session.positions[test]))
            number = {"repeat": job.repeat, "fold": job.fold}
            columns = {name: pa.array(np.full(len(test), value, dtype=np.int32)) for name, value in number.items()}
            head = pa.table({"id": ids, **columns})
            # Of more rows it costs memory, and no fold notices the time.
            if len(test) <= TRAIN_ROWS:
                self.ids[place] = head
        return pa.table([*head.columns, *predictions.columns], names=[*head.column_names, *predictions.column_names])

    def _keep(self, job: FoldJob, outcome: _Outcome, sink: Sink) -> FoldRecord:
        observation = Observation(tuple(sorted(self.files)), tuple(sorted(self.outside)), ())
        observed = observed_digests(self.session.root, observation, self.memo)
        predictions = table_digest(outcome.table)
        part = self._part(job.repeat, job.fold)
        record = FoldRecord(
            key=job.key,
            content=content_digest(observed, predictions),
            ingredients=job.ingredients,
            repeat=job.repeat,
            fold=job.fold,
            n_train=len(part.train),
            n_test=len(part.test),
            predictions=predictions,
            fit_s=outcome.fit_s,
            predict_s=outcome.predict_s,
            recorded=dt.datetime.now(dt.UTC).isoformat(),
            observed=observed,
            outside=observation.outside,
            flags=outcome.flags,
            files=tuple(sorted(sink.artifacts)),
        )
        content = FoldContent(
            record=record,
            table=outcome.table,
            train_scores=outcome.train_scores,
            log=sink.lines,
            artifacts=sink.artifacts,
        )
        self.store.folds.put(content)
        return record

    def _part(self, repeat: int, fold: int) -> FoldPart:
        if repeat not in self.splits:
            # One repeat at a time is in memory: folds of one repeat follow each other.
            self.ids, self.truths = {}, {}
            self.splits = {repeat: decode_split(self.store.objects.get(self.session.splits[repeat]))}
        return self.splits[repeat][fold]


def _inherited() -> LibraryState | None:
    """Return the libraries as they were where this process was forked from; None where that did not look."""
    warming = sys.modules.get("bancada.engine._warming")
    libraries: LibraryState | None = getattr(warming, "LIBRARIES", None)
    return None if libraries is None or libraries.pid == os.getpid() else libraries


def _in_frame(table: pa.Table, frame: str) -> Any:
    """Return a table as the kind of frame that a candidate asked for."""
    if frame == "arrow":
        return table
    if frame == "polars":
        import polars as pl  # noqa: PLC0415 - an optional package, loaded for the candidates that ask for it

        return pl.from_arrow(table)
    values = table.to_pandas()
    return values if frame == "pandas" else values.to_numpy()
