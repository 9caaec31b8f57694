"""A table in several files: their rows together are the dataset."""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bancada.datasets._files import format_of, read_file, refuse_absent, refuse_pulled_not
from bancada.datasets._ids import in_id_order
from bancada.datasets._mapped import LAYOUT, kept, mappable
from bancada.datasets._sources import Opened, Reading, relative
from bancada.exceptions import DataError, DefinitionError, NotFoundError, nearest
from bancada.identity import DigestMemo, digest, file_digest

if TYPE_CHECKING:
    from bancada.datasets._sources import Labels

__all__ = ["PartsSource", "is_of_parts", "parts_name"]

_SHOWN = 3


def is_of_parts(path: Any) -> bool:
    """Tell whether a path means several files: a list of them, a pattern with `*`, `?` or `[`, or a folder."""
    if not isinstance(path, str | os.PathLike):
        return True
    text = os.fspath(path)
    return glob.has_magic(text) or text.endswith(("/", os.sep)) or not Path(text).suffix


def parts_name(places: tuple[str, ...]) -> str:
    """Return the name of a folder of parts, or of the folder in which a pattern looks.

    Raises:
        DefinitionError: There is none to take.
    """
    fixed = []
    for part in Path(places[0]).parts if len(places) == 1 else ():
        if glob.has_magic(part):
            break
        fixed.append(part)
    name = Path(*fixed).name if fixed else ""
    if not name:
        raise DefinitionError(
            "A dataset of several files must have a name.", f"None was given for {', '.join(places)}.", "Say `name=`."
        )
    return name


@dataclass(frozen=True)
class PartsSource:
    """Several files of the same columns.

    Args:
        places: Files, folders and patterns; relative ones start at the root.
        schema: Schema that is enforced on each; None infers one.
        remembered: True where the schema is that of an earlier reading.
    """

    places: tuple[str, ...]
    schema: Any | None = None
    remembered: bool = False

    @property
    def rooted(self) -> bool:
        """True: relative paths start at the root."""
        return True

    def with_schema(self, schema: Any) -> PartsSource:
        """Return this source with the schema of an earlier reading, which parts without types of their own are held to.

        Files that carry types are brought to it where nothing is lost, so that a new part changes no type.
        """
        return self if self.schema is not None else replace(self, schema=schema, remembered=True)

    def folder(self, root: Path) -> Path:
        """Return the folder that all parts lie in or below."""
        paths = self.paths(root)
        return Path(os.path.commonpath([path.parent for path in paths]))

    def paths(self, root: Path) -> tuple[Path, ...]:
        """Return the files: in the order of the list, those of a folder or pattern by name.

        Raises:
            DataError: A file is named twice.
            DefinitionError: A suffix is not known.
            NotFoundError: There is no such file, or nothing that fits.
        """
        found = [path for place in self.places for path in _found(place, root)]
        known: list[str] = [os.path.realpath(path) for path in found]
        for path, real in zip(found, known, strict=True):
            refuse_absent(path)
            format_of(path)
            if known.count(real) > 1:
                raise DataError("Each part of a dataset is named once.", f"`{path.name}` is twice.", "Name it once.")
        return tuple(found)

    def reading(self) -> Reading:
        """Return how the parts are read."""
        return Reading(several=True, schema=self.schema, remembered=self.remembered)

    def open(self, labels: Labels, root: Path, cache: Path) -> Opened:
        """Return the rows of all parts in id order; parts that were decoded before are not parsed again.

        Raises:
            DataError: A part cannot be read, has other columns or types than the first, or an id of another part.
            DefinitionError: A suffix is not known.
            NotFoundError: There is no such file, or no id column.
        """
        paths = self.paths(root)
        memo = DigestMemo(cache / "digests.sqlite")
        before = [memo.stamp(path) for path in paths]
        files = {relative(path, root): file_digest(path, memo) for path in paths}
        options = None if self.schema is None else [[field.name, str(field.type)] for field in self.schema]
        key = digest(
            {
                "layout": LAYOUT,
                "arrow": pa.__version__,
                "parts": [[format_of(path), sha] for path, sha in zip(paths, files.values(), strict=True)],
                "schema": options,
                "id": repr(labels.id),
            }
        )

        def decode() -> Any:
            tables = [self._read(path, labels.name) for path in paths]
            for path, stamp in zip(paths, before, strict=True):
                if memo.stamp(path) != stamp:
                    raise DataError(
                        "A file must not change while it is read.",
                        f"`{path.name}` did.",
                        "Run again when it is written.",
                    )
            if isinstance(labels.id, str):
                _refuse_double(tables, paths, labels.id)
            table = mappable(_together(tables, paths), labels.name)
            return mappable(in_id_order(table, labels.id, labels.name), labels.name)

        return Opened(kept(cache / "tables", key, decode), files)

    def _read(self, path: Path, name: str) -> Any:
        return mappable(read_file(path, self.schema, remembered=self.remembered), f"{name}`, part `{path.name}")


def _found(place: str, root: Path) -> list[Path]:
    """Return the files that one place means."""
    path = root / place
    if path.is_dir():
        found = sorted(item for item in path.iterdir() if item.is_file() and _is_part(item))
        if not found:
            held = ", ".join(f"`{item.name}`" for item in sorted(path.iterdir())[:_SHOWN]) or "nothing"
            raise NotFoundError(
                "A folder of parts must hold files that a dataset can read.",
                f"`{place}` holds {held}.",
                "Name files that end in `.parquet`, `.csv`, `.csv.gz`, `.arrow`, `.feather` or `.ipc`.",
            )
        return found
    if not glob.has_magic(place) or path.is_file():
        return [path]
    if not glob.glob(str(path), recursive=True):  # noqa: PTH207 - as below
        refuse_pulled_not(next(item for item in path.parents if not glob.has_magic(str(item))))
    found = [Path(item) for item in glob.glob(str(path), recursive=True)]  # noqa: PTH207 - patterns may be absolute
    found = sorted(item for item in found if item.is_file())
    if not found:
        folder = next((item for item in path.parents if not glob.has_magic(str(item))), root)
        names = [item.name for item in folder.iterdir()] if folder.is_dir() else []
        raise NotFoundError(
            "A pattern must find the files of a dataset.", f"Nothing fits {place!r}.", nearest(path.name, names)
        )
    return found


def _is_part(path: Path) -> bool:
    """Tell whether a file of a folder is data: what other writers put beside it begins with `_` or a dot."""
    try:
        format_of(path)
    except DefinitionError:
        return False
    return not path.name.startswith(("_", "."))


def _together(tables: list[Any], paths: tuple[Path, ...]) -> Any:
    """Return the rows of all parts, in the columns of the first, in types that hold those of all."""
    first = tables[0]
    for table, path in zip(tables, paths, strict=True):
        missing = [name for name in first.column_names if name not in table.column_names]
        extra = [name for name in table.column_names if name not in first.column_names]
        if missing or extra:
            told = [f"misses {_listed(missing)}"] * bool(missing) + [f"also has {_listed(extra)}"] * bool(extra)
            raise DataError(
                "All parts of a dataset must have the same columns.",
                f"`{path.name}` {' and '.join(told)}, unlike `{paths[0].name}`.",
                "Correct the part, or leave it out.",
            )
    columns = {name: _column([table.column(name) for table in tables], name, paths) for name in first.column_names}
    return pa.table(columns)


def _column(columns: list[Any], name: str, paths: tuple[Path, ...]) -> Any:
    """Return a column of all parts; a part in which it is null throughout says nothing of its type."""
    telling = [place for place, column in enumerate(columns) if column.null_count < len(column)] or [0]
    kind = columns[telling[0]].type
    for place in telling[1:]:
        wider = _wider(kind, columns[place].type)
        if wider is None:
            raise DataError(
                "A column must have the same type in all parts of a dataset.",
                f"Column `{name}` is {kind} in `{paths[telling[0]].name}` and {columns[place].type} in "
                f"`{paths[place].name}`.",
                "Correct the part, or declare the types with `schema=`.",
            )
        kind = wider
    cast = [
        column.cast(kind) if column.null_count < len(column) else pa.chunked_array([pa.nulls(len(column), kind)])
        for column in columns
    ]
    return pa.chunked_array([chunk for column in cast for chunk in column.chunks], type=kind)


def _wider(one: Any, other: Any) -> Any:
    """Return a type that holds the values of both; None where there is none."""
    if pa.types.is_dictionary(one) and pa.types.is_dictionary(other) and one.value_type == other.value_type:
        # Levels are joined when the chunks are.
        return one if one == other else pa.dictionary(pa.int32(), one.value_type)
    try:
        wider = pa.unify_schemas(
            [pa.schema([("x", one)]), pa.schema([("x", other)])], promote_options="permissive"
        ).field(0).type  # fmt: skip
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return None
    return wider


def _refuse_double(tables: list[Any], paths: tuple[Path, ...], id_: str) -> None:
    """Raise `DataError` where an id stands in two parts; what else is wrong with ids is told later."""
    if any(id_ not in table.column_names for table in tables) or len({table.column(id_).type for table in tables}) > 1:
        return
    ids = pa.chunked_array([chunk for table in tables for chunk in table.column(id_).chunks])
    if pa.types.is_dictionary(ids.type):
        ids = pa.chunked_array([chunk.dictionary_decode() for chunk in ids.chunks])
    if pa.types.is_nested(ids.type) or pc.count_distinct(ids, mode="all").as_py() == len(ids):
        return
    part = np.repeat(np.arange(len(tables)), [table.num_rows for table in tables])
    codes = ids.combine_chunks().dictionary_encode().indices.fill_null(-1).to_numpy(zero_copy_only=False)
    pairs = np.unique(np.column_stack([codes, part])[codes >= 0], axis=0)
    values, counts = np.unique(pairs[:, 0], return_counts=True)
    if not (counts > 1).any():
        return
    code = values[np.argmax(counts > 1)]
    within = [f"`{paths[number].name}`" for number in pairs[pairs[:, 0] == code][:, 1]]
    shown = ids[int(np.argmax(codes == code))].as_py()
    raise DataError(
        "Ids must be unique over all parts of a dataset.",
        f"`{id_}` has {int((counts > 1).sum())} ids in several parts, first {shown!r} in {' and '.join(within[:3])}.",
        "Drop the doubles, name another column, or say `id=bc.ROW` to number the rows.",
    )


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
