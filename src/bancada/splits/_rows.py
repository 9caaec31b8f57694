"""What a split reads from its rows: groups and strata as integer codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bancada.exceptions import DataError, NotFoundError, nearest

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.samples import SplitRows

__all__ = ["column", "count", "groups", "refuse_rare", "strata"]


def count(rows: SplitRows) -> int:
    """Return the number of rows."""
    return len(rows.ids)


def column(rows: SplitRows, name: str) -> Any:
    """Return a column that the split named in `columns`, as one Arrow array with dictionaries decoded.

    Raises:
        NotFoundError: If the rows have no such column.
    """
    if name not in rows.columns.column_names:
        raise NotFoundError(
            "A split reads columns of its dataset.",
            f"There is no column `{name}`.",
            nearest(name, rows.columns.column_names),
        )
    array = rows.columns.column(name).combine_chunks()
    return array.dictionary_decode() if hasattr(array, "dictionary_decode") else array


def groups(rows: SplitRows) -> npt.NDArray[np.int64] | None:
    """Return the group of each row as a code, (n_rows,); None without groups.

    Codes follow the order of the values, so that a splitter draws from them what it would draw from the values.

    Raises:
        DataError: If a group is missing.
    """
    if rows.groups is None:
        return None
    missing = pd.isna(rows.groups)
    if missing.any():
        first = rows.ids[int(np.argmax(missing))].as_py()
        raise DataError(
            "Each row must belong to a group.",
            f"{int(missing.sum())} rows have none, the first is the row with id {first!r}.",
            "Fill the groups column, or give each of these rows a group of its own.",
        )
    return _codes(rows.groups)


def strata(rows: SplitRows, stratify: bool | str | None) -> npt.NDArray[np.int64] | None:  # noqa: FBT001 - a setting, not a switch
    """Return the stratum of each row as a code, (n_rows,); None where the split is not stratified.

    Args:
        rows: The rows to be split.
        stratify: True for the target, a column's name, False for none; None stratifies where the task has classes.

    Raises:
        DataError: If the target is asked for and there is no single one.
    """
    if isinstance(stratify, str):
        return _codes(column(rows, stratify).to_numpy(zero_copy_only=False))
    if stratify is None:
        stratify = rows.has_classes and rows.target is not None
    if not stratify:
        return None
    if rows.target is None:
        raise DataError(
            "A split stratified by the target needs a single target column.",
            "The problem has none, or several.",
            "Name a column, as in `stratify='region'`, or say `stratify=False`.",
        )
    return _codes(rows.target)


def refuse_rare(values: npt.NDArray[np.int64], least: int, rows: SplitRows, stratify: bool | str | None) -> None:  # noqa: FBT001 - a setting
    """Raise `DataError` if a stratum has fewer than `least` rows.

    Args:
        values: The stratum of each row, (n_rows,).
        least: Smallest count of rows that can be spread.
        rows: The rows, for the message.
        stratify: What the split was told, for the message.
    """
    counts = np.bincount(values)
    rarest = int(np.argmin(counts))
    if counts[rarest] >= least:
        return
    at = int(np.argmax(values == rarest))
    named = isinstance(stratify, str)
    value = column(rows, str(stratify))[at].as_py() if named else np.asarray(rows.target)[at]
    value = value.item() if isinstance(value, np.generic) else value
    where = f"`{stratify}`" if named else "the target"
    raise DataError(
        f"Each class of {where} must have at least {least} rows to be spread over the parts of a stratified split.",
        f"The class {value!r} has {counts[rarest]}.",
        "Use fewer parts, merge or drop rare classes, or say `stratify=False`.",
    )


def _codes(values: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return codes in the order of the values, or of their appearance where they have no order."""
    try:
        codes = np.unique(np.asarray(values), return_inverse=True)[1]
    except TypeError:
        codes = pd.factorize(np.asarray(values), use_na_sentinel=False)[0]
    return np.asarray(codes, dtype=np.int64).reshape(-1)
