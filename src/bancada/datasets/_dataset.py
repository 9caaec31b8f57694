"""The constructors' door."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from bancada.datasets._arrays import features_table, joined, target_table
from bancada.datasets._bunches import bunch_name, bunch_table
from bancada.datasets._files import format_of
from bancada.datasets._ids import check_id
from bancada.datasets._images import ImagesSource
from bancada.datasets._parts import PartsSource, is_of_parts, parts_name
from bancada.datasets._row import ROW, Row
from bancada.datasets._schemas import as_schema
from bancada.datasets._sources import FileSource, FrameSource, FunctionSource, Labels, Source
from bancada.datasets._table_dataset import TableDataset
from bancada.exceptions import DefinitionError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Dataset"]

_IMAGES_AS = ("path", "bytes")


class Dataset:
    """Constructors of datasets; what they return satisfies `contracts.Dataset`, and this class is never instantiated.

    A constructor reads nothing: the source is read by the first question that is asked of the dataset, decoded once
    into a file of the cache, and mapped into memory from there on.

    `id` names the column that tells rows apart. It must be said: `bc.ROW` numbers the rows in the order of their
    source, so that a later version may append rows and must not insert any.
    """

    def __init__(self) -> None:
        """Refuse to make an instance.

        Raises:
            DefinitionError: Always.
        """
        raise DefinitionError(
            "`Dataset` is a door of constructors.",
            "It was called itself.",
            "Say `bc.Dataset.from_file(path, id='customer')`.",
        )

    @staticmethod
    def from_file(
        path: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
        *,
        name: str | None = None,
        version: str = "",
        id: str | Row | None = None,  # noqa: A002 - the word of the domain
        schema: Any | None = None,
        images: str | None = None,
        images_as: str = "path",
    ) -> TableDataset:
        """Return the dataset of a file: `.parquet`, `.csv`, `.csv.gz`, `.arrow`, `.feather` or `.ipc`; or of several.

        Several files are a list of them, a folder or a pattern (`data/2024-*.parquet`), in the order of the list or of
        their names. They have the same columns, and no id twice.

        A CSV file has a header, commas and UTF-8; empty fields, `NA` and the like are null. Its columns have the types
        that `pandas.read_csv` gives them: dates and times are texts unless `schema` says otherwise, as in
        `schema={"seen": "timestamp[us]", ...}`. Integers beyond 64 bits are texts, so that long ids stay apart. An
        index that pandas wrote without a name is dropped.

        Args:
            path: The file, folder or pattern, or a list of them; relative paths start at the project's root.
            name: Label of the dataset; None takes the file's name without suffix, or that of the folder.
            version: Label of the version.
            id: Name of the id column, or `bc.ROW`.
            schema: An Arrow schema, or column names with Arrow types or their text (`int64`, `string`, `category`),
                enforced as it is; None takes the file's types, or those that a CSV file seems to have.
            images: Column of the paths of images, or of other files, relative to the folder of this file and below it;
                what they hold belongs to the data.
            images_as: What models receive in that column: `path`, absolute, or `bytes`.

        Raises:
            DefinitionError: If the suffix, the id, a type of the schema or a choice is not known, or a name is missing.
        """
        held = None if schema is None else as_schema(schema)
        source: FileSource | PartsSource
        if is_of_parts(path):
            listed = [path] if isinstance(path, str | os.PathLike) else list(path)
            source = PartsSource(_places(listed), held)
            own = name or parts_name(source.places)
        else:
            single = Path(cast("str", path))
            format_of(single)
            source, own = FileSource(single, held), name or single.name.split(".")[0]
        if images is None:
            return _dataset(source, own if name is None else name, version, id)
        if images_as not in _IMAGES_AS:
            raise DefinitionError(
                "`images_as` says what models receive: `path` or `bytes`.",
                f"It is {images_as!r}.",
                nearest(str(images_as), _IMAGES_AS),
            )
        reading = ImagesSource(source, images, as_bytes=images_as == "bytes")
        return _dataset(reading, own if name is None else name, version, id)

    @staticmethod
    def from_function(
        function: Callable[[], Any],
        *,
        name: str,
        version: str = "",
        id: str | Row | None = None,  # noqa: A002 - the word of the domain
    ) -> TableDataset:
        """Return the dataset of a function that returns what `from_frame` takes; it runs once, when needed.

        Args:
            function: Called without arguments.
            name: Label of the dataset.
            version: Label of the version.
            id: Name of the id column, or `bc.ROW`.

        Raises:
            DefinitionError: If it cannot be called, or the id is none.
        """
        if not callable(function):
            raise DefinitionError(
                "`function` must be a function that returns a frame.",
                f"It is {function!r}.",
                "Say `from_frame` for a frame.",
            )
        return _dataset(FunctionSource(function), name, version, id)

    @staticmethod
    def from_frame(
        frame: Any,
        *,
        name: str,
        version: str = "",
        id: str | Row | None = None,  # noqa: A002 - the word of the domain
    ) -> TableDataset:
        """Return the dataset of a frame in memory, which must not be changed until the dataset is opened.

        Args:
            frame: A pandas, polars or Arrow frame, anything with the Arrow PyCapsule interface, or a mapping of names
                to arrays. A pandas index is ignored unless `id` names a level of it.
            name: Label of the dataset.
            version: Label of the version.
            id: Name of the id column or index level, or `bc.ROW`.

        Raises:
            DefinitionError: If the id is none.

        Examples:
            >>> data = Dataset.from_frame({"customer": [2, 1], "tenure": [10, 20]}, name="churn", id="customer")
            >>> data.rows(["tenure"]).to_pydict()
            {'tenure': [20, 10]}
        """
        return _dataset(FrameSource(frame), name, version, id)

    @staticmethod
    def from_sklearn(
        bunch: Any,
        *,
        name: str | None = None,
        version: str = "",
        id: str | Row | None = ROW,  # noqa: A002 - the word of the domain
        target: str = "target",
        labels: bool = False,
    ) -> TableDataset:
        """Return the dataset of a bunch, as scikit-learn's loaders return it.

        Args:
            bunch: The bunch, or better the loader, such as `load_breast_cancer`, which then runs only when needed.
            name: Label of the dataset; None takes the loader's name.
            version: Label of the version.
            id: Name of the id column; bunches have none, so rows are numbered.
            target: Name of the target column; several targets are called by their `target_names`.
            labels: False keeps the integer codes of classes, True writes their names from `target_names`.

        Raises:
            DefinitionError: If there is no name to take, or the id is none.
        """
        source = FunctionSource(lambda: bunch_table(bunch, target, labels=labels))
        return _dataset(source, bunch_name(bunch) if name is None else name, version, id)

    @staticmethod
    def from_arrays(
        X: Any,
        y: Any,
        *,
        name: str = "data",
        version: str = "",
        id: str | Row | None = ROW,  # noqa: A002 - the word of the domain
        target: str = "target",
    ) -> TableDataset:
        """Return the dataset of features and target as scikit-learn users hold them; it is checked at once.

        Args:
            X: A pandas, polars or Arrow frame, or values (n_rows, n_features), whose columns are called x0, x1, …
            y: Values (n_rows,) or (n_rows, n_targets). A name of its own is kept where no feature has it; see
                `target_names` of what is returned.
            name: Label of the dataset.
            version: Label of the version.
            id: Name of the id column in X, or `bc.ROW`.
            target: Name of a target that has none.

        Raises:
            DataError: If X or y is sparse, their counts of rows differ, or values have no common type.
            DefinitionError: If the id is none.
        """
        features = features_table(X)
        targets = target_table(y, target, features.column_names)
        source = FrameSource(joined(features, targets))
        return _dataset(source, name, version, id, tuple(targets.column_names))


def _places(listed: list[Any]) -> tuple[str, ...]:
    """Return the places of a dataset of several files as texts."""
    wrong = [item for item in listed if not isinstance(item, str | os.PathLike)]
    if wrong or not listed:
        raise DefinitionError(
            "Several files are a list of paths.",
            f"Found {wrong[0]!r}." if wrong else "The list is empty.",
            "Say `bc.Dataset.from_file(['2023.csv', '2024.csv'], name='sales', id='sale')`.",
        )
    return tuple(os.fspath(item) for item in listed)


def _dataset(
    source: Source,
    name: str,
    version: str,
    id_: str | Row | None,
    targets: tuple[str, ...] = (),
) -> TableDataset:
    """Return a dataset with checked labels."""
    check_id(id_)
    texts: tuple[tuple[str, object], ...] = (("name", name), ("version", version))
    for what, label in texts:
        if not isinstance(label, str) or (what == "name" and not label):
            raise DefinitionError(
                f"`{what}` of a dataset must be a text.",
                f"It is {label!r}.",
                f"Say `{what}={'churn' if what == 'name' else '1'!r}`.",
            )
    return TableDataset(Labels(name, version, id_, targets), source)
