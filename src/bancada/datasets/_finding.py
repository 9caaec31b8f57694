"""Where the decoded table of a recipe can still be had: in the cache, or from the files that it was made of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from bancada.datasets._dvc import tracked
from bancada.datasets._mapped import MappedTable
from bancada.datasets._parts import PartsSource
from bancada.datasets._recipe import decoded_schema, read_recipe, same_table
from bancada.datasets._row import ROW
from bancada.datasets._sources import FileSource, Labels
from bancada.exceptions import BancadaError
from bancada.identity import DigestMemo, file_digest, table_digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bancada.datasets._recipe import FrozenReading, Recipe

__all__ = ["FoundTable", "find_table"]

_PROVED = "proved"
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class FoundTable:
    """Where a table was found.

    Attributes:
        path: An Arrow IPC file whose table was proved to be the one of the recipe; None where there is none.
        where: `cache` or `files`; empty where there is none.
        missing: What is missing, a phrase each; empty where it was found.
    """

    path: Path | None
    where: str = ""
    missing: tuple[str, ...] = ()


def find_table(recipe: Mapping[str, Any], root: Path, cache: Path) -> FoundTable:
    """Return the table of a recipe from the cache, else from its files, decoded anew.

    Args:
        recipe: What `freeze` returned.
        root: Where the files are looked for.
        cache: Where decoded tables are kept.

    Raises:
        DataError: It is no recipe, or one of a newer version.
    """
    frozen = read_recipe(recipe)
    memo = DigestMemo(cache / "digests.sqlite")
    for path in _candidates(frozen, cache / "tables"):
        if _is_proved(frozen, path, memo):
            return FoundTable(path, "cache")
    reading = frozen.reading
    if reading is None:
        return FoundTable(None, missing=("its decoded table is not in the cache, and it was made of no files",))
    changed = tuple(_changed(frozen, reading, root, memo))
    if changed:
        return FoundTable(None, missing=changed)
    try:
        path = _decoded(frozen, reading, root, cache)
    except (BancadaError, OSError) as error:
        found = error.found if isinstance(error, BancadaError) else f"{error}."
        return FoundTable(None, missing=(f"its files cannot be decoded any more: {found.rstrip('.')}",))
    if not _is_proved(frozen, path, memo):
        told = f"its files are decoded to another table by this version of Arrow, {pa.__version__}"
        return FoundTable(None, missing=(told,))
    return FoundTable(path, "files")


def _candidates(frozen: Recipe, folder: Path) -> Iterator[Path]:
    """Yield the kept tables that say they are the one."""
    for path in sorted(folder.glob("*.arrow")) if folder.is_dir() else ():
        try:
            if same_table(frozen, MappedTable(path)):
                yield path
        except (OSError, ValueError, KeyError, pa.ArrowException):
            continue


def _is_proved(frozen: Recipe, path: Path, memo: DigestMemo) -> bool:
    """Tell whether the values of a file have the digest of the recipe; an unchanged file is read once."""
    found = memo.get(path, _PROVED)
    if found is None:
        before = memo.stamp(path)
        try:
            found = table_digest(MappedTable(path).table)
        except (OSError, ValueError, pa.ArrowException, BancadaError):
            return False
        memo.put(path, _PROVED, found, before)
    try:
        return found == frozen.table and same_table(frozen, MappedTable(path, found))
    except (OSError, ValueError, pa.ArrowException):
        return False


def _changed(frozen: Recipe, reading: FrozenReading, root: Path, memo: DigestMemo) -> Iterator[str]:
    """Yield a phrase for each file that is not what it was."""
    told = 0
    for name in reading.paths:
        place = PurePosixPath(name)
        path = root / place
        if place.is_absolute() or ".." in place.parts:
            phrase = f"the file {name!r} of the recipe is not below the root"
        elif not path.is_file():
            said = tracked(path)
            pulled = "" if said is None else f", which DVC tracks: `dvc pull` brings it (`{said.by.name}`)"
            phrase = f"there is no file `{name}`{pulled}"
        elif file_digest(path, memo) != frozen.files.get(name):
            phrase = f"`{name}` is not the file that was read: its digest is another"
        else:
            continue
        told += 1
        if told <= _SHOWN:
            yield phrase
    if told > _SHOWN:
        yield f"{told - _SHOWN:,} more of its files"


def _decoded(frozen: Recipe, reading: FrozenReading, root: Path, cache: Path) -> Path:
    schema = decoded_schema(reading)
    source: FileSource | PartsSource
    if reading.several:
        source = PartsSource(reading.paths, schema, reading.remembered)
    else:
        source = FileSource(Path(reading.paths[0]), schema, reading.remembered)
    labels = Labels(frozen.name, frozen.version, ROW if frozen.id is None else frozen.id)
    return source.open(labels, root, cache).table.path
