"""One fit and predict on one part of the split, as it is kept."""

from __future__ import annotations

from typing import Any

import msgspec

__all__ = ["FoldError", "FoldRecord", "FoldUse", "Observed"]


class Observed(msgspec.Struct, frozen=True, order=True):
    """A file below the root that a fold read or imported, by its path relative to the root."""

    path: str
    digest: str


class FoldError(msgspec.Struct, frozen=True, kw_only=True):
    """Why a fold failed.

    Attributes:
        kind: `exception`, `prediction`, `memory`, `timeout`, `died` or `cancelled`.
        type: Class name of the exception; the signal's or exit code's name where the worker died.
        message: The exception's text.
        traceback: Frames of the user's code, without locals; empty where there are none.
        output: Object with the end of what the fold wrote to its standard streams; empty where it wrote nothing.
    """

    kind: str
    type: str
    message: str
    traceback: str = ""
    output: str = ""


class FoldRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The `fold.json` of one stored fold.

    Attributes:
        schema: `store.fold/1`.
        key: The fold key, SHA-256.
        content: Content digest: over the observed files and the predictions.
        ingredients: What the key was made of, for people and for `diff`.
        repeat: Number of the repeat, from 0.
        fold: Number of the fold in its repeat, from 0.
        n_train: Rows in the training part.
        n_test: Rows in the test part.
        predictions: SHA-256 of the predictions' canonical table.
        size_bytes: Size of the file that holds them, by which one that was torn is noticed at once.
        observed: Project files that were read or imported while the fold ran, sorted by path.
        outside: Paths outside the project that were read while the fold ran (evidence becomes incomplete).
        fit_s: Seconds in `fit`.
        predict_s: Seconds in predicting the test part.
        flags: What must be told beside the score, such as a class that training lacked.
        files: Names of the artifacts that lie in the folder `files/`.
        recorded: UTC time at which the fold was written, ISO 8601.
        remaining: SHA-256 of the predictions that are left after rows were forgotten; None where none were. Such a fold
            answers no lookup.
    """

    key: str
    content: str
    ingredients: dict[str, Any]
    repeat: int
    fold: int
    n_train: int
    n_test: int
    predictions: str
    fit_s: float
    predict_s: float
    recorded: str
    size_bytes: int = 0
    observed: tuple[Observed, ...] = ()
    outside: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    remaining: str | None = None
    schema: str = "store.fold/1"


class FoldUse(msgspec.Struct, frozen=True, kw_only=True):
    """One fold as a run lists it: where it is stored, or why it failed.

    Attributes:
        repeat: Number of the repeat, from 0.
        fold: Number of the fold in its repeat, from 0.
        key: The fold key, SHA-256.
        status: `done` or `failed`.
        content: Content digest of the entry that was taken; None where the fold failed.
        cached: True where the entry existed before the run.
        fit_s: Seconds in `fit`.
        predict_s: Seconds in predicting the test part.
        error: Why the fold failed.
        flags: What must be told beside the score.
        n_train: Rows in the training part; groups, where the problem has groups.
        n_test: Rows in the test part; groups, where the problem has groups.
        rows_test: Rows in the test part; may be absent where `n_test` counts rows.
        split: Digest of the repeat's table, which says what rows each of its folds trains and tests on; None where it
            was not recorded.
    """

    repeat: int
    fold: int
    key: str
    status: str
    content: str | None = None
    cached: bool = False
    fit_s: float | None = None
    predict_s: float | None = None
    error: FoldError | None = None
    flags: tuple[str, ...] = ()
    n_train: int | None = None
    n_test: int | None = None
    rows_test: int | None = None
    split: str | None = None

    @property
    def place(self) -> tuple[int, str, int]:
        """Repeat, digest of its table (empty where it was not recorded), fold: equal where the rows are the same."""
        return self.repeat, self.split or "", self.fold
