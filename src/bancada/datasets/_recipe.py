"""All that is needed, besides its decoded table, to have the very same dataset again in another process."""

from __future__ import annotations

import base64
import binascii
import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa

from bancada.datasets._dvc import agrees, tracked
from bancada.datasets._image_column import Images
from bancada.datasets._images import files_digest, named_files, within_files
from bancada.datasets._mapped import MappedTable
from bancada.datasets._row import ROW
from bancada.datasets._sources import FrameSource, Labels, Opened
from bancada.datasets._table_dataset import TableDataset
from bancada.datasets._types import type_text
from bancada.exceptions import DataError, DefinitionError, NotFoundError
from bancada.identity import DigestMemo, table_digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bancada.contracts import Dataset

__all__ = [
    "RECIPE_SCHEMA",
    "FrozenImages",
    "FrozenReading",
    "Recipe",
    "dvc_disagrees",
    "freeze",
    "is_frame",
    "read_recipe",
    "table_file",
    "thaw",
]

RECIPE_SCHEMA = "store.dataset/1"


class FrozenImages(msgspec.Struct, frozen=True, kw_only=True):
    """The column of a manifest that names files.

    Attributes:
        column: Its name.
        folder: Where its paths start, relative to the root; None where that was outside of it.
        as_bytes: True where models receive the files' bytes.
        content: Digest of the files by path.
    """

    column: str
    folder: str | None
    as_bytes: bool
    content: str


class FrozenReading(msgspec.Struct, frozen=True, kw_only=True):
    """How the files were read, so that they can be decoded once more.

    Attributes:
        paths: The files in the order in which they were read, relative to the root; a name where outside of it.
        several: True where the dataset is of parts.
        schema: Serialised Arrow schema that was enforced, base 64; None took the files' own.
        remembered: True where that schema was the one of an earlier reading.
    """

    paths: tuple[str, ...]
    several: bool
    schema: str | None = None
    remembered: bool = False


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """`store.dataset/1`: all of a dataset but its table.

    Attributes:
        schema: `store.dataset/1`.
        name: Label of the dataset.
        version: Label of the version.
        id: Name of the id column; None where rows are numbered.
        targets: Columns that the constructor was given as target.
        table: Digest of the table.
        rows: Count of rows.
        columns: Name and type of each column of the table, the levels of categories included.
        digest: Digest of all that the rows say, where that is more than the table; empty where it is not.
        files: SHA-256 of each source file, by path relative to the root.
        images: The column that names files; None where none does.
        reading: How the files were read; None where there are none, or it is not known any more.
        dvc: MD5 that DVC says of a file, by path relative to the root.
    """

    schema: str
    name: str
    version: str
    id: str | None
    table: str
    rows: int
    columns: tuple[tuple[str, str], ...]
    targets: tuple[str, ...] = ()
    digest: str = ""
    files: dict[str, str] = {}
    images: FrozenImages | None = None
    reading: FrozenReading | None = None
    dvc: dict[str, str] = {}


def freeze(dataset: Dataset) -> dict[str, Any]:
    """Return all that is needed besides the table to have the very same dataset again, as JSON.

    Args:
        dataset: A dataset of one of the constructors; it is opened where it is not.

    Raises:
        DataError: The data break a rule; see `TableDataset.identity`.
        DefinitionError: It is a dataset of a class of its own.
        NotFoundError: There is no such file or id column.
    """
    own = _of_constructors(dataset)
    opened, labels = own.opened, own.labels
    table = opened.table.table
    recipe = Recipe(
        schema=RECIPE_SCHEMA,
        name=labels.name,
        version=labels.version,
        id=own.id,
        targets=labels.targets,
        table=opened.table.digest,
        rows=opened.table.n_rows,
        columns=_columns(table),
        digest=opened.digest,
        files=dict(opened.files),
        images=None if opened.images is None else _frozen_images(opened, own.root),
        reading=_frozen_reading(own),
        dvc=_said_by_dvc(own),
    )
    told: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(recipe))
    return told


def thaw(recipe: Mapping[str, Any], table_path: Path, root: Path) -> TableDataset:
    """Return the very same dataset that was frozen; its table and its images are proved first.

    Args:
        recipe: What `freeze` returned.
        table_path: An Arrow IPC file of the table, such as a copy of `table_file`.
        root: Where the images of a manifest are looked for; nothing else is read from there.

    Raises:
        DataError: The recipe cannot be read or is of a newer version, or the table or an image is another.
        NotFoundError: The table or an image is missing.
    """
    frozen = read_recipe(recipe)
    mapped = _proved(frozen, table_path)
    images = None if frozen.images is None else _proved_images(frozen, frozen.images, mapped, root)
    labels = Labels(frozen.name, frozen.version, ROW if frozen.id is None else frozen.id, frozen.targets)
    opened = Opened(mapped, dict(frozen.files), digest=frozen.digest, images=images)
    return TableDataset(labels, None, root, None, opened)


def table_file(dataset: Dataset) -> Path:
    """Return the Arrow IPC file of an opened dataset's table, in id order, as the cache keeps it.

    Raises:
        DataError: The data break a rule; see `TableDataset.identity`.
        DefinitionError: It is a dataset of a class of its own.
        NotFoundError: There is no such file or id column.
    """
    return _of_constructors(dataset).opened.table.path


def is_frame(dataset: Dataset) -> bool:
    """Tell whether a dataset was made of a frame or arrays in memory, which are gone with the process."""
    return isinstance(dataset, TableDataset) and isinstance(dataset.source, FrameSource)


def read_recipe(recipe: Mapping[str, Any]) -> Recipe:
    """Return a recipe as a value.

    Raises:
        DataError: It is of a newer version, or no recipe.
    """
    schema = recipe.get("schema") if isinstance(recipe, dict) else None
    if schema != RECIPE_SCHEMA:
        raise DataError(
            f"This version of bancada reads the recipe of a dataset in the form `{RECIPE_SCHEMA}`.",
            f"Found {schema!r}.",
            "Upgrade bancada to read it, or restore the record that it stands in.",
        )
    try:
        frozen = msgspec.convert(recipe, Recipe)
    except msgspec.ValidationError as error:
        raise _altered(f"Its fields are not those of one: {error}.") from error
    if frozen.images is not None and frozen.images.folder is not None:
        folder = PurePosixPath(frozen.images.folder)
        if folder.is_absolute() or ".." in folder.parts or "\\" in frozen.images.folder:
            raise _altered(f"The folder of its images is {frozen.images.folder!r}.")
    return frozen


def decoded_schema(reading: FrozenReading) -> Any:
    """Return the Arrow schema that was enforced; None where there was none.

    Raises:
        DataError: It cannot be read.
    """
    if reading.schema is None:
        return None
    try:
        return pa.ipc.read_schema(pa.py_buffer(base64.b64decode(reading.schema, validate=True)))
    except (binascii.Error, ValueError, OSError, pa.ArrowException) as error:
        raise _altered(f"Its schema cannot be read: {error}.") from error


def same_table(frozen: Recipe, mapped: MappedTable) -> bool:
    """Tell whether a table says that it is the one of a recipe; its values are not read."""
    return mapped.digest == frozen.table and _columns(mapped.table) == frozen.columns


def _of_constructors(dataset: Dataset) -> TableDataset:
    if isinstance(dataset, TableDataset):
        return dataset
    raise DefinitionError(
        "What is kept of a dataset so that it can be had again is known for those of `bc.Dataset`.",
        f"`{dataset.name}` is of the class `{type(dataset).__qualname__}`.",
        "Make it with a constructor of `bc.Dataset`, such as `from_function`.",
    )


def _columns(table: Any) -> tuple[tuple[str, str], ...]:
    return tuple((name, type_text(column)) for name, column in zip(table.column_names, table.columns, strict=True))


def _frozen_images(opened: Opened, root: Path) -> FrozenImages:
    images = opened.images
    if images is None:
        message = "only a manifest has images"
        raise AssertionError(message)
    inside, base = Path(os.path.abspath(images.folder)), Path(os.path.abspath(root))  # noqa: PTH100 - absolute() keeps `..`
    folder = inside.relative_to(base).as_posix() if inside.is_relative_to(base) else None
    return FrozenImages(
        column=images.column, folder=folder, as_bytes=images.as_bytes, content=list(opened.files.values())[-1]
    )


def dvc_disagrees(dataset: TableDataset, cache: Path) -> Iterator[str]:
    """Yield a phrase for each file of a dataset that is not the one that DVC says.

    Args:
        dataset: The data, opened.
        cache: Where digests of unchanged files are remembered.

    Raises:
        OSError: A file cannot be read.
    """
    memo = DigestMemo(cache / "digests.sqlite")
    for name, path in _file_paths(dataset):
        said = tracked(path)
        if said is not None and agrees(path, said, memo) is False:
            yield f"`{name}` is not the file that `{said.by.name}` says (`dvc checkout` or `dvc commit` mends it)"


def _said_by_dvc(dataset: TableDataset) -> dict[str, str]:
    said = {name: tracked(path) for name, path in _file_paths(dataset)}
    return {name: item.md5 for name, item in said.items() if item is not None and item.whole and item.md5}


def _file_paths(dataset: TableDataset) -> Iterator[tuple[str, Path]]:
    """Yield the files below the root that a table was read from, by name."""
    reading = _frozen_reading(dataset)
    for name in () if reading is None else reading.paths:
        path = dataset.root / name
        if path.is_file():
            yield name, path


def _frozen_reading(dataset: TableDataset) -> FrozenReading | None:
    reading = None if dataset.source is None else dataset.source.reading()
    if reading is None:
        return None
    opened = dataset.opened
    paths = tuple(opened.files)
    schema = None if reading.schema is None else base64.b64encode(reading.schema.serialize().to_pybytes()).decode()
    return FrozenReading(
        # The last entry of a manifest stands for all of its images.
        paths=paths if opened.images is None else paths[:-1],
        several=reading.several,
        schema=schema,
        remembered=reading.remembered,
    )


def _proved(frozen: Recipe, path: Path) -> MappedTable:
    """Return the table of a file, once it is known that it is the one of a recipe."""
    try:
        mapped = MappedTable(path, frozen.table)
        found = table_digest(mapped.table)
        columns = _columns(mapped.table)
    except FileNotFoundError:
        raise NotFoundError(
            "The table of a dataset must be there to have the dataset again.",
            f"There is no file `{path}`.",
            "Decode the source again, or restore a snapshot of it.",
        ) from None
    except (OSError, ValueError, pa.ArrowException) as error:
        raise DataError(
            "The table of a dataset is an Arrow IPC file.",
            f"`{path.name}` cannot be read as one: {str(error).splitlines()[0].rstrip('.')}.",
            "Decode the source again, or restore a snapshot of it.",
        ) from error
    if found != frozen.table or columns != frozen.columns:
        told = f"`{found[:12]}…`" if found != frozen.table else "that in its values, not in the types of its columns"
        raise DataError(
            f"The table of `{frozen.name}` must have the digest of its recipe, `{frozen.table[:12]}…`.",
            f"`{path.name}` has {told}.",
            "Decode the source again, or restore a snapshot of it.",
        )
    return mapped


def _proved_images(frozen: Recipe, images: FrozenImages, mapped: MappedTable, root: Path) -> Images:
    if images.folder is None:
        raise NotFoundError(
            "The images of a manifest are looked for below the root.",
            f"Those of `{frozen.name}` were outside of the project.",
            "Move them below the project's root, and run again.",
        )
    folder = Path(os.path.abspath(root / images.folder))  # noqa: PTH100 - absolute() keeps `..`
    names = named_files(mapped.table, images.column, frozen.name)
    found = files_digest(names, folder, frozen.name)
    if found != images.content or within_files(frozen.table, images.column, images.content) != frozen.digest:
        raise DataError(
            "The images of a dataset must be those of its recipe.",
            f"The {len(names):,} files of column `{images.column}` of `{frozen.name}` are not, as they lie in "
            f"`{images.folder}`.",
            "Restore them as they were.",
        )
    return Images(images.column, folder, images.as_bytes)


def _altered(found: str) -> DataError:
    return DataError(
        "The recipe of a dataset is what `bc` wrote when the data were read.",
        found,
        "Restore the record that it stands in; `bancada store verify` names all that was altered.",
    )
