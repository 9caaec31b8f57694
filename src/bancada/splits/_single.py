"""One draw of test rows, and of validation rows where they are wanted."""

from __future__ import annotations

import math
from dataclasses import KW_ONLY, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.model_selection import GroupShuffleSplit, ShuffleSplit, StratifiedShuffleSplit

from bancada.exceptions import DataError, DefinitionError
from bancada.samples import FoldPart
from bancada.splits._holdout import seal
from bancada.splits._laws import check_holdout, check_repeat, check_seed, check_share, check_stratify, lawful
from bancada.splits._rows import count, groups, refuse_rare, strata

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from bancada.contracts import Split
    from bancada.samples import SplitRows

__all__ = ["Single"]


@dataclass(frozen=True)
class Single:
    """One split into training, test and, where asked for, validation rows.

    Without groups the test rows are those of scikit-learn's `train_test_split` with `test_size=test` and
    `random_state=seed` over rows in id order, stratified or not. With groups the shares count groups, as in
    `GroupShuffleSplit`, and nothing is stratified. Validation rows are drawn the same way out of what is left; asking
    for them moves no test row.

    Args:
        test: Share of rows to test on.
        valid: Share of all rows that the model may validate on; None for none.
        stratify: True spreads the classes of the target evenly, a name those of a column, False nothing; None is True
            where the task has classes and there are no groups.
        seed: Seed of the draw and of the holdout.
        holdout: Expected share of rows (groups, where there are any) that are sealed, as in `KFold`; `test` and `valid`
            are shares of the others.

    Raises:
        DefinitionError: If a setting is out of its range.

    Examples:
        >>> Single(0.25, seed=7).identity()
        {'design': 'single', 'test': 0.25, 'valid': None, 'stratify': None, 'seed': 7, 'holdout': 0.0, 'kind': 'single'}
    """

    test: float = 0.2
    valid: float | None = None
    _: KW_ONLY
    stratify: bool | str | None = None
    seed: int = 0
    holdout: float = 0

    def __post_init__(self) -> None:
        """Check the settings."""
        check_share("test", self.test)
        if self.valid is not None:
            check_share("valid", self.valid)
            if self.test + self.valid >= 1:
                raise DefinitionError(
                    "`test` and `valid` together must leave a share to train on.",
                    f"They are {self.test!r} and {self.valid!r}.",
                    "Say `Single(test=0.2, valid=0.2)`.",
                )
        check_stratify(self.stratify)
        check_seed(self.seed)
        check_holdout(self.holdout)

    @property
    def repeats(self) -> int:
        """One: there is one draw."""
        return 1

    @property
    def columns(self) -> tuple[str, ...]:
        """The column that is stratified by, where it is not the target."""
        return (self.stratify,) if isinstance(self.stratify, str) else ()

    @property
    def kind(self) -> str:
        """`single`: there is one fold."""
        return "single"

    def resolve(self, *, has_classes: bool, has_groups: bool) -> Single:
        """Return this design with `stratify` written out."""
        return self if self.stratify is not None else replace(self, stratify=has_classes and not has_groups)

    def identity(self) -> Mapping[str, Any]:
        """Return the design as canonical JSON."""
        return {
            "design": "single",
            "test": float(self.test),
            "valid": None if self.valid is None else float(self.valid),
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
        """Return the one fold.

        Raises:
            DataError: If there are too few rows, groups or rows of a class, or groups shall be stratified.
            NotFoundError: If the column to stratify by does not exist.
            DefinitionError: If the repeat is not 0.
        """
        check_repeat(repeat, 1)
        n_rows, owners = count(rows), groups(rows)
        if owners is not None and self.stratify not in {None, False}:
            raise DataError(
                "`Single` draws whole groups where the problem has them, and cannot stratify at the same time.",
                f"The problem has groups and `stratify={self.stratify!r}`.",
                "Say `stratify=False`, or use `KFold`, which does both.",
            )
        classes = None if owners is not None else strata(rows, self.stratify)
        if classes is not None:
            refuse_rare(classes, 2 if self.valid is None else 3, rows, self.stratify)
        units = n_rows if owners is None else len(np.unique(owners))
        train, test = self._draw(np.arange(n_rows), math.ceil(self.test * units), classes, owners)
        valid = None
        if self.valid is not None:
            train, valid = self._draw(train, math.ceil(self.valid * units), classes, owners)
        return lawful([FoldPart(train=train, test=test, valid=valid)], n_rows, owners)

    def _draw(
        self,
        pool: npt.NDArray[np.int64],
        n_drawn: int,
        classes: npt.NDArray[np.int64] | None,
        owners: npt.NDArray[np.int64] | None,
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the pool's rows that stay and those that are drawn, ascending; `n_drawn` counts rows or groups."""
        design = ShuffleSplit if owners is None and classes is None else GroupShuffleSplit
        design = StratifiedShuffleSplit if classes is not None else design
        splitter = design(n_splits=1, test_size=n_drawn, random_state=int(self.seed))
        strata_of = None if classes is None else classes[pool]
        owners_of = None if owners is None else owners[pool]
        try:
            stay, drawn = next(splitter.split(np.zeros((len(pool), 1)), strata_of, owners_of))
        except ValueError as error:
            raise DataError(
                "Each part of a split must have rows, and each class where it is stratified.",
                f"Of {len(pool)} rows {n_drawn} {'rows' if owners is None else 'groups'} cannot be drawn ({error}).",
                "Use other shares, bring more rows or groups, or say `stratify=False`.",
            ) from error
        return np.sort(pool[stay]), np.sort(pool[drawn])


if TYPE_CHECKING:
    _split: Split = Single()
