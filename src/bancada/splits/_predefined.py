"""Folds that a column of the dataset prescribes."""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bancada.exceptions import DataError, DefinitionError, nearest
from bancada.samples import FoldPart
from bancada.splits._laws import check_repeat, lawful, parts
from bancada.splits._rows import column, count, groups

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from bancada.contracts import Split
    from bancada.samples import SplitRows

__all__ = ["Predefined"]

_KINDS = ("random", "site", "time")
_Value = str | int | float | bool | dt.date | dt.datetime


@dataclass(frozen=True)
class Predefined:
    """Folds that a column prescribes.

    With `kind` each value of the column is the test part of one fold, in ascending order of the values, and all other
    rows train; `kind` says what the values are, which fixes the statistical procedure, so it has no default. With
    `test` there is one split: rows with that value test, rows with the value `valid` validate, all others train.

    Args:
        column: Name of the column.
        kind: `random` for folds that chance made, `site` for places, cohorts or the like, `time` for periods.
        test: The value whose rows are tested.
        valid: The value whose rows the model may validate on.

    Raises:
        DefinitionError: If not exactly one of `kind` and `test` is given, or one of them is none of its values.

    Examples:
        >>> Predefined("hospital", kind="site").identity()
        {'design': 'predefined', 'column': 'hospital', 'kind': 'site'}
        >>> Predefined("part", test="test", valid="valid").kind
        'single'
    """

    column: str
    kind: str = ""
    test: _Value | None = None
    valid: _Value | None = None

    def __post_init__(self) -> None:
        """Check the settings, and let `kind` say what one split is."""
        column: object = self.column
        if not isinstance(column, str) or not column:
            raise DefinitionError(
                "`column` must be the name of a column.",
                f"It is {self.column!r}.",
                "Say `Predefined('fold', kind='random')`.",
            )
        if self.test is None:
            self._check_kind()
        else:
            self._check_values()
            object.__setattr__(self, "kind", "single")

    def _check_kind(self) -> None:
        if self.valid is not None:
            raise DefinitionError(
                "`valid` belongs to one split, so `test` must be given with it.",
                f"`valid={self.valid!r}` stands alone.",
                "Say which value is tested, as in `test='test'`.",
            )
        if self.kind not in _KINDS:
            raise DefinitionError(
                "`kind` must say what the folds are, for it decides the procedure: `random`, `site` or `time`.",
                f"It is {self.kind!r}." if self.kind else "It is not given, and neither is `test`.",
                "Say `'random'` where chance made them, `'site'` for places or cohorts, `'time'` for periods.",
            )

    def _check_values(self) -> None:
        if self.kind not in {"", "single"}:
            raise DefinitionError(
                "Either `kind` makes each value a fold, or `test` names one split.",
                f"Both are given: `kind={self.kind!r}` and `test={self.test!r}`.",
                "Drop one of them.",
            )
        for name, value in (("test", self.test), ("valid", self.valid)):
            if value is not None and not isinstance(value, _Value):
                raise DefinitionError(
                    f"`{name}` must be a value of the column: a text, number, bool or date.",
                    f"It is {value!r}.",
                    f"Say `{name}='{name}'`.",
                )
        if self.valid is not None and self.test == self.valid:
            raise DefinitionError(
                "`test` and `valid` must be two values.",
                f"Both are {self.test!r}.",
                "Choose another value for `valid`.",
            )

    @property
    def repeats(self) -> int:
        """One: what is prescribed is not drawn anew."""
        return 1

    @property
    def columns(self) -> tuple[str, ...]:
        """The prescribing column."""
        return (self.column,)

    def resolve(self, *, has_classes: bool, has_groups: bool) -> Predefined:  # noqa: ARG002 - the contract's signature
        """Return this design: nothing of it depends on the problem."""
        return self

    def identity(self) -> Mapping[str, Any]:
        """Return the design as canonical JSON."""
        design = {"design": "predefined", "column": self.column, "kind": self.kind}
        if self.test is None:
            return design
        return design | {"test": _plain(self.test), "valid": _plain(self.valid)}

    def sealed(self, rows: SplitRows) -> npt.NDArray[np.bool_]:
        """Return False for all rows, (n_rows,): a prescribed split has no holdout."""
        return np.zeros(count(rows), dtype=np.bool_)

    def folds(self, rows: SplitRows, repeat: int) -> tuple[FoldPart, ...]:
        """Return a fold for each value, or the one that `test` and `valid` name.

        Raises:
            DataError: If the column has null, NaN, lists or one value, lacks a named value, or a group stands on both
                sides.
            NotFoundError: If there is no such column.
            DefinitionError: If the repeat is not 0.
        """
        check_repeat(repeat, 1)
        values = column(rows, self.column)
        self._check_column(values)
        owners = groups(rows)
        if self.test is not None:
            return lawful([self._one(values)], count(rows), owners)
        codes = pc.rank(values, tiebreaker="dense").to_numpy(zero_copy_only=False)
        n_values = int(codes.max(initial=0))
        if n_values < 2:
            raise DataError(
                "The column of a prescribed split must have at least two values.",
                f"`{self.column}` has {n_values}.",
                "Name a column with one value for each fold.",
            )
        tests = (np.flatnonzero(codes == code) for code in range(1, n_values + 1))
        return lawful(parts(tests, count(rows)), count(rows), owners)

    def _check_column(self, values: Any) -> None:
        if pa.types.is_nested(values.type):
            raise DataError(
                "The column of a prescribed split must have one plain value in each row.",
                f"`{self.column}` is of type `{values.type}`.",
                "Name a column of texts, numbers, bools or dates.",
            )
        missing = int(pc.sum(pc.is_null(values, nan_is_null=True)).as_py() or 0)
        if missing:
            raise DataError(
                "The column of a prescribed split must have a value in each row.",
                f"`{self.column}` is null or NaN in {missing} rows.",
                "Fill it, or drop these rows.",
            )

    def _one(self, values: Any) -> FoldPart:
        """Return the fold that tests one value."""
        test = self._rows_of(values, self.test)
        valid = None if self.valid is None else self._rows_of(values, self.valid)
        train = ~test if valid is None else ~(test | valid)
        return FoldPart(
            train=np.flatnonzero(train),
            test=np.flatnonzero(test),
            valid=None if valid is None else np.flatnonzero(valid),
        )

    def _rows_of(self, values: Any, value: _Value | None) -> npt.NDArray[np.bool_]:
        """Return True where the column has the value, (n_rows,)."""
        mask = np.zeros(len(values), dtype=np.bool_)
        # Arrow turns numbers to truth values and back, so that any number but 0 would be true.
        if isinstance(value, bool) is bool(pa.types.is_boolean(values.type)):
            with contextlib.suppress(pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
                wanted = pa.scalar(value).cast(values.type)
                mask = np.asarray(pc.equal(values, wanted).to_numpy(zero_copy_only=False), dtype=np.bool_)
        if not mask.any():
            known = [str(item) for item in pc.unique(values).to_pylist()]
            raise DataError(
                f"The values that a prescribed split names must occur in its column `{self.column}`.",
                f"There is no {value!r} in it.",
                nearest(str(value), known),
            )
        return mask


def _plain(value: _Value | None) -> Any:
    """Return a value as JSON has it."""
    return value.isoformat() if isinstance(value, dt.date) else value


if TYPE_CHECKING:
    _: Split = Predefined("fold", kind="random")
