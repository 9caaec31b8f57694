"""Every metric of bancada keeps every law, and each law catches a metric that breaks it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from tests.testing.own_blocks import METRICS, every_check

from bancada import metrics
from bancada.exceptions import LawBroken, UsageError
from bancada.samples import Influence, Sample
from bancada.testing import MeanDeviation, metric_checks
from bancada.testing._metric_laws import LAWS

if TYPE_CHECKING:
    from bancada.contracts import Metric
    from bancada.records import MetricIdentity
    from bancada.testing import Check


@pytest.mark.parametrize("check", every_check(METRICS, metric_checks))
def test_our_metrics_keep_every_law(check: Check) -> None:
    check()


def values(table: Any) -> Any:
    return np.asarray(table.column("value"))


_CALLS = itertools.count()


class Drifting(MeanDeviation):
    def score(self, sample: Sample) -> float:
        return super().score(sample) + next(_CALLS)


class Neighbourly(MeanDeviation):
    """It compares each row with the one before it."""

    def score(self, sample: Sample) -> float:
        return float(np.mean(np.abs(np.diff(values(sample.predictions)))))


class FirstChunk(MeanDeviation):
    def score(self, sample: Sample) -> float:
        first = len(sample.truth.column("value").chunks[0]) if sample.truth.num_rows else 0
        return super().score(Sample(sample.truth[:first], sample.predictions[:first], sample.rows, None))


class Undivided(MeanDeviation):
    """The weighted sum over the count of rows."""

    def score(self, sample: Sample) -> float:
        weight = np.ones(sample.truth.num_rows) if sample.weight is None else sample.weight
        return super().score(replace(sample, weight=None)) * float(weight.mean()) if len(weight) else float("nan")


class Squaring(MeanDeviation):
    def score(self, sample: Sample) -> float:
        return super().score(replace(sample, weight=None if sample.weight is None else sample.weight**2))


class Sum(MeanDeviation):
    def score(self, sample: Sample) -> float:
        return super().score(sample) * float(sample.truth.num_rows)


class Bounded(MeanDeviation):
    bounds = (0.0, 0.5)


class Backwards(MeanDeviation):
    greater_is_better = True


class Half(MeanDeviation):
    """It looks away where the prediction is close."""

    def score(self, sample: Sample) -> float:
        error = np.abs(values(sample.truth) - values(sample.predictions))
        return float(error[error > 0.3].mean()) if (error > 0.3).any() else 0.0


class Indifferent(MeanDeviation):
    def score(self, sample: Sample) -> float:
        return 1.0 if sample.truth.num_rows else float("nan")


class Ratio(MeanDeviation):
    def score(self, sample: Sample) -> float:
        spread = float(np.ptp(values(sample.predictions))) if sample.truth.num_rows else float("nan")
        return float("inf") if spread == 0 else super().score(sample) / spread


class Forgiving(MeanDeviation):
    def score(self, sample: Sample) -> float:
        return float(np.nanmean(np.abs(values(sample.truth) - values(sample.predictions))))


class Zero(MeanDeviation):
    def score(self, sample: Sample) -> float:
        return super().score(sample) if sample.truth.num_rows else 0.0


class Shy(MeanDeviation):
    """It has no answer for few rows but infinity."""

    def score(self, sample: Sample) -> float:
        return super().score(sample) if sample.truth.num_rows not in {1, 2, 3} else float("inf")


class Careless(MeanDeviation):
    def missing(self, truth: Any, predictions: Any) -> tuple[str, ...]:
        return ()


class Fussy(MeanDeviation):
    def missing(self, truth: Any, predictions: Any) -> tuple[str, ...]:
        return ("predictions.value",) if "extra" not in predictions.names else ()

    def score(self, sample: Sample) -> float:
        return float("nan")


class Renamed(MeanDeviation):
    def identity(self) -> MetricIdentity:
        return replace_name(super().identity())


def replace_name(identity: MetricIdentity) -> MetricIdentity:
    return type(identity)(name="another", digest=identity.digest, ingredients={}, greater_is_better=False)


class Unstable(MeanDeviation):
    def identity(self) -> MetricIdentity:
        identity = super().identity()
        return type(identity)(
            name=identity.name, digest=str(next(_CALLS)), ingredients={}, greater_is_better=False, bounds=self.bounds
        )


@dataclass(frozen=True)
class Silent(MeanDeviation):
    """Its power is no part of its identity."""

    power: float = 1.0

    def identity(self) -> MetricIdentity:
        return MeanDeviation(1.0).identity()


class Pairing(MeanDeviation):
    """It compares pairs, and counts rows."""

    aggregate = "pairs-within-folds"

    def pairs(self, sample: Sample) -> float:
        return float(sample.truth.num_rows)


class Scribbling(MeanDeviation):
    def score(self, sample: Sample) -> float:
        score = super().score(sample)
        object.__setattr__(sample, "predictions", sample.truth)
        return score


class Squared(MeanDeviation):
    def losses(self, sample: Sample) -> Any:
        return super().losses(sample) ** 2

    def score(self, sample: Sample) -> float:
        return float(np.average(super().losses(sample), weights=sample.weight))


class Centred(MeanDeviation):
    """The loss of a row is told from the others'."""

    def losses(self, sample: Sample) -> Any:
        losses = super().losses(sample)
        return losses + (np.arange(len(losses)) == 0) * 0.1 - (np.arange(len(losses)) == 1) * 0.1

    def score(self, sample: Sample) -> float:
        return float(np.average(self.losses(sample), weights=sample.weight))


class Squashed(MeanDeviation):
    """Its influences are those of the square root of what it is."""

    def influence(self, sample: Sample) -> Influence:
        found = super().influence(sample)
        return replace(found, values=np.sign(found.values) * np.sqrt(np.abs(found.values)))


class TooWide(MeanDeviation):
    def influence(self, sample: Sample) -> Influence:
        found = super().influence(sample)
        return replace(found, values=found.values * 1.05)


class OffCentre(MeanDeviation):
    def influence(self, sample: Sample) -> Influence:
        found = super().influence(sample)
        return replace(found, values=found.values + 0.1)


class ByWeight(MeanDeviation):
    def influence(self, sample: Sample) -> Influence:
        found = super().influence(sample)
        weight = 1.0 if sample.weight is None else sample.weight
        return replace(found, values=found.values * weight)


# By law: metrics that break it, and what the check says of them.
MUTANTS: dict[str, list[tuple[Metric, str]]] = {
    "score_is_pure": [(Drifting(), "the first time and"), (Scribbling(), "and 0.0 the second")],
    "row_order_does_not_matter": [(Neighbourly(), "in another order")],
    "chunks_do_not_matter": [(FirstChunk(), "in two chunks")],
    "constant_weights_change_nothing": [(Undivided(), "with weights of 2.0")],
    "weights_are_counts": [(Squaring(), "with repeated rows")],
    "duplication_changes_nothing": [(Sum(), "with every row twice")],
    "scores_lie_within_bounds": [(Bounded(), "the bounds are")],
    "perfect_is_best": [(Backwards(), "Perfect predictions score 0.0, noisy ones")],
    "exchanged_predictions_are_worse": [(Indifferent(), "1.0 on average where they do not")],
    "better_is_never_worse": [(Half(), "became perfect")],
    "constant_predictions_are_scored": [(Ratio(), "It is inf")],
    "nan_gives_no_number": [(Forgiving(), "With NaN in `value` it is")],
    "no_rows_have_no_score": [(Zero(), "Without rows it is 0.0")],
    "slices_are_scored": [(Shy(), "it is inf")],
    "missing_is_exact": [(Careless(), "Nothing is missing without `value`, and `score` raised")],
    "identity_is_stable": [(Renamed(), "Its identity tells"), (Unstable(), "A second call gave another digest")],
    "identity_tells_parameters": [(Silent(), "has the same digest")],
    "pairs_agree_with_score": [(Pairing(), "with every row twice")],
    "losses_average_to_score": [(Squared(), "and the score is"), (Centred(), "among the others and")],
    "influence_is_centred": [(OffCentre(), "They sum to"), (ByWeight(), "with weights that are all 2")],
    "influence_agrees_with_jackknife": [(Squashed(), "Correlation 0"), (TooWide(), "1.05. times the jackknife's")],
}


@pytest.mark.parametrize("name", [each.name for each in LAWS])
def test_each_law_catches_a_metric_that_breaks_it(name: str) -> None:
    for mutant, found in MUTANTS[name]:
        checks = {check.name: check for check in metric_checks(mutant, unlike=[Silent(2.0)])}
        with pytest.raises(LawBroken, match=found):
            checks[f"{name}[regression]"]()


def tags() -> Sample:
    truth = pa.table({"tags": pa.array([["a"], ["a", "b"], []])})
    return Sample(truth, pa.table({"tags": pa.array([["a"], ["b"], ["c"]])}), pa.table({"row": [1, 2, 3]}))


def jaccard(y_true: Any, y_pred: Any) -> float:
    pairs = [(set(a), set(b)) for a, b in zip(y_true, y_pred, strict=True)]
    return float(np.mean([len(a & b) / len(a | b) if a | b else 1.0 for a, b in pairs]))


def test_a_metric_of_a_task_of_ones_own_is_checked_on_a_sample_of_it() -> None:
    metric = metrics.from_function(jaccard, greater_is_better=True, reads=("tags",), bounds=(0.0, 1.0))
    with pytest.raises(UsageError, match="`jaccard` can read none of the made-up samples of `binary`"):
        metric_checks(metric)
    checks = {check.name: check for check in metric_checks(metric, tags())}
    for name in ("perfect_is_best", "row_order_does_not_matter", "exchanged_predictions_are_worse"):
        checks[name]()
    with pytest.raises(LawBroken, match="is missing from tables that it can read"):
        {check.name: check for check in metric_checks(Fussy(), regression())}["missing_is_exact"]()


def regression() -> Sample:
    truth = pa.table({"value": [1.0, 2.0, 3.0]})
    return Sample(truth, pa.table({"value": [1.0, 2.5, 2.0]}), pa.table({"row": [1, 2, 3]}))


def test_without_a_perfect_prediction_its_laws_are_skipped() -> None:
    sample = replace(regression(), predictions=pa.table({"value": [1.0, 2.5, 2.0], "extra": [0, 0, 0]}))
    checks = {check.name: check for check in metric_checks(MeanDeviation(), sample)}
    with pytest.raises(Exception, match=r"give `perfect=`"):
        checks["perfect_is_best"]()
