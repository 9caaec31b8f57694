"""What was predicted for each row, over all folds that tested it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.engine.examples import Examples

__all__ = ["majority", "right_share", "row_predictions", "row_tests"]

_MOST_VALUES = 1_000


def row_tests(examples: Examples, side: int) -> npt.NDArray[np.int64]:
    """Return how many folds of a side tested each row, (n_rows,)."""
    count = np.zeros(examples.n_rows, dtype=np.int64)
    for fold in examples.sides[side]:
        count[fold.rows] += 1
    return count


def row_predictions(examples: Examples, side: int) -> pa.Table:
    """Return what was predicted for each row, (n_rows,): numbers averaged, else the most frequent value, else null.

    Of values that are neither numbers nor labels, such as texts, the first fold's stands.
    """
    names = dict.fromkeys(name for fold in examples.sides[side] for name in fold.predictions.column_names)
    return pa.table({name: _column(examples, side, name) for name in names})


def right_share(examples: Examples, side: int, repeats: set[int] | None = None) -> npt.NDArray[np.float64] | None:
    """Return in which share of the folds that tested it each row was answered rightly; NaN where not tested.

    Args:
        examples: The rows.
        side: Whose folds.
        repeats: The repeats that count; None for all.

    Returns:
        (n_rows,); None where answers are right by degrees.
    """
    right, count = np.zeros(examples.n_rows), np.zeros(examples.n_rows)
    for fold in examples.sides[side]:
        if repeats is None or fold.repeat in repeats:
            found = examples.right(fold)
            if found is None:
                return None
            right[fold.rows] += found
            count[fold.rows] += 1
    share: npt.NDArray[np.float64] = np.divide(right, count, out=np.full(examples.n_rows, np.nan), where=count > 0)
    return share


def majority(share: npt.NDArray[np.float64]) -> npt.NDArray[np.int8]:
    """Return 1 for rows that are mostly right, −1 for those mostly wrong, 0 where the votes are even or there are none.

    Examples:
        >>> majority(np.array([1.0, 0.5, 0.25, np.nan])).tolist()
        [1, 0, -1, 0]
    """
    return np.nan_to_num(np.sign(share - 0.5)).astype(np.int8)


def _column(examples: Examples, side: int, name: str) -> pa.Array:
    parts = [
        (fold.rows, fold.predictions.column(name).combine_chunks())
        for fold in examples.sides[side]
        if name in fold.predictions.column_names
    ]
    kind = parts[0][1].type
    if pa.types.is_floating(kind) or (pa.types.is_integer(kind) and name != "query"):
        return _averaged(parts, examples.n_rows)
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    if pa.types.is_nested(plain) or name == "text":
        return _first(parts, examples.n_rows)
    return _most_frequent([(rows, _plain(values)) for rows, values in parts], examples.n_rows)


def _averaged(parts: list[tuple[npt.NDArray[np.int64], Any]], n_rows: int) -> pa.Array:
    total, count = np.zeros(n_rows), np.zeros(n_rows)
    for rows, values in parts:
        total[rows] += np.asarray(values.to_numpy(zero_copy_only=False), dtype=np.float64)
        count[rows] += 1
    return pa.array(np.divide(total, count, out=np.zeros(n_rows), where=count > 0), mask=count == 0)


def _most_frequent(parts: list[tuple[npt.NDArray[np.int64], Any]], n_rows: int) -> pa.Array:
    rows = np.concatenate([part for part, _ in parts])
    encoded = pa.chunked_array([values for _, values in parts]).combine_chunks().dictionary_encode()
    codes = np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    if len(encoded.dictionary) > _MOST_VALUES:
        return _first(parts, n_rows)
    pairs, count = np.unique(rows * len(encoded.dictionary) + codes, return_counts=True)
    of, code = np.divmod(pairs, len(encoded.dictionary))
    # The last of each row wins below: the most votes, and of equal votes the value that any row had first.
    order = np.lexsort((-code, count, of))
    best = np.full(n_rows, -1, dtype=np.int64)
    best[of[order]] = code[order]
    return encoded.dictionary.take(pa.array(best, mask=best < 0))


def _first(parts: list[tuple[npt.NDArray[np.int64], Any]], n_rows: int) -> pa.Array:
    together = pa.chunked_array([values for _, values in parts])
    rows = np.concatenate([part for part, _ in parts])
    where = np.full(n_rows, -1, dtype=np.int64)
    where[rows[::-1]] = np.arange(len(rows))[::-1]
    return pc.take(together, pa.array(where, mask=where < 0)).combine_chunks()


def _plain(values: Any) -> Any:
    return values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values
