"""The document `bancada.diff/1`."""

from __future__ import annotations

from typing import Any

import msgspec

__all__ = [
    "DIFF_SCHEMA",
    "Change",
    "CodeChange",
    "DataChange",
    "Diff",
    "Effect",
    "Explanation",
    "FileChange",
    "PackageChange",
    "ScoreChange",
    "Side",
]

DIFF_SCHEMA = "bancada.diff/1"


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two runs."""

    run_id: str
    claim_id: str
    candidate: str
    params: dict[str, Any]
    seed: int
    problem: str
    started: str
    status: str
    runs: int = 1


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A value that differs, by its dotted name; None stands for one that a side has not."""

    name: str
    a: Any
    b: Any


class CodeChange(msgspec.Struct, frozen=True, kw_only=True):
    """A definition that differs.

    Attributes:
        module: Its module.
        name: Its name there; `*` for the whole module.
        path: Its file, relative to the root.
        change: `added` (only b has it), `removed` (only a has it) or `changed`.
        diff: How its text differs, as a unified diff; empty where a text is not kept.
    """

    module: str
    name: str
    path: str
    change: str
    diff: str = ""


class FileChange(msgspec.Struct, frozen=True, kw_only=True):
    """A file that differs.

    Attributes:
        path: Relative to the root.
        change: `added`, `removed` or `changed`.
        kind: `module`, `settings` or `file`.
        counts: True where it belongs to what was observed or declared; False where it lies beside the code, such as
            a comment or another candidate in a module.
        diff: How its text differs, as a unified diff; empty where it is no text, or long, or is not kept.
    """

    path: str
    change: str
    kind: str
    counts: bool = True
    diff: str = ""


class PackageChange(msgspec.Struct, frozen=True, kw_only=True):
    """A package that differs.

    Attributes:
        name: Normalised name.
        a: Version that a had; None where it was not installed.
        b: Version that b had.
        what: `added`, `removed`, `version`, `content` (another content under one version) or `edited`.
        used: True where the code of one of the two imports it, or needs it for what it imports.
        edited_a: Files that were not as their installer wrote them in a, relative to the folder of packages.
        edited_b: The same in b.
    """

    name: str
    a: str | None
    b: str | None
    what: str
    used: bool
    edited_a: tuple[str, ...] = ()
    edited_b: tuple[str, ...] = ()


class DataChange(msgspec.Struct, frozen=True, kw_only=True):
    """Data that differ.

    Attributes:
        labels: Name and version, where they differ; they are no part of any identity.
        content: True where the tables differ.
        n_rows: Rows of a and of b.
        columns_added: Columns that only b has.
        columns_removed: Columns that only a has.
        retyped: Columns with another type.
        rows_added: Rows that only b has; None where the rows cannot be told apart.
        rows_removed: Rows that only a has.
        rows_changed: Rows with other values.
        columns_changed: Columns with other values in the rows that both have, where that can be told.
        examples: Some ids of each: `added`, `removed`, `changed`.
    """

    labels: tuple[Change, ...] = ()
    content: bool = False
    n_rows: tuple[int, int] = (0, 0)
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    retyped: tuple[Change, ...] = ()
    rows_added: int | None = None
    rows_removed: int | None = None
    rows_changed: int | None = None
    columns_changed: tuple[str, ...] = ()
    examples: dict[str, tuple[str, ...]] = {}


class ScoreChange(msgspec.Struct, frozen=True, kw_only=True):
    """A metric over all rows.

    Attributes:
        metric: Its name.
        greater_is_better: Its direction.
        a: Score of a; None where undefined.
        b: Score of b.
        delta: b − a, in the metric's own direction; None where one is missing, or the two answered other questions.
    """

    metric: str
    greater_is_better: bool
    a: float | None
    b: float | None
    delta: float | None


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What an ingredient does to the score.

    Attributes:
        ingredient: Its name; `total`, `interaction` and `this machine` are what their names say.
        delta: Mean difference over folds, in the metric's own direction; None where a fold has no score.
        low: Lower end of its 95 % interval, not adjusted; None where there is none.
        high: Upper end.
        note: What must be told beside it.
    """

    ingredient: str
    delta: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """How much of the difference of the scores each ingredient accounts for.

    Attributes:
        metric: Name of the metric.
        greater_is_better: Its direction.
        procedure: Name of the procedure behind the intervals; empty where there is none.
        n_folds: Folds that were compared.
        effects: A with one ingredient of B, less A.
        not_tried: Why an ingredient was not exchanged, by its name.
        total: B less A, as recorded.
        interaction: The total less all effects: what the ingredients do together, and what was not tried; None where
            nothing was computed.
    """

    metric: str
    greater_is_better: bool
    procedure: str
    n_folds: int
    effects: tuple[Effect, ...]
    not_tried: dict[str, str]
    total: Effect
    interaction: Effect | None = None


class Diff(msgspec.Struct, frozen=True, kw_only=True):
    """In what two runs differ.

    Attributes:
        schema: `bancada.diff/1`.
        a: The first run.
        b: The second run.
        same_claim: True where both assert the very same.
        differs: What differs that may change a prediction: `code`, `parameters`, `files`, `packages`, `interpreter`,
            `data`, `problem`, `seed`, `machine`, in this order.
        predictions: `identical`, `different`, or `other rows` where they are not for the same rows; empty where one has
            none.
        code: Definitions of the candidates' code that differ.
        parameters: Parameters that differ.
        files: Files below the root that differ.
        packages: Installed packages that differ.
        interpreter: Facts of Python that differ.
        data: The data, where they differ.
        problem: Roles, task, split and rows that differ.
        evaluation: Metrics, slices and margin that differ: they change no prediction.
        seed: The seeds, where they differ.
        machine: Hardware, system and threads that differ.
        git: Commit, branch and the like that differ: they are told, and decide nothing.
        scores: Metrics that both have.
        comparison: `bancada.comparison/1`, b against a, where both stand on one board; None where they do not.
        explanation: What accounts for the difference of the scores; None unless it was asked for.
        unknown: What could not be compared, a sentence each.
    """

    schema: str = DIFF_SCHEMA
    a: Side
    b: Side
    same_claim: bool
    differs: tuple[str, ...]
    predictions: str
    code: tuple[CodeChange, ...] = ()
    parameters: tuple[Change, ...] = ()
    files: tuple[FileChange, ...] = ()
    packages: tuple[PackageChange, ...] = ()
    interpreter: tuple[Change, ...] = ()
    data: DataChange | None = None
    problem: tuple[Change, ...] = ()
    evaluation: tuple[Change, ...] = ()
    seed: Change | None = None
    machine: tuple[Change, ...] = ()
    git: tuple[Change, ...] = ()
    scores: tuple[ScoreChange, ...] = ()
    comparison: dict[str, Any] | None = None
    explanation: Explanation | None = None
    unknown: tuple[str, ...] = ()
