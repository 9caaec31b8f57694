"""What is compared: the data, the problem, the metric and the evaluation of a run."""

from __future__ import annotations

from typing import Any

import msgspec

__all__ = ["Column", "DatasetIdentity", "EvaluationIdentity", "MetricIdentity", "ProblemIdentity"]


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """A column of a dataset: its name and its Arrow type as text."""

    name: str
    type: str


class DatasetIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """The identity of a dataset at one moment.

    Attributes:
        name: Label of the dataset.
        version: Label of its version.
        table: SHA-256 of the canonical table; the only field that decides comparability.
        files: SHA-256 of each source file's bytes, by path relative to the root; empty without files.
        n_rows: Count of rows.
        columns: Columns in file order.
        id: Name of the id column; None where rows are numbered.
    """

    name: str
    version: str
    table: str
    n_rows: int
    columns: tuple[Column, ...]
    id: str | None = None
    files: dict[str, str] = {}


class MetricIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """The identity of a metric: its ingredients and their digest.

    Attributes:
        name: Name under which scores are shown.
        digest: SHA-256 of the ingredients.
        ingredients: Name, built-in version and parameters, or the code digest of a user's function.
        greater_is_better: Direction.
        bounds: Smallest and largest value the metric can take; None where unbounded.
    """

    name: str
    digest: str
    ingredients: dict[str, Any]
    greater_is_better: bool
    bounds: tuple[float | None, float | None] = (None, None)


class EvaluationIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """What stakeholders approve: the problem without its data digest, and how it is judged.

    Attributes:
        digest: SHA-256 of the ingredients.
        ingredients: Dataset name, roles, task, split design with its holdout, metrics, slices, margin.
        primary: Name of the metric that decides.
        metrics: Every metric, the primary first.
        margin: Smallest difference that matters, in units of the primary metric; None where not declared.
    """

    digest: str
    ingredients: dict[str, Any]
    primary: str
    metrics: tuple[MetricIdentity, ...]
    margin: float | None = None


class ProblemIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """What two runs must share to be compared.

    Attributes:
        name: Label of the problem.
        digest: SHA-256 of `ingredients`.
        ingredients: `data` (table digest), `roles`, `task` and `split`, each canonical JSON.
        dataset: The data in full, labels included.
    """

    name: str
    digest: str
    ingredients: dict[str, Any]
    dataset: DatasetIdentity
