"""The number by which slices are held against all other rows: the metric itself, or the loss of rows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bancada.contracts import InfluentialMetric, LossMetric
from bancada.exceptions import counted
from bancada.judgement.errors._derived import class_codes
from bancada.samples import Influence, Sample
from bancada.scoring.slices import Part, mean_part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from bancada.engine.examples import Examples

    Mask = npt.NDArray[np.bool_]

__all__ = ["Yardstick", "by_losses", "by_metric"]

_RANKS = frozenset({"auc", "rank", "ranks"})
_FEWEST_OF_CLASS = 2


@dataclass(frozen=True)
class Yardstick:
    """A number over any part of the rows.

    Attributes:
        name: Its name.
        greater_is_better: Direction.
        part: Takes a truth value per row, (n_rows,), and returns the number over these rows.
        known: Rows that it counts, (n_rows,).
    """

    name: str
    greater_is_better: bool
    part: Callable[[Mask], Part]
    known: Mask


def by_losses(examples: Examples, name: str, losses: npt.NDArray[np.float64]) -> Yardstick:
    """Return the mean of a number of each row; those without one do not count.

    Args:
        examples: The rows.
        name: What the number is called.
        losses: The number, such as a loss, (n_rows,).
    """
    known = ~np.isnan(losses)
    return Yardstick(
        name, greater_is_better=False, part=lambda among: mean_part(losses, among & known, examples.weight), known=known
    )


def by_metric(examples: Examples, name: str) -> Yardstick | None:
    """Return a metric that is no mean over rows and tells the influence of each; of two sides how much a gains on b.

    A metric of pairs of rows is taken over the pairs within each fold, since a slice may leave few in one (STATISTICS
    §0). A row that several repeats tested moves the number by the mean of what it moves in each.

    Args:
        examples: The rows.
        name: Name of the metric.

    Returns:
        None for a mean over rows, for code of the project, and where there is no closed form.
    """
    metric = next((metric for metric in examples.metrics if metric.name == name), None)
    if not isinstance(metric, InfluentialMetric) or any(
        metric.missing(examples.truth.schema, fold.predictions.schema) for side in examples.sides for fold in side
    ):
        return None
    first = examples.sample(examples.sides[0][0])
    if metric.influence(first) is None or (isinstance(metric, LossMetric) and metric.losses(first) is not None):
        return None
    chosen: InfluentialMetric = metric
    known = np.logical_and.reduce([examples.tested(side) for side in range(len(examples.sides))])

    def part(among: Mask) -> Part:
        inside = among & known
        found = [_over_folds(examples, side, chosen, inside) for side in range(len(examples.sides))]
        if len(found) == 1:
            return found[0]
        sign = 1.0 if chosen.greater_is_better else -1.0
        value, moved = found[0].value - found[1].value, found[0].influence - found[1].influence
        return Part(sign * value, sign * moved, found[0].n_rows, found[0].note or found[1].note)

    # Of two models it is a gain, of which more is better.
    return Yardstick(metric.name, metric.greater_is_better or len(examples.sides) > 1, part, known)


def _over_folds(examples: Examples, side: int, metric: InfluentialMetric, among: Mask) -> Part:
    moved, values, weights, undefined, n_units = np.zeros(examples.n_rows), [], [], 0, 0
    by_pairs = False
    parts: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]] = []
    for rows, sample in _samples(examples, side, metric, among):
        n_units += 1
        found = metric.influence(sample) if len(rows) else None
        if (
            found is None
            or not isfinite(found.value)
            or (found.kind in _RANKS and min(found.counts) < _FEWEST_OF_CLASS)
        ):
            undefined += 1
            continue
        pairs = metric.pairs(sample)
        by_pairs = by_pairs or pairs > 0
        values.append(found.value)
        weights.append(pairs if by_pairs else 1.0)
        parts.append((rows, _of_few(found, examples, rows)))
    n_rows = int(np.count_nonzero(among))
    if not values or (undefined and not by_pairs):
        noun = "repeat" if metric.aggregate == "pooled" else "fold"
        note = f"undefined in {undefined} of {counted(n_units, noun)}" if values else ""
        return Part(float("nan"), moved, n_rows, note)
    share = np.array(weights) / np.sum(weights)
    for weight, (rows, influence) in zip(share, parts, strict=True):
        moved[rows] += weight * influence / len(rows)
    return Part(float(share @ np.array(values)), moved, n_rows)


def _of_few(found: Influence, examples: Examples, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return influences whose squares do not shrink where a slice leaves few rows of a class in a fold.

    DeLong's variance divides by one less than the rows of each class. Over many folds of few rows that is not small:
    with four positives in each, slices that do not differ are flagged in 10 % of cases without it, and in 6 % with it.
    """
    codes = class_codes(examples)
    if found.kind not in _RANKS or codes is None:
        return found.values
    count = np.bincount(codes[rows])[codes[rows]]
    scaled: npt.NDArray[np.float64] = found.values * np.sqrt(count / np.maximum(count - 1, 1))
    return scaled


def _samples(
    examples: Examples, side: int, metric: InfluentialMetric, among: Mask
) -> Iterator[tuple[npt.NDArray[np.int64], Sample]]:
    """Yield the rows over which the metric is one number: a fold, or of a pooled metric a repeat."""
    folds = examples.sides[side]
    if metric.aggregate != "pooled":
        for fold in folds:
            yield fold.rows[among[fold.rows]], examples.sample(fold, among)
        return
    for _, members in groupby(folds, key=lambda fold: (fold.run_id, fold.repeat)):
        listed = list(members)
        samples = [examples.sample(fold, among) for fold in listed]
        weight = None if examples.weight is None else np.concatenate([np.asarray(one.weight) for one in samples])
        tables = [pa.concat_tables([getattr(one, name) for one in samples]) for name in ("truth", "predictions")]
        yield (
            np.concatenate([fold.rows[among[fold.rows]] for fold in listed]),
            Sample(tables[0], tables[1], samples[0].rows, weight),
        )
