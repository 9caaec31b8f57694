"""The board as an object of a notebook or a script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bancada import judgement
from bancada.display import to_html, to_text
from bancada.engine import Binding, Request, Workbench
from bancada.exceptions import NotFoundError, UsageError, nearest
from bancada.judgement import errors, paired
from bancada.judgement.kpi import kpi_document
from bancada.report._leaderboard import leaderboard_table
from bancada.report._trying import QUICK_ROWS, TrialBoard, explore, request_for
from bancada.report.kpi import KpiView
from bancada.store import Index

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bancada.engine import FittedModel
    from bancada.judgement import Comparison, Leaderboard, LeaderboardRow
    from bancada.judgement.journal import Expected
    from bancada.records import RunRecord
    from bancada.store import Store

__all__ = ["Board", "BoardLine"]


@dataclass(frozen=True)
class BoardLine:
    """One line of a board, and what can be done with it.

    Attributes:
        row: What the line shows.
        runs: The runs behind it, newest first: several where seeds are averaged.
    """

    row: LeaderboardRow
    runs: tuple[RunRecord, ...]
    _board: Board

    @property
    def run(self) -> RunRecord:
        """The newest run behind the line."""
        return self.runs[0]

    @property
    def tried(self) -> int:
        """K of the board: the claims eligible for first place."""
        return self._board.document.tried

    @property
    def candidate(self) -> str:
        """Name of the candidate."""
        return self.run.candidate

    @property
    def value(self) -> float | None:
        """The metric by which the board is ordered."""
        return self.row.value

    def fit(self) -> Any:
        """Fit the candidate on all rows that are not sealed, keep the model in the store, and return it.

        Raises:
            UsageError: The fit failed, or the candidate is not at hand in this session.
        """
        return self._board.fit(self)

    def against(self, other: BoardLine, *, metric: str | None = None) -> Comparison:
        """Compare this line with another, rows fixed and broken included.

        Raises:
            NotComparable: They did not answer the same question.
            NotFoundError: There is no such metric.
        """
        found = judgement.compare(self.runs, other.runs, metric=metric, tried=self.tried)
        return self._board.with_rows(found, self.runs, other.runs)

    def __repr__(self) -> str:
        """Name, value and run."""
        return f"<{self.candidate} {self.value} r-{self.run.run_id[:6]}>"


class Board:
    """A leaderboard that shows itself, and whose lines can be compared and fitted.

    Args:
        document: The board.
        runs: The runs behind its lines, by id.
        binding: The problem with its data.
        requests: The candidates of this session, by name.
        store: Where the runs are.
        expected: What was expected of the runs, and what came of it; None where nothing was.
    """

    def __init__(
        self,
        document: Leaderboard,
        runs: Mapping[str, RunRecord],
        binding: Binding,
        requests: Mapping[str, Request],
        store: Store,
        expected: Expected | None = None,
    ) -> None:
        self.document = document
        self.expected = expected
        self._runs = runs
        self._binding = binding
        self._requests = requests
        self._store = store

    @property
    def lines(self) -> tuple[BoardLine, ...]:
        """Every line, the best first, the baseline and the failed last."""
        return tuple(
            BoardLine(row, tuple(self._runs[run_id] for run_id in row.runs), self) for row in self.document.rows
        )

    @property
    def best(self) -> BoardLine:
        """The first line that has a rank.

        Raises:
            NotFoundError: Every candidate failed.
        """
        for line in self.lines:
            if line.row.rank_low is not None:
                return line
        raise NotFoundError(
            "The best candidate is the first that has a rank.",
            "Every candidate failed.",
            "Print the board to read why.",
        )

    def __getitem__(self, candidate: str) -> BoardLine:
        """Return the line of a candidate.

        Raises:
            NotFoundError: There is none of that name.
        """
        for line in self.lines:
            if line.candidate == candidate:
                return line
        names = [line.candidate for line in self.lines]
        raise NotFoundError(
            "A line is named by its candidate.", f"There is no {candidate!r}.", nearest(candidate, names)
        )

    def __iter__(self) -> Iterator[BoardLine]:
        """Iterate over the lines."""
        return iter(self.lines)

    def __len__(self) -> int:
        """Count of lines."""
        return len(self.document.rows)

    def compare(self, a: str, b: str) -> Comparison:
        """Compare two candidates on the folds that both have.

        Args:
            a: Name of the candidate that is looked at.
            b: Name of the one that it is held against.

        Raises:
            NotComparable: They did not answer the same question.
            NotFoundError: There is no such line.
        """
        return self[a].against(self[b])

    def with_rows(self, comparison: Comparison, a: tuple[RunRecord, ...], b: tuple[RunRecord, ...]) -> Comparison:
        """Return a comparison with its rows fixed and broken, and of one split what they tell; else why not.

        Args:
            comparison: A comparison of two lines.
            a: The runs of the first.
            b: The runs of the second.
        """
        project = self._binding.project
        comparison = paired.over_rows(comparison, a, b, project, self._store)
        return errors.with_rows(comparison, a, b, project, self._store)

    def kpi(self, name: str | None = None) -> KpiView:
        """Tell where to decide, how far assumptions may move, and what each metric says about the KPIs.

        Args:
            name: Name of one KPI; all by default.

        Returns:
            What `bancada kpi` tells; it shows itself.

        Raises:
            DefinitionError: The evaluation has no KPI.
            NotFoundError: It has none of that name.
        """
        index = Index(self._store, self._binding.project.cache)
        try:
            return KpiView(kpi_document(index, self._binding, name))
        finally:
            index.close()

    def try_(self, model: Any, *, name: str | None = None, seed: int = 0, quick: bool = False) -> TrialBoard:
        """Try one more model against the leader, fold by fold, and stop when it trails.

        The leader's folds are those in the store; what is stored is not computed again, and `bc.evaluate` takes every
        fold that was computed here. A trial that ends early counts among the claims tried. Stopping is a budget rule
        and no verdict; only a trial that completes every fold has one.

        Args:
            model: An estimator, or a function under `@bc.candidate`.
            name: What it is called; by default the function's name, or the estimator's class.
            seed: Seed from which every fold's is derived.
            quick: True for the first fold on at most 10,000 rows, compared with nothing.

        Returns:
            How it stood after each fold, and the verdict where there is one; it shows itself.

        Raises:
            DefinitionError: It is neither, or cannot be sent to another process.
        """
        frame = next(iter(self._requests.values())).frame
        request, modules = request_for(model, name, frame)
        binding = self._binding.first_fold(QUICK_ROWS, seed) if quick else self._binding
        with Workbench(binding.project, self._store, workers=1, modules=modules) as bench:
            plan = bench.plan([request], binding, seeds=[seed], row_limit=QUICK_ROWS if quick else None)
            return explore(bench, plan)

    def fit(self, line: BoardLine) -> Any:
        """Fit a line's candidate on all rows that are not sealed; see `BoardLine.fit`."""
        request = self._requests.get(line.candidate)
        if request is None:
            raise UsageError(
                "A candidate is fitted in the session that defined it, or by `bancada fit` from its module.",
                f"`{line.candidate}` is on the board from an earlier session.",
                "Hand it to `bc.evaluate` again: what is stored is not computed again.",
            )
        with Workbench(self._binding.project, self._store, workers=1) as bench:
            fitted: FittedModel = bench.fit(line.run, request, self._binding)
            return bench.load(fitted)

    def __str__(self) -> str:
        """Return the board as plain text."""
        return to_text(leaderboard_table(self.document), width=None, color=False)

    def __repr__(self) -> str:
        """Return the board as plain text: what a console shows."""
        return str(self)

    def _repr_html_(self) -> str:
        return to_html(leaderboard_table(self.document))
