"""A text for each row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Never

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bancada.exceptions import DataError, DefinitionError, PredictionError
from bancada.tasks._checks import check_table
from bancada.tasks._outputs import require
from bancada.tasks._target import scalar, target_column

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bancada.contracts import Model, Task

__all__ = ["MostFrequentText", "Text"]

_PREDICTIONS = pa.schema([pa.field("text", pa.string())])
_ONE = pa.schema([pa.field("text", pa.string())])
_SEVERAL = pa.schema([pa.field("references", pa.list_(pa.string()))])


class MostFrequentText:
    """A model that always answers with the text that is most frequent in training, the first in order among equals."""

    def fit(self, X: Any, y: Any) -> MostFrequentText:  # noqa: ARG002 - the contract's signature
        """Count the texts, references one by one."""
        count = Counter(text for row in y for text in ([row] if isinstance(row, str) else row))
        self.text_ = min(count, key=lambda text: (-count[text], text))
        return self

    def predict(self, X: Any) -> list[str]:
        """Return that text for each row, (n_rows,)."""
        return [self.text_] * len(X)


@dataclass(frozen=True)
class Text:
    """Write a text: an answer, a summary, a transcript, a translation.

    The target is a column of texts, or of lists of texts where several references are right. Truth is `text`, or
    `references`; predictions are `text`. An empty text is an answer like any other, a missing one is an error.

    Args:
        references: True where the target holds lists; found out from the target without it.

    Examples:
        >>> task = Text().resolve(pa.table({"answer": ["yes", "no"]}))
        >>> task.truth(pa.table({"answer": ["yes"]})).to_pylist()
        [{'text': 'yes'}]
    """

    references: bool | None = None

    @property
    def name(self) -> str:
        """`text`."""
        return "text"

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the default metrics, the primary first."""
        return ("token_f1", "exact_match", "char_error_rate")

    @property
    def has_classes(self) -> bool:
        """False: a split does not stratify."""
        return False

    def identity(self) -> Mapping[str, Any]:
        """Return the name, and once resolved whether a row has several references."""
        return {"name": self.name, "references": self.references}

    def resolve(self, target: pa.Table) -> Task:
        """Return this task, once the target is known to be texts or lists of them.

        Raises:
            DataError: The target is something else, null, or a list is empty or holds null.
        """
        several = _holds_lists(target)
        if self.references is not None and self.references != several:
            rule = (
                f"With `references={self.references}` the target holds {'lists of texts' if not several else 'texts'}."
            )
            raise DataError(rule, f"`{target.column_names[0]}` is {target.column(0).type}.", "Leave `references` out.")
        resolved = replace(self, references=several)
        resolved.truth(target)
        return resolved

    def truth(self, target: pa.Table) -> pa.Table:
        """Return `text`, or `references`, (n_rows,).

        Raises:
            DataError: The target is something else, null, or a list is empty or holds null.
        """
        schema = self.truth_schema()
        column, name = target_column(target), target.column_names[0]
        if not self.references:
            if not pa.types.is_string(column.type):
                _refuse(name, column.type)
            return pa.table([column], schema=schema)
        try:
            lists = column.cast(schema.field(0).type)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            _refuse(name, column.type)
        empty = int(pc.sum(pc.equal(pc.list_value_length(lists), 0)).as_py() or 0)
        if empty or pc.list_flatten(lists).null_count:
            rule = "Every row needs at least one reference, and no reference may be null."
            found = (
                f"`{name}` is an empty list in {empty:,} of {len(lists):,} rows."
                if empty
                else f"A list of `{name}` holds null."
            )
            raise DataError(rule, found, "Leave these rows out of the dataset, or write an empty text for no answer.")
        return pa.table([lists], schema=schema)

    def truth_schema(self) -> pa.Schema:
        """Return the schema of `truth`."""
        if self.references is None:
            rule = "A task must be resolved with the target of all rows before it reads anything."
            raise DefinitionError(rule, f"{self!r} is not.", "Call `resolve(target)` and go on with what it returns.")
        return _SEVERAL if self.references else _ONE

    def schema(self) -> pa.Schema:
        """Return the schema of predictions."""
        return _PREDICTIONS

    def read(
        self,
        model: Model,
        X: Any,
        n_rows: int,
        columns: Collection[str] | None = None,  # noqa: ARG002 - there is one column, and it is always needed
    ) -> pa.Table:
        """Ask a fitted model for `text`.

        Raises:
            PredictionError: What it returned breaks a rule of this task.
        """
        table = pa.table([_texts(model.predict(X), n_rows)], schema=_PREDICTIONS)
        self.check(table, n_rows)
        return table

    def flags(self, model: Model) -> tuple[str, ...]:  # noqa: ARG002 - the contract's signature
        """Return nothing: no training part lacks anything that this task could tell."""
        return ()

    def check(self, predictions: pa.Table, n_rows: int) -> None:
        """Raise `PredictionError` unless these are valid predictions for `n_rows` rows."""
        check_table(predictions, _PREDICTIONS, n_rows)

    def baseline(self) -> Model:
        """Return a model that gives the most frequent text of its training part."""
        return MostFrequentText()


def _holds_lists(target: pa.Table) -> bool:
    kind = target_column(target).type
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def _refuse(name: str, kind: pa.DataType) -> Never:
    rule = "The target of a text task holds texts, or lists of texts where several are right."
    raise DataError(rule, f"`{name}` is {kind}.", "Convert it to text, or choose the task that fits the target.")


def _texts(values: Any, n_rows: int) -> pa.Array:
    """Return predicted texts as an Arrow array, (n_rows,)."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        rule = "`predict` must return one text for each row of X."
        raise PredictionError(rule, f"It returned a {type(values).__name__}.", "Return a list of texts.")
    listed = [scalar(value) for value in (values.ravel() if isinstance(values, np.ndarray) else values)]
    require("predict", np.empty(len(listed), dtype=object), n_rows)
    strange = next((value for value in listed if not isinstance(value, str)), None)
    absent = sum(not isinstance(value, str) for value in listed)
    if absent:
        rule = "`predict` must return one text for each row of X."
        shown = repr(strange) if len(repr(strange)) <= 60 else type(strange).__name__
        found = f"It returned something else, such as {shown}, in {absent:,} of {n_rows:,} rows."
        raise PredictionError(rule, found, 'Return a text for each row, and `""` where there is nothing to say.')
    try:
        return pa.array(listed, pa.string())
    except UnicodeEncodeError as error:
        rule = "A text must be one that UTF-8 can hold."
        found = f"`predict` returned a text with half of a surrogate pair ({error.reason})."
        remedy = (
            'Decode the bytes that it came from as what they are, or replace: `s.encode("utf-8", "replace").decode()`.'
        )
        raise PredictionError(rule, found, remedy) from error
