"""From the samples of the folds to one score with its interval (STATISTICS §0)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from math import fsum, isfinite, nan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from bancada.contracts import LossMetric, SelectiveMetric
from bancada.exceptions import DataError, DefinitionError, nearest
from bancada.records import Estimate, FoldScore, Score
from bancada.samples import Influence, Sample
from bancada.scoring._interval import interval
from bancada.scoring.rows import estimate_rows, over_repeats, row_estimate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from bancada.contracts import Metric
    from bancada.scoring._design import Design

__all__ = ["FoldSample", "score_metric"]


@dataclass(frozen=True, slots=True)
class FoldSample:
    """The test rows of one fold, or of a slice of it, with their predictions.

    Attributes:
        repeat: Number of the repeat.
        fold: Number of the fold in it.
        sample: The rows.
        groups: Number of each row's group, (n_rows,); None where rows are independent.
        rows: Position of each row among all, (n_rows,), by which repeats are averaged; None where not known.
    """

    repeat: int
    fold: int
    sample: Sample
    groups: npt.NDArray[np.integer] | None = None
    rows: npt.NDArray[np.integer] | None = None

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return f"repeat {self.repeat}, fold {self.fold}"


class _Measured(NamedTuple):
    """What a metric answered: NaN with a flag where there is no number; `failed` where it raised."""

    value: float
    flag: str = ""
    failed: bool = False


class _Aggregate(NamedTuple):
    """One number per fold, the number over all of them, and every answer behind them."""

    value: float
    folds: tuple[float, ...]
    answers: tuple[_Measured, ...]


def score_metric(
    metric: Metric,
    folds: Sequence[FoldSample],
    design: Design,
    *,
    slice: str | None = None,  # noqa: A002 - the name of the field in the record
    train: Mapping[tuple[int, int], float] | None = None,
) -> Score:
    """Score a metric over the folds of a run, as the metric's `aggregate` says.

    * fold-mean: the mean over folds.
    * pooled: once per repeat over all of its out-of-fold rows, then the mean over repeats. The fold values are the
      delete-one-fold pseudo-values k·θ_r − (k−1)·θ_r(−j).
    * pairs-within-folds: Σ pairs·value / Σ pairs over folds (Parker 2007; Airola 2011).

    Of one split there are no folds to compare: the interval is over its rows, about the fitted model alone (STATISTICS
    §4). So it is where test folds hold fewer than ten rows, of metrics that are means over rows, over all rows.

    A number that is undefined is flagged and never averaged away silently: the value is over what exists, and there is
    no interval. A metric that raises leaves a flag and no value.

    Args:
        metric: The metric.
        folds: What was predicted in each fold, in any order.
        design: The folds that were asked for; those that are absent from `folds` are flagged by their count.
        slice: Name of the slice whose rows the samples hold; None for all rows.
        train: The metric on the training rows, by repeat and fold, where that was kept.

    Raises:
        DefinitionError: Where the metric's `aggregate` is unknown.
        DataError: Where a fold is given twice.
    """
    ordered = sorted(folds, key=lambda part: (part.repeat, part.fold))
    _refuse_twins(ordered)
    aggregate = _aggregation(metric)(metric, ordered)
    failed = any(answer.failed for answer in aggregate.answers)
    flags = [answer.flag for answer in aggregate.answers if answer.flag]
    if len(ordered) < design.n_folds:
        flags.append(f"{len(ordered)} of {design.n_folds} folds")
    whole = not flags and len(ordered) == design.n_folds and bool(ordered)
    if failed or not isfinite(aggregate.value):
        estimate = Estimate(value=None)
    elif whole:
        if design.kind == "single":
            estimate, told = _over_rows(metric, ordered[0], aggregate.value)
            flags += told
        elif design.tests_few and slice is None:
            estimate, told = _over_losses(metric, ordered, aggregate.value)
            flags += told
        else:
            estimate = interval(aggregate.value, aggregate.folds, design, metric.bounds)
    else:
        estimate = Estimate(value=aggregate.value)
    known = train or {}
    return Score(
        metric=metric.name,
        metric_id=metric.identity().digest,
        slice=slice,
        estimate=estimate,
        folds=tuple(
            FoldScore(
                repeat=part.repeat,
                fold=part.fold,
                value=_number(value),
                train=_number(known.get((part.repeat, part.fold), nan)),
            )
            for part, value in zip(ordered, aggregate.folds, strict=True)
        ),
        n_rows=_rows_scored(ordered),
        flags=(*flags, *_left_out(metric, ordered)),
    )


def _aggregation(metric: Metric) -> Callable[[Metric, Sequence[FoldSample]], _Aggregate]:
    """Return the way in which the metric's folds become one number."""
    ways = {"fold-mean": _fold_mean, "pooled": _pooled, "pairs-within-folds": _pairs_within_folds}
    way = ways.get(metric.aggregate)
    if way is None:
        raise DefinitionError(
            "A metric says how its folds become one number.",
            f"`{metric.name}` says {metric.aggregate!r}.",
            nearest(metric.aggregate, ways),
        )
    return way


def _over_rows(metric: Metric, part: FoldSample, value: float) -> tuple[Estimate, tuple[str, ...]]:
    """Return the score of one split with its interval over rows, and what must be told beside it."""
    try:
        found = estimate_rows(metric, part.sample, groups=part.groups)
    except Exception as error:  # noqa: BLE001 - a user's metric may raise anything on resampled rows; the score stands
        text = str(error).splitlines()[0] if str(error) else ""
        return Estimate(value=value), (f"no interval: `{metric.name}` failed: {type(error).__name__}: {text}",)
    return Estimate(value=value, low=found.low, high=found.high, procedure=found.procedure), found.flags


def _over_losses(metric: Metric, folds: Sequence[FoldSample], value: float) -> tuple[Estimate, tuple[str, ...]]:
    """Return a score over folds of few rows with its interval over rows, each averaged over its repeats."""
    bare: tuple[Estimate, tuple[str, ...]] = (Estimate(value=value), ())
    parts, members = [], []
    for _, repeat in groupby(folds, key=lambda part: part.repeat):
        ours = list(repeat)
        sample = _joined(ours)
        losses = metric.losses(sample) if isinstance(metric, LossMetric) and sample.weight is None else None
        where = [part.rows for part in ours if part.rows is not None]
        if losses is None or len(where) < len(ours) or not np.isfinite(losses).all():
            return bare
        parts.append((Influence(value, losses - losses.mean()), np.concatenate(where)))
        members += [part.groups for part in ours if part.groups is not None]
    influence, _ = over_repeats(parts)
    groups = None
    if members:
        _, first = np.unique(np.concatenate([positions for _, positions in parts]), return_index=True)
        groups = np.concatenate(members)[first]
    found = row_estimate(influence, groups=groups, bounds=metric.bounds)
    if found.low is None:
        return Estimate(value=value), found.flags
    told = f"{found.procedure}, these fitted models"
    return Estimate(value=value, low=found.low, high=found.high, procedure=told), found.flags


def _fold_mean(metric: Metric, folds: Sequence[FoldSample]) -> _Aggregate:
    """Average the folds that have a number."""
    answers = tuple(_measure(metric.name, metric.score, part.sample, part.place) for part in folds)
    values = tuple(answer.value for answer in answers)
    return _Aggregate(_mean(values), values, answers)


def _pairs_within_folds(metric: Metric, folds: Sequence[FoldSample]) -> _Aggregate:
    """Weigh each fold by the pairs that it compares; a fold without a number has none."""
    answers = [_measure(metric.name, metric.score, part.sample, part.place) for part in folds]
    values = tuple(answer.value for answer in answers)
    weights = []
    for part, value in zip(folds, values, strict=True):
        pairs = _Measured(0.0)
        if isfinite(value):
            pairs = _measure(metric.name, metric.pairs, part.sample, part.place)
            answers.append(pairs)
        weights.append(pairs.value)
    total = fsum(weights)
    if not total > 0:
        return _Aggregate(nan, values, tuple(answers))
    products = [weight * value for weight, value in zip(weights, values, strict=True) if weight > 0]
    return _Aggregate(fsum(products) / total, values, tuple(answers))


def _pooled(metric: Metric, folds: Sequence[FoldSample]) -> _Aggregate:
    """Score each repeat over all of its rows; the fold values are pseudo-values."""
    thetas: list[float] = []
    pseudo: list[float] = []
    answers: list[_Measured] = []
    for repeat, members in groupby(folds, key=lambda part: part.repeat):
        parts = list(members)
        whole = _measure(metric.name, metric.score, _joined(parts), f"repeat {repeat}")
        thetas.append(whole.value)
        answers.append(whole)
        k = len(parts)
        if k == 1 or not isfinite(whole.value):
            pseudo.extend([whole.value] * k)
            continue
        for j, part in enumerate(parts):
            rest = _joined(parts[:j] + parts[j + 1 :])
            without = _measure(metric.name, metric.score, rest, f"repeat {repeat} without fold {part.fold}")
            answers.append(without)
            pseudo.append(k * whole.value - (k - 1) * without.value)
    return _Aggregate(_mean(thetas), tuple(pseudo), tuple(answers))


def _measure(name: str, function: Callable[[Sample], float], sample: Sample, place: str) -> _Measured:
    """Ask the metric, and turn an error or a missing number into a flag."""
    if sample.predictions.num_rows == 0:
        return _Measured(nan, f"undefined in {place}: no rows")
    try:
        value = float(function(sample))
    except Exception as error:  # noqa: BLE001 - a user's metric may raise anything; a run's other scores must not be lost
        text = str(error).splitlines()[0].removesuffix(".") if str(error) else ""
        return _Measured(nan, f"`{name}` failed in {place}: {type(error).__name__}: {text}", failed=True)
    if not isfinite(value):
        return _Measured(nan, f"undefined in {place}" if np.isnan(value) else f"infinite in {place}")
    return _Measured(value)


def _left_out(metric: Metric, folds: Sequence[FoldSample]) -> tuple[str, ...]:
    """Say how many parts of the rows do not count, over all folds; that makes the score of the others no less whole."""
    if not isinstance(metric, SelectiveMetric):
        return ()
    try:
        found = [metric.left_out(part.sample) for part in folds]
    except Exception:  # noqa: BLE001 - the same error has failed the score itself, and is told there
        return ()
    known = [one for one in found if one is not None]
    count, total = sum(one.count for one in known), sum(one.total for one in known)
    if not count:
        return ()
    each = " (counted fold by fold)" if len(folds) > 1 else ""
    return (f"`{metric.name}` leaves out {count:,} of {total:,} {known[0].parts}{each}: {known[0].reason}",)


def _joined(parts: Sequence[FoldSample]) -> Sample:
    """Put the rows of several folds below each other."""
    samples = [part.sample for part in parts]
    if len(samples) == 1:
        return samples[0]
    weight = None
    if any(sample.weight is not None for sample in samples):
        weight = np.concatenate(
            [np.ones(sample.predictions.num_rows) if sample.weight is None else sample.weight for sample in samples]
        )
    truth, predictions, rows = (
        pa.concat_tables([getattr(sample, field) for sample in samples]) for field in ("truth", "predictions", "rows")
    )
    return Sample(truth=truth, predictions=predictions, rows=rows, weight=weight)


def _mean(values: Sequence[float]) -> float:
    """Average the numbers among the values; NaN where there is none. Its callers flag what is left out."""
    numbers = [value for value in values if isfinite(value)]
    return fsum(numbers) / len(numbers) if numbers else nan


def _number(value: float) -> float | None:
    """Return None for what is not a number: a record holds numbers only."""
    return float(value) if isfinite(value) else None


def _rows_scored(folds: Sequence[FoldSample]) -> int:
    """Count the rows of the repeat that tested most: each repeat tests a row at most once."""
    per_repeat = [
        sum(part.sample.predictions.num_rows for part in members)
        for _, members in groupby(folds, key=lambda part: part.repeat)
    ]
    return max(per_repeat, default=0)


def _refuse_twins(folds: Sequence[FoldSample]) -> None:
    """Refuse a fold that stands twice: its rows would count twice."""
    for before, after in pairwise(folds):
        if (before.repeat, before.fold) == (after.repeat, after.fold):
            raise DataError(
                "A fold is scored once.",
                f"{after.place.capitalize()} is given twice.",
                "Give each fold of the run once.",
            )
