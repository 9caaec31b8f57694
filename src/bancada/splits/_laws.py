"""The laws that the folds of every split obey, and the rules of its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.exceptions import DataError, DefinitionError
from bancada.samples import FoldPart

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

__all__ = [
    "MAX_SEED",
    "check_count",
    "check_holdout",
    "check_repeat",
    "check_seed",
    "check_share",
    "check_stratify",
    "lawful",
    "parts",
]

MAX_SEED = 2**32 - 1


def parts(tests: Iterable[npt.NDArray[Any]], n_rows: int) -> tuple[FoldPart, ...]:
    """Return folds that train on all that they do not test.

    Args:
        tests: Positions of each fold's test rows, (n_test,).
        n_rows: Count of rows.
    """
    folds = []
    for test in tests:
        mask = np.zeros(n_rows, dtype=np.bool_)
        mask[np.asarray(test, dtype=np.int64)] = True
        folds.append(FoldPart(train=np.flatnonzero(~mask), test=np.flatnonzero(mask)))
    return tuple(folds)


def lawful(folds: Sequence[FoldPart], n_rows: int, groups: npt.NDArray[np.int64] | None) -> tuple[FoldPart, ...]:
    """Return the folds of one repeat if they obey the laws of `contracts.Split`.

    Args:
        folds: The folds.
        n_rows: Count of rows.
        groups: Code of each row's group, (n_rows,); None without groups.

    Raises:
        DataError: If a part is empty, parts of a fold share rows or groups, or a row is tested twice.
    """
    tested = np.zeros(n_rows, dtype=np.int64)
    for number, fold in enumerate(folds):
        sides = [side for side in (fold.train, fold.test, fold.valid) if side is not None]
        if any(len(side) == 0 for side in sides):
            raise DataError(
                "Each part of a fold must have rows.",
                f"Fold {number} has {len(fold.train)} rows to train on and {len(fold.test)} to test on.",
                "Use fewer folds or other shares, or bring more rows or groups.",
            )
        if len(np.unique(np.concatenate(sides))) < sum(map(len, sides)):
            raise DataError(
                "The parts of a fold must not share rows.",
                f"In fold {number} a row is both trained on and tested.",
                "Correct the splitter.",
            )
        if groups is not None:
            _refuse_straddling(sides, groups, number)
        tested[fold.test] += 1
    if not folds or tested.max(initial=0) > 1:
        raise DataError(
            "In one repeat there must be folds, and a row must be tested at most once.",
            f"The split gives {len(folds)} folds, and a row is tested {tested.max(initial=0)} times.",
            "Use a splitter whose test parts do not overlap.",
        )
    return tuple(folds)


def _refuse_straddling(sides: Sequence[npt.NDArray[np.int64]], groups: npt.NDArray[np.int64], number: int) -> None:
    """Raise `DataError` if a group stands in two parts of a fold."""
    owned = [np.unique(groups[side]) for side in sides]
    distinct, times = np.unique(np.concatenate(owned), return_counts=True)
    shared = int((times > 1).sum())
    if shared:
        first = int(np.argmax(groups == distinct[times > 1][0]))
        raise DataError(
            "Rows of one group must never stand on both sides of a fold.",
            f"In fold {number} {shared} groups do, the first is the group of row {first} in id order.",
            "Use a split that keeps groups together, such as `KFold`, or drop `groups=` from the problem.",
        )


def check_count(name: str, value: object, least: int) -> None:
    """Raise `DefinitionError` unless `value` is a whole number of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise DefinitionError(
            f"`{name}` must be a whole number of at least {least}.",
            f"It is {value!r}.",
            f"Say `{name}={max(least, 5)}`.",
        )


def check_seed(value: object) -> None:
    """Raise `DefinitionError` unless `value` can seed NumPy's legacy generator, which scikit-learn draws from."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not 0 <= value <= MAX_SEED:
        raise DefinitionError(
            f"`seed` must be a whole number from 0 to {MAX_SEED}.", f"It is {value!r}.", "Say `seed=0`."
        )


def check_share(name: str, value: object) -> None:
    """Raise `DefinitionError` unless `value` lies strictly between 0 and 1."""
    if isinstance(value, bool) or not isinstance(value, float | int | np.number) or not 0 < value < 1:
        raise DefinitionError(
            f"`{name}` must be a share strictly between 0 and 1.", f"It is {value!r}.", f"Say `{name}=0.2`."
        )


def check_holdout(value: object) -> None:
    """Raise `DefinitionError` unless `value` is 0 or a share."""
    if isinstance(value, bool) or not isinstance(value, float | int | np.number) or not 0 <= value < 1:
        raise DefinitionError(
            "`holdout` must be a share of the rows, at least 0 and below 1.",
            f"It is {value!r}.",
            "Say `holdout=0.2`, or `holdout=0` for none.",
        )


def check_stratify(value: object) -> None:
    """Raise `DefinitionError` unless `value` is None, a bool or a column's name."""
    if value is not None and not isinstance(value, bool | str):
        raise DefinitionError(
            "`stratify` must be True for the target, the name of a column, False, or None for the task's habit.",
            f"It is {value!r}.",
            "Say `stratify=True`.",
        )


def check_repeat(repeat: int, repeats: int | None) -> None:
    """Raise `DefinitionError` unless the repeat exists; without `repeats` any number from 0 does."""
    if repeat < 0 or (repeats is not None and repeat >= repeats):
        known = "They are counted from 0." if repeats is None else f"It has {repeats}, counted from 0."
        raise DefinitionError("A repeat must be one that the split can draw.", f"It is {repeat!r}.", known)
