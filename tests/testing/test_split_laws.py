"""Every split of bancada keeps every law, and each law catches a split that breaks it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from unittest import SkipTest

import numpy as np
import pyarrow as pa
import pytest
from tests.testing.own_blocks import SPLITS, every_check

from bancada import splits
from bancada.exceptions import LawBroken, NotFoundError, UsageError
from bancada.samples import FoldPart, SplitRows
from bancada.testing import RoundRobin, split_checks
from bancada.testing._split_laws import LAWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from bancada.contracts import Split
    from bancada.testing import Check

    Positions = npt.NDArray[np.int64]


@pytest.mark.parametrize("check", every_check(SPLITS, split_checks))
def test_our_splits_keep_every_law(check: Check) -> None:
    check()


def every(rows: SplitRows) -> Positions:
    return np.arange(len(rows.ids), dtype=np.int64)


class Nameless(RoundRobin):
    """Folds of a kind that no procedure knows."""

    kind = "magic"


class Manifold(RoundRobin):
    """Three folds under the name of one."""

    kind = "single"


class Shrinking(RoundRobin):
    """Each time it is resolved it loses a fold."""

    def resolve(self, *, has_classes: bool, has_groups: bool) -> RoundRobin:
        return replace(self, k=self.k - 1) if self.k > 2 else replace(self, k=9)


class Descending(RoundRobin):
    """Positions in the order in which they were drawn."""

    def folds(self, rows: SplitRows, repeat: int) -> tuple[FoldPart, ...]:
        return tuple(FoldPart(fold.train[::-1], fold.test) for fold in super().folds(rows, repeat))


class Leaking(RoundRobin):
    """It trains on everything."""

    def folds(self, rows: SplitRows, repeat: int) -> tuple[FoldPart, ...]:
        return tuple(FoldPart(every(rows), fold.test) for fold in super().folds(rows, repeat))


class Overlapping(RoundRobin):
    """Each fold tests the first ten rows too."""

    def folds(self, rows: SplitRows, repeat: int) -> tuple[FoldPart, ...]:
        tests = [np.union1d(fold.test, every(rows)[:10]) for fold in super().folds(rows, repeat)]
        return tuple(FoldPart(np.setdiff1d(every(rows), test), test) for test in tests)


class Blind(RoundRobin):
    """It does not look at groups."""

    def folds(self, rows: SplitRows, repeat: int) -> tuple[FoldPart, ...]:
        return super().folds(replace(rows, groups=None), repeat)


_CALLS = itertools.count(1)


class Restless(RoundRobin):
    """Every call rolls the rows on."""

    def folds(self, rows: SplitRows, repeat: int) -> tuple[FoldPart, ...]:
        shift = next(_CALLS)
        tests = [np.sort((fold.test + shift) % len(rows.ids)) for fold in super().folds(rows, repeat)]
        return tuple(FoldPart(np.setdiff1d(every(rows), test), test) for test in tests)


@dataclass(frozen=True)
class Counting:
    """KFold whose folds depend on how many repeats were asked for."""

    repeats: int = 1
    seed: int = 0
    holdout: float = 0.0

    columns = ()
    kind = "random"

    def resolve(self, *, has_classes: bool, has_groups: bool) -> Counting:
        return self

    def identity(self) -> Mapping[str, Any]:
        return {"seed": self.seed}

    def sealed(self, rows: SplitRows) -> npt.NDArray[np.bool_]:
        return np.zeros(len(rows.ids), dtype=np.bool_)

    def folds(self, rows: SplitRows, repeat: int) -> tuple[FoldPart, ...]:
        return splits.KFold(3, stratify=False, seed=self.repeats).folds(rows, repeat)


class Same(Counting):
    """All repeats are the same."""

    def folds(self, rows: SplitRows, repeat: int) -> tuple[FoldPart, ...]:
        return RoundRobin(3).folds(rows, 0)


class Boastful(Counting):
    """Its identity counts the repeats."""

    def identity(self) -> Mapping[str, Any]:
        return {"repeats": self.repeats, "seed": self.seed}


class Secretive(Counting):
    """Its identity hides the seed."""

    def identity(self) -> Mapping[str, Any]:
        return {"design": "kfold"}


class Greedy(RoundRobin):
    """It seals everything."""

    def sealed(self, rows: SplitRows) -> npt.NDArray[np.bool_]:
        return np.ones(len(rows.ids), dtype=np.bool_)

    def folds(self, rows: SplitRows, repeat: int) -> tuple[FoldPart, ...]:
        return super().folds(rows, repeat) if len(rows.ids) else ()


class Positional(RoundRobin):
    """It seals the last fifth, wherever that is."""

    def sealed(self, rows: SplitRows) -> npt.NDArray[np.bool_]:
        return np.asarray(every(rows) >= len(rows.ids) * 0.8)


@dataclass(frozen=True)
class Chunky(RoundRobin):
    """It counts rows chunk by chunk."""

    columns = ("region",)

    def folds(self, rows: SplitRows, repeat: int) -> tuple[FoldPart, ...]:
        units = np.concatenate([np.arange(len(chunk)) // 7 for chunk in rows.columns.column("region").chunks])
        return super().folds(replace(rows, groups=units), repeat)


class Scribbling(RoundRobin):
    """It writes into the target."""

    def folds(self, rows: SplitRows, repeat: int) -> tuple[FoldPart, ...]:
        if rows.target is not None:
            rows.target[:] = 0
        return super().folds(rows, repeat)


class Lenient(RoundRobin):
    """One row is enough for it."""

    def folds(self, rows: SplitRows, repeat: int) -> tuple[FoldPart, ...]:
        if len(rows.ids) == 1:
            return (FoldPart(np.array([], dtype=np.int64), np.array([0], dtype=np.int64)),)
        return super().folds(rows, repeat)


REGIONS = SplitRows(pa.array(np.arange(60)), pa.table({"region": ["n", "s"] * 30}), np.arange(60) % 2, None, True)

# By law: splits that break it, and what the check says of them.
MUTANTS: dict[str, list[tuple[Split, str]]] = {
    "kind_is_known": [(Nameless(), "`kind` is 'magic'"), (Manifold(), "there are 3 folds")],
    "resolve_is_idempotent": [(Shrinking(k=3), "became")],
    "parts_hold_positions": [(Descending(), "positions such as")],
    "parts_are_disjoint": [(Leaking(), "40 rows stand in two parts of fold 0")],
    "rows_are_tested_at_most_once": [(Overlapping(), "Row 0 is tested 3 times")],
    "groups_stay_together": [(Blind(), "stands on both sides of fold 0")],
    "folds_are_deterministic": [(Restless(), "A second call gave other folds")],
    "repeats_are_independent": [
        (Counting(), "Repeat 0 is another with more repeats"),
        (Same(), "Repeats 0 and 2 are the same"),
    ],
    "identity_is_of_the_design": [(Boastful(), "With one more repeat it is")],
    "identity_tells_the_seed": [(Secretive(), "Seeds 0 and 1 have one identity")],
    "sealed_is_a_mask": [(Greedy(), "Every row is sealed")],
    "sealed_rows_stay_sealed": [(Positional(), "rows changed sides")],
    "chunks_do_not_matter": [(Chunky(), "in two chunks gave other folds")],
    "rows_are_left_as_they_were": [(Scribbling(), "`rows.target` was changed")],
    "one_row_cannot_be_split": [(Lenient(), "One row gave 1 folds")],
}


@pytest.mark.parametrize("name", [each.name for each in LAWS])
def test_each_law_catches_a_split_that_breaks_it(name: str) -> None:
    for mutant, found in MUTANTS[name]:
        rows = REGIONS if mutant.columns else None
        checks = {check.name: check for check in split_checks(mutant, rows)}
        with pytest.raises(LawBroken, match=found) as caught:
            checks[name]()
        assert caught.value.rule == checks[name].law


def test_a_split_that_reads_columns_needs_rows_that_have_them() -> None:
    with pytest.raises(UsageError, match=r"It reads `site`, and there are no `rows`"):
        split_checks(splits.Predefined("site", kind="site"))


def test_a_waived_law_is_skipped_for_its_reason() -> None:
    checks = {check.name: check for check in split_checks(Leaking(), waive={"parts_are_disjoint": "a demonstration"})}
    with pytest.raises(SkipTest, match="waived: a demonstration"):
        checks["parts_are_disjoint"]()
    with pytest.raises(NotFoundError, match=r"Did you mean `parts_are_disjoint`\?"):
        split_checks(Leaking(), waive={"parts_are_disjoin": "a typing error"})
