"""The document `bancada.errors/1`."""

from __future__ import annotations

from typing import Any

import msgspec

__all__ = [
    "ERRORS_SCHEMA",
    "Bin",
    "Binned",
    "CalibrationPart",
    "CalibrationStep",
    "ClassPair",
    "Confusion",
    "ErrorRow",
    "Errors",
    "FoundPart",
    "LossNote",
    "SlicePart",
    "Subject",
    "Suspect",
    "Versus",
]

ERRORS_SCHEMA = "bancada.errors/1"


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """A run whose errors are told; of several seeds the newest, with all of them in `runs`."""

    run_id: str
    claim_id: str
    candidate: str
    params: dict[str, Any]
    runs: tuple[str, ...]
    mean: float | None
    low: float | None
    high: float | None


class LossNote(msgspec.Struct, frozen=True, kw_only=True):
    """What the loss of a row is.

    Attributes:
        name: Its name.
        metric: The metric whose loss it is; None where the task gave it, since the metric has none for a row.
        formula: What it is, for people.
        why: Why it is not that of the primary metric; empty where it is, or where it was asked for.
    """

    name: str
    metric: str | None
    formula: str
    why: str


class ErrorRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row.

    Attributes:
        id: Its id.
        loss: Its loss, the mean over the repeats that tested it; None where undefined.
        truth: Truth, by column.
        prediction: What was predicted, by column: numbers are averaged over the repeats, of labels the most frequent.
        tests: How many folds tested it.
        right: In which share of them it was answered rightly; None where answers are right by degrees.
        loss_b: The loss by the second model; None without one.
        difference: loss_b − loss: above 0 where the first model is better; None without a second.
        prediction_b: What the second predicted; None without one.
        change: `fixed`, `broken`, or empty: by majority, from the second to the first.
        features: Columns of the data, where they were asked for.
    """

    id: Any
    loss: float | None
    truth: dict[str, Any]
    prediction: dict[str, Any]
    tests: int
    right: float | None
    loss_b: float | None = None
    difference: float | None = None
    prediction_b: dict[str, Any] | None = None
    change: str = ""
    features: dict[str, Any] | None = None


class ClassPair(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of one class that were given another; a row that several repeats tested counts once in all."""

    truth: str
    predicted: str
    rows: float
    share: float


class Confusion(msgspec.Struct, frozen=True, kw_only=True):
    """Truth against label.

    Attributes:
        classes: Names of the classes.
        cells: Rows by truth, then by label.
        pairs: The pairs that are confused, most rows first; `share` is of the rows of the true class.
    """

    classes: tuple[str, ...]
    cells: tuple[tuple[float, ...], ...]
    pairs: tuple[ClassPair, ...]


class Bin(msgspec.Struct, frozen=True, kw_only=True):
    """The mean over a part of the rows, with its interval at 95 %, not adjusted for the number of parts."""

    label: str
    n_rows: int
    mean: float | None
    low: float | None
    high: float | None


class Binned(msgspec.Struct, frozen=True, kw_only=True):
    """Residuals, or losses, against something.

    Attributes:
        kind: `prediction`, `feature` or `time`.
        by: What stands in the bins: a prediction column, or a column of the data.
        value: What is averaged: `truth − prediction`, or the name of the loss.
        signed: True where it is truth less prediction, which is 0 on average where the model is right.
        explained: Share of its variance that lies between the bins.
        bins: The bins, in order.
    """

    kind: str
    by: str
    value: str
    signed: bool
    explained: float
    bins: tuple[Bin, ...]


class CalibrationStep(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of nearly one probability, and where a calibrated model's share of the class would lie in 95 % of cases."""

    n_rows: int
    predicted: float
    observed: float
    low: float | None
    high: float | None


class CalibrationPart(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the probabilities of a class mean what they say, in one repeat of one run: a fitted model for each fold.

    Attributes:
        label: The class.
        repeat: The repeat.
        n_rows: Its rows.
        word: `compatible` or `miscalibrated`; empty where nothing can be said.
        bias: mean(truth − probability), above 0 where probabilities are too low on the whole, with its interval.
        slope: Slope of the logistic recalibration, below 1 where probabilities are too extreme, with its interval.
        ece: Expected calibration error over bins of equal mass; above 0 for calibrated models too.
        ece_high: A calibrated model's lies below this in 95 % of cases; None where that is not known.
        spiegelhalter_p: p value of Spiegelhalter's z; None where there is none.
        brier: Parts of the Brier score, which add up to it.
        steps: The bins, by probability.
        flags: What must be told beside the numbers.
    """

    label: str
    repeat: int
    n_rows: int
    word: str
    bias: tuple[float | None, float | None, float | None]
    slope: tuple[float | None, float | None, float | None]
    ece: float
    ece_high: float | None
    spiegelhalter_p: float | None
    brier: dict[str, float]
    steps: tuple[CalibrationStep, ...]
    flags: tuple[str, ...]


class SlicePart(msgspec.Struct, frozen=True, kw_only=True):
    """A slice against all other rows, by the primary metric or the mean loss: about these fitted models.

    Attributes:
        slice: Name of the slice, or its conditions.
        n_rows: Its rows.
        inside: Metric or mean loss over the slice; None where undefined.
        outside: The same over all other rows.
        delta: inside − outside: of a loss above 0 where the model errs more in the slice.
        low: Lower end of the simultaneous interval; None where there is none.
        high: Upper end.
        p: p value, adjusted for the number of slices; None where there is none.
        flagged: True where p is below 0.05 and the slice is large enough to be judged.
        note: Why it cannot be flagged; empty where it can.
    """

    slice: str
    n_rows: int
    inside: float | None
    outside: float | None
    delta: float | None
    low: float | None
    high: float | None
    p: float | None
    flagged: bool
    note: str = ""


class FoundPart(msgspec.Struct, frozen=True, kw_only=True):
    """A slice that nobody declared.

    Attributes:
        slice: Its conditions, in the grammar of `bc.Slice`.
        columns: The columns that they read.
        n_rows: Its rows in both halves.
        confirmed: True where the half on which it was not searched shows a greater loss too; only then it is a finding.
        part: The comparison on that half.
    """

    slice: str
    columns: tuple[str, ...]
    n_rows: int
    confirmed: bool
    part: SlicePart


class Suspect(msgspec.Struct, frozen=True, kw_only=True):
    """A row whose truth may be wrong.

    Attributes:
        id: Its id.
        truth: What stands in the data.
        suggested: The class of which the model is confident instead, or the prediction.
        confidence: Probability of the class in the data; None for numbers.
        margin: Probability of the suggested class less that; None for numbers.
        studentised: Residual in standard deviations of all others; None for classes.
    """

    id: Any
    truth: Any
    suggested: Any
    confidence: float | None = None
    margin: float | None = None
    studentised: float | None = None


class Versus(msgspec.Struct, frozen=True, kw_only=True):
    """Two models, row by row: about these fitted models, without a verdict.

    Attributes:
        n_rows: Rows that both have tested.
        difference: Mean of loss_b − loss: above 0 where the first is better.
        low: Lower end of its interval; None where there is none.
        high: Upper end.
        rows_fixed: Rows that the second answers wrongly and the first rightly, by majority; None without labels.
        rows_broken: The reverse.
        slices_by: In what the gain is told by slice: the primary metric where it tells how much each row moves it, else
            the loss of rows.
        slices: The gain in each declared slice against all other rows.
        gained: Rows on which the first model gains most.
        lost: Rows on which it loses most.
    """

    n_rows: int
    difference: float | None
    low: float | None
    high: float | None
    rows_fixed: int | None
    rows_broken: int | None
    slices_by: str
    slices: tuple[SlicePart, ...]
    gained: tuple[ErrorRow, ...]
    lost: tuple[ErrorRow, ...]


class Errors(msgspec.Struct, frozen=True, kw_only=True):
    """Where a run errs.

    Attributes:
        schema: `bancada.errors/1`.
        problem: Name of the problem.
        task: Kind of prediction.
        a: The run.
        b: The run beside it; None without one.
        statement: What all of it is about.
        loss: What the loss of a row is.
        n_rows: Rows that were tested.
        n_undefined: Rows without a loss.
        rows: The worst rows.
        confusion: Truth against label; None without classes.
        calibration: Whether the probabilities of the positive class, or of each class, mean what they say; empty where
            the models give none.
        residuals: Residuals or losses against prediction, features and time; of the features those first that explain
            most.
        slices_by: By what slices are compared: the primary metric where it tells how much each row moves it and is no
            mean over rows, else the loss.
        slices: Each declared slice against all other rows.
        found: Slices that were searched for.
        searched: How many conditions the search knew.
        suspects: Rows whose truth may be wrong, the most suspect first.
        n_suspects: How many there are in all; None where the predictions do not tell.
        versus: Both models, row by row; None without a second.
        notes: What must be told beside it, a sentence each.
    """

    schema: str = ERRORS_SCHEMA
    problem: str
    task: str
    a: Subject
    b: Subject | None
    statement: str
    loss: LossNote
    n_rows: int
    n_undefined: int
    rows: tuple[ErrorRow, ...]
    confusion: Confusion | None
    calibration: tuple[CalibrationPart, ...]
    residuals: tuple[Binned, ...]
    slices_by: str
    slices: tuple[SlicePart, ...]
    found: tuple[FoundPart, ...]
    searched: int
    suspects: tuple[Suspect, ...]
    n_suspects: int | None
    versus: Versus | None
    notes: tuple[str, ...]
