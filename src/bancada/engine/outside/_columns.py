"""The prediction columns of a submission, brought to the types of their task."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bancada.display import count
from bancada.engine.outside._lossless import lossless, plain_array
from bancada.engine.outside._placing import first_few
from bancada.exceptions import DataError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from bancada.contracts import Task
    from bancada.datasets import Received

__all__ = ["KEYS", "prediction_columns", "read_predictions"]

KEYS = ("id", "repeat", "fold", "part")
# How other tools call what a task calls by one of these names, most telling first.
SPELLINGS = {
    "probability": {"p", "p1", "prob", "proba", "probabilities", "prob_1", "y_prob", "y_proba", "pred_proba", "phat"},
    "score": {"scores", "logit", "logits", "decision", "decision_function", "y_score", "margin", "raw"},
    "label": {"class", "labels", "predicted_class", "predicted_label", "pred_class", "pred_label", "y_class"},
    "value": {"values", "estimate", "fitted", "output", "point", "mean"},
    "text": {"answer", "output", "generated", "completion"},
}
ANY = {"pred", "preds", "predict", "prediction", "predictions", "predicted", "y", "yhat", "y_hat", "y_pred", ".pred"}
ABSENT = ("", "na", "nan", "null", "none", "<na>", "n/a")
NAMES_SHOWN = 8
COMMA = r"^[+-]?[0-9]+,[0-9]+$"


def prediction_columns(received: Received, task: Task, ids: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns of predictions, in the order of the task, and a warning for each column that is none.

    Raises:
        DataError: There is no column of predictions.
    """
    known = task.schema().names
    names = received.table.column_names
    found = tuple(name for name in known if name in names)
    others = [name for name in names if name not in {*found, *KEYS, ids}]
    if not found:
        listed = ", ".join(f"`{name}`" for name in others) or "none"
        raise DataError(
            f"Predictions of a {task.name} task stand in columns that are named {_listed(known)}.",
            f"{received.name} has beside the ids: {listed}.",
            _renaming(others, known),
        )
    warnings = [f"column `{name}` is not read. {_hint(name, known, found)}".strip() for name in others if name]
    return found, tuple(warnings)


def read_predictions(received: Received, names: Sequence[str], task: Task, target: pa.Table, ids: str) -> pa.Table:
    """Return the named columns in the types of the task, (n_rows,).

    Args:
        received: The submission.
        names: Its columns of predictions.
        task: The resolved task.
        target: Target columns of the data: labels are written as they are there.
        ids: Column of ids, by which a message tells where a value stands.

    Raises:
        DataError: A value is missing, not of its column's type, no class, or a probability beyond 0 and 1.
    """
    reader = _Reader(received, task, target, plain_array(received.table.column(ids)))
    return pa.table({name: reader.column(name) for name in names})


class _Reader:
    """Reads the columns of one submission."""

    def __init__(self, received: Received, task: Task, target: pa.Table, ids: pa.Array) -> None:
        self.received = received
        self.name = received.name
        self.task = task
        self.target = target
        self.ids = ids

    def column(self, name: str) -> pa.Array:
        wanted = self.task.schema().field(name).type
        values = plain_array(self.received.table.column(name))
        if self._is_label(name, wanted):
            self._refuse(name, self._absent(values), "a missing value")
            return self._labels(name, values, wanted)
        if pa.types.is_floating(wanted):
            return self._numbers(name, values, wanted)
        if pa.types.is_nested(wanted) and self.received.is_text:
            raise DataError(
                f"`{name}` holds values of type `{wanted}`.",
                f"{self.name} is a text file, which cannot hold them.",
                "Write a Parquet or Arrow file.",
            )
        # The null of a list or a struct is a missing value; an empty text is a text.
        absent = self._absent(values) if not pa.types.is_string(wanted) else values.is_null()
        self._refuse(name, absent, "a missing value")
        return self._converted(name, values, wanted)

    def _is_label(self, name: str, wanted: pa.DataType) -> bool:
        """Tell whether a column holds what truth holds: the values of the one target."""
        truth = self.task.truth_schema()
        alike = name in truth.names and truth.field(name).type == wanted
        return alike and self.target.num_columns == 1 and not pa.types.is_floating(wanted)

    def _numbers(self, name: str, values: pa.Array, wanted: pa.DataType) -> pa.Array:
        if pa.types.is_boolean(values.type) or not (
            pa.types.is_string(values.type)
            or pa.types.is_integer(values.type)
            or pa.types.is_floating(values.type)
            or pa.types.is_decimal(values.type)
        ):
            raise self._other_type(name, values, wanted)
        self._refuse(name, self._absent(values), "a missing value or NaN")
        if pa.types.is_string(values.type):
            commas = pc.match_substring_regex(pc.utf8_trim_whitespace(values), COMMA)
            self._refuse(name, commas, "a decimal comma", values, "Write decimal points, as in 0.5.")
            numbers = self._converted(name, values, wanted)
        else:
            numbers = pc.cast(values, wanted, safe=False)
        self._refuse(name, pc.invert(pc.is_finite(numbers)), "an infinite value or NaN")
        if name.startswith("probability"):
            beyond = pc.or_(pc.less(numbers, 0.0), pc.greater(numbers, 1.0))
            remedy = "Give probabilities." + (" A number without that range is a `score`." * ("score" in self._known))
            self._refuse(name, beyond, "a probability below 0 or above 1", numbers, remedy)
        return numbers

    def _labels(self, name: str, values: pa.Array, wanted: pa.DataType) -> pa.Array:
        """Return labels as the task holds truth; they are written as in the target, or as truth values."""
        column = self.target.column_names[0]
        kind = plain_array(self.target.column(0)).type
        distinct = pc.unique(values)
        typed = lossless(distinct, kind) if not pa.types.is_boolean(kind) else _truth_values(distinct)
        position = pc.index_in(values, value_set=distinct)
        good = np.array([value.is_valid and self._is_class(column, value, kind) for value in typed], dtype=np.bool_)
        if good.all():
            rows = pa.table({column: typed.take(position)})
            return self.task.truth(rows).column(name).combine_chunks()
        truths = _truth_values(distinct)
        if pa.types.is_boolean(wanted) and truths.null_count == 0:
            return truths.take(position)
        wrong = pa.array(~good).take(position)
        classes = sorted(pc.unique(plain_array(self.target.column(0))).to_pylist(), key=repr)
        remedy = f"Write them as in the data: {first_few(classes)}."
        return self._refuse(name, wrong, "what is no class of the problem", values, remedy)

    def _is_class(self, column: str, value: pa.Scalar, kind: pa.DataType) -> bool:
        try:
            self.task.truth(pa.table({column: pa.array([value.as_py()], type=kind)}))
        except DataError:
            return False
        return True

    def _converted(self, name: str, values: pa.Array, wanted: pa.DataType) -> pa.Array:
        if pa.types.is_dictionary(wanted):
            return self._converted(name, values, wanted.value_type).dictionary_encode().cast(wanted)
        try:
            found = _truth_values(values) if pa.types.is_boolean(wanted) else lossless(values, wanted)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
            raise self._other_type(name, values, wanted) from error
        if found.null_count == len(found) and found.null_count > values.null_count:
            raise self._other_type(name, values, wanted)
        lost = pc.and_(found.is_null(), values.is_valid())
        self._refuse(name, lost, f"a value that is no {_words(wanted)}", values)
        return found

    def _absent(self, values: pa.Array) -> pa.Array:
        absent = pc.is_null(values, nan_is_null=pa.types.is_floating(values.type))
        if not pa.types.is_string(values.type) or not self.received.is_text:
            return absent
        lowered = pc.utf8_lower(pc.utf8_trim_whitespace(values))
        spelled = pc.is_in(lowered, value_set=pa.array(ABSENT))
        # A class of the problem may be called `none`, or `NA`.
        return pc.and_(spelled, pc.invert(pc.is_in(values, value_set=self._classes)))

    @cached_property
    def _classes(self) -> pa.Array:
        if self.target.num_columns != 1 or pa.types.is_nested(self.target.field(0).type):
            return pa.array([], pa.string())
        return pa.array(
            [str(value) for value in pc.unique(plain_array(self.target.column(0))).to_pylist()], pa.string()
        )

    @property
    def _known(self) -> list[str]:
        names: list[str] = self.task.schema().names
        return names

    def _refuse(
        self, name: str, bad: pa.Array, what: str, values: pa.Array | None = None, remedy: str = ""
    ) -> pa.Array:
        """Raise unless no row is bad; tell how many are, the first ids, and the first values where they help."""
        lines: npt.NDArray[np.int64] = np.flatnonzero(
            pc.fill_null(bad, fill_value=False).to_numpy(zero_copy_only=False)
        )
        if not len(lines):
            return bad
        ids = self.ids.take(pa.array(lines)).to_pylist()
        shown = "" if values is None else f": {first_few(pc.unique(values.take(pa.array(lines))).to_pylist())}"
        raise DataError(
            "Every prediction is a value of its column's kind.",
            f"`{name}` of {self.name[:1].lower() + self.name[1:]} is {what} in {count(len(lines))} of "
            f"{count(len(self.ids))} lines{shown}; first id {first_few(ids)}.",
            remedy or "Find the rows that could not be predicted, and give each a prediction.",
        )

    def _other_type(self, name: str, values: pa.Array, wanted: pa.DataType) -> DataError:
        example = next((value.as_py() for value in values if value.is_valid), None)
        return DataError(
            f"`{name}` of a {self.task.name} task holds {_words(wanted)} values.",
            f"{self.name} has `{values.type}` there, such as {example!r}.",
            "Write it as that, or name the column after what it holds.",
        )


def _truth_values(values: pa.Array) -> pa.Array:
    """Return truth values; null for what is none."""
    if pa.types.is_boolean(values.type):
        return values
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type):
        no = pc.if_else(pc.equal(values, 0), pa.scalar(value=False), None)
        return pc.if_else(pc.equal(values, 1), pa.scalar(value=True), no)
    if not pa.types.is_string(values.type):
        return pa.nulls(len(values), pa.bool_())
    lowered = pc.utf8_lower(pc.utf8_trim_whitespace(values))
    true = pc.is_in(lowered, value_set=pa.array(["true", "t", "1", "1.0"]))
    false = pc.is_in(lowered, value_set=pa.array(["false", "f", "0", "0.0"]))
    return pc.if_else(true, pa.scalar(value=True), pc.if_else(false, pa.scalar(value=False), None))


def _words(kind: pa.DataType) -> str:
    if pa.types.is_floating(kind):
        return "number"
    return "true or false" if pa.types.is_boolean(kind) else f"`{kind}`"


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:NAMES_SHOWN])
    return shown if len(names) <= NAMES_SHOWN else f"{shown} and {len(names) - NAMES_SHOWN} more"


def _renaming(others: Sequence[str], known: Sequence[str]) -> str:
    """Return which column should get which name."""
    for name in others:
        if meant := _meant(name, known):
            return f"Rename `{name}` to `{meant}`."
    for name in others:
        if name.lower() in ANY:
            return f"Rename `{name}` to the one that it is: {_listed(known)}."
    return nearest(others[0], known) if others else f"Add one: {_listed(known)}."


def _hint(name: str, known: Sequence[str], found: Sequence[str]) -> str:
    meant = _meant(name, [item for item in known if item not in found])
    return f"Did you mean `{meant}`?" if meant else ""


def _meant(name: str, known: Sequence[str]) -> str:
    """Return the name that another spelling stands for; empty where there is none."""
    lowered = re.sub(r"[\s.-]+", "_", name.strip().lower())
    by_case = [item for item in known if item.lower() == lowered]
    by_spelling = [item for item in known if lowered in SPELLINGS.get(item, ())]
    # `setosa`, `prob_setosa` and `.pred_setosa` all mean the probability of that class.
    by_class = [
        item
        for item in known
        if item.startswith("probability_") and lowered.endswith(item.removeprefix("probability_").lower())
    ]
    found = [*by_case, *by_spelling, *(by_class if len(by_class) == 1 else ())]
    if found:
        return str(found[0])
    hint = nearest(name, known)
    return hint.split("`")[1] if hint.startswith("Did you mean") else ""
