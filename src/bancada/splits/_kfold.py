"""Each row is tested once in each repeat."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold, StratifiedKFold
from sklearn.model_selection import KFold as PlainKFold
from sklearn.utils import check_random_state

from bancada.exceptions import DataError
from bancada.splits._holdout import seal
from bancada.splits._laws import (
    check_count,
    check_holdout,
    check_repeat,
    check_seed,
    check_stratify,
    lawful,
    parts,
)
from bancada.splits._rows import count, groups, refuse_rare, strata

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from bancada.contracts import Split
    from bancada.samples import FoldPart, SplitRows

__all__ = ["KFold"]


@dataclass(frozen=True)
class KFold:
    """K folds, drawn anew in each repeat.

    Without groups the folds are those of scikit-learn's `RepeatedKFold` or `RepeatedStratifiedKFold` with
    `random_state=seed` over rows in id order; the first repeat is that of `KFold` or `StratifiedKFold` with
    `shuffle=True`. With groups, which come from the problem, they are those of `GroupKFold` or `StratifiedGroupKFold`
    with `shuffle=True`, where one generator serves the repeats in turn. Repeats are nested: repeat r is the same
    however many are asked for, so their count is no part of the identity.

    Args:
        k: Folds in each repeat, at least 2.
        repeats: How many times the folds are drawn anew.
        stratify: True spreads the classes of the target evenly, a name those of a column, False nothing; None is True
            where the task has classes.
        seed: Seed of the draw and of the holdout.
        holdout: Expected share of rows (groups, where there are any) that are sealed. Membership is decided by a hash
            of the group's or row's own id, so a row once sealed stays sealed, and the classes are not balanced by it.

    Raises:
        DefinitionError: If a setting is out of its range.

    Examples:
        >>> KFold(5, repeats=3, seed=7).identity()
        {'design': 'kfold', 'k': 5, 'stratify': None, 'seed': 7, 'holdout': 0.0, 'kind': 'random'}
    """

    k: int = 5
    repeats: int = 1
    stratify: bool | str | None = None
    seed: int = 0
    holdout: float = 0

    def __post_init__(self) -> None:
        """Check the settings."""
        check_count("k", self.k, 2)
        check_count("repeats", self.repeats, 1)
        check_stratify(self.stratify)
        check_seed(self.seed)
        check_holdout(self.holdout)

    @property
    def columns(self) -> tuple[str, ...]:
        """The column that is stratified by, where it is not the target."""
        return (self.stratify,) if isinstance(self.stratify, str) else ()

    @property
    def kind(self) -> str:
        """`random`: the folds are drawn by chance."""
        return "random"

    def resolve(self, *, has_classes: bool, has_groups: bool) -> KFold:  # noqa: ARG002 - the contract's signature
        """Return this design with `stratify` written out."""
        return self if self.stratify is not None else replace(self, stratify=has_classes)

    def identity(self) -> Mapping[str, Any]:
        """Return the design as canonical JSON, the count of repeats left out."""
        return {
            "design": "kfold",
            "k": int(self.k),
            "stratify": self.stratify,
            "seed": int(self.seed),
            "holdout": float(self.holdout),
            "kind": self.kind,
        }

    def sealed(self, rows: SplitRows) -> npt.NDArray[np.bool_]:
        """Return True for rows of the sealed holdout, (n_rows,).

        Raises:
            DataError: If a group is missing, or if all rows or none would be sealed.
        """
        return seal(rows, self.holdout, self.seed)

    def folds(self, rows: SplitRows, repeat: int) -> tuple[FoldPart, ...]:
        """Return the folds of one repeat, counted from 0.

        Raises:
            DataError: If there are too few rows, groups or rows of a class for k folds, or a group is missing.
            NotFoundError: If the column to stratify by does not exist.
            DefinitionError: If the repeat is negative.
        """
        check_repeat(repeat, None)
        n_rows, owners, classes = count(rows), groups(rows), strata(rows, self.stratify)
        units, unit = (n_rows, "rows") if owners is None else (len(np.unique(owners)), "groups")
        if units < self.k:
            raise DataError(
                f"A split into `k` folds needs at least that many {unit}.",
                f"There are {units} {unit} for `k={self.k!r}`.",
                f"Use a smaller `k`, or bring more {unit}.",
            )
        if classes is not None:
            refuse_rare(classes, self.k, rows, self.stratify)
        return lawful(parts(self._tests(n_rows, owners, classes, repeat), n_rows), n_rows, owners)

    def _tests(
        self,
        n_rows: int,
        owners: npt.NDArray[np.int64] | None,
        classes: npt.NDArray[np.int64] | None,
        repeat: int,
    ) -> list[npt.NDArray[np.int64]]:
        """Return the test rows of each fold of one repeat, after the generator served the repeats before it."""
        design = {
            (False, False): PlainKFold,
            (False, True): StratifiedKFold,
            (True, False): GroupKFold,
            (True, True): StratifiedGroupKFold,
        }[owners is not None, classes is not None]
        n_groups = 0 if owners is None else len(np.unique(owners))
        generator = check_random_state(int(self.seed))
        splitter = design(n_splits=int(self.k), shuffle=True, random_state=generator)
        table = np.zeros((n_rows, 1))
        for _ in range(repeat):
            if design is StratifiedGroupKFold:
                # It draws one shuffle of the groups; the search for good folds after it draws nothing and is slow.
                generator.shuffle(np.arange(n_groups))
            else:
                next(splitter.split(table, classes, owners))
        return [np.asarray(test, dtype=np.int64) for _, test in splitter.split(table, classes, owners)]


if TYPE_CHECKING:
    _: Split = KFold()
