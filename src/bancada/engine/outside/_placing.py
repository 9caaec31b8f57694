"""Which test row each line of a submission predicts: ids, repeats and folds, checked against the split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bancada.display import count
from bancada.engine.outside._lossless import lossless, plain_array
from bancada.exceptions import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from bancada.engine._binding import Binding
    from bancada.engine._repeats import Repeat

__all__ = ["Placed", "first_few", "guarded", "place"]

SHOWN = 5
SPLIT = "`bancada show --split --csv` writes the ids, repeats and folds that are asked for."
# What a spreadsheet would compute is written with a quote before it, and found again with or without.
FORMULA = r"^[ '\"]*[=+\-@|%＝＋－＠]"  # noqa: RUF001 - the full-width forms are meant
NEVER = -1


@dataclass(frozen=True, slots=True)
class Placed:
    """One fold of a submission.

    Attributes:
        repeat: The repeat.
        fold: Number of the fold.
        lines: Line of the table that predicts each test row, in the order of the split, int64 (n_test,).
    """

    repeat: Repeat
    fold: int
    lines: npt.NDArray[np.int64]


def guarded(ids: pa.Array) -> pa.Array:
    """Return ids as they are written for a spreadsheet: a text that it would take for a formula begins with `'`."""
    if not pa.types.is_string(ids.type):
        return ids
    return pc.if_else(pc.match_substring_regex(ids, FORMULA), pc.binary_join_element_wise("'", ids, ""), ids)


def first_few(values: Sequence[Any]) -> str:
    """Return the first values by repr, and how many more there are."""
    listed = ", ".join(repr(value) for value in values[:SHOWN])
    return listed if len(values) <= SHOWN else f"{listed} and {count(len(values) - SHOWN)} more"


def place(table: pa.Table, id_column: str, binding: Binding, name: str) -> tuple[Placed, ...]:
    """Return, fold by fold, which line predicts which test row.

    Args:
        table: The submission.
        id_column: Its column of ids.
        binding: The problem with its data.
        name: What the submission is called in a message.

    Raises:
        DataError: An id is unknown, sealed, missing, doubled or tested elsewhere, or a repeat is not complete.
    """
    ids = plain_array(table.column(id_column))
    rows = _open_rows(ids, binding, name)
    numbers = _repeats(table, binding, name)
    given = _whole_numbers(table, "fold", name) if "fold" in table.column_names else None
    if given is not None:
        _refuse_unknown_folds(given, numbers, binding, name)
    _refuse_doubled(ids, rows, numbers, name)
    return tuple(
        placed
        for number in range(int(numbers.max()) + 1)
        for placed in _placed(binding.drawn[number], np.flatnonzero(numbers == number), ids, rows, given, binding, name)
    )


def _open_rows(ids: pa.Array, binding: Binding, name: str) -> npt.NDArray[np.int64]:
    """Return the row among those that are not sealed, for each line."""
    everything = plain_array(binding.dataset.ids())
    converted = lossless(ids, everything.type)
    found = pc.index_in(converted, value_set=everything)
    if found.null_count and pa.types.is_string(everything.type):
        found = pc.coalesce(found, pc.index_in(converted, value_set=guarded(everything)))
    _refuse_missing_ids(ids, name)
    unknown = np.flatnonzero(found.is_null().to_numpy(zero_copy_only=False))
    if len(unknown):
        raise _unknown(ids.take(pa.array(unknown)), everything, name)
    positions = found.to_numpy(zero_copy_only=False).astype(np.int64)
    rows = np.searchsorted(binding.positions, positions)
    sealed = (rows == len(binding.positions)) | (
        binding.positions[np.minimum(rows, len(binding.positions) - 1)] != positions
    )
    if sealed.any():
        listed = _values(ids, np.flatnonzero(sealed))
        raise DataError(
            "Rows of the sealed holdout are predicted by nobody before it is opened.",
            f"{name} has {_lines(len(listed))} for sealed rows, first {first_few(listed)}.",
            f"Leave them out, out of training too. {SPLIT}",
        )
    return np.asarray(rows, dtype=np.int64)


def _refuse_missing_ids(ids: pa.Array, name: str) -> None:
    absent = pc.is_null(ids, nan_is_null=True)
    if pa.types.is_string(ids.type):
        absent = pc.or_(absent, pc.fill_null(pc.equal(pc.utf8_trim_whitespace(ids), ""), fill_value=True))
    lines = np.flatnonzero(absent.to_numpy(zero_copy_only=False))
    if len(lines):
        raise DataError(
            "Each prediction says for which row it is.",
            f"{name} has {_lines(len(lines))} without an id, first line {int(lines[0]) + 1} below the header.",
            "Fill the ids in, or drop these lines.",
        )


def _unknown(ids: pa.Array, known: pa.Array, name: str) -> DataError:
    listed = pc.unique(ids).to_pylist()
    hint = SPLIT
    if pa.types.is_string(known.type) and not pa.types.is_string(ids.type):
        hint = (
            f"The ids of the data are texts, such as {known[0].as_py()!r}: keep them as text, leading zeros included."
        )
    return DataError(
        "Predictions are for rows of the problem's data.",
        f"{name} has {count(len(listed))} other ids, first {first_few(listed)}; "
        f"the data have {count(len(known))} of type `{known.type}`, such as {known[0].as_py()!r}.",
        hint,
    )


def _repeats(table: pa.Table, binding: Binding, name: str) -> npt.NDArray[np.int64]:
    """Return the number of the repeat for each line."""
    n_repeats = len(binding.repeats)
    if "repeat" not in table.column_names:
        if n_repeats > 1:
            raise DataError(
                "Where the split has several repeats, each prediction says for which one it is.",
                f"{name} has no column `repeat`, and the split of `{binding.problem.name}` has {n_repeats} repeats.",
                f"Add the columns `repeat` and `fold`; repeat 0 alone is enough. {SPLIT}",
            )
        return np.zeros(table.num_rows, dtype=np.int64)
    numbers = _whole_numbers(table, "repeat", name)
    outside = np.unique(numbers[(numbers < 0) | (numbers >= n_repeats)])
    if len(outside):
        raise DataError(
            f"The repeats of `{binding.problem.name}` are 0 to {n_repeats - 1}.",
            f"{name} has repeat {first_few(outside.tolist())}.",
            SPLIT,
        )
    lacking = np.setdiff1d(np.arange(numbers.max() + 1), numbers)
    if len(lacking):
        raise DataError(
            "A submission has the first repeats of the split, without a gap.",
            f"{name} lacks repeat {first_few(lacking.tolist())} and has repeat {int(numbers.max())}.",
            "Predict the repeats before it, or leave it out.",
        )
    return numbers


def _whole_numbers(table: pa.Table, column: str, name: str) -> npt.NDArray[np.int64]:
    values = plain_array(table.column(column))
    numbers = lossless(values, pa.int64())
    broken = np.flatnonzero(numbers.is_null().to_numpy(zero_copy_only=False))
    if len(broken):
        raise DataError(
            f"`{column}` holds whole numbers, counted from 0.",
            f"{name} has {_lines(len(broken))} with another value there, first {first_few(_values(values, broken))}.",
            SPLIT,
        )
    return np.asarray(numbers.to_numpy(), dtype=np.int64)


def _refuse_unknown_folds(
    given: npt.NDArray[np.int64], numbers: npt.NDArray[np.int64], binding: Binding, name: str
) -> None:
    most = np.array([len(binding.drawn[number].parts) for number in range(int(numbers.max()) + 1)])
    outside = np.unique(given[(given < 0) | (given >= most[numbers])])
    if len(outside):
        raise DataError(
            f"The folds of `{binding.problem.name}` are 0 to {int(most.max()) - 1}.",
            f"{name} has fold {first_few(outside.tolist())}.",
            SPLIT,
        )


def _refuse_doubled(ids: pa.Array, rows: npt.NDArray[np.int64], numbers: npt.NDArray[np.int64], name: str) -> None:
    order = np.lexsort((rows, numbers))
    same = (rows[order][1:] == rows[order][:-1]) & (numbers[order][1:] == numbers[order][:-1])
    if same.any():
        again = np.unique(order[1:][same])
        raise DataError(
            "Each row is predicted once in a repeat.",
            f"{name} has {_lines(len(again))} for a row that another line predicts, first id "
            f"{first_few(_values(ids, again))}.",
            "Drop the second ones; where they belong to other repeats, add the column `repeat`.",
        )


def _placed(
    repeat: Repeat,
    lines: npt.NDArray[np.int64],
    ids: pa.Array,
    rows: npt.NDArray[np.int64],
    given: npt.NDArray[np.int64] | None,
    binding: Binding,
    name: str,
) -> list[Placed]:
    fold_of = np.full(len(binding.positions), NEVER, dtype=np.int64)
    for number, part in enumerate(repeat.parts):
        fold_of[part.test] = number
    folds = fold_of[rows[lines]]
    _refuse_untested(ids, lines[folds == NEVER], repeat.number, name)
    if given is not None:
        _refuse_other_folds(ids, lines, folds, given, repeat.number, name)
    line_of = np.full(len(binding.positions), NEVER, dtype=np.int64)
    line_of[rows[lines]] = lines
    absent = np.flatnonzero((fold_of != NEVER) & (line_of == NEVER))
    if len(absent):
        listed = _values(binding.ids, absent)
        raise DataError(
            "A repeat is submitted whole: a prediction for each of its test rows.",
            f"{name} lacks {count(len(listed))} of {count(int((fold_of != NEVER).sum()))} rows of repeat "
            f"{repeat.number}, first id {first_few(listed)}.",
            f"Predict them too. {SPLIT}",
        )
    return [Placed(repeat, number, line_of[part.test]) for number, part in enumerate(repeat.parts)]


def _refuse_untested(ids: pa.Array, lines: npt.NDArray[np.int64], repeat: int, name: str) -> None:
    if len(lines):
        raise DataError(
            "Predictions are for test rows.",
            f"{name} has {_lines(len(lines))} for rows that are never tested in repeat {repeat}, first id "
            f"{first_few(_values(ids, lines))}.",
            f"Drop them. {SPLIT}",
        )


def _refuse_other_folds(
    ids: pa.Array,
    lines: npt.NDArray[np.int64],
    folds: npt.NDArray[np.int64],
    given: npt.NDArray[np.int64],
    repeat: int,
    name: str,
) -> None:
    wrong = given[lines] != folds
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        raise DataError(
            "Each row is predicted in the fold that tests it, by a model that was not trained on it.",
            f"{name} has {_lines(int(wrong.sum()))} of repeat {repeat} in another fold, first id "
            f"{_values(ids, lines[first : first + 1])[0]!r}: fold {int(given[lines][first])} instead of "
            f"{int(folds[first])}.",
            f"Train again on the folds of this problem. {SPLIT}",
        )


def _values(ids: pa.Array, lines: npt.NDArray[np.int64]) -> list[Any]:
    values: list[Any] = ids.take(pa.array(lines)).to_pylist()
    return values


def _lines(number: int) -> str:
    return "1 line" if number == 1 else f"{count(number)} lines"
