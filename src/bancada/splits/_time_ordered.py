"""Train on the past, test on what came next."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.exceptions import DataError
from bancada.samples import FoldPart
from bancada.splits._laws import check_count, check_repeat, lawful
from bancada.splits._rows import count
from bancada.splits._sealed_times import check_time, seal_from, spelt_time
from bancada.splits._spans import Span, check_span, duration_ns, duration_ticks, spelt
from bancada.splits._times import Times, read_times

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt

    from bancada.contracts import Split
    from bancada.samples import SplitRows
    from bancada.splits._sealed_times import Time

__all__ = ["TimeOrdered"]


@dataclass(frozen=True)
class TimeOrdered:
    """K test blocks one after the other at the end of the data, each with the past before it to train on.

    Rows are ordered by the column that the problem names as `time`; rows of one time stamp always stand together. The
    blocks are disjoint and adjoin; the last one ends with the last time. Each fold is one origin of a back-test.

    A stretch of time is written in one of two ways. A **whole number** counts distinct times, as scikit-learn's
    `TimeSeriesSplit` counts rows: where no two rows share a time, the folds are those of
    `TimeSeriesSplit(n_splits=k, test_size=test, gap=gap, max_train_size=window)`. In a panel of several series it
    counts steps, not rows, so `test` is the horizon `h` of mlforecast and the `fh` of sktime. A **duration** (`"28D"`,
    `"4W"`, `"12h"`, `"30min"`, `"10s"` or a `timedelta`) counts time itself, whatever rows there are: the last block is
    (last time − `test`, last time], the one before it ends where it begins.

    Where the problem has `groups`, a group is a *series* that goes on: it is trained on before the cut-off and tested
    after it, so here alone a group stands on both sides of a fold. What separates the sides is time.

    Args:
        k: Folds, at least 1; a verdict needs 5.
        test: Length of each test block: distinct times, a duration, or a share of all distinct times; by default the
            times are divided into k + 1 equal stretches, as scikit-learn does.
        gap: Left out between training and test: so many distinct times before the first that is tested, or all rows
            that are not more than this duration older than it.
        window: Training stretch that rolls along, in distinct times or as a duration; None trains on the whole past.
        holdout: A time: rows at or after it are sealed, in this version of the data and every later one. A text in ISO
            8601, a date or a moment; without an offset it is in UTC, as are times without a zone. For times that are
            numbers, a number. None seals nothing.

    Raises:
        DefinitionError: If a setting is out of its range.

    Examples:
        >>> TimeOrdered(5, test="4W", gap=1, holdout="2024-01-01").identity()["test"]
        '28D'
    """

    k: int = 5
    _: KW_ONLY
    test: Span | None = None
    gap: Span = 0
    window: Span | None = None
    holdout: Time | None = None

    def __post_init__(self) -> None:
        """Check the settings."""
        check_count("k", self.k, 1)
        if self.test is not None:
            check_span("test", self.test, least=1, share=True)
        check_span("gap", self.gap, least=0)
        if self.window is not None:
            check_span("window", self.window, least=1)
        if self.holdout is not None:
            check_time(self.holdout)

    @property
    def repeats(self) -> int:
        """One: time passes once."""
        return 1

    @property
    def columns(self) -> tuple[str, ...]:
        """None: the time comes from the problem."""
        return ()

    @property
    def kind(self) -> str:
        """`time`: the folds are periods."""
        return "time"

    def resolve(self, *, has_classes: bool, has_groups: bool) -> TimeOrdered:  # noqa: ARG002 - the contract's signature
        """Return this design: nothing of it depends on the problem."""
        return self

    def identity(self) -> Mapping[str, Any]:
        """Return the design as canonical JSON; durations and times of equal meaning are spelt alike."""
        return {
            "design": "time-ordered",
            "k": int(self.k),
            "test": _spelt("test", self.test),
            "gap": _spelt("gap", self.gap),
            "window": _spelt("window", self.window),
            "holdout": None if self.holdout is None else spelt_time(self.holdout),
            "kind": self.kind,
        }

    def sealed(self, rows: SplitRows) -> npt.NDArray[np.bool_]:
        """Return True for rows at or after `holdout`, (n_rows,).

        Raises:
            DefinitionError: If the problem names no time, or `holdout` is no time of its kind, such as a share.
            DataError: If a time is missing, or all rows or none would be sealed.
        """
        if self.holdout is None:
            return np.zeros(count(rows), dtype=np.bool_)
        return seal_from(self.holdout, read_times(rows))

    def folds(self, rows: SplitRows, repeat: int) -> tuple[FoldPart, ...]:
        """Return the folds in order of time.

        Raises:
            DefinitionError: If the problem names no time, or the repeat is not 0.
            DataError: If a time is missing, or the times do not reach for these folds.
        """
        check_repeat(repeat, 1)
        times = read_times(rows)
        distinct, codes = np.unique(times.values, return_inverse=True)
        parts = []
        for number, (start, stop) in enumerate(self._blocks(distinct, times)):
            first, end = self._past(distinct, start, times)
            if start >= stop or first >= end:
                self._refuse(number, distinct, times, tested=stop - start)
            train, test = (codes >= first) & (codes < end), (codes >= start) & (codes < stop)
            parts.append(FoldPart(train=np.flatnonzero(train), test=np.flatnonzero(test)))
        return lawful(parts, len(codes), None)

    def _blocks(self, distinct: npt.NDArray[Any], times: Times) -> Iterator[tuple[int, int]]:
        """Yield the first tested time of each fold and the first after them, as positions among the distinct times."""
        if isinstance(self.test, str | dt.timedelta):
            ticks = duration_ticks("test", self.test, times)
            ends = [int(distinct[-1]) - number * ticks for number in reversed(range(self.k))]
            for end in ends:
                start, stop = np.searchsorted(distinct, [end - ticks, end], side="right")
                yield int(start), int(stop)
            return
        size = self._size(len(distinct))
        for number in reversed(range(self.k)):
            stop = len(distinct) - number * size
            yield stop - size, stop

    def _size(self, n_times: int) -> int:
        """Return how many distinct times a block has."""
        if self.test is None:
            return n_times // (self.k + 1)
        if isinstance(self.test, int | np.integer):
            return int(self.test)
        # Rounded, so that a tenth of 70 is 7, not what floats make of it.
        return math.ceil(round(float(self.test) * n_times, 9))  # type: ignore[arg-type] # durations went elsewhere

    def _past(self, distinct: npt.NDArray[Any], start: int, times: Times) -> tuple[int, int]:
        """Return the first training time and the first after them, as positions; equal where there is none."""
        if not 0 < start < len(distinct):
            return 0, 0
        if isinstance(self.gap, str | dt.timedelta):
            edge = distinct[start] - duration_ticks("gap", self.gap, times)
            end = int(np.searchsorted(distinct, edge, side="left"))
        else:
            end = max(0, start - int(self.gap))
            edge = distinct[end]
        if self.window is None:
            return 0, end
        if isinstance(self.window, str | dt.timedelta):
            edge = edge - duration_ticks("window", self.window, times)
            return int(np.searchsorted(distinct, edge, side="left")), end
        return max(0, end - int(self.window)), end

    def _refuse(self, number: int, distinct: npt.NDArray[Any], times: Times, tested: int) -> None:
        lacking = "to train on" if tested > 0 else "to test"
        settings = {"test": self.test, "gap": self.gap or None, "window": self.window}
        said = "".join(f", {name}={value!r}" for name, value in settings.items() if value is not None)
        span = f"from {times.shown(distinct[0])} to {times.shown(distinct[-1])}"
        raise DataError(
            "Each fold of a time-ordered split must have times to test and earlier ones to train on.",
            f"`{times.name}` has {len(distinct):,} distinct times {span}; with `k={self.k!r}{said}` fold {number} "
            f"has none {lacking}.",
            "Use fewer folds, a shorter `test` or `gap`, a longer `window`, or bring a longer history.",
        )


def _spelt(name: str, value: Span | None) -> int | float | str | None:
    """Return a setting as JSON has it."""
    if isinstance(value, str | dt.timedelta):
        return spelt(duration_ns(name, value))
    if value is None:
        return None
    return int(value) if isinstance(value, int | np.integer) else float(value)


if TYPE_CHECKING:
    _split: Split = TimeOrdered()
