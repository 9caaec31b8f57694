"""Predictions that were made elsewhere: checked as a whole, then kept as folds like those of any candidate."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bancada import tasks
from bancada.datasets import Received, received
from bancada.engine._claims import BASELINE
from bancada.engine._recording import utc_now
from bancada.engine.outside._columns import prediction_columns, read_predictions
from bancada.engine.outside._placing import Placed, place
from bancada.exceptions import DataError, NotFoundError, PredictionError, UsageError, nearest
from bancada.identity import digest, table_digest
from bancada.records import FoldRecord, FoldUse
from bancada.store import FoldContent, content_digest

if TYPE_CHECKING:
    from collections.abc import Collection

    from bancada.engine._binding import Binding
    from bancada.store import Store

__all__ = ["VERSION", "Kept", "Submission", "check_submission", "check_submitted_name", "keep_folds"]

VERSION = 1
NAME = re.compile(r"\w[\w.+-]{0,119}")
RESERVED = ("best", BASELINE)


@dataclass(frozen=True, slots=True)
class SubmittedFold:
    """The predictions of one fold, with `id`, `repeat` and `fold`, (n_test,), and the digest of that table."""

    placed: Placed
    table: pa.Table
    digest: str

    def ingredients(self, problem: str, name: str) -> dict[str, Any]:
        """Return what the key of the stored fold is made of."""
        return {
            "kind": "submission",
            "version": VERSION,
            "problem": problem,
            "name": name,
            "predictions": self.digest,
            "split": self.placed.repeat.digest,
            "repeat": self.placed.repeat.number,
            "fold": self.placed.fold,
        }


@dataclass(frozen=True, slots=True)
class Submission:
    """Predictions that have passed every check.

    Attributes:
        name: Name on the board.
        binding: The problem that they answer.
        folds: In order of repeat and fold.
        warnings: What was passed over, a sentence each.
        notes: What must be told beside the scores.
    """

    name: str
    binding: Binding
    folds: tuple[SubmittedFold, ...]
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Digest of all predictions."""
        return digest([[fold.placed.repeat.number, fold.placed.fold, fold.digest] for fold in self.folds])

    @property
    def claim(self) -> dict[str, Any]:
        """What is asserted: these predictions, under this name, for this problem."""
        return {
            "kind": "submission",
            "version": VERSION,
            "problem": self.binding.identity.digest,
            "name": self.name,
            "predictions": self.digest,
        }


@dataclass(frozen=True, slots=True)
class Kept:
    """The folds of a submission as a run lists them, and (repeat, fold) of those that were stored before."""

    uses: tuple[FoldUse, ...]
    known: frozenset[tuple[int, int]] = field(default_factory=frozenset)


def check_submitted_name(name: str | None, taken: Collection[str] = ()) -> str:
    """Return the name of a submission.

    Args:
        name: What was given.
        taken: Names of the project's candidates, which the board shows under these names.

    Raises:
        UsageError: There is none, it cannot be typed where runs are named, or it is a candidate's.
    """
    if not name:
        raise UsageError(
            "A submission has a name, under which the board shows it.",
            "None was given.",
            "Say `bancada submit FILE --as NAME`, or `bc.submit(predictions, name=…)`.",
        )
    if not NAME.fullmatch(name) or name in RESERVED or re.match(r"r-", name):
        raise UsageError(
            "The name of a submission is at most 120 letters, digits, `_`, `.`, `+` and `-`, and begins with a letter, "
            "a digit or `_`; `best`, `baseline` and `r-…` mean something else.",
            f"Found {name!r}.",
            "Choose another, such as `vendor-a` or `forest_in_r`.",
        )
    if name in taken:
        raise UsageError(
            "Under one name the board shows one thing.",
            f"`{name}` is a candidate that this project defines.",
            f"Choose another name, such as `{name}-outside`.",
        )
    return name


def check_submission(predictions: Any, name: str, binding: Binding) -> Submission:
    """Check predictions as a whole; nothing is written.

    Args:
        predictions: A path or a frame, as `bancada.datasets.received` takes it, or what that gave.
        name: Name on the board.
        binding: The problem with its data.

    Raises:
        DataError: Rows are unknown, sealed, missing or doubled, or a value is not what its column holds.
        NotFoundError: There is no such file, or no column of ids.
        UsageError: It is no file that can be read.
    """
    found = predictions if isinstance(predictions, Received) else received(predictions)
    ids = _id_column(found, binding)
    names, warnings = prediction_columns(found, binding.task, ids)
    _refuse_training_part(found)
    folds = place(found.table, ids, binding, found.name)
    values = read_predictions(found, names, binding.task, binding.target, ids)
    table = tasks.derived(binding.task, values)
    added = [item for item in table.column_names if item not in names]
    _check_by_task(table, binding, found.name)
    _refuse_unscored(table, binding, found.name)
    made = tuple(_fold(item, table, binding) for item in folds)
    notes = tuple(f"`{item}` was derived from the probabilities" for item in added)
    return Submission(name, binding, made, warnings, notes)


def keep_folds(submission: Submission, store: Store) -> Kept:
    """Store the folds of a submission; equal ones that are there already are taken.

    Raises:
        StoreError: The store cannot be written.
    """
    uses, known = [], set()
    for fold in submission.folds:
        ingredients = fold.ingredients(submission.binding.identity.digest, submission.name)
        repeat, number = fold.placed.repeat, fold.placed.fold
        part, size = repeat.parts[number], repeat.sizes[number]
        key, content = digest(ingredients), content_digest((), fold.digest)
        record = FoldRecord(
            key=key,
            content=content,
            ingredients=ingredients,
            repeat=repeat.number,
            fold=number,
            n_train=len(part.train),
            n_test=len(part.test),
            predictions=fold.digest,
            fit_s=0.0,  # nobody measured them: the run says so by having none
            predict_s=0.0,
            recorded=utc_now(),
        )
        if not store.folds.put(FoldContent(record=record, table=fold.table, train_scores={})):
            known.add((repeat.number, number))
        uses.append(
            FoldUse(
                repeat=repeat.number,
                fold=number,
                key=key,
                status="done",
                content=content,
                cached=(repeat.number, number) in known,
                n_train=size.n_train,
                n_test=size.n_test,
                rows_test=size.rows_test,
                split=repeat.digest,
            )
        )
    return Kept(tuple(uses), frozenset(known))


def _id_column(found: Received, binding: Binding) -> str:
    """Return the column of ids: `id`, or what the dataset calls it."""
    names = found.table.column_names
    for name in ("id", binding.dataset.id):
        if name in names:
            return str(name)
    known = ["id"] if binding.dataset.id is None else ["id", binding.dataset.id]
    near = next((name for name in names if name.strip().lower() in {item.lower() for item in known}), None)
    hint = nearest("id", names)
    raise NotFoundError(
        f"Predictions have a column {' or '.join(f'`{name}`' for name in known)}, which says for which row each is.",
        f"{found.name} has {', '.join(f'`{name}`' for name in names[:12])}.",
        f"Rename `{near}` to `id`." if near else hint if hint.startswith("Did") else "Add it.",
    )


def _refuse_training_part(found: Received) -> None:
    """Refuse rows of the split's table that are not tested, where its column `part` was kept."""
    if "part" not in found.table.column_names:
        return
    parts = sorted({str(value) for value in pc.unique(found.table.column("part")).to_pylist()} - {"test"})
    if parts:
        raise DataError(
            "Predictions are for test rows.",
            f"{found.name} has rows whose `part` is {', '.join(map(repr, parts))}.",
            "Keep the lines of the split whose `part` is 'test'.",
        )


def _check_by_task(table: pa.Table, binding: Binding, name: str) -> None:
    try:
        binding.task.check(table, table.num_rows)
    except PredictionError as error:
        raise DataError(error.rule, f"{name}: {error.found}", error.remedy) from error


def _refuse_unscored(table: pa.Table, binding: Binding, name: str) -> None:
    """Refuse predictions of which the metric that decides can make nothing."""
    primary = binding.metrics[0]
    # Where a prediction stands in time is told by the data, whoever made it.
    schema = table.schema if binding.places is None else pa.schema([*table.schema, *binding.places.schema])
    lacking = [item.removeprefix("predictions.") for item in primary.missing(binding.truth.schema, schema)]
    if lacking:
        raise DataError(
            f"Predictions are judged by `{primary.name}`, the primary metric of `{binding.problem.name}`.",
            f"{name} has no {', '.join(f'`{item}`' for item in lacking)}, which it reads.",
            f"Add the column {' and '.join(f'`{item}`' for item in lacking)}.",
        )


def _fold(placed: Placed, values: pa.Table, binding: Binding) -> SubmittedFold:
    test = placed.repeat.parts[placed.fold].test
    number = {"repeat": placed.repeat.number, "fold": placed.fold}
    keys = {name: pa.array(np.full(len(test), value, dtype=np.int32)) for name, value in number.items()}
    taken = values.take(pa.array(placed.lines))
    table = pa.table(
        {
            "id": binding.ids.take(pa.array(test)),
            **keys,
            **{name: taken.column(name) for name in taken.column_names},
        }
    )
    return SubmittedFold(placed, table, table_digest(table))
