"""Values that pass between blocks in memory and are never stored as such."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

__all__ = ["FitFacts", "FoldPart", "LeftOut", "Sample", "SplitRows", "Timeline"]


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows to be scored: the test rows of one fold, of one repeat, or of a slice of it.

    All parts have the same rows in the same order.

    Attributes:
        truth: Arrow table in the task's truth schema, (n_rows,).
        predictions: Arrow table in the task's prediction schema, without id, repeat and fold, (n_rows,).
        rows: Arrow table of the row columns that metrics and slices may read; it may have no column.
        weight: Weights of the rows, float64 (n_rows,); None where all weigh the same.
    """

    truth: Any
    predictions: Any
    rows: Any
    weight: npt.NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True)
class SplitRows:
    """All that a split may see, in id order.

    Attributes:
        ids: Arrow array of ids, (n_rows,), ascending.
        columns: Arrow table of the columns that the split named in `columns`, (n_rows,).
        target: Values of the target, (n_rows,); None where the task has none or several.
        groups: Values of the groups column, (n_rows,); None without groups.
        has_classes: True where the task stratifies by default.
        time: Arrow table of the time column alone, (n_rows, 1); None where the problem names no time.
    """

    ids: Any
    columns: Any
    target: npt.NDArray[Any] | None = None
    groups: npt.NDArray[Any] | None = None
    has_classes: bool = False
    time: Any = None


@dataclass(frozen=True, slots=True)
class FoldPart:
    """Positions (int64, ascending, in id order) of one fold's training, test and validation rows."""

    train: npt.NDArray[np.int64]
    test: npt.NDArray[np.int64]
    valid: npt.NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many parts of the rows a metric does not count.

    Attributes:
        count: Parts that are left out.
        total: All parts.
        parts: What they are, in the plural, such as `queries`.
        reason: Why they do not count, such as `no relevant row`.
    """

    count: int
    total: int
    parts: str
    reason: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Series and time of rows, in id order.

    Attributes:
        series: Arrow array of the values of the groups column, (n_rows,); 0 in each row without groups.
        time: Arrow array of the values of the time column, (n_rows,).
        codes: Number of each row's series, dense from 0, int64 (n_rows,).
        order: Number of each row's time among all distinct times, ascending from 0, int64 (n_rows,).
    """

    series: Any
    time: Any
    codes: npt.NDArray[np.int64]
    order: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class FitFacts:
    """What a model that is a program is told beside its data, since it shares no memory with the worker.

    Attributes:
        root: The project's root, its working folder.
        task: Name and parameters of the task, as canonical JSON.
        features: Names of the columns of X.
        target: Names of the target columns.
        predictions: Names of the prediction columns that the task knows.
        params: Resolved parameters of the candidate, as JSON.
        seed: Seed of the fold.
        scratch: Folder, made when first needed, for files that end with the fold; None for the system's.
    """

    root: Path
    task: Mapping[str, Any]
    features: tuple[str, ...]
    target: tuple[str, ...]
    predictions: tuple[str, ...]
    params: Mapping[str, Any]
    seed: int
    scratch: Path | None = None
