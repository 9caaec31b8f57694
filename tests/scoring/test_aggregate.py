"""From the samples of the folds to one score."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import f1_score

from bancada.exceptions import DataError, DefinitionError
from bancada.metrics import get
from bancada.records import MetricIdentity
from bancada.samples import LeftOut, Sample
from bancada.scoring import Design, FoldSample, score_metric

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.contracts import Metric


def truth_and_label(sample: Sample) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    return sample.truth["y"].to_numpy(), sample.predictions["label"].to_numpy()


def accuracy(sample: Sample) -> float:
    y, label = truth_and_label(sample)
    return float(np.average(y == label, weights=sample.weight))


def f1(sample: Sample) -> float:
    y, label = truth_and_label(sample)
    return float(f1_score(y, label, zero_division=np.nan))


@dataclass(frozen=True)
class Double:
    """A metric made of a function."""

    function: Callable[[Sample], float]
    aggregate: str = "fold-mean"
    name: str = "double"
    greater_is_better: bool = True
    bounds: tuple[float | None, float | None] = (0.0, 1.0)
    columns: tuple[str, ...] = ()

    def identity(self) -> MetricIdentity:
        return MetricIdentity(name=self.name, digest="d" * 64, ingredients={}, greater_is_better=True)

    def missing(self, truth: Any, predictions: Any) -> tuple[str, ...]:
        return ()

    def score(self, sample: Sample) -> float:
        return self.function(sample)

    def pairs(self, sample: Sample) -> float:
        y = sample.truth["y"].to_numpy()
        return float(y.sum() * (len(y) - y.sum()))


if TYPE_CHECKING:
    _METRIC: Metric = Double(accuracy)


def fold_sample(
    repeat: int, fold: int, y: Any, label: Any, weight: npt.NDArray[np.float64] | None = None
) -> FoldSample:
    truth, predictions = pa.table({"y": pa.array(y, pa.int64())}), pa.table({"label": pa.array(label, pa.int64())})
    return FoldSample(repeat, fold, Sample(truth, predictions, truth.select([]), weight))


def random_folds(seed: int, repeats: int = 3, k: int = 5, n_test: int = 20) -> list[FoldSample]:
    rng = np.random.default_rng(seed)
    made = []
    for repeat in range(repeats):
        for fold in range(k):
            y = rng.integers(0, 2, n_test)
            label = np.where(rng.random(n_test) < 0.7, y, 1 - y)
            made.append(fold_sample(repeat, fold, y, label))
    return made


KFOLD = Design("random", (80,) * 15, (20,) * 15, 3)


def test_fold_mean_is_the_mean_over_folds_with_its_interval() -> None:
    folds = random_folds(0)
    found = score_metric(Double(accuracy), folds, KFOLD)
    values = [accuracy(part.sample) for part in folds]
    assert found.estimate.value == pytest.approx(np.mean(values))
    assert [fold.value for fold in found.folds] == values
    assert found.estimate.procedure == "corrected resampled t"
    assert found.estimate.low is not None
    assert found.flags == ()
    assert found.n_rows == 100


@given(st.integers(0, 200))
def test_pooled_is_the_metric_over_all_rows_of_a_repeat_and_pseudo_values_of_its_folds(seed: int) -> None:
    folds = random_folds(seed, repeats=2, k=3)
    found = score_metric(Double(f1, "pooled"), folds, Design("random", (40,) * 6, (20,) * 6, 2))
    thetas: list[float] = []
    pseudo: list[float] = []
    for repeat in range(2):
        rows = [truth_and_label(part.sample) for part in folds if part.repeat == repeat]

        def pooled(parts: list[tuple[npt.NDArray[Any], npt.NDArray[Any]]]) -> float:
            y, label = (np.concatenate(columns) for columns in zip(*parts, strict=True))
            return float(f1_score(y, label))

        thetas.append(pooled(rows))
        pseudo.extend(3 * thetas[-1] - 2 * pooled(rows[:j] + rows[j + 1 :]) for j in range(3))
    assert found.estimate.value == pytest.approx(np.mean(thetas))
    assert [fold.value for fold in found.folds] == pytest.approx(pseudo)


@given(st.integers(0, 200))
def test_pooling_an_average_gives_the_fold_values_back(seed: int) -> None:
    folds = random_folds(seed)
    pooled, mean = (score_metric(Double(accuracy, way), folds, KFOLD) for way in ("pooled", "fold-mean"))
    assert pooled.estimate.value == pytest.approx(mean.estimate.value)
    assert [fold.value for fold in pooled.folds] == pytest.approx([fold.value for fold in mean.folds])


def test_pairs_within_folds_weigh_by_pairs() -> None:
    folds = [fold_sample(0, 0, [0, 1, 1], [0, 1, 0]), fold_sample(0, 1, [0, 0, 1, 1], [0, 0, 1, 1])]
    found = score_metric(Double(accuracy, "pairs-within-folds"), folds, Design("random", (4, 3), (3, 4)))
    assert found.estimate.value == pytest.approx((2 * (2 / 3) + 4 * 1.0) / 6)


def test_a_fold_without_pairs_weighs_nothing_and_is_flagged() -> None:
    def ranked(sample: Sample) -> float:
        y, _ = truth_and_label(sample)
        return accuracy(sample) if 0 < y.sum() < len(y) else float("nan")

    folds = [fold_sample(0, 0, [0, 1, 1], [0, 1, 0]), fold_sample(0, 1, [0, 0], [0, 0])]
    found = score_metric(Double(ranked, "pairs-within-folds"), folds, Design("random", (4, 3), (3, 2)))
    assert found.estimate.value == pytest.approx(2 / 3)
    assert found.flags == ("undefined in repeat 0, fold 1",)


def test_no_pair_anywhere_is_no_score() -> None:
    folds = [fold_sample(0, 0, [0, 0], [0, 1])]
    found = score_metric(Double(accuracy, "pairs-within-folds"), folds, Design("random", (4,), (2,)))
    assert found.estimate.value is None


@pytest.mark.parametrize("aggregate", ["fold-mean", "pooled", "pairs-within-folds"])
@given(seed=st.integers(0, 100))
def test_the_order_of_folds_changes_nothing(aggregate: str, seed: int) -> None:
    folds = random_folds(seed)
    order = np.random.default_rng(seed).permutation(len(folds))
    one, other = (
        score_metric(Double(accuracy, aggregate), parts, KFOLD) for parts in (folds, [folds[i] for i in order])
    )
    assert one == other


def test_an_undefined_fold_is_flagged_and_takes_the_interval_away() -> None:
    folds = random_folds(1)
    folds[8] = fold_sample(1, 3, [0] * 20, [0] * 20)
    found = score_metric(Double(f1), folds, KFOLD)
    assert found.flags == ("undefined in repeat 1, fold 3",)
    assert found.folds[8].value is None
    assert found.estimate.value == pytest.approx(np.mean([f1(part.sample) for i, part in enumerate(folds) if i != 8]))
    assert (found.estimate.low, found.estimate.high, found.estimate.procedure) == (None, None, "")


def test_a_pseudo_value_that_is_undefined_is_flagged() -> None:
    folds = [fold_sample(0, 0, [1] * 5, [1] * 5), *(fold_sample(0, j, [0] * 5, [0] * 5) for j in (1, 2))]
    found = score_metric(Double(f1, "pooled"), folds, Design("random", (10,) * 3, (5,) * 3))
    assert found.estimate.value == 1.0
    assert found.flags == ("undefined in repeat 0 without fold 0",)
    assert found.folds[0].value is None
    assert found.estimate.low is None


def test_a_repeat_that_is_undefined_as_a_whole_has_no_fold_values() -> None:
    folds = [fold_sample(0, j, [0] * 5, [0] * 5) for j in range(3)]
    found = score_metric(Double(f1, "pooled"), folds, Design("random", (10,) * 3, (5,) * 3))
    assert found.estimate.value is None
    assert [fold.value for fold in found.folds] == [None] * 3
    assert found.flags == ("undefined in repeat 0",)


def test_a_slice_that_is_absent_from_a_fold_is_undefined_there_and_the_metric_is_not_asked() -> None:
    folds = [*random_folds(2)[:14], fold_sample(2, 4, [], [])]
    found = score_metric(Double(accuracy), folds, KFOLD, slice="north")
    assert found.slice == "north"
    assert found.flags == ("undefined in repeat 2, fold 4: no rows",)


def test_a_metric_that_raises_becomes_a_flag_and_no_number() -> None:
    def broken(sample: Sample) -> float:
        y, _ = truth_and_label(sample)
        if y.sum() == 20:
            raise ZeroDivisionError("amounts add up to 0\nsecond line")
        return accuracy(sample)

    folds = random_folds(3)
    folds[3] = fold_sample(0, 3, [1] * 20, [1] * 20)
    found = score_metric(Double(broken, name="margin"), folds, KFOLD)
    assert found.estimate.value is None
    assert found.flags == ("`margin` failed in repeat 0, fold 3: ZeroDivisionError: amounts add up to 0",)
    assert found.folds[4].value is not None


def test_an_infinite_fold_is_flagged_too() -> None:
    found = score_metric(Double(lambda _: float("inf")), random_folds(4), KFOLD)
    assert found.estimate.value is None
    assert found.flags[0] == "infinite in repeat 0, fold 0"


def test_folds_that_are_absent_are_counted_in_a_flag() -> None:
    found = score_metric(Double(accuracy), random_folds(5)[:14], KFOLD)
    assert found.flags == ("14 of 15 folds",)
    assert found.estimate.low is None
    assert found.estimate.value is not None


def test_no_fold_at_all_is_no_score() -> None:
    found = score_metric(Double(accuracy), [], KFOLD)
    assert (found.estimate.value, found.n_rows, found.flags) == (None, 0, ("0 of 15 folds",))


def test_training_scores_stand_beside_their_folds() -> None:
    found = score_metric(Double(accuracy), random_folds(6), KFOLD, train={(0, 1): 0.99, (2, 4): float("nan")})
    assert [fold.train for fold in found.folds] == [None, 0.99, *[None] * 13]


def test_one_split_is_an_estimate() -> None:
    found = score_metric(Double(f1, "pooled"), random_folds(7, 1, 1), Design("single", (80,), (20,)))
    assert found.estimate.value == found.folds[0].value
    assert found.estimate.low is None
    assert found.flags == ("fewer than 50 rows: no bootstrap, and so no interval",)


def one_split(seed: int, n: int) -> tuple[FoldSample, Design]:
    """Return one test part of binary labels, in pairs of two rows that are alike."""
    draw = np.random.default_rng(seed)
    truth = np.repeat(draw.random(n // 2) < 0.5, 2)
    found = np.where(np.repeat(draw.random(n // 2) < 0.8, 2), truth, ~truth)
    known, said = (pa.table({"label": column}) for column in (truth, found))
    return FoldSample(0, 0, Sample(known, said, pa.table({}))), Design("single", (4 * n,), (n,))


def test_one_split_has_its_interval_over_rows() -> None:
    part, design = one_split(0, 200)
    found = score_metric(get("accuracy"), [part], design)
    assert found.estimate.low is not None
    assert found.estimate.value == found.folds[0].value
    assert found.estimate.procedure == "Wilson"
    assert found.flags == ()


def test_one_split_of_groups_counts_groups() -> None:
    part, design = one_split(0, 200)
    rows, groups = (
        score_metric(get("accuracy"), [one], design).estimate
        for one in (part, replace(part, groups=np.repeat(np.arange(100), 2)))
    )
    assert groups.procedure == "Wilson over groups"
    assert rows.low is not None
    assert groups.low is not None
    assert groups.low < rows.low


def test_a_metric_that_raises_on_resampled_rows_keeps_its_score() -> None:
    asked: list[Sample] = []

    def once(sample: Sample) -> float:
        asked.append(sample)
        if len(asked) > 1:
            message = "never twice"
            raise ValueError(message)
        return 0.5

    part, design = one_split(0, 200)
    found = score_metric(Double(once), [part], design)
    assert found.estimate.value is not None
    assert found.estimate.low is None
    assert found.flags == ("no interval: `double` failed: ValueError: never twice",)


def test_weights_travel_with_their_rows() -> None:
    weights = np.array([3.0, 1.0])
    folds = [fold_sample(0, 0, [0, 1], [0, 0], weights), fold_sample(0, 1, [1, 1], [1, 0])]
    found = score_metric(Double(accuracy, "pooled"), folds, Design("random", (2, 2), (2, 2)))
    assert found.estimate.value == pytest.approx((3 + 1) / (3 + 1 + 1 + 1))


def test_an_unknown_aggregate_is_named_with_its_nearest() -> None:
    with pytest.raises(DefinitionError, match=r"`double` says 'pool'. Did you mean `pooled`"):
        score_metric(Double(accuracy, "pool"), random_folds(0), KFOLD)


def test_a_fold_that_stands_twice_is_refused() -> None:
    with pytest.raises(DataError, match="Repeat 0, fold 0 is given twice"):
        score_metric(Double(accuracy), [*random_folds(0), random_folds(0)[0]], KFOLD)


@dataclass(frozen=True)
class Selective(Double):
    """A metric that leaves out what its function counts."""

    count: int = 0

    def left_out(self, sample: Sample) -> LeftOut:
        return LeftOut(self.count, 10, "queries", "no row of them is relevant")


def test_what_a_metric_leaves_out_is_counted_over_the_folds_and_the_score_stays_whole() -> None:
    parts = [fold_sample(0, j, [0, 1, 1, 0] * 3, [0, 1, 0, 0] * 3) for j in range(3)]
    design = Design("random", (24, 24, 24), (12, 12, 12), 1)
    score = score_metric(Selective(accuracy, count=2), parts, design)
    assert score.flags == ("`double` leaves out 6 of 30 queries (counted fold by fold): no row of them is relevant",)
    assert score.estimate == score_metric(Double(accuracy), parts, design).estimate
    assert score_metric(Selective(accuracy), parts, design).flags == ()


def left_out(losses: npt.NDArray[np.float64], repeats: int = 1) -> tuple[list[FoldSample], Design]:
    """Return predictions that are off by the losses, each made by a model of its own, in several repeats."""
    n = len(losses)
    parts = [
        FoldSample(
            repeat,
            row,
            Sample(pa.table({"value": [0.0]}), pa.table({"value": [losses[row]]}), pa.table({})),
            rows=np.array([row]),
        )
        for repeat in range(repeats)
        for row in range(n)
    ]
    return parts, Design("random", (n - 1,) * n * repeats, (1,) * n * repeats, repeats)


def test_leave_one_out_has_students_interval_over_rows() -> None:
    losses = np.random.default_rng(0).gamma(2.0, size=40)
    parts, design = left_out(losses)
    found = score_metric(get("mae"), parts, design).estimate
    expected = stats.t.interval(0.95, 39, losses.mean(), stats.sem(losses))
    assert (found.low, found.high) == pytest.approx(expected)
    assert found.procedure == "t over rows, these fitted models"
    # R² of one row is nothing, and a mean of nothing has no interval.
    assert score_metric(get("r2"), parts, design).estimate.low is None


def test_repeats_of_small_folds_are_averaged_and_not_stacked() -> None:
    losses = np.random.default_rng(0).gamma(2.0, size=40)
    once, several = (score_metric(get("mae"), *left_out(losses, repeats)).estimate for repeats in (1, 5))
    assert (once.low, once.high) == pytest.approx((several.low, several.high))
