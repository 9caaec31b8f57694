"""The loss of each row: the metric's own, or what the task gives where the metric has none for a row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bancada import metrics
from bancada.contracts import LossMetric
from bancada.exceptions import UsageError
from bancada.judgement.errors._derived import derived_loss
from bancada.judgement.errors._one_by_one import one_by_one

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt
    import pyarrow as pa

    from bancada.contracts import Metric
    from bancada.engine.examples import Examples
    from bancada.samples import Sample

__all__ = ["Measure", "measure_of", "row_losses"]

_REMEDY = "Leave `--metric` out for the loss that fits the task, or name one such as `log_loss`, `brier` or `mae`."


@dataclass(frozen=True)
class Measure:
    """How the loss of a row is computed.

    Attributes:
        name: Its name.
        metric: The metric whose loss it is; None where the task gave it.
        formula: What it is, for people.
        why: Why it is not the primary metric's; empty where it is, or where it was asked for.
        losses: Takes the rows of a fold and returns a loss for each, (n_test,); NaN where undefined.
    """

    name: str
    metric: str | None
    formula: str
    why: str
    losses: Callable[[Sample], npt.NDArray[np.float64]]


def measure_of(examples: Examples, named: str | None = None) -> Measure:
    """Return the loss by which rows are ordered: that of a metric, of the primary one by default.

    Args:
        examples: The rows.
        named: Name of a metric; any built-in one that reads what the models give.

    Raises:
        NotFoundError: There is no such built-in metric.
        UsageError: The metric has no value for a row, or the models do not give what it reads.
    """
    if named is not None:
        metric = _named(examples, named)
        _refuse_unread(examples, metric)
        found = _of_metric(examples, metric)
        if found is None:
            raise UsageError(
                "The errors of a run are shown by a metric that has a value for each row.",
                f"`{named}` has none: it is no mean over rows.",
                _REMEDY,
            )
        return found
    primary = next((metric for metric in examples.metrics if metric.name == examples.primary), None)
    found = None if primary is None or _lacking(examples, primary) else _of_metric(examples, primary)
    if found is not None:
        return found
    own = examples.primary in examples.own
    why = "is code of the project, which verbs that read do not execute" if own else "has no value for a row"
    return replace(_of_task(examples), why=f"the primary metric, `{examples.primary}`, {why}")


def row_losses(examples: Examples, side: int, measure: Measure) -> npt.NDArray[np.float64]:
    """Return the loss of each row, its mean over the folds that tested it; NaN where it is undefined, (n_rows,)."""
    total, count = np.zeros(examples.n_rows), np.zeros(examples.n_rows)
    for fold in examples.sides[side]:
        total[fold.rows] += measure.losses(examples.sample(fold))
        count[fold.rows] += 1
    mean: npt.NDArray[np.float64] = np.divide(total, count, out=np.full(examples.n_rows, np.nan), where=count > 0)
    return mean


def _of_metric(examples: Examples, metric: Metric) -> Measure | None:
    kernel = _own(examples, metric) or one_by_one(examples, metric)
    base = metric.name.partition("@")[0]
    formula = next((entry.formula for entry in metrics.table() if entry.name.partition("@")[0] == base), "a metric")
    name = metric.name
    if metric.greater_is_better:
        upper = f"{metric.bounds[1]:g}" if metric.bounds[1] else "0"
        name, formula = f"{upper} − {name}", f"{base}: {formula}"
    return None if kernel is None else Measure(name, metric.name, formula, "", kernel)


def _own(examples: Examples, metric: Metric) -> Callable[[Sample], npt.NDArray[np.float64]] | None:
    """Return the losses that a metric gives by itself; None where it gives none for these predictions."""
    if not isinstance(metric, LossMetric) or metric.losses(examples.sample(examples.sides[0][0])) is None:
        return None

    def losses(sample: Sample) -> npt.NDArray[np.float64]:
        found = metric.losses(sample)
        return np.full(sample.truth.num_rows, np.nan) if found is None else found

    return losses


def _of_task(examples: Examples) -> Measure:
    found = derived_loss(examples)
    if found is not None:
        return Measure(found.name, None, found.formula, "", found.losses)
    for metric in examples.metrics:
        one = None if _lacking(examples, metric) else _of_metric(examples, metric)
        if one is not None:
            return one
    raise UsageError(
        "The errors of a run are shown where each row has a loss.",
        f"A task `{examples.task.name}` whose models give {_listed(_predicted(examples))} has none.",
        "Name a metric that has a value for each row with `--metric`.",
    )


def _named(examples: Examples, name: str) -> Metric:
    known = next((metric for metric in examples.metrics if metric.name == name), None)
    if known is None and name in examples.own:
        raise UsageError(
            "Verbs that read execute no code of the project, so that rows are ordered by a built-in metric.",
            f"`{name}` is a function of the project.",
            _REMEDY,
        )
    return known or metrics.get(name)


def _refuse_unread(examples: Examples, metric: Metric) -> None:
    lacking = _lacking(examples, metric)
    if lacking:
        raise UsageError(
            "A metric is computed where the models give what it reads.",
            f"`{metric.name}` reads {_listed(lacking)}, which these predictions lack.",
            f"Name another one; the predictions have {_listed(_predicted(examples))}.",
        )


def _lacking(examples: Examples, metric: Metric) -> tuple[str, ...]:
    names = [metric.missing(examples.truth.schema, fold.predictions.schema) for side in examples.sides for fold in side]
    return next((missing for missing in names if missing), ())


def _predicted(examples: Examples) -> tuple[str, ...]:
    schemas: list[pa.Schema] = [fold.predictions.schema for side in examples.sides for fold in side]
    return tuple(dict.fromkeys(name for schema in schemas for name in schema.names))


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
