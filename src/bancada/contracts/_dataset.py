"""The contract of a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from bancada.records import DatasetIdentity

__all__ = ["Dataset"]


@runtime_checkable
class Dataset(Protocol):
    """Named, versioned examples with an id per row.

    A dataset is a frozen value. Constructing one reads nothing; the first call of any method below `at` reads the
    source once. The driver calls `at` first, then the others in any order; workers call `take` on an unpickled copy.

    Laws:
        * Rows are in id order, ascending; ids are unique and not null. Position `i` is the i-th row in that order.
        * Every method is pure: two calls with equal arguments give equal values.
        * `take(None, columns, frame)` equals `take(arange(n_rows), columns, frame)`.
        * `rows` and `take` give the columns in the order asked for, and the same values; so do all kinds of frame.
        * `take` follows the positions: their order, repeats, one, none. A column's type does not depend on them.
        * What was taken can be written to; the dataset stays as it was.
        * One changed value changes the digest in `identity`; where there is an id, the order of the source does not.
        * Once opened, a dataset can be pickled, and its copy answers `take` without reading the source again.
        * Broken data, and positions that are not there, raise `DataError`; an unknown column raises `NotFoundError`, an
          unknown frame `DefinitionError`.

    `bancada.testing.dataset_checks` holds a dataset to them; `bancada.testing.MemoryDataset` is one in memory.
    """

    @property
    def name(self) -> str:
        """Label of the dataset."""

    @property
    def version(self) -> str:
        """Label of the version."""

    @property
    def id(self) -> str | None:
        """Name of the id column; None where rows are numbered."""

    def at(self, root: Path, cache: Path) -> Dataset:
        """Return this dataset with relative paths bound to `root` and decoded tables kept below `cache`."""

    def with_schema(self, columns: Mapping[str, str]) -> Dataset:
        """Return this dataset held to the columns and Arrow types, by name, that it had when it was first read.

        What it then reads differently raises `DataError` naming each column; a format without types of its own, such as
        CSV, is read with these.
        """

    def schema(self) -> Any:
        """Return the Arrow schema of all columns in file order, the id column included."""

    def ids(self) -> Any:
        """Return the ids as an Arrow array, (n_rows,), ascending."""

    def rows(self, columns: Sequence[str]) -> Any:
        """Return the named columns as an Arrow table in memory, (n_rows, len(columns)), in id order."""

    def take(self, positions: npt.NDArray[np.int64] | None, columns: Sequence[str], frame: str) -> Any:
        """Return rows as the model receives them.

        Args:
            positions: Positions in id order, int64 (n_taken,); None for all rows.
            columns: Columns in the order wanted.
            frame: `pandas`, `polars`, `arrow` or `numpy`.

        Returns:
            A frame of that library with (n_taken, len(columns)) values.
        """

    def identity(self) -> DatasetIdentity:
        """Return name, version, digests and schema."""
