"""A candidate against the leader of its board, fold by fold, before there is a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

from bancada import judgement
from bancada.exceptions import StoreError
from bancada.judgement._leader import leader_of
from bancada.judgement._rows import RowTally
from bancada.judgement._words import Level, margin_of
from bancada.scoring import Design, falls_behind, folds_needed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bancada.engine import Binding, Workbench
    from bancada.engine._trial import Trial
    from bancada.judgement._comparison import Comparison
    from bancada.judgement._leader import Leader
    from bancada.records import FoldUse, RunRecord

__all__ = ["RULE", "Contest", "Standing"]

RULE = "rule"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a candidate stands after a fold.

    Attributes:
        use: The fold.
        seconds: What it took; about nothing where it was stored.
        done: Folds that are done.
        score: The primary metric on the fold's test rows; None where it is undefined or the fold failed.
        leader_score: The same of the leader.
        mean: Mean of the fold scores so far.
        delta: Mean of the paired differences so far, oriented so that positive is better; None without any.
        needed: Folds in all at which this difference would carry a word; None where there is no such number.
        word: The word that it would be.
        open: Why there is no such number; empty where there is one, or no leader.
        rows_fixed: Rows that the leader labels wrong and the candidate right, over the folds so far; None where the
            predictions have no labels.
        rows_broken: The reverse.
    """

    use: FoldUse
    seconds: float
    done: int
    score: float | None = None
    leader_score: float | None = None
    mean: float | None = None
    delta: float | None = None
    needed: int | None = None
    word: str = ""
    open: str = ""
    rows_fixed: int | None = None
    rows_broken: int | None = None


class Contest:
    """Tells after each fold of a trial how its candidate stands against the leader.

    Differences are those of the folds that both have. A difference so far carries no word: folds that were looked at
    one by one allow none.

    Args:
        binding: The problem with its data.
        trial: What is tried.
        leader: Against whom; None where nobody leads, or where nothing may be compared.
    """

    def __init__(self, binding: Binding, trial: Trial, leader: Leader | None) -> None:
        self.leader = leader
        self.n_folds = len(trial.item.folds)
        self._binding = binding
        self._trial = trial
        self._scorer = trial.scorer
        self._metric = binding.metrics[0]
        self._identity = self._metric.identity()
        self._uses: list[FoldUse] = []
        self._scores: list[float] = []
        self._pairs: dict[tuple[int, int], tuple[float, float]] = {}
        self._rows = RowTally(len(binding.positions))
        self._theirs = {} if leader is None else _uses_by_fold(leader.runs)

    @property
    def n_rows(self) -> int:
        """Rows of the first fold, training and test together."""
        first = self._trial.item.folds[0]
        part = first.repeat.parts[first.fold]
        return len(part.train) + len(part.test) + (0 if part.valid is None else len(part.valid))

    @classmethod
    def of(cls, bench: Workbench, binding: Binding, trial: Trial) -> Contest:
        """Return the contest of a trial with the leader of its board; one on a part of the rows has no opponent."""
        part = trial.item.claim.row_limit is not None
        return cls(binding, trial, None if part else leader_of(bench, binding, trial.item))

    def follow(self) -> Iterator[Standing]:
        """Carry the trial out, and yield how it stands after each fold.

        Where the budget rule of STATISTICS §8 leaves the candidate alone, and a fold would have to be computed, the
        trial is stopped. It never is for the claim that leads, nor for the baseline.
        """
        spared = self.leader is None or bool(self.leader.same) or self._trial.item.claim.baseline
        for use, seconds in self._trial:
            yield self._after(use, seconds)
            if not spared and self._trial.costs_more() and self._behind():
                self._trial.stop(RULE)

    def verdict(self, run: RunRecord) -> Comparison | None:
        """Return the comparison of a finished run with the leader, as the board makes it; None without a leader."""
        if self.leader is None or self.leader.same or run.baseline:
            return None
        return judgement.compare(run, self.leader.runs, tried=self.leader.tried, alpha=self.leader.alpha)

    def _after(self, use: FoldUse, seconds: float) -> Standing:
        if use.content is None:
            return Standing(use, seconds, len(self._uses))
        self._uses.append(use)
        score = self._scorer.fold_scores([use], self._metric)[0]
        self._scores += [] if score is None else [score]
        mean = fsum(self._scores) / len(self._scores) if self._scores else None
        theirs = self._theirs.get((use.repeat, use.fold, use.split or ""), [])
        if self.leader is None or not theirs:
            why = "" if self.leader is None else "the leader does not have this fold"
            return Standing(use, seconds, len(self._uses), score, mean=mean, open=why)
        self._pair(use)
        tally = self._tallied(use, theirs)
        delta, needed, word, still_open = self._so_far(self.leader)
        return Standing(
            use=use,
            seconds=seconds,
            done=len(self._uses),
            score=score,
            leader_score=self._leader_score(use),
            mean=mean,
            delta=delta,
            needed=needed,
            word=word,
            open=still_open,
            rows_fixed=self._rows.fixed if tally else None,
            rows_broken=self._rows.broken if tally else None,
        )

    def _so_far(self, leader: Leader) -> tuple[float | None, int | None, str, str]:
        differences, scale = self._differences()
        if not differences:
            return None, None, "", "a score is undefined"
        design = self._design()
        level = Level.of_pairs(leader.alpha, leader.tried)
        margin = margin_of(self._binding.evaluation, self._identity)
        needed = folds_needed(differences, design, level.a, margin, scale=scale)
        return fsum(differences) / len(differences), needed.folds, needed.word, needed.reason

    def _behind(self) -> bool:
        differences, scale = self._differences()
        return falls_behind(differences, scale=scale)

    def _differences(self) -> tuple[list[float], float]:
        """Return the paired differences in the order of the folds, and the largest absolute score."""
        sign = 1.0 if self._identity.greater_is_better else -1.0
        pairs = [self._pairs[where] for where in sorted(self._pairs)]
        return [sign * (mine - theirs) for mine, theirs in pairs], max(
            (abs(x) for pair in pairs for x in pair), default=0
        )

    def _pair(self, use: FoldUse) -> None:
        """Pair the scores of a fold; the values of a pooled metric change with each fold of its repeat."""
        pooled = self._metric.aggregate == "pooled"
        uses = [one for one in self._uses if one.repeat == use.repeat] if pooled else [use]
        uses = [one for one in uses if (one.repeat, one.fold, one.split or "") in self._theirs]
        mine = self._scorer.fold_scores(uses, self._metric)
        theirs = self._leader_pooled(uses) if pooled else [self._recorded(one) for one in uses]
        for one, a, b in zip(uses, mine, theirs, strict=True):
            if a is not None and b is not None:
                self._pairs[one.repeat, one.fold] = (a, b)

    def _recorded(self, use: FoldUse) -> float | None:
        """Return the leader's score on a fold, averaged over its seeds."""
        runs = () if self.leader is None else self.leader.runs
        scores = [score for run in runs if (score := run.score_by(self._identity.digest)) is not None]
        return _mean(
            fold.value for score in scores for fold in score.folds if (fold.repeat, fold.fold) == (use.repeat, use.fold)
        )

    def _leader_pooled(self, uses: Sequence[FoldUse]) -> list[float | None]:
        """Return the leader's values on these folds alone, averaged over its seeds."""
        found = [self._theirs[one.repeat, one.fold, one.split or ""] for one in uses]
        seeds = [self._scorer.fold_scores(side, self._metric) for side in zip(*found, strict=False)]
        return [_mean(values) for values in zip(*seeds, strict=True)] if seeds else [None] * len(uses)

    def _leader_score(self, use: FoldUse) -> float | None:
        if self._metric.aggregate != "pooled":
            return self._recorded(use)
        return self._leader_pooled([use])[0]

    def _tallied(self, use: FoldUse, theirs: Sequence[FoldUse]) -> bool:
        """Count the rows of a fold; False where one side has no labels, or the leader's predictions are gone."""
        mine = self._scorer.right(use)
        if mine is None:
            return False
        try:
            others = [self._scorer.right(other) for other in theirs]
        except StoreError:
            return False
        known = [other.right for other in others if other is not None]
        if len(known) != len(others):
            return False
        self._rows.add(mine.positions, mine.right, known)
        return True

    def _design(self) -> Design:
        """Return the folds of the split that both can have."""
        folds = [
            fold
            for fold in self._trial.item.folds
            if (fold.repeat.number, fold.fold, fold.repeat.digest) in self._theirs
        ]
        sizes = [fold.repeat.sizes[fold.fold] for fold in folds]
        return Design(
            self._binding.split.kind,
            tuple(size.n_train for size in sizes),
            tuple(size.n_test for size in sizes),
            len({fold.repeat.number for fold in folds}),
            tuple(size.rows_test for size in sizes),
        )


def _uses_by_fold(runs: Iterable[RunRecord]) -> dict[tuple[int, int, str], list[FoldUse]]:
    """Return the stored folds of a leader by repeat, fold and table; one for each seed."""
    found: dict[tuple[int, int, str], list[FoldUse]] = {}
    for use in (use for run in runs for use in run.folds if use.content is not None):
        found.setdefault((use.repeat, use.fold, use.split or ""), []).append(use)
    return found


def _mean(values: Iterable[float | None]) -> float | None:
    """Average the numbers; None where one of them is missing, or all."""
    every = list(values)
    numbers = [value for value in every if value is not None]
    return fsum(numbers) / len(numbers) if numbers and len(numbers) == len(every) else None
