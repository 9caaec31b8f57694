"""Images, or any files, that a table names: each of them is data, and models open them."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from bancada.datasets._image_column import Images
from bancada.datasets._sources import Opened, relative
from bancada.exceptions import DataError, NotFoundError, nearest
from bancada.identity import DigestMemo, digest, file_digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.datasets._parts import PartsSource
    from bancada.datasets._sources import FileSource, Labels, Reading

__all__ = ["ImagesSource", "files_digest", "named_files", "within_files"]

_SHOWN = 3
# As in the memory of digests: what changed less than this ago may change again without showing.
_YOUNG_S = 2.0


@dataclass(frozen=True)
class ImagesSource:
    """A manifest, with the files that it names.

    Args:
        manifest: Where the table comes from.
        column: The column of paths, relative to the manifest's folder.
        as_bytes: True where models receive bytes.
    """

    manifest: FileSource | PartsSource
    column: str
    as_bytes: bool

    @property
    def rooted(self) -> bool:
        """True: relative paths start at the root."""
        return True

    def with_schema(self, schema: Any) -> ImagesSource:
        """Return this source with the manifest held to the schema of an earlier version."""
        plain = pa.schema(
            [pa.field(field.name, pa.string() if field.name == self.column else field.type) for field in schema]
        )
        return replace(self, manifest=self.manifest.with_schema(plain))

    def reading(self) -> Reading:
        """Return how the manifest is read."""
        return self.manifest.reading()

    def open(self, labels: Labels, root: Path, cache: Path) -> Opened:
        """Return the manifest's table; its digest is that of the table and of every file that it names.

        Raises:
            DataError: The manifest breaks a rule of tables, or a path leads out of its folder.
            DefinitionError: Its suffix is not known.
            NotFoundError: There is no manifest, no such column, or a file is missing.
        """
        opened = self.manifest.open(labels, root, cache)
        images = Images(self.column, Path(os.path.abspath(self.manifest.folder(root))), self.as_bytes)  # noqa: PTH100 - absolute() keeps `..`
        names = named_files(opened.table.table, self.column, labels.name)
        stats = _stats(names, images.folder, labels.name)
        memo = DigestMemo(cache / "digests.sqlite")
        content = _content(names, stats, images.folder, memo, root / next(iter(opened.files)))
        within = within_files(opened.table.digest, self.column, content)
        told = f"{relative(images.folder, root)}/* ({len(names)} files of column {self.column})"
        return Opened(opened.table, {**opened.files, told: content}, digest=within, images=images)


def named_files(table: Any, column: str, dataset: str) -> list[str]:
    """Return the distinct paths of a manifest, sorted; all lie below its folder, as far as they tell themselves."""
    if column not in table.column_names:
        raise NotFoundError(
            "`images` must name the column of paths.",
            f"`{dataset}` has no column `{column}`.",
            nearest(column, table.column_names),
        )
    kind = table.column(column).type
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        raise DataError(
            "The column of paths must be of texts.", f"Column `{column}` of `{dataset}` is {kind}.", "Write paths."
        )
    found = table.column(column)
    if found.null_count:
        raise DataError(
            "Each row of a manifest must name its file.",
            f"Column `{column}` of `{dataset}` is null in {found.null_count} rows.",
            "Fill the paths, or drop these rows.",
        )
    names = sorted(pc.unique(found.cast(pa.string())).to_pylist())
    for name in names:
        path = PurePosixPath(name)
        if not name or path.is_absolute() or ".." in path.parts or "\0" in name or "\\" in name:
            raise _outside(column, repr(name))
    return names


def within_files(table: str, column: str, content: str) -> str:
    """Return the digest of all that the rows of a manifest say.

    Args:
        table: Digest of the table.
        column: Its column of paths.
        content: Digest of the files by path; see `files_digest`.
    """
    return digest({"table": table, "column": column, "files": content})


def files_digest(names: Sequence[str], folder: Path, dataset: str) -> str:
    """Return the digest of files by path; each is read.

    Raises:
        DataError: A link leads out of the folder.
        NotFoundError: A file is missing.
    """
    _stats(names, folder, dataset)
    return digest([[name, file_digest(folder / name)] for name in names])


def _stats(names: Sequence[str], folder: Path, dataset: str) -> list[os.stat_result]:
    """Return the state of each file; none is missing, and no link leads out of the folder."""
    real = os.path.realpath(folder)
    parents: dict[str, bool] = {}
    missing, found = [], []
    for name in names:
        path = os.path.join(real, name)  # noqa: PTH118 - texts, and many
        parent = os.path.dirname(path)  # noqa: PTH120 - as above
        if parent not in parents:
            parents[parent] = _within(os.path.realpath(parent), real)
        if not parents[parent] or (os.path.islink(path) and not _within(os.path.realpath(path), real)):  # noqa: PTH114 - as above
            raise _outside("", f"`{name}`, a link to `{os.path.realpath(path)}`")
        if not os.path.isfile(path):  # noqa: PTH113 - as above
            missing.append(name)
            continue
        found.append(os.stat(path))  # noqa: PTH116 - as above
    if missing:
        shown = ", ".join(f"`{name}`" for name in missing[:_SHOWN])
        more = f" and {len(missing) - _SHOWN:,} more" if len(missing) > _SHOWN else ""
        raise NotFoundError(
            "Every file that a manifest names must exist.",
            f"{len(missing):,} of {len(names):,} of `{dataset}` are missing: {shown}{more}.",
            f"Paths start at the manifest's folder, `{folder}`; restore them, or drop their rows.",
        )
    return found


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _outside(column: str, found: str) -> DataError:
    where = f" in column `{column}`" if column else ""
    return DataError(
        "Paths of a manifest are relative and lie below its folder.",
        f"Found {found}{where}.",
        "Move the files below the manifest, or the manifest above them, and write paths like `scans/0001.png`.",
    )


def _content(
    names: Sequence[str], stats: Sequence[os.stat_result], folder: Path, memo: DigestMemo, manifest: Path
) -> str:
    """Return the digest of all files by path; where no file has changed since, it is recalled in one look."""
    stamps = [
        [name, item.st_size, item.st_mtime_ns, item.st_ctime_ns, item.st_ino]
        for name, item in zip(names, stats, strict=True)
    ]
    purpose = f"images:{digest([str(folder), stamps])}"
    old = max(item.st_mtime for item in stats) < time.time() - _YOUNG_S
    known = memo.get(manifest, purpose) if old else None
    if known is not None:
        return known
    content = digest([[name, file_digest(folder / name, memo)] for name in names])
    if old:
        memo.put(manifest, purpose, content)
    return content
