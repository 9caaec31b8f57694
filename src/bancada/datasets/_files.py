"""Files of every known kind as Arrow tables."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import parquet

from bancada.datasets._csv import read_csv
from bancada.datasets._dvc import tracked
from bancada.datasets._schemas import conform
from bancada.exceptions import DataError, DefinitionError, NotFoundError, nearest

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["format_of", "read_file", "refuse_absent", "refuse_pulled_not"]

_FORMATS = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".csv.gz": "csv",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
}


def format_of(path: Path) -> str:
    """Return `parquet`, `csv` or `arrow` by the suffix.

    Raises:
        DefinitionError: If the suffix is none of the known.

    Examples:
        >>> from pathlib import Path
        >>> format_of(Path("churn.csv.gz"))
        'csv'
    """
    name = path.name.lower()
    for suffix, kind in _FORMATS.items():
        if name.endswith(suffix):
            return kind
    raise DefinitionError(
        f"A dataset's file must end in {', '.join(f'`{suffix}`' for suffix in _FORMATS)}.",
        f"`{path.name}` does not.",
        "Convert it, or read it with a function of your own and `bc.Dataset.from_function`.",
    )


def refuse_absent(path: Path) -> None:
    """Raise `NotFoundError` with the nearest name of the folder unless there is such a file."""
    if path.is_file():
        return
    refuse_pulled_not(path)
    folder = path.parent
    if not folder.is_dir():
        raise NotFoundError(
            "A dataset's file must exist.",
            f"There is no folder `{folder}`.",
            "Relative paths start at the project's root.",
        )
    names = [item.name for item in folder.iterdir() if item.is_file()]
    raise NotFoundError("A dataset's file must exist.", f"There is no file `{path}`.", nearest(path.name, names))


def refuse_pulled_not(path: Path) -> None:
    """Raise `NotFoundError` for a missing file or folder that DVC tracks, with the command that brings it."""
    said = tracked(path)
    if said is not None:
        by = os.path.relpath(said.by, path.parent if said.whole else said.by.parent)
        raise NotFoundError(
            "A dataset's file must exist.",
            f"There is no `{path}`, which DVC tracks by `{by}`.",
            f"Run `dvc pull {by}` in `{said.by.parent}`."
            if said.by.suffix == ".dvc"
            else f"Run `dvc pull` in `{said.by.parent}`.",
        )


def read_file(path: Path, schema: Any | None, *, remembered: bool) -> Any:
    """Return a file's table, rows and columns in file order.

    Args:
        path: The file; it exists.
        schema: Schema that is enforced; None takes the file's own.
        remembered: True where the schema is that of an earlier version of the file.

    Raises:
        DataError: If the file cannot be read, or breaks the schema.
        DefinitionError: If the suffix is not known.
    """
    kind = format_of(path)
    if kind == "csv":
        return read_csv(path, schema, remembered=remembered)
    try:
        table = parquet.ParquetFile(path).read() if kind == "parquet" else _read_arrow(path)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise DataError(
            f"A file with the suffix `{path.suffix}` must be readable as such.",
            f"`{path.name}` is not: {str(error).splitlines()[0].rstrip('.')}.",
            "Write the file again, or correct its suffix.",
        ) from error
    table = _without_unnamed_index(table)
    return table if schema is None else conform(table, schema, path.name)


def _read_arrow(path: Path) -> Any:
    """Read an IPC file, or an IPC stream that was saved as one."""
    with pa.memory_map(str(path)) as source:
        try:
            return pa.ipc.open_file(source).read_all()
        except pa.ArrowInvalid:
            source.seek(0)
            return pa.ipc.open_stream(source).read_all()


def _without_unnamed_index(table: Any) -> Any:
    """Drop the columns that pandas writes for an index without a name: they count rows."""
    unnamed = [name for name in table.column_names if name.startswith("__index_level_")]
    return table.drop_columns(unnamed) if unnamed else table
