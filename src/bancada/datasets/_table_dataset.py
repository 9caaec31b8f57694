"""The dataset that all constructors return."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bancada.datasets._cache import user_cache
from bancada.datasets._schemas import as_schema
from bancada.datasets._take import Taker, selected
from bancada.datasets._types import type_text
from bancada.records import Column, DatasetIdentity

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from bancada.contracts import Dataset
    from bancada.datasets._sources import Labels, Opened, Source

__all__ = ["TableDataset"]


class TableDataset:
    """Named, versioned examples in a table that is decoded once and mapped into memory; see `contracts.Dataset`.

    Args:
        labels: Name, version and id.
        source: Where the table comes from; None where it is opened.
        root: Where relative paths start; None is the working folder.
        cache: Where decoded tables are kept; None is the user's cache folder.
        opened: The decoded table, where it is known.
    """

    __slots__ = ("_cache", "_labels", "_opened", "_root", "_source", "_taker")

    def __init__(
        self,
        labels: Labels,
        source: Source | None,
        root: Path | None = None,
        cache: Path | None = None,
        opened: Opened | None = None,
    ) -> None:
        self._labels = labels
        self._source = source
        self._root = root
        self._cache = cache
        self._opened = opened
        self._taker: Taker | None = None

    def __repr__(self) -> str:
        """Return the labels; nothing is read."""
        return f"Dataset(name={self.name!r}, version={self.version!r}, id={self._labels.id!r})"

    def __reduce__(self) -> tuple[Any, tuple[Labels, None, None, None, Opened]]:
        """Carry the labels and the path of the decoded table; a dataset that is not opened is opened first."""
        return TableDataset, (self._labels, None, None, None, self._open())

    @property
    def name(self) -> str:
        """Label of the dataset."""
        return self._labels.name

    @property
    def version(self) -> str:
        """Label of the version."""
        return self._labels.version

    @property
    def id(self) -> str | None:
        """Name of the id column; None where rows are numbered."""
        return self._labels.id if isinstance(self._labels.id, str) else None

    @property
    def target_names(self) -> tuple[str, ...]:
        """Names of the columns that the constructor was given as target; empty where it was given none."""
        return self._labels.targets

    def at(self, root: Path, cache: Path) -> TableDataset:
        """Return this dataset with relative paths bound to `root` and decoded tables kept below `cache`.

        A function or frame that was read before is not read again: its decoded table stays where it is.
        """
        keep = self._source is None or not self._source.rooted
        return TableDataset(self._labels, self._source, root, cache, self._opened if keep else None)

    def with_schema(self, schema: Any) -> TableDataset:
        """Return this dataset with the schema of an earlier version enforced, where its files carry no types.

        Args:
            schema: An Arrow schema, or a mapping of column names to types or their text.

        Raises:
            DefinitionError: If a type is not known.
        """
        if self._source is None or not self._source.rooted:
            return self
        return TableDataset(self._labels, self._source.with_schema(as_schema(schema)), self._root, self._cache)

    def schema(self) -> Any:
        """Return the Arrow schema of all columns in file order, the id column included.

        Raises:
            DataError: If the data break a rule; see `identity`.
        """
        opened = self._open()
        schema = opened.table.table.schema
        if opened.images is None:
            return schema
        place = schema.get_field_index(opened.images.column)
        return schema.set(place, pa.field(opened.images.column, opened.images.type))

    def ids(self) -> Any:
        """Return the ids as an Arrow array, (n_rows,), ascending.

        Raises:
            DataError: If the data break a rule; see `identity`.
        """
        mapped = self._open().table
        if self.id is None:
            return pa.array(np.arange(mapped.n_rows, dtype=np.int64))
        return mapped.table.column(self.id).combine_chunks()

    def rows(self, columns: Sequence[str]) -> Any:
        """Return the named columns as an Arrow table, (n_rows, len(columns)), in id order.

        Raises:
            DataError: If the data break a rule; see `identity`.
            NotFoundError: If there is no such column.
        """
        opened = self._open()
        table = selected(opened.table.table, columns)
        return table if opened.images is None else opened.images.seen(table)

    def take(self, positions: npt.NDArray[np.int64] | None, columns: Sequence[str], frame: str) -> Any:
        """Return rows as the model receives them, in memory of their own where they can be written to.

        Args:
            positions: Positions in id order, int64 (n_taken,); None for all rows.
            columns: Columns in the order wanted.
            frame: `pandas` (a fresh `RangeIndex`; the types that pandas' own reader gives the whole column), `polars`,
                `arrow`, or `numpy` (always 2-D; float64 where all columns are numbers or bools, else objects).

        Returns:
            A frame of that library with (n_taken, len(columns)) values.

        Raises:
            ConfigurationError: If polars is asked for and not installed.
            DataError: If a position is out of range, or the data break a rule; see `identity`.
            DefinitionError: If there is no such kind of frame.
            NotFoundError: If there is no such column.
        """
        if self._taker is None:
            opened = self._open()
            self._taker = Taker(opened.table.table, images=opened.images)
        return self._taker.take(positions, columns, frame)

    def identity(self) -> DatasetIdentity:
        """Return name, version, digests and schema.

        The type of a column is its text in Arrow; of a dictionary also the levels in their order, which the digest of
        the table does not tell: `dictionary<values=string, indices=int8, ordered=1>["low", "mid", "high"]`. Many levels
        are told by a digest of their own.

        Raises:
            DataError: If the source is unreadable, empty, breaks its schema, or ids are missing, double or not given.
            DefinitionError: If the file's suffix is not known.
            NotFoundError: If there is no such file or id column.
        """
        opened = self._open()
        table = opened.table.table
        return DatasetIdentity(
            name=self.name,
            version=self.version,
            table=opened.digest or opened.table.digest,
            n_rows=opened.table.n_rows,
            columns=tuple(
                Column(name, self._type_of(name, column))
                for name, column in zip(table.column_names, table.columns, strict=True)
            ),
            id=self.id,
            files=dict(opened.files),
        )

    @property
    def labels(self) -> Labels:
        """Name, version, id and targets, as the constructor was given them."""
        return self._labels

    @property
    def source(self) -> Source | None:
        """Where the table comes from; None where that is not known any more."""
        return self._source

    @property
    def root(self) -> Path:
        """Where relative paths start."""
        return Path.cwd() if self._root is None else self._root

    @property
    def opened(self) -> Opened:
        """The decoded table, and what is known of its files; the source is read by the first call."""
        return self._open()

    @property
    def image_files(self) -> frozenset[str]:
        """Absolute paths of the files that the rows name; the digest of the dataset tells them."""
        opened = self._open()
        if opened.images is None:
            return frozenset()
        return frozenset(opened.images.paths(opened.table.table.column(opened.images.column)))

    def _type_of(self, name: str, column: Any) -> str:
        images = self._open().images
        return type_text(column) if images is None or images.column != name else str(images.type)

    def _open(self) -> Opened:
        """Return the decoded table; the source is read by the first call."""
        if self._opened is None:
            if self._source is None:
                message = "a dataset has a source or a table"
                raise AssertionError(message)
            cache = user_cache(os.environ, sys.platform) if self._cache is None else self._cache
            self._opened = self._source.open(self._labels, self.root, cache)
        return self._opened


if TYPE_CHECKING:
    _: Dataset = TableDataset(Labels("", "", None), None)
