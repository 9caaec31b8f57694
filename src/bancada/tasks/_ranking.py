"""The order of a query's rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bancada.exceptions import DataError, DefinitionError
from bancada.tasks._checks import check_table
from bancada.tasks._outputs import numbers, one_per_row
from bancada.tasks._target import target_column
from bancada.tasks._tolerances import of_floats

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bancada.contracts import Model, Task

__all__ = ["Constant", "Ranking"]

_SCHEMA = pa.schema([pa.field("score", pa.float64())])


class Constant:
    """A model that gives every row the same score; ties then stand for every order alike."""

    def fit(self, X: Any, y: Any) -> Constant:  # noqa: ARG002 - the contract's signature
        """Learn nothing."""
        return self

    def predict(self, X: Any) -> Any:
        """Return 0 for each row, (n_rows,)."""
        return np.zeros(len(X))


@dataclass(frozen=True)
class Ranking:
    """Order the rows of each query: the most relevant first.

    The target is how relevant a row is to its query: a number from 0, and 0 is not relevant. Truth is `query` and
    `relevance`, predictions are `score`: any real, higher stands further up. Scores are compared within a query only.

    The rows of a query must stay on one side of each fold: the problem says `groups=` with the same column. A model
    whose `fit` names `qid`, `group_id`, `group` or `groups`, as those of XGBoost, CatBoost and LightGBM do, gets the
    training rows in order of their queries, and these beside them.

    Args:
        query: Column that says which rows compete; it does not enter X unless it is named in `features`.

    Raises:
        DefinitionError: `query` is no name of a column.

    Examples:
        >>> task = Ranking(query="question").resolve(pa.table({"grade": [0, 2], "question": ["a", "a"]}))
        >>> task.truth(pa.table({"grade": [1], "question": ["b"]})).to_pylist()
        [{'query': 'b', 'relevance': 1.0}]
    """

    query: str
    type: pa.DataType | None = None

    def __post_init__(self) -> None:
        """Refuse what is no name."""
        if not (self.query and isinstance(self.query, str)):
            rule = "`query` of a ranking names the column that says which rows compete."
            raise DefinitionError(rule, f"Found {self.query!r}.", 'Write its name: `Ranking(query="query_id")`.')

    @property
    def name(self) -> str:
        """`ranking`."""
        return "ranking"

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the default metrics, the primary first."""
        return ("ndcg", "ndcg@10", "map", "mrr")

    @property
    def has_classes(self) -> bool:
        """False: a split does not stratify."""
        return False

    @property
    def columns(self) -> tuple[str, ...]:
        """The column of queries."""
        return (self.query,)

    @property
    def together(self) -> str | None:
        """The column of queries."""
        return self.query

    def identity(self) -> Mapping[str, Any]:
        """Return the name and the column of queries."""
        return {"name": self.name, "query": self.query}

    def resolve(self, target: pa.Table) -> Task:
        """Return this task, once the target is known to be a relevance.

        Raises:
            DataError: The target is no number, null, NaN, infinite, negative or 0 throughout; a query is missing.
        """
        relevance = self.truth(target).column("relevance").to_numpy()
        if not relevance.any():
            rule = "A ranking needs rows that are relevant: a target above 0."
            raise DataError(rule, f"`{target.column_names[0]}` is 0 in every row.", "Check which column is the target.")
        return Ranking(self.query, _plain_type(target.column(self.query).type))

    def truth(self, target: pa.Table) -> pa.Table:
        """Return `query` and `relevance`, (n_rows,), of the target and the column of queries.

        Raises:
            DataError: The target is no number, null, NaN, infinite or negative; a query is missing.
        """
        column, name = target_column(target.drop_columns([self.query])), target.column_names[0]
        kind = column.type
        if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)):
            rule = "The target of a ranking says by a number how relevant a row is."
            raise DataError(rule, f"`{name}` is {kind}.", "Give grades: 0 for not relevant, more for more relevant.")
        relevance = np.asarray(column.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)
        broken = int(np.count_nonzero((relevance < 0) | np.isinf(relevance)))
        if broken:
            rule = "A relevance is a finite number from 0 up."
            found = f"`{name}` is negative or infinite in {broken:,} of {relevance.size:,} rows."
            raise DataError(rule, found, "Shift or cap the grades, so that 0 means not relevant.")
        query = target.column(self.query)
        missing = query.null_count
        if pa.types.is_floating(query.type):
            missing += int(pc.sum(pc.is_nan(query)).as_py() or 0)
        if missing:
            rule = "Every row of a ranking belongs to a query."
            found = f"`{self.query}` is null or NaN in {missing:,} of {len(query):,} rows."
            raise DataError(rule, found, "Leave these rows out of the dataset, or fill them in before it is made.")
        wanted = self.truth_schema() if self.type is not None else None
        kept = query.cast(_plain_type(query.type))
        return pa.table({"query": kept, "relevance": pa.array(relevance)}, schema=wanted)

    def truth_schema(self) -> pa.Schema:
        """Return the schema of `truth`."""
        if self.type is None:
            rule = "A task must be resolved with the target of all rows before it reads anything."
            raise DefinitionError(rule, f"{self!r} is not.", "Call `resolve(target)` and go on with what it returns.")
        return pa.schema([pa.field("query", self.type), pa.field("relevance", pa.float64())])

    def schema(self) -> pa.Schema:
        """Return the schema of predictions."""
        return _SCHEMA

    def read(
        self,
        model: Model,
        X: Any,
        n_rows: int,
        columns: Collection[str] | None = None,  # noqa: ARG002 - there is one column, and it is always needed
    ) -> pa.Table:
        """Ask a fitted model for `score`.

        Raises:
            PredictionError: What it returned breaks a rule of this task.
        """
        scores = numbers("predict", one_per_row("predict", model.predict(X), n_rows))
        table = pa.table({"score": pa.array(scores)}, schema=_SCHEMA)
        self.check(table, n_rows)
        return table

    def flags(self, model: Model) -> tuple[str, ...]:  # noqa: ARG002 - the contract's signature
        """Return nothing: no training part lacks anything that this task could tell."""
        return ()

    def check(self, predictions: pa.Table, n_rows: int) -> None:
        """Raise `PredictionError` unless these are valid predictions for `n_rows` rows."""
        check_table(predictions, _SCHEMA, n_rows)

    def tolerances(self, truth: pa.Table, predictions: pa.Table) -> Mapping[str, float]:  # noqa: ARG002 - the contract's signature
        """Return a millionth of the spread of the scores."""
        return of_floats(predictions)

    def baseline(self) -> Model:
        """Return a model that scores all rows alike: what is expected of an order drawn by chance."""
        return Constant()


def _plain_type(kind: pa.DataType) -> pa.DataType:
    """Return the type of queries without what concerns their storage only."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return pa.string() if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) else kind
