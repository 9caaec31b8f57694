"""The files between a driver and a runner, and what a run keeps for them: versioned, read by every later version."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from bancada.exceptions import StoreError
from bancada.records import FoldError, Observed

__all__ = [
    "JOB",
    "RESULT",
    "TEMPLATE",
    "Job",
    "JobCandidate",
    "JobFold",
    "Result",
    "ResultFold",
    "ResultScore",
    "Template",
    "TemplateSplit",
    "read_job",
    "read_result",
    "read_template",
]

JOB, RESULT, TEMPLATE = "job/1", "result/1", "store.job/1"

_Document = TypeVar("_Document", "Job", "Result", "Template")


class TemplateSplit(msgspec.Struct, frozen=True, kw_only=True):
    """The split as it was drawn.

    Attributes:
        identity: The design.
        kind: `random`, `site`, `time` or `single`.
        columns: Columns that it reads beside target and groups.
        tables: Object of each repeat's table, by the repeat's number.
        sealed: Object with one bit a row in id order, 1 where it is sealed; None where no row is.
    """

    identity: dict[str, Any]
    kind: str
    columns: tuple[str, ...] = ()
    tables: dict[str, str] = {}
    sealed: str | None = None


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """`store.job/1`: what a runner must know of a problem beside its data; runs of one binding share it.

    What differs from claim to claim (candidate, parameters, seed, frame, declared files) stands in the run's record.

    Attributes:
        schema: `store.job/1`.
        problem: Name of the problem.
        task: Canonical form of the task as it was declared; None where it was left to the data, or has no form.
        target: Target columns; None where the task has no truth in the data.
        features: Columns of X in file order.
        groups: Column of groups.
        time: Column of times.
        weight: Column of weights.
        fit_weight: True where `fit` receives the weights.
        metrics: Canonical form of each metric that has one, the primary first.
        unscored: Names of the metrics that have no form: predictions are compared, scores by these are not.
        slices: Columns, and names with expressions.
        split: The split.
        search: Folders relative to the root from which the project's modules are imported.
        missing: What has no form; the run cannot be reproduced.
    """

    problem: str
    task: Any = None
    target: str | tuple[str, ...] | None = None
    features: tuple[str, ...] = ()
    groups: str | None = None
    time: str | None = None
    weight: str | None = None
    fit_weight: bool = False
    metrics: tuple[Any, ...] = ()
    unscored: tuple[str, ...] = ()
    slices: tuple[str | tuple[str, str], ...] = ()
    split: TemplateSplit
    search: tuple[str, ...] = (".",)
    missing: tuple[str, ...] = ()
    schema: str = TEMPLATE


class JobCandidate(msgspec.Struct, frozen=True, kw_only=True):
    """What makes the model; one of the four.

    Attributes:
        module: Module of a function under `@bc.candidate`; empty where it has none.
        qualname: Its name there, or in the extracted text.
        extracted: File of the text that was extracted from a session, below the job's folder; empty without one.
        value: Canonical form of an estimator; None where it is a function.
        arrays: File of each array that the form names, by digest.
        baseline: True for the task's own baseline.
    """

    module: str = ""
    qualname: str = ""
    extracted: str = ""
    value: Any = None
    arrays: dict[str, str] = {}
    baseline: bool = False


class JobFold(msgspec.Struct, frozen=True, kw_only=True):
    """A fold to compute, under the key that it has in its run."""

    repeat: int
    fold: int
    key: str


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """`job/1`: one claim to compute. Paths are relative to the folder of this file, and below it.

    Attributes:
        schema: `job/1`.
        run_id: The run that is computed once more.
        template: What the record keeps of its problem.
        tables: File of each repeat's table, by its number.
        sealed: File of the sealed rows' bits; empty where none is.
        recipe: `store.dataset/1`, by which the table becomes the dataset.
        table: Arrow file of the data; may be absolute.
        data_root: Folder below which the files lie that a manifest names, absolute; empty where the project lies there.
        project: Folder in which the project was laid out; may be absolute where the project itself is meant.
        candidate: What makes the model.
        params: Its parameters, as JSON.
        seed: Seed of the run.
        frame: What the model receives.
        folds: Which folds.
        workers: How many at once.
        threads: Threads of the numerical libraries in each worker; None shares the cores out.
        timeout_s: Seconds that one fold may take; None for no limit.
        out: Folder for the answer.
    """

    run_id: str
    template: Template
    tables: dict[str, str]
    recipe: dict[str, Any]
    table: str
    candidate: JobCandidate
    folds: tuple[JobFold, ...]
    seed: int
    frame: str
    params: dict[str, Any] = {}
    sealed: str = ""
    data_root: str = ""
    project: str = "project"
    workers: int = 1
    threads: int | None = None
    timeout_s: float | None = None
    out: str = "out"
    schema: str = JOB


class ResultFold(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a fold.

    Attributes:
        repeat: Number of the repeat.
        fold: Number of the fold in it.
        predictions: Arrow file beside the result; empty where the fold failed.
        digest: Digest of its canonical table.
        n_test: Rows that were predicted.
        fit_s: Seconds in `fit`.
        predict_s: Seconds in predicting.
        flags: What must be told beside the score.
        observed: Project files that were read or imported, with their digests.
        error: Why it failed.
    """

    repeat: int
    fold: int
    predictions: str = ""
    digest: str = ""
    n_test: int = 0
    fit_s: float = 0.0
    predict_s: float = 0.0
    flags: tuple[str, ...] = ()
    observed: tuple[Observed, ...] = ()
    error: FoldError | None = None


class ResultScore(msgspec.Struct, frozen=True, kw_only=True):
    """A metric on a slice (None: all rows), over all folds and in each of them: repeat, fold, value.

    `slice_id` tells which rows the slice means; None where the runner is older than this field.
    """

    metric: str
    metric_id: str
    slice: str | None
    value: float | None
    folds: tuple[tuple[int, int, float | None], ...] = ()
    slice_id: str | None = None


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """`result/1`: what a runner answers.

    Attributes:
        schema: `result/1`.
        run_id: That of the job.
        folds: Every fold of the job.
        scores: By the metrics of the job.
        tolerances: How far a prediction may lie from the recorded one, by column; others must be equal.
        problem_id: Digest of the problem as the runner has built it.
        surroundings: Interpreter, packages, machine, threads.
        seconds: Seconds in all.
        error: Why nothing could be computed; None where the folds were.
    """

    run_id: str
    folds: tuple[ResultFold, ...] = ()
    scores: tuple[ResultScore, ...] = ()
    tolerances: dict[str, float] = {}
    problem_id: str = ""
    surroundings: dict[str, Any] = {}
    seconds: float = 0.0
    error: FoldError | None = None
    schema: str = RESULT


def read_job(data: bytes) -> Job:
    """Return the job of a file.

    Raises:
        StoreError: It is none, or of a newer major version.
    """
    return _read(data, Job, JOB)


def read_result(data: bytes) -> Result:
    """Return the answer of a file.

    Raises:
        StoreError: It is none, or of a newer major version.
    """
    return _read(data, Result, RESULT)


def read_template(data: bytes) -> Template:
    """Return what a run keeps for a runner.

    Raises:
        StoreError: It is none, or of a newer major version.
    """
    return _read(data, Template, TEMPLATE)


class _Versioned(msgspec.Struct):
    schema: str


def _read(data: bytes, form: type[_Document], schema: str) -> _Document:
    try:
        found = msgspec.json.decode(data, type=_Versioned).schema
        if found != schema:
            raise StoreError(
                f"This version of bancada reads `{schema}`.",
                f"Found `{found}`.",
                "Use the version of bancada that wrote it.",
            )
        return msgspec.json.decode(data, type=form)
    except (msgspec.DecodeError, RecursionError) as error:
        raise StoreError(
            f"A file between a driver and a runner is a JSON document of `{schema}`.",
            f"This one is not: {error}.",
            "Run `bancada store verify`; if the store is sound, please report it.",
        ) from error
