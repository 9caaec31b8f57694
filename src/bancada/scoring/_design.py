"""What the folds were: the facts from which the statistical procedure follows."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from bancada.exceptions import DefinitionError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["KINDS", "Design", "Procedure"]

KINDS = ("random", "single", "site", "time")
_FEWEST_FOLDS = {"random": 3, "site": 5, "time": 5}
_FEWEST_UNITS = 10
_FEWEST_TEST_ROWS = 10
_NAMES = {"random": "corrected resampled t", "site": "t over sites", "time": "t over time blocks"}
_STATEMENTS = {
    "random": "the procedure, trained on samples like this one",
    "site": "a new site like these",
    "time": "the procedure, retrained through this period",
    "single": "the fitted models; training variation not measured",
}


@dataclass(frozen=True, slots=True)
class Procedure:
    """The statistical procedure that a design allows on its fold scores.

    Attributes:
        name: Name shown beside each interval; empty where there is none.
        statement: What the interval is about.
        df: Degrees of freedom; 0 where there is no procedure.
        factor: The standard error of a mean over folds is this times the standard deviation over folds.
        reason: Why there is no procedure; empty where there is one.
    """

    name: str
    statement: str
    df: int = 0
    factor: float = float("nan")
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Design:
    """The folds behind a row of fold scores, in order of repeat and fold.

    Attributes:
        kind: What the folds are: `random`, `site`, `time` or `single`.
        n_train: Training rows of each fold; groups, where the problem has groups. Empty where not known.
        n_test: Test rows of each fold, counted as `n_train`.
        repeats: How many times the folds were drawn; each repeat has the same number of folds.
        rows_test: Test rows of each fold; may be empty where `n_test` counts rows.

    Raises:
        DefinitionError: Where the kind is unknown or the counts do not fit each other.

    Examples:
        >>> design = Design("random", n_train=(80,) * 15, n_test=(20,) * 15, repeats=3)
        >>> design.k, design.n_folds, design.rho, design.procedure.name
        (5, 15, 0.25, 'corrected resampled t')
    """

    kind: str
    n_train: tuple[int, ...]
    n_test: tuple[int, ...]
    repeats: int = 1
    rows_test: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise DefinitionError(
                "The kind of a split fixes its statistical procedure.",
                f"The kind is {self.kind!r}.",
                nearest(self.kind, KINDS),
            )
        lengths = {len(self.n_train), len(self.n_test), len(self.rows_test) or len(self.n_test)}
        if len(lengths) > 1 or self.repeats < 1 or len(self.n_test) % self.repeats:
            raise DefinitionError(
                "A design counts the training and the test rows of each fold, and its repeats have equally many folds.",
                f"Found {len(self.n_train)} `n_train`, {len(self.n_test)} `n_test`, {len(self.rows_test)} `rows_test`, "
                f"{self.repeats} repeats.",
                "Give one count per fold.",
            )

    @property
    def n_folds(self) -> int:
        """J: folds over all repeats."""
        return len(self.n_test)

    @property
    def k(self) -> int:
        """Folds in a repeat."""
        return self.n_folds // self.repeats

    @property
    def n_units(self) -> int:
        """Rows (groups) that the largest fold trains and tests on: all of them, but for time-ordered splits."""
        return max((train + test for train, test in zip(self.n_train, self.n_test, strict=True)), default=0)

    @property
    def counts_groups(self) -> bool:
        """True where the counts are of groups."""
        return bool(self.rows_test) and self.rows_test != self.n_test

    @property
    def rho(self) -> float:
        """mean(n_test) / mean(n_train); NaN where nothing was trained on."""
        return sum(self.n_test) / sum(self.n_train) if sum(self.n_train) else float("nan")

    @property
    def procedure(self) -> Procedure:
        """The procedure of STATISTICS §1 for fold scores of this design."""
        statement = _STATEMENTS[self.kind]
        reason = self._obstacle()
        if reason:
            return Procedure("", statement, reason=reason)
        return Procedure(_NAMES[self.kind], statement, self.n_folds - 1, self.factor(self.n_folds))

    @property
    def tests_few(self) -> bool:
        """True where random folds test so few rows, down to one, that a fold has no score worth the name."""
        return self.kind == "random" and sum(self.rows_test or self.n_test) < _FEWEST_TEST_ROWS * self.n_folds

    @property
    def fewest_folds(self) -> int:
        """Folds below which this kind of split allows no procedure."""
        return _FEWEST_FOLDS.get(self.kind, 0)

    def factor(self, n_folds: int) -> float:
        """Return what the standard deviation over some folds of this design is multiplied by: sqrt(1/J + ρ), or 1/√J.

        Args:
            n_folds: J.
        """
        return sqrt(1 / n_folds + (self.rho if self.kind == "random" else 0.0))

    def only(self, repeats: Sequence[int]) -> Design:
        """Return the design of some of the repeats, given by position."""
        chosen = [r * self.k + j for r in repeats for j in range(self.k)]
        rows_test = tuple(self.rows_test[i] for i in chosen) if self.rows_test else ()
        n_train, n_test = (tuple(counts[i] for i in chosen) for counts in (self.n_train, self.n_test))
        return Design(self.kind, n_train, n_test, len(repeats), rows_test)

    def _obstacle(self) -> str:
        """Say why fold scores of this design allow estimates only; empty where they allow more."""
        fewest = self.fewest_folds
        obstacles = (
            (self.kind == "single", "one split: the variation of training was not measured"),
            (self.n_folds < fewest, f"fewer than {fewest} folds"),
            (self.kind != "random" and self.repeats > 1, f"repeats of {self.kind} folds are not new evidence"),
            # Only the correction needs every one of them; of a slice, a time block may have trained on no row.
            (
                not (all if self.kind == "random" else any)(self.n_train),
                "the sizes of the training parts are not known",
            ),
            (self.n_units < _FEWEST_UNITS, f"fewer than {_FEWEST_UNITS} rows or groups"),
            (self.tests_few, f"test folds of fewer than {_FEWEST_TEST_ROWS} rows"),
        )
        return next((reason for stands, reason in obstacles if stands), "")
