"""The laws of `contracts.Split`."""

from __future__ import annotations

import dataclasses
import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bancada.exceptions import DataError, UsageError
from bancada.identity import canonical_json
from bancada.samples import SplitRows
from bancada.splits import time_codes
from bancada.testing._check import Found, Skip, checks_of, law

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from bancada.contracts import Split
    from bancada.samples import FoldPart
    from bancada.testing._check import Check

__all__ = ["LAWS", "SplitCase", "split_checks"]

_KINDS = ("random", "site", "time", "single")
_GROUP_SIZE = 4
_MADE_UP = 120


@dataclass(frozen=True)
class SplitCase:
    """A split, resolved, and rows that it can split.

    Attributes:
        declared: The split as it was written.
        split: The split as the engine uses it.
        rows: All rows.
        grouped: Rows with groups; None where the split's columns are not made up and have none.
    """

    declared: Split
    split: Split
    rows: SplitRows
    grouped: SplitRows | None

    def open_rows(self) -> SplitRows:
        """Return the rows that are not sealed, in memory of their own."""
        return taken(self.rows, ~self.split.sealed(self.rows))

    def folds(self, repeat: int = 0) -> tuple[FoldPart, ...]:
        """Return the folds over the rows that are not sealed."""
        return self.split.folds(self.open_rows(), repeat)


def split_checks(
    split: Split, rows: SplitRows | None = None, *, waive: Mapping[str, str] | None = None
) -> tuple[Check, ...]:
    """Return a check for each law of a split.

    Args:
        split: The split.
        rows: Rows that it can split, in id order; made-up ones without them. A split that reads columns needs them.
        waive: Laws that the split breaks knowingly, each with its reason.

    Raises:
        UsageError: The split reads columns, and no rows were given.
    """
    if rows is None and split.columns:
        rule = "A split that reads columns is checked on rows that have them."
        found = f"It reads {', '.join(f'`{name}`' for name in split.columns)}, and there are no `rows`."
        raise UsageError(rule, found, "Give them: `split_checks(split, SplitRows(ids, columns, target))`.")
    grouped = made_up_rows(groups=True) if rows is None else rows if rows.groups is not None else None
    chosen = made_up_rows() if rows is None else rows
    if rows is None and not _can_split(split, chosen):
        chosen = made_up_rows(groups=True)
    case = SplitCase(split, _resolved(split, chosen), chosen, grouped)
    return checks_of(LAWS, case, type(split).__name__, waive=waive)


def made_up_rows(n_rows: int = _MADE_UP, *, groups: bool = False) -> SplitRows:
    """Return rows of two classes, a third of them positive, two at each time, in groups of four where asked for."""
    position = np.arange(n_rows)
    return SplitRows(
        ids=pa.array([f"row-{number:05d}" for number in position]),
        columns=pa.table({"position": position}).select([]),
        target=np.where(position % 3 == 0, 1, 0),
        groups=np.array([f"group-{number:04d}" for number in position // _GROUP_SIZE]) if groups else None,
        has_classes=True,
        time=pa.table({"time": position // 2}),
    )


def taken(rows: SplitRows, kept: npt.NDArray[np.bool_]) -> SplitRows:
    """Return the rows under a mask."""
    positions = np.flatnonzero(kept)
    return SplitRows(
        rows.ids.take(pa.array(positions)),
        rows.columns.take(pa.array(positions)),
        None if rows.target is None else rows.target[positions],
        None if rows.groups is None else rows.groups[positions],
        rows.has_classes,
        None if rows.time is None else rows.time.take(pa.array(positions)),
    )


def _resolved(split: Split, rows: SplitRows) -> Split:
    return split.resolve(has_classes=rows.has_classes, has_groups=rows.groups is not None)


def _can_split(split: Split, rows: SplitRows) -> bool:
    resolved = _resolved(split, rows)
    try:
        resolved.folds(taken(rows, ~resolved.sealed(rows)), 0)
    except DataError:
        return False
    return True


def _sides(fold: FoldPart) -> list[npt.NDArray[np.int64]]:
    return [side for side in (fold.train, fold.test, fold.valid) if side is not None]


def _same(one: tuple[FoldPart, ...], other: tuple[FoldPart, ...]) -> bool:
    return len(one) == len(other) and all(
        len(_sides(a)) == len(_sides(b)) and all(map(np.array_equal, _sides(a), _sides(b)))
        for a, b in zip(one, other, strict=True)
    )


def _with(split: Split, **changes: Any) -> Split | None:
    """Return the split with other settings; None where it is no dataclass that has them."""
    value: Any = split
    known: set[str] = {item.name for item in dataclasses.fields(value)} if dataclasses.is_dataclass(value) else set()
    replace: Any = dataclasses.replace
    changed: Split | None = replace(value, **changes) if set(changes) <= known else None
    return changed


@law("A split says what its folds are: `random`, `site`, `time` or `single`.", "Look at `kind`.")
def kind_is_known(case: SplitCase) -> Found:
    kind = case.split.kind
    if kind not in _KINDS:
        return f"`kind` is {kind!r}."
    n_folds = len(case.folds())
    return f"`kind` is 'single', and there are {n_folds} folds." if kind == "single" and n_folds != 1 else None


@law("`resolve` writes out what depends on the problem, and changes nothing the second time.", "Look at `resolve`.")
def resolve_is_idempotent(case: SplitCase) -> Found:
    again = _resolved(case.split, case.rows)
    return None if again.identity() == case.split.identity() else f"{case.split.identity()} became {again.identity()}."


@law("Folds hold positions of rows, int64 and ascending, and no part of a fold is empty.", "Look at `folds`.")
def parts_hold_positions(case: SplitCase) -> Found:
    n_rows = int((~case.split.sealed(case.rows)).sum())
    folds = case.folds()
    if not folds:
        return "There is no fold."
    for number, fold in enumerate(folds):
        for side in _sides(fold):
            if len(side) == 0:
                return f"A part of fold {number} is empty."
            if np.asarray(side).dtype != np.int64 or (np.diff(side) <= 0).any():
                return f"Fold {number} has {np.asarray(side).dtype} positions such as {side[:5].tolist()}."
            if side[0] < 0 or side[-1] >= n_rows:
                return f"Fold {number} reaches from {side[0]} to {side[-1]} in {n_rows} rows."
    return None


@law("In a fold, training, validation and test rows are disjoint.", "Look at what `folds` returns for one fold.")
def parts_are_disjoint(case: SplitCase) -> Found:
    for number, fold in enumerate(case.folds()):
        together = np.concatenate(_sides(fold))
        n_twice = len(together) - len(np.unique(together))
        if n_twice:
            return f"{n_twice} rows stand in two parts of fold {number}."
    return None


@law("In one repeat a row is tested at most once.", "Let the test parts of one repeat not overlap.")
def rows_are_tested_at_most_once(case: SplitCase) -> Found:
    tested = np.concatenate([fold.test for fold in case.folds()])
    times = np.bincount(tested)
    return f"Row {int(times.argmax())} is tested {int(times.max())} times." if times.max() > 1 else None


@law(
    "Rows of one group never stand on both sides of a fold, unless folds are periods and training comes first; "
    "data that cannot be split so raise `DataError`.",
    "Look at what `folds` does with `rows.groups`.",
)
def groups_stay_together(case: SplitCase) -> Found:
    if case.grouped is None or case.grouped.groups is None:
        return Skip("the rows have no groups")
    split = _resolved(case.declared, case.grouped)
    kept = taken(case.grouped, ~split.sealed(case.grouped))
    try:
        folds = split.folds(kept, 0)
    except DataError:
        return None
    groups = np.asarray(kept.groups)
    moments = time_codes(kept) if split.kind == "time" and kept.time is not None else None
    for number, fold in enumerate(folds):
        if moments is not None and moments[fold.train].max() < moments[fold.test].min():
            continue
        owned = [np.unique(groups[side]) for side in _sides(fold)]
        values, times = np.unique(np.concatenate(owned), return_counts=True)
        if times.max() > 1:
            return f"Group {values[times.argmax()].item()!r} stands on both sides of fold {number}."
    return None


@law("The same rows and repeat give the same folds, in every process.", "Draw from a seed of the split's own.")
def folds_are_deterministic(case: SplitCase) -> Found:
    first = case.folds()
    if not _same(first, case.folds()):
        return "A second call gave other folds."
    copy: Split = pickle.loads(pickle.dumps(case.split))  # noqa: S301 - bytes of the line itself
    return None if _same(first, dataclasses.replace(case, split=copy).folds()) else "A pickled copy gave other folds."


@law(
    "The folds of a repeat depend on its number, and not on earlier calls or the count of repeats.",
    "Look at what `folds` draws before it comes to the repeat.",
)
def repeats_are_independent(case: SplitCase) -> Found:
    more = _with(case.split, repeats=case.split.repeats + 2)
    if more is None and case.split.repeats == 1:
        return Skip("it has one repeat")
    split = case.split if more is None else more
    last = split.repeats - 1
    longer = dataclasses.replace(case, split=split)
    late, early = longer.folds(last), longer.folds(0)
    if not _same(early, case.folds(0)):
        return "Repeat 0 is another with more repeats, or after a call for a later one."
    if not _same(late, longer.folds(last)):
        return f"Repeat {last} is another when it is asked for again."
    if split.kind == "random" and _same(late, early):
        return f"Repeats 0 and {last} are the same."
    return None


@law("The identity is canonical JSON and leaves the count of repeats out.", "Look at `identity`.")
def identity_is_of_the_design(case: SplitCase) -> Found:
    text = canonical_json(dict(case.split.identity()))
    copy: Split = pickle.loads(pickle.dumps(case.split))  # noqa: S301 - bytes of the line itself
    if canonical_json(dict(copy.identity())) != text:
        return f"A pickled copy has {dict(copy.identity())}, the split {dict(case.split.identity())}."
    more = _with(case.split, repeats=case.split.repeats + 1)
    if more is not None and more.identity() != case.split.identity():
        return f"With one more repeat it is {dict(more.identity())}."
    return None


@law("Another seed is another identity.", "Put the seed into `identity`.")
def identity_tells_the_seed(case: SplitCase) -> Found:
    seed: Any = getattr(case.split, "seed", None)
    other = _with(case.split, seed=seed + 1) if isinstance(seed, int) else None
    if other is None:
        return Skip("it has no field `seed`")
    return None if other.identity() != case.split.identity() else f"Seeds {seed} and {seed + 1} have one identity."


@law("`sealed` gives True or False for each row, and leaves rows to train and test on.", "Look at `sealed`.")
def sealed_is_a_mask(case: SplitCase) -> Found:
    sealed = np.asarray(case.split.sealed(case.rows))
    if sealed.dtype != np.bool_ or sealed.shape != (len(case.rows.ids),):
        return f"It returned {sealed.dtype} of shape {sealed.shape} for {len(case.rows.ids)} rows."
    return "Every row is sealed." if sealed.all() else None


@law("A row that is sealed stays sealed when other rows come or go.", "Decide by the row's own id, group or time.")
def sealed_rows_stay_sealed(case: SplitCase) -> Found:
    sealed = np.asarray(case.split.sealed(case.rows))
    if not sealed.any():
        return Skip("it has no holdout")
    for step in (2, 3, 5):
        kept = np.arange(len(sealed)) % step != 0
        if not sealed[kept].any() or sealed[kept].all():
            continue
        fewer = np.asarray(case.split.sealed(taken(case.rows, kept)))
        moved = int((fewer != sealed[kept]).sum())
        if moved:
            return f"{moved} rows changed sides when every {step}. row went."
    return None


@law("Folds depend on values, and not on the chunks in which Arrow holds them.", "Combine chunks before you index.")
def chunks_do_not_matter(case: SplitCase) -> Found:
    rows = case.open_rows()
    middle = len(rows.ids) // 2
    halves = pa.concat_tables([rows.columns.slice(0, middle), rows.columns.slice(middle)])
    chunked = dataclasses.replace(rows, columns=halves)
    same = _same(case.split.folds(rows, 0), case.split.folds(chunked, 0))
    return None if same else "Columns in two chunks gave other folds."


@law("A split changes nothing of what it is given.", "Copy target and groups before you write into them.")
def rows_are_left_as_they_were(case: SplitCase) -> Found:
    rows = case.open_rows()
    before = [None if item is None else item.copy() for item in (rows.target, rows.groups)]
    case.split.folds(rows, 0)
    for name, was, now in zip(("target", "groups"), before, (rows.target, rows.groups), strict=True):
        if was is not None and now is not None and not np.array_equal(was, now):
            return f"`rows.{name}` was changed."
    return None


@law("Data that cannot be split raise `DataError`.", "Refuse rows that leave a part of a fold empty.")
def one_row_cannot_be_split(case: SplitCase) -> Found:
    single = taken(case.rows, np.arange(len(case.rows.ids)) < 1)
    try:
        folds = case.split.folds(single, 0)
    except DataError:
        return None
    return f"One row gave {len(folds)} folds."


LAWS = (
    kind_is_known,
    resolve_is_idempotent,
    parts_hold_positions,
    parts_are_disjoint,
    rows_are_tested_at_most_once,
    groups_stay_together,
    folds_are_deterministic,
    repeats_are_independent,
    identity_is_of_the_design,
    identity_tells_the_seed,
    sealed_is_a_mask,
    sealed_rows_stay_sealed,
    chunks_do_not_matter,
    rows_are_left_as_they_were,
    one_row_cannot_be_split,
)
