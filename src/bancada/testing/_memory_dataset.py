"""A dataset in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bancada.exceptions import DataError, DefinitionError, NotFoundError, nearest
from bancada.identity import table_digest
from bancada.records import Column, DatasetIdentity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from bancada.contracts import Dataset

__all__ = ["MemoryDataset"]


@dataclass(frozen=True)
class MemoryDataset:
    """An Arrow table as a dataset; nothing is read, kept or cached.

    Args:
        table: The rows, in any order; without an `id` they are numbered as they stand.
        id: Name of the id column, numbers or texts, each once; None where rows are numbered.
        name: Label of the dataset.
        version: Label of its version.
    """

    table: pa.Table
    id: str | None = None
    name: str = "memory"
    version: str = ""

    def at(self, root: Path, cache: Path) -> Dataset:  # noqa: ARG002 - the contract's signature; there is no path
        """Return this dataset."""
        return self

    def with_schema(self, columns: Mapping[str, str]) -> Dataset:
        """Return this dataset if it has these columns and types.

        Raises:
            DataError: It has others.
        """
        found = {field.name: str(field.type) for field in self.table.schema}
        if found != dict(columns):
            raise DataError("A dataset keeps its columns.", f"It has {found}.", "Give it another version.")
        return self

    def schema(self) -> Any:
        """Return the schema of all columns."""
        return self.table.schema

    def ids(self) -> Any:
        """Return the ids, (n_rows,), ascending.

        Raises:
            DataError: One is null, or there twice.
        """
        if self.id is None:
            return pa.array(np.arange(self.table.num_rows))
        return self._sorted().column(self.id).combine_chunks()

    def rows(self, columns: Sequence[str]) -> Any:
        """Return columns in id order, (n_rows, len(columns)).

        Raises:
            NotFoundError: There is no such column.
        """
        for name in columns:
            if name not in self.table.column_names:
                rule = "A column that is asked for is there."
                raise NotFoundError(rule, f"There is no `{name}`.", nearest(name, self.table.column_names))
        return self._sorted().select(list(columns))

    def take(self, positions: npt.NDArray[np.int64] | None, columns: Sequence[str], frame: str) -> Any:
        """Return rows as a frame, (n_taken, len(columns)).

        Raises:
            DataError: There is no such position.
            DefinitionError: There is no such frame.
            NotFoundError: There is no such column.
        """
        table = self.rows(columns)
        positions = np.arange(table.num_rows) if positions is None else np.asarray(positions, dtype=np.int64)
        if len(positions) and not 0 <= positions.min() <= positions.max() < table.num_rows:
            raise DataError("A position is that of a row.", f"Found {positions.tolist()}.", "Count from 0.")
        if frame == "arrow":
            return table.take(pa.array(positions))
        if frame not in {"pandas", "numpy"}:
            raise DefinitionError("This dataset gives `arrow`, `numpy` and `pandas`.", f"Found {frame!r}.", "Take one.")
        # The whole is converted first: a column's type must not depend on the rows that are taken.
        taken = table.to_pandas().take(positions).reset_index(drop=True)
        return taken if frame == "pandas" else taken.to_numpy()

    def identity(self) -> DatasetIdentity:
        """Return labels, digest and schema."""
        return DatasetIdentity(
            name=self.name,
            version=self.version,
            table=table_digest(self._sorted()),
            n_rows=self.table.num_rows,
            columns=tuple(Column(field.name, str(field.type)) for field in self.table.schema),
            id=self.id,
        )

    def _sorted(self) -> pa.Table:
        if self.id is None:
            return self.table
        ids = self.table.column(self.id)
        if ids.null_count or len(pc.unique(ids)) < len(ids):
            raise DataError("Each row has an id of its own.", f"In `{self.id}` one is missing or double.", "Mend it.")
        return self.table.sort_by(self.id)


if TYPE_CHECKING:
    _: Dataset = MemoryDataset(pa.table({}))
