"""From the stored predictions of a run to its scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from bancada.engine._places import with_places
from bancada.engine._rights import rights
from bancada.records import Estimate, Score
from bancada.samples import Sample
from bancada.scoring import Design, FoldSample, score_metric
from bancada.scoring.rows import by_score

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy as np
    import numpy.typing as npt

    from bancada.contracts import Metric
    from bancada.engine._binding import Binding
    from bancada.engine._repeats import FoldSize
    from bancada.records import FoldUse
    from bancada.store import Store

__all__ = ["RightRows", "RunScorer", "TestedFold"]

KEYS = ("id", "repeat", "fold")


@dataclass(frozen=True)
class _Part:
    """The test rows of one fold, without predictions."""

    positions: npt.NDArray[np.int64]
    truth: pa.Table
    rows: pa.Table
    weight: npt.NDArray[np.float64] | None


@dataclass(frozen=True)
class TestedFold:
    """A fold with its predictions, and the positions of the rows that they are for."""

    fold: FoldSample
    positions: npt.NDArray[np.int64]


@dataclass(frozen=True)
class RightRows:
    """Test rows of a fold, by position, (n_test,), and whether the model labelled them right, (n_test,)."""

    positions: npt.NDArray[np.int64]
    right: npt.NDArray[np.bool_]


class RunScorer:
    """Scores runs of one problem; what is the same for every run is made once.

    Args:
        binding: The problem with its data.
        store: Where predictions are.
    """

    def __init__(self, binding: Binding, store: Store) -> None:
        self.binding = binding
        self.store = store
        self._parts: dict[tuple[int, int], _Part] = {}
        self._sizes: dict[tuple[int, int, str | None], FoldSize] = {}

    def scores(
        self,
        uses: Sequence[FoldUse],
        metrics: Sequence[Metric] | None = None,
        *,
        explored: bool = False,
        have: Collection[tuple[str, str | None]] = (),
    ) -> tuple[Score, ...]:
        """Return every metric over all rows and over each slice.

        Args:
            uses: The folds of a run; failed ones are left out, and the scores say so.
            metrics: Which metrics; those of the evaluation by default.
            explored: True where the folds were looked at one by one: no interval holds for what a look has stopped.
            have: Digests of (metric, slice) that are left out: they were computed before.

        Returns:
            The scores; none where the run's folds are not those of the split as it is drawn now.
        """
        if any(use.split not in (None, self.binding.drawn[use.repeat].digest) for use in uses):
            return ()
        chosen = self.binding.metrics if metrics is None else metrics
        known = frozenset(have)
        design = self.design(uses)
        tested = [self._sample(use) for use in uses if use.content is not None]
        if not tested:
            return ()
        if self.binding.slices and self.binding.split.kind == "single":
            tested = [_sorted(item) for item in tested]
        samples = [item.fold for item in tested]
        train = {(use.repeat, use.fold): self._train(use) for use in uses if use.content is not None}
        scores = [self._score(metric, samples, design, None, train) for metric in _lacking(chosen, known, None)]
        for name, mask in self.binding.slices.items():
            where = self.binding.slice_ids[name]
            wanted = _lacking(chosen, known, where)
            if not wanted:
                continue
            sliced = [self._sliced(item, mask) for item in tested]
            kept = [sample for sample in sliced if sample.sample.truth.num_rows]
            part = self.design(uses, name)
            found = [self._score(metric, kept, part, name, {}) for metric in wanted]
            scores += [msgspec.structs.replace(score, slice_id=where) for score in found]
        return tuple(_bare(score) for score in scores) if explored else tuple(scores)

    def fold_scores(self, uses: Sequence[FoldUse], metric: Metric) -> tuple[float | None, ...]:
        """Return the fold values of a metric over some folds of one repeat, in their order; None where undefined.

        Those of a pooled metric are its pseudo-values over these folds (STATISTICS §0).
        """
        samples = [self._sample(use).fold for use in uses]
        ordered = {(use.repeat, use.fold): number for number, use in enumerate(uses)}
        values: list[float | None] = [None] * len(uses)
        for fold in self._score(metric, samples, self.design(uses), None, {}).folds:
            values[ordered[fold.repeat, fold.fold]] = fold.value
        return tuple(values)

    def over_all(self, uses: Sequence[FoldUse], metric: Metric) -> Score:
        """Return one metric over all rows of these folds, of which there is at least one with predictions."""
        samples = [self._sample(use).fold for use in uses if use.content is not None]
        return self._score(metric, samples, self.design(uses), None, {})

    def tested(self, use: FoldUse) -> TestedFold:
        """Return the test rows of a fold with their predictions."""
        return self._sample(use)

    def right(self, use: FoldUse) -> RightRows | None:
        """Return which test rows of a fold the model answered rightly; None where answers are right by degrees."""
        tested = self._sample(use)
        found = rights(tested.fold.sample.truth, tested.fold.sample.predictions)
        return None if found is None else RightRows(tested.positions, found)

    def lacks(self, have: Collection[tuple[str, str | None]]) -> bool:
        """Return True where the evaluation asks for a (metric, slice), by their digests, that is not among these."""
        slices = (None, *self.binding.slice_ids.values())
        wanted = ((metric.identity().digest, name) for metric in self.binding.metrics for name in slices)
        return any(pair not in have for pair in wanted)

    def design(self, uses: Sequence[FoldUse], slice_name: str | None = None) -> Design:
        """Return the facts about a run's folds from which the procedure follows.

        Args:
            uses: The folds of the run.
            slice_name: Name of a slice, whose rows alone count, in training as in testing; None for all rows. So the
                ratio of the two, on which the correction for shared training rows rests, stays that of the split.
        """
        repeats = sorted({use.repeat for use in uses})
        # A run that ended early lists a part of a repeat; the design is of the whole, which says what is missing.
        places = [(number, fold) for number in repeats for fold in range(len(self.binding.drawn[number].parts))]
        sizes = [self._size(*place, slice_name) for place in places]
        return Design(
            self.binding.split.kind,
            tuple(size.n_train for size in sizes),
            tuple(size.n_test for size in sizes),
            len(repeats),
            tuple(size.rows_test for size in sizes),
        )

    def _size(self, number: int, fold: int, slice_name: str | None) -> FoldSize:
        where = (number, fold, slice_name)
        if where not in self._sizes:
            repeat = self.binding.drawn[number]
            mask = None if slice_name is None else self.binding.slices[slice_name]
            size = repeat.sizes[fold] if mask is None else self.binding.drawn.size(repeat.parts[fold], mask)
            self._sizes[where] = size
        return self._sizes[where]

    def _score(
        self,
        metric: Metric,
        samples: Sequence[FoldSample],
        design: Design,
        name: str | None,
        train: dict[tuple[int, int], dict[str, float]],
    ) -> Score:
        identity = metric.identity()
        lacking = (
            metric.missing(samples[0].sample.truth.schema, samples[0].sample.predictions.schema) if samples else ()
        )
        if lacking or not samples:
            flag = f"this model gives no {', '.join(f'`{column}`' for column in lacking)}" if lacking else "no rows"
            return Score(
                metric=metric.name,
                metric_id=identity.digest,
                slice=name,
                estimate=Estimate(value=None),
                folds=(),
                n_rows=0,
                flags=(flag,),
            )
        trained = {where: values[identity.digest] for where, values in train.items() if identity.digest in values}
        return score_metric(metric, samples, design, slice=name, train=trained)

    def _part(self, use: FoldUse) -> _Part:
        where = (use.repeat, use.fold)
        if where not in self._parts:
            self._parts[where] = self._rows(self.binding.drawn[use.repeat].parts[use.fold].test)
        return self._parts[where]

    def _rows(self, positions: npt.NDArray[np.int64]) -> _Part:
        taken = pa.array(positions)
        weight = None if self.binding.weight is None else self.binding.weight[positions]
        return _Part(positions, self.binding.truth.take(taken), self.binding.rows.take(taken), weight)

    def _sample(self, use: FoldUse) -> TestedFold:
        part = self._part(use)
        table = self.store.folds.predictions(use.key, use.content or "")
        if table.num_rows != len(part.positions):
            part = self._remaining(part, table.column("id"))
        predictions = table.drop_columns(list(KEYS))
        if self.binding.places is not None:
            predictions = with_places(predictions, self.binding.places.take(pa.array(part.positions)))
        sample = Sample(part.truth, predictions, part.rows, part.weight)
        groups = self.binding.drawn.groups
        members = None if groups is None else groups[part.positions]
        return TestedFold(FoldSample(use.repeat, use.fold, sample, members, part.positions), part.positions)

    def _remaining(self, part: _Part, ids: pa.ChunkedArray) -> _Part:
        """Return the rows whose predictions are left after others were forgotten; both stand in the order of ids."""
        kept = pc.is_in(self.binding.ids.take(pa.array(part.positions)), value_set=ids.combine_chunks())
        return self._rows(part.positions[kept.to_numpy(zero_copy_only=False)])

    def _sliced(self, tested: TestedFold, mask: npt.NDArray[np.bool_]) -> FoldSample:
        inside = mask[tested.positions]
        kept = pa.array(inside)
        fold = tested.fold
        sample = fold.sample
        weight = None if sample.weight is None else sample.weight[inside]
        truth, predictions = sample.truth.filter(kept), sample.predictions.filter(kept)
        # A slice of places reads no row column, and a table without columns has no rows to filter.
        rows = sample.rows.filter(kept) if sample.rows.num_columns else sample.rows
        groups = None if fold.groups is None else fold.groups[inside]
        part = Sample(truth, predictions, rows, weight)
        return FoldSample(fold.repeat, fold.fold, part, groups, tested.positions[inside])

    def _train(self, use: FoldUse) -> dict[str, float]:
        return self.store.folds.train_scores(use.key, use.content or "")


def _lacking(metrics: Sequence[Metric], have: Collection[tuple[str, str | None]], where: str | None) -> list[Metric]:
    """Return the metrics of which there is no score on a slice, by its digest, or on all rows."""
    return [metric for metric in metrics if (metric.identity().digest, where) not in have]


def _sorted(tested: TestedFold) -> TestedFold:
    """Return a fold by ascending score, so that metrics of the order sort none of its slices again."""
    fold = tested.fold
    sample, order = by_score(fold.sample)
    if order is None:
        return tested
    groups, positions = None if fold.groups is None else fold.groups[order], tested.positions[order]
    return TestedFold(FoldSample(fold.repeat, fold.fold, sample, groups, positions), positions)


def _bare(score: Score) -> Score:
    """Return a score without its interval."""
    return msgspec.structs.replace(score, estimate=Estimate(value=score.estimate.value))
