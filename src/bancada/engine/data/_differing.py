"""How two versions of data differ: rows and columns, as far as what is known of them tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bancada.exceptions import StoreError, counted
from bancada.identity.rows import row_digests

if TYPE_CHECKING:
    from bancada.datasets import TableDataset
    from bancada.store import Store

__all__ = ["DataChanges", "KnownRows", "Retyped", "changed_ids", "differences", "known_rows", "rows_of"]

_SHOWN = 5
_META = b"bancada.rows"
_SCHEMA = "store.rows/1"
_NUMBERS = frozenset({"bool", "halffloat", "float", "double", *(f"{sign}int{n}" for sign in ("", "u") for n in (8, 16, 32, 64))})  # fmt: skip  # noqa: E501


class Retyped(msgspec.Struct, frozen=True, kw_only=True):
    """A column whose type is another now."""

    name: str
    old: str
    new: str


class DataChanges(msgspec.Struct, frozen=True, kw_only=True):
    """How the new version of some data differs from the old one.

    Attributes:
        rows_old: Rows of the old version.
        rows_new: Rows of the new version.
        added: Rows of the new version alone; None where the old rows are not known.
        removed: Rows of the old version alone; None where they are not known.
        changed: Rows of both whose values differ in columns of both; None where that is not known.
        first_added: The first ids of those, as text.
        first_removed: The first ids of those.
        first_changed: The first ids of those.
        columns_added: Columns of the new version alone.
        columns_removed: Columns of the old version alone.
        retyped: Columns of both whose type is another.
        columns_changed: Columns in which rows changed; None where that is not known.
        reordered: True where the columns stand in another order.
    """

    rows_old: int
    rows_new: int
    added: int | None = None
    removed: int | None = None
    changed: int | None = None
    first_added: tuple[str, ...] = ()
    first_removed: tuple[str, ...] = ()
    first_changed: tuple[str, ...] = ()
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    retyped: tuple[Retyped, ...] = ()
    columns_changed: tuple[str, ...] | None = None
    reordered: bool = False

    @property
    def none(self) -> bool:
        """True where no difference is known."""
        rows = self.added or self.removed or self.changed or self.rows_old != self.rows_new
        return not (rows or self.columns_added or self.columns_removed or self.retyped or self.reordered)

    def phrases(self) -> tuple[str, ...]:
        """Return what differs, a phrase each."""
        told = []
        if self.added is None or self.removed is None:
            told.append(f"{counted(self.rows_old, 'row')} before, {self.rows_new:,} now; which ones is not known")
        for count, first, verb in (
            (self.added, self.first_added, "added"),
            (self.removed, self.first_removed, "removed"),
            (self.changed, self.first_changed, "changed"),
        ):
            if count:
                where = _within(self.columns_changed) if verb == "changed" else ""
                told.append(f"{counted(count, 'row')} {verb}{where} ({_first(count, first)})")
        if self.changed is None and self.added is not None:
            told.append("whether rows changed in the other columns is not known")
        told += [f"column `{name}` added" for name in self.columns_added]
        told += [f"column `{name}` removed" for name in self.columns_removed]
        told += [f"column `{item.name}` was {item.old}, is {item.new}" for item in self.retyped]
        if self.reordered:
            told.append("the columns stand in another order")
        return tuple(told)


@dataclass(frozen=True, slots=True)
class KnownRows:
    """What is known of the rows of one version.

    Attributes:
        digests: `id` and `digest` of each row.
        columns: Name, canonical type and digest of each column.
        n_rows: Count of rows.
        numbered: True where rows have no id but their number.
        table: The values; None where they are not known.
        types: Type of each column as people read it, by name.
    """

    digests: Any
    columns: tuple[tuple[str, str, str], ...]
    n_rows: int
    numbered: bool
    table: Any | None
    types: dict[str, str]


def rows_of(dataset: TableDataset) -> KnownRows:
    """Return all of the rows of a dataset."""
    table, identity = dataset.opened.table.table, dataset.identity()
    types = {column.name: column.type for column in identity.columns}
    return _known(row_digests(table, dataset.ids()), table, identity.id is None, types)


def known_rows(store: Store, name: str, *, numbered: bool, table: Any | None, types: dict[str, str]) -> KnownRows:
    """Return what digests in the store tell of the rows of a version.

    Args:
        store: The store.
        name: Object with the digests.
        numbered: True where rows have no id.
        table: The values, where they are known.
        types: Type of each column as people read it, by name.

    Raises:
        StoreError: The object is missing, altered or of a newer version.
    """
    try:
        digests = pa.ipc.open_stream(pa.py_buffer(store.objects.get(name))).read_all()
        return _known(digests, table, numbered, types)
    except (pa.ArrowException, KeyError, ValueError, msgspec.DecodeError) as error:
        raise StoreError(
            f"Digests of rows are an Arrow table in the form `{_SCHEMA}`.",
            f"Object `{name[:12]}…` is none.",
            "`bancada store verify` names all that was altered; a newer version of bancada may read it.",
        ) from error


def _known(digests: Any, table: Any | None, numbered: bool, types: dict[str, str]) -> KnownRows:  # noqa: FBT001 - a private call
    meta = msgspec.json.decode(digests.schema.metadata[_META])
    if meta["schema"] != _SCHEMA:
        raise ValueError(meta["schema"])
    columns = tuple((name, kind, digest) for name, kind, digest in meta["columns"])
    return KnownRows(digests, columns, digests.num_rows, numbered, table, types)


@dataclass(frozen=True, slots=True)
class _Matched:
    """The rows of two versions side by side.

    Attributes:
        shared: Columns that both have in types of one kind.
        here: Positions in the new version of rows that both have.
        there: Their positions in the old version.
        come: Rows of the new version alone, a truth value each.
        gone: Rows of the old version alone.
        first: Digests of the old rows over the shared columns; None where they are not known.
        second: Digests of the new rows over them.
    """

    shared: list[str]
    here: Any
    there: Any
    come: Any
    gone: Any
    first: Any | None
    second: Any | None

    @property
    def other(self) -> Any | None:
        """Rows of the new version whose values are others than in the old one; None where that is not known."""
        if self.first is None or self.second is None:
            return None
        other = np.zeros(len(self.come), dtype=np.bool_)
        other[self.here] = self.second[self.here] != self.first[self.there]
        return other


def _matched(old: KnownRows, new: KnownRows) -> _Matched:
    unlike = _incompatible(old, new)
    shared = [name for name in old.types if name in new.types and name not in unlike]
    before, after = _joinable(old.digests, new.digests)
    place = pc.index_in(after["id"], value_set=before["id"].combine_chunks()).to_numpy(zero_copy_only=False)
    place = np.where(np.isnan(place), -1, place).astype(np.int64)
    here = np.flatnonzero(place >= 0)
    gone = np.ones(old.n_rows, dtype=np.bool_)
    gone[place[here]] = False
    return _Matched(shared, here, place[here], place < 0, gone, _restricted(old, shared), _restricted(new, shared))


def differences(old: KnownRows, new: KnownRows) -> DataChanges:
    """Return how a version differs from an earlier one.

    Rows are told apart by their ids; numbered ones by their numbers, or by their values where that explains more. What
    changed within rows is told over the columns that both versions have in types of one kind.

    Args:
        old: The earlier version.
        new: The later version.
    """
    changes, rows = _columns(old, new), _matched(old, new)
    told: dict[str, Any] = {
        "added": int(rows.come.sum()),
        "removed": int(rows.gone.sum()),
        "first_added": _ids(new, rows.come),
        "first_removed": _ids(old, rows.gone),
    }
    other = rows.other
    if other is None:
        return msgspec.structs.replace(changes, **told)
    if old.numbered and new.numbered:
        moved = _moved(old, new, rows.first, rows.second)
        if moved["added"] + moved["removed"] < int(other.sum()) + told["added"] + told["removed"]:
            return msgspec.structs.replace(changes, **moved, changed=0, columns_changed=())
    told |= {"changed": int(other.sum()), "first_changed": _ids(new, other), "columns_changed": ()}
    if other.any():
        # Digests of columns hold the ids: where these are of two types, they tell nothing.
        one_type = old.digests["id"].type == new.digests["id"].type
        told["columns_changed"] = _columns_changed(old, new, rows) if one_type else None
    return msgspec.structs.replace(changes, **told)


def changed_ids(old: KnownRows, new: KnownRows) -> frozenset[object] | None:
    """Return the ids of rows that both versions have with other values; None where that is not known."""
    other = _matched(old, new).other
    return None if other is None else frozenset(new.digests["id"].take(pa.array(np.flatnonzero(other))).to_pylist())


def _columns(old: KnownRows, new: KnownRows) -> DataChanges:
    """Return the differences of the columns."""
    shared = [name for name in old.types if name in new.types]
    return DataChanges(
        rows_old=old.n_rows,
        rows_new=new.n_rows,
        columns_added=tuple(name for name in new.types if name not in old.types),
        columns_removed=tuple(name for name in old.types if name not in new.types),
        retyped=tuple(
            Retyped(name=name, old=old.types[name], new=new.types[name])
            for name in shared
            if old.types[name] != new.types[name]
        ),
        reordered=shared != [name for name in new.types if name in old.types],
    )


def _incompatible(old: KnownRows, new: KnownRows) -> set[str]:
    """Return the columns of both whose values cannot be equal, for they are of another kind."""
    kinds, now = ({name: kind for name, kind, _ in side.columns} for side in (old, new))
    shared = [name for name in kinds if name in now]
    return {name for name in shared if kinds[name] != now[name] and not {kinds[name], now[name]} <= _NUMBERS}


def _restricted(side: KnownRows, names: list[str]) -> Any | None:
    """Return the digests of the rows over some columns; None where they are not known."""
    if {name for name, _, _ in side.columns} == set(names):
        return np.asarray(side.digests["digest"].to_numpy())
    if side.table is None:
        return None
    return np.asarray(row_digests(side.table.select(names), side.digests["id"].combine_chunks())["digest"].to_numpy())


def _joinable(old: Any, new: Any) -> tuple[Any, Any]:
    """Return two tables whose ids can be compared: as their own type, as text where they have two."""
    if old["id"].type == new["id"].type:
        return old, new
    return tuple(
        side.set_column(side.schema.get_field_index("id"), "id", side["id"].cast(pa.string())) for side in (old, new)
    )


def _moved(old: KnownRows, new: KnownRows, first: Any, second: Any) -> dict[str, Any]:
    """Return which numbered rows were added and removed, where rows are told apart by their values."""
    gone, come = _surplus(first, second), _surplus(second, first)
    return {
        "added": int(come.sum()),
        "removed": int(gone.sum()),
        "first_added": _ids(new, come),
        "first_removed": _ids(old, gone),
    }


def _surplus(one: Any, other: Any) -> Any:
    """Return which values occur more often in one array than in the other; the last of equal ones are surplus."""
    order = np.argsort(one, kind="stable")
    values, starts, counts = np.unique(one[order], return_index=True, return_counts=True)
    known, held = np.unique(other, return_counts=True)
    at = np.clip(np.searchsorted(known, values), 0, len(known) - 1) if len(known) else np.zeros(len(values), np.int64)
    matched = np.where(known[at] == values, held[at], 0) if len(known) else np.zeros(len(values), np.int64)
    rank = np.arange(len(one)) - np.repeat(starts, counts)
    surplus = np.zeros(len(one), dtype=np.bool_)
    surplus[order] = rank >= np.repeat(matched, counts)
    return surplus


def _columns_changed(old: KnownRows, new: KnownRows, rows: _Matched) -> tuple[str, ...] | None:
    """Return the columns in which rows of both versions differ; None where that is not known."""
    before, after = _sums(old, rows.shared, rows.there), _sums(new, rows.shared, rows.here)
    if before is None or after is None:
        return None
    return tuple(name for name in rows.shared if before[name] != after[name])


def _sums(side: KnownRows, names: list[str], rows: Any) -> dict[str, str] | None:
    """Return the digests of columns over some rows; None where they are not known."""
    if len(rows) == side.n_rows:
        return {name: digest for name, _, digest in side.columns}
    if side.table is None:
        return None
    taken = pa.array(rows)
    part = row_digests(side.table.select(names).take(taken), side.digests["id"].combine_chunks().take(taken))
    return {name: digest for name, _, digest in msgspec.json.decode(part.schema.metadata[_META])["columns"]}


def _ids(side: KnownRows, mask: Any) -> tuple[str, ...]:
    return tuple(map(str, side.digests["id"].take(pa.array(np.flatnonzero(mask)[:_SHOWN])).to_pylist()))


def _first(count: int, ids: tuple[str, ...]) -> str:
    return f"{'first ' if count > len(ids) else ''}{', '.join(ids)}"


def _within(columns: tuple[str, ...] | None) -> str:
    if not columns:
        return ""
    shown = ", ".join(f"`{name}`" for name in columns[:_SHOWN])
    more = f" and {len(columns) - _SHOWN:,} more" if len(columns) > _SHOWN else ""
    return f" in {shown}{more}"
