"""What the driver tells a worker, and what it hears back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.records import FoldError, FoldUse, Observed

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from bancada.contracts import Dataset, Metric, Task

__all__ = ["FitJob", "FitResult", "FoldJob", "FoldResult", "ModelSpec", "ScoreJob", "WorkerSession"]


class ModelSpec(msgspec.Struct, frozen=True, kw_only=True):
    """How a worker makes a fresh model.

    Attributes:
        module: Module of the candidate's function; empty for a value.
        qualname: Qualified name of the candidate in its module; empty for a value.
        value: An estimator, pickled by this process; empty for a reference and for the baseline.
        baseline: True for the task's own baseline.
        extracted: Object with the text of what was extracted from a session; the function is `qualname` in it, or the
            value refers to it.
        text: The text itself, where it holds a secret and is kept nowhere.
    """

    module: str = ""
    qualname: str = ""
    value: bytes = b""
    baseline: bool = False
    extracted: str = ""
    text: str = ""


class FoldJob(msgspec.Struct, frozen=True, kw_only=True, tag="fold"):
    """One fold to fit, predict and keep.

    Attributes:
        alone: True where no other candidate is run beside its own, so that what it reads can be remembered by itself
            only.
    """

    problem: str
    run_id: str
    spec: ModelSpec
    params: dict[str, Any]
    frame: str
    seed: int
    repeat: int
    fold: int
    key: str
    ingredients: dict[str, Any]
    alone: bool = True


class FoldResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a fold: its content digest, or why it failed; the driver adds what it wrote."""

    content: str | None = None
    error: FoldError | None = None
    fit_s: float = 0.0
    predict_s: float = 0.0
    flags: tuple[str, ...] = ()
    observed: tuple[Observed, ...] = ()
    outside: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    output: str = ""


class FitJob(msgspec.Struct, frozen=True, kw_only=True, tag="fit"):
    """One model to fit on all rows that are not sealed.

    Attributes:
        sealed: Positions in the dataset of the sealed rows, int64, where the model shall predict them: a look is being
            taken. Empty else.
        places: Where in time these rows stand, as an Arrow stream; empty where the task has no places.
    """

    spec: ModelSpec
    params: dict[str, Any]
    frame: str
    seed: int
    sealed: bytes = b""
    places: bytes = b""


class FitResult(msgspec.Struct, frozen=True, kw_only=True):
    """A fitted model as bytes, or why there is none.

    Attributes:
        predictions: Predictions of the sealed rows as an Arrow stream, where they were asked for.
        flags: What must be told beside their scores.
        observed: Paths that the candidate's code read meanwhile, below the root.
        outside: Other paths that it read.
    """

    data: bytes = b""
    format: str = ""
    executes_code: bool = False
    packages: dict[str, str] = {}
    n_rows: int = 0
    fit_s: float = 0.0
    error: FoldError | None = None
    predictions: bytes = b""
    flags: tuple[str, ...] = ()
    observed: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()


class ScoreJob(msgspec.Struct, frozen=True, kw_only=True, tag="score"):
    """One stored run to score by the present evaluation; the answer is what it lacks.

    Attributes:
        scorer: File of the driver's own scorer, pickled.
        digest: SHA-256 of that file.
        uses: The run's folds.
        explored: True where they were looked at one by one.
        have: Digests of (metric, slice) of which the run has scores.
    """

    scorer: str
    digest: str
    uses: tuple[FoldUse, ...]
    explored: bool = False
    have: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSession:
    """All that the jobs of one problem share; pickled by the driver, read by its own workers only.

    Attributes:
        root: The project's root; reads below it are observed.
        store: Folder of the store.
        cache: The user's cache folder.
        reads: Files below the root that the project's modules read while they were imported.
        dataset: The opened dataset.
        features: Columns of X in file order.
        target: Target columns.
        read_by_task: Target columns, and those that the task reads beside them.
        row_columns: Columns that metrics read.
        weight: Name of the weight column.
        fit_weight: True where `fit` receives the weights.
        task: The resolved task.
        metrics: Metrics that are computed on the training rows.
        positions: Positions in the dataset of the rows that are not sealed, int64 (n_open,).
        splits: Object of each repeat's encoded split.
        places: Where in time each row that is not sealed stands, an Arrow table; None where the task has no places.
    """

    root: Path
    store: Path
    cache: Path
    reads: tuple[str, ...]
    dataset: Dataset
    features: tuple[str, ...]
    target: tuple[str, ...]
    read_by_task: tuple[str, ...]
    row_columns: tuple[str, ...]
    weight: str | None
    fit_weight: bool
    task: Task
    metrics: tuple[Metric, ...]
    positions: npt.NDArray[np.int64]
    splits: dict[int, str]
    places: Any = None
