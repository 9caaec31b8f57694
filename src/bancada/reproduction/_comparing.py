"""Two sets of predictions, held against each other value by value."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bancada.reproduction._documents import Difference

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

__all__ = ["Compared", "same_number"]

KEYS = frozenset({"id", "repeat", "fold"})
# Two sums of the same numbers in another order; scores of equal predictions differ by no more.
SUMMATION = 1e-9


@dataclass
class Compared:
    """What was found so far, fold by fold.

    Args:
        tolerances: How far a number may lie from the recorded one, by column; all else must be equal.
    """

    tolerances: Mapping[str, float]
    predictions: int = 0
    differing: int = 0
    beyond: int = 0
    largest: float | None = None
    first_difference: Difference | None = None
    largest_difference: Difference | None = None
    whole: list[Difference] = field(default_factory=list)

    def add(self, repeat: int, fold: int, recorded: pa.Table, found: pa.Table) -> None:
        """Compare the predictions of one fold; rows are told apart by their ids.

        Args:
            repeat: Number of the repeat.
            fold: Number of the fold.
            recorded: What the run had; rows may have been forgotten since.
            found: What came out now.
        """
        self.predictions += recorded.num_rows
        aligned = _aligned(recorded, found)
        if aligned is None:
            self.failed(repeat, fold, f"{recorded.num_rows} rows", f"{found.num_rows} rows of other ids")
            self.differing += recorded.num_rows
            self.beyond += recorded.num_rows
            return
        unlike = np.zeros(recorded.num_rows, dtype=np.bool_)
        beyond = unlike.copy()
        for name in recorded.column_names:
            if name in KEYS:
                continue
            if name not in aligned.column_names or aligned.column(name).type != recorded.column(name).type:
                there = aligned.column(name).type if name in aligned.column_names else "no such column"
                self._whole_column(repeat, fold, name, str(recorded.column(name).type), str(there))
                unlike[:], beyond[:] = True, True
                continue
            differs, too_far = self._column(repeat, fold, name, recorded, aligned)
            unlike |= differs
            beyond |= too_far
        for name in [name for name in aligned.column_names if name not in recorded.column_names]:
            self._whole_column(repeat, fold, name, "no such column", str(aligned.column(name).type))
            unlike[:], beyond[:] = True, True
        self.differing += int(unlike.sum())
        self.beyond += int(beyond.sum())

    def failed(self, repeat: int, fold: int, recorded: Any, reason: str) -> None:
        """Note a fold that could not be compared."""
        self._note(Difference(repeat=repeat, fold=fold, recorded=recorded, found=reason))

    @property
    def diverged(self) -> bool:
        """True where something lies beyond its tolerance."""
        return bool(self.beyond or self.whole)

    def _whole_column(self, repeat: int, fold: int, name: str, recorded: str, found: str) -> None:
        self._note(Difference(repeat=repeat, fold=fold, column=name, recorded=recorded, found=found))

    def _note(self, difference: Difference) -> None:
        self.whole.append(difference)
        self.first_difference = self.first_difference or difference

    def _column(
        self, repeat: int, fold: int, name: str, recorded: pa.Table, found: pa.Table
    ) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Return which rows of a column differ, and which beyond the tolerance."""
        one, other = recorded.column(name), found.column(name)
        distance = _distances(one, other)
        differs = distance > 0
        if not differs.any():
            self.largest = self.largest if self.largest is not None or not _is_number(one.type) else 0.0
            return differs, differs
        first, largest = int(np.argmax(differs)), int(np.argmax(distance))
        earliest = self.first_difference is None or (
            (self.first_difference.repeat, self.first_difference.fold) == (repeat, fold)
            and self.first_difference.id is not None
            and first < _position(recorded, self.first_difference.id)
        )
        if earliest:
            self.first_difference = _difference(repeat, fold, name, recorded, found, first)
        if _is_number(one.type):
            if self.largest is None or self.largest_difference is None or distance[largest] > self.largest:
                self.largest = float(distance[largest])
                self.largest_difference = _difference(repeat, fold, name, recorded, found, largest)
            return differs, distance > self.tolerances.get(name, 0.0)
        if self.largest_difference is None:
            self.largest_difference = _difference(repeat, fold, name, recorded, found, first)
        return differs, differs


def same_number(one: float | None, other: float | None) -> bool:
    """Tell whether two scores of equal predictions are the same, whatever the order in which they were summed."""
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=SUMMATION, abs_tol=SUMMATION) or (math.isnan(one) and math.isnan(other))


def _aligned(recorded: pa.Table, found: pa.Table) -> pa.Table | None:
    """Return the rows of `found` in the order of `recorded`; None where a row is not there."""
    if recorded.column("id").equals(found.column("id")):
        return found
    places = {value: number for number, value in enumerate(found.column("id").to_pylist())}
    wanted = [places.get(value) for value in recorded.column("id").to_pylist()]
    return None if None in wanted else found.take(pa.array(wanted, type=pa.int64()))


def _distances(one: pa.ChunkedArray, other: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    """Return how far values lie apart, (n_rows,): 0 where they are equal to the bit, else 1 for what is no number."""
    if _is_number(one.type):
        a, b = (np.asarray(column.to_numpy(), dtype=np.float64) for column in (one, other))
        same = a.view(np.int64) == b.view(np.int64)
        with np.errstate(invalid="ignore"):
            apart = np.abs(a - b)
        # −0.0 and 0.0 are told apart by their bits alone, and NaN by nothing else.
        apart[~np.isfinite(apart)] = np.inf
        smallest = np.nextafter(0.0, 1.0)
        return np.where(same, 0.0, np.maximum(apart, smallest))
    values, others = one.to_pylist(), other.to_pylist()
    return np.array([float(a != b) for a, b in zip(values, others, strict=True)], dtype=np.float64)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_floating(kind) or (pa.types.is_integer(kind) and kind.bit_width < 64))


def _position(table: pa.Table, identity: Any) -> int:
    return [_plain(value) for value in table.column("id").to_pylist()].index(identity)


def _difference(repeat: int, fold: int, name: str, recorded: pa.Table, found: pa.Table, row: int) -> Difference:
    return Difference(
        repeat=repeat,
        fold=fold,
        id=_plain(recorded.column("id")[row].as_py()),
        column=name,
        recorded=_plain(recorded.column(name)[row].as_py()),
        found=_plain(found.column(name)[row].as_py()),
    )


def _plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
