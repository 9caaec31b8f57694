"""Forgetting rows: the one act that changes what was written, because people have a right to it.

The predictions of these rows are cut out of every stored fold; split tables, digests of rows and snapshots of data that
hold them are removed. Scores, which are sums over many rows, stay. A fold that lost rows keeps its name, so that runs
find what is left of it, and answers no lookup any more. What was forgotten is kept as a count.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from bancada import identity
from bancada.exceptions import StoreError
from bancada.store._files import own_name, random_name, sync_file, write_once, writing
from bancada.store._folds import PREDICTIONS, RECORD, write_table
from bancada.store._reading import MOST_RECORD_BYTES, read_file

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    import pyarrow as pa

    from bancada.store._findings import Shelves

__all__ = ["FORGOTTEN_SCHEMA", "Forgotten", "forget", "forgotten_objects"]

FORGOTTEN_SCHEMA = "store.forgotten/1"
# How an Arrow stream begins.
STREAM = b"\xff\xff\xff\xff"
# What the metadata of digests of rows are called.
ROWS = b"bancada.rows"


class Forgotten(msgspec.Struct, frozen=True, kw_only=True):
    """What was forgotten; no id is named.

    Attributes:
        schema: `store.forgotten/1`.
        said: UTC time, ISO 8601.
        ids: How many ids were given.
        found: How many of them were met.
        folds: How many stored folds lost rows.
        rows: How many predictions were cut out.
        objects: Digests of the split tables, digests of rows and snapshots of data that were removed.
        artifacts: How many files, logs and kept outputs of folds there are, which were not looked into.
        models: How many fitted models there are, which were not looked into.
        row_tables: How many of the objects were digests of rows.
        snapshots: How many of the objects were snapshots of data.
        elsewhere: How many snapshots there are outside of the store, which were not looked into.
    """

    schema: str = FORGOTTEN_SCHEMA
    said: str
    ids: int
    found: int
    folds: int
    rows: int
    objects: tuple[str, ...]
    artifacts: int
    models: int
    row_tables: int = 0
    snapshots: int = 0
    elsewhere: int = 0


@dataclass(slots=True)
class _Met:
    """What is met on the way."""

    ids: set[str]
    folds: int = 0
    rows: int = 0
    row_tables: int = 0


def forget(store: Shelves, folder: Path, ids: Collection[str], said: str, *, dry: bool) -> Forgotten:
    """Cut rows out of all predictions and split tables; doing it again does no harm.

    Args:
        store: The shelves.
        folder: Where it is kept what was forgotten.
        ids: Ids as text, as a CSV file shows them.
        said: UTC time, ISO 8601.
        dry: True to count only.

    Raises:
        StoreError: The store cannot be written; what was done so far stays done, and the rest is done by another call.
    """
    import pyarrow as pa  # noqa: PLC0415 - only here are tables changed

    wanted = pa.array(sorted(ids), pa.string())
    met = _Met(set())
    for key, content in store.folds.walk():
        _forget_in_fold(store, key, content, wanted, met, dry=dry)
    tables = tuple(_tables_that_name(store, wanted, met))
    snapshots = tuple(_snapshots_that_name(store, wanted, met))
    objects = (*tables, *snapshots)
    forgotten = Forgotten(
        said=said,
        ids=len(ids),
        found=len(met.ids),
        folds=met.folds,
        rows=met.rows,
        objects=objects,
        artifacts=sum(len(_others(store.folds.place(*where))) for where in store.folds.walk()),
        models=_models(store),
        row_tables=met.row_tables,
        snapshots=len(snapshots),
        elsewhere=len({entry.snapshot for entry in store.data.all() if entry.snapshot != entry.kept_here}),
    )
    if not dry and (met.folds or objects):
        with writing(folder):
            folder.mkdir(exist_ok=True)
        # Said first: a table that is gone and of which nobody says why would be damage.
        write_once(folder / f"{random_name()}.json", msgspec.json.encode(forgotten), durable=True)
        for name in objects:
            with writing(store.objects.path(name)):
                store.objects.path(name).unlink(missing_ok=True)
    return forgotten


def forgotten_objects(folder: Path) -> set[str]:
    """Return the digests of the objects that were removed."""
    names: set[str] = set()
    for path in sorted(folder.glob("[!.]*.json")) if folder.is_dir() else ():
        try:
            names.update(msgspec.json.decode(read_file(path, MOST_RECORD_BYTES), type=_Objects).objects)
        except (OSError, msgspec.DecodeError):
            # What it excuses will be found missing, and named.
            continue
    return names


class _Objects(msgspec.Struct, frozen=True):
    objects: tuple[str, ...] = ()


def _forget_in_fold(store: Shelves, key: str, content: str, wanted: pa.Array, met: _Met, *, dry: bool) -> None:
    record = store.folds.read(key, content)
    try:
        table = store.folds.predictions(key, content)
        mask = None if record is None else _mask(table, wanted)
    except StoreError:
        mask = None
    if record is None or mask is None:
        raise StoreError(
            "Rows can be cut out of folds that can be read.",
            f"Fold `{key[:12]}…` cannot be.",
            "`bancada store verify` names all that are damaged; remove their folders and forget again.",
        )
    hit = table.filter(mask)
    if not hit.num_rows:
        return
    met.ids.update(map(str, hit.column("id").cast("string").to_pylist()))
    met.folds += 1
    met.rows += hit.num_rows
    if dry:
        return
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    left = table.filter(pc.invert(mask))
    place = store.folds.place(key, content)
    with _replacing(place / PREDICTIONS) as aside:
        size = write_table(aside, left)
        kept = msgspec.structs.replace(record, remaining=identity.table_digest(left), size_bytes=size)
        # The record comes first: from then on the fold answers nothing, whatever happens before its rows are gone.
        with _replacing(place / RECORD) as written:
            written.write_bytes(msgspec.json.encode(kept))


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """Give a file to be written, which takes the place of another at the end of the block, and is on the disk then."""
    aside = path.with_name(f".{path.name}~{own_name()}")
    with writing(path):
        try:
            yield aside
            sync_file(aside)
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)


def _mask(table: pa.Table, wanted: pa.Array) -> Any:
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    return pc.is_in(table.column("id").cast("string"), value_set=wanted)


def _tables_that_name(store: Shelves, wanted: pa.Array, met: _Met) -> Iterator[str]:
    """Yield the objects that are Arrow tables with one of these ids."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    for path in store.objects.walk():
        with path.open("rb") as stream:
            if stream.read(len(STREAM)) != STREAM:
                continue
        try:
            with pa.memory_map(str(path)) as source:
                table = pa.ipc.open_stream(source.read_buffer()).read_all()
                ids = table.filter(_mask(table, wanted)).column("id").cast("string").to_pylist()
        except (KeyError, pa.ArrowException):
            # Some other table, or a damaged one, which `verify` names.
            continue
        if ids:
            met.ids.update(map(str, ids))
            met.row_tables += ROWS in (table.schema.metadata or {})
            yield path.name


def _snapshots_that_name(store: Shelves, wanted: pa.Array, met: _Met) -> Iterator[str]:
    """Yield the snapshots of data with one of these ids; those of numbered rows by the number."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    looked: set[str] = set()
    for entry in store.data.all():
        name = entry.kept_here
        if name is None or name in looked or not store.objects.has(name):
            continue
        looked.add(name)
        try:
            with pa.memory_map(str(store.objects.path(name))) as source:
                table = pa.ipc.open_file(source).read_all()
            rows = pa.chunked_array([pa.array(range(table.num_rows))]) if entry.id is None else table.column(entry.id)
            found = _those(rows, wanted)
        except (KeyError, pa.ArrowException):
            continue
        if found:
            met.ids.update(found)
            yield name


def _those(ids: Any, wanted: pa.Array) -> list[str]:
    """Return those of a table's ids that are wanted, as text."""
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    texts = ids.cast("string")
    found: list[str] = texts.filter(pc.is_in(texts, value_set=wanted)).to_pylist()
    return found


def _others(place: Path) -> list[Path]:
    return [path for path in place.rglob("*") if path.suffix not in {".arrow", ".json"} and path.is_file()]


def _models(store: Shelves) -> int:
    count = 0
    for problem, run_id in store.runs.walk():
        try:
            stored = store.runs.read(problem, run_id)
        except StoreError:
            continue
        said = () if stored is None else stored.statements
        count += sum(statement.kind == "fit" for statement in said)
    return count
