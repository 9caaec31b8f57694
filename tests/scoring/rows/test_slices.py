"""Many metrics on many slices at once: the same numbers as one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.scoring.rows.row_samples import binary

from bancada import metrics
from bancada.exceptions import DataError
from bancada.metrics import get
from bancada.scoring.rows import estimate_rows, score_slices
from bancada.scoring.rows._slices import part_of

NAMES = ("roc_auc", "average_precision", "log_loss", "brier", "accuracy", "balanced_accuracy", "f1", "precision", "mcc")


@pytest.mark.parametrize("weighs", [False, True])
def test_at_once_is_one_by_one(weighs: bool) -> None:
    draw = np.random.default_rng(0)
    sample = binary(0, 400, weight=draw.uniform(0.5, 2, 400) if weighs else None)
    groups = draw.integers(0, 60, 400)
    slices = {"first": np.arange(400) < 150, "odd": np.arange(400) % 2 == 1}
    for where in (None, groups):
        found = {
            (one.metric, one.slice): one for one in score_slices([get(n) for n in NAMES], sample, slices, groups=where)
        }
        assert len(found) == 3 * len(NAMES)
        for name in NAMES:
            for told, mask in ((None, np.ones(400, dtype=bool)), *slices.items()):
                alone = estimate_rows(get(name), part_of(sample, mask), groups=None if where is None else where[mask])
                one = found[name, told]
                assert one.n_rows == mask.sum()
                assert (one.found.value, one.found.low, one.found.high) == pytest.approx(
                    (alone.value, alone.low, alone.high)
                )
                assert one.found.procedure == alone.procedure


def test_an_empty_slice_and_one_of_one_class_are_flagged() -> None:
    sample = binary(0, 100)
    truth = sample.truth.column("label").to_numpy()
    empty, single = score_slices([get("roc_auc")], sample, {"none": truth & ~truth, "positives": truth})[1:]
    assert (empty.found.value, empty.found.flags) == (None, ("undefined on these rows",))
    assert (single.found.value, single.found.flags) == (None, ("undefined on these rows",))


def test_a_slice_that_weighs_nothing_is_undefined_and_stops_no_other() -> None:
    weight = np.where(np.arange(100) < 30, 0.0, 1.0)
    slices = {"nothing": weight == 0, "rest": weight > 0}
    _, nothing, rest = score_slices([get("accuracy")], binary(0, 100, weight=weight), slices)
    assert (nothing.found.value, nothing.found.flags) == (None, ("undefined on these rows",))
    assert rest.found.low is not None


def far_off(y_true: object, y_pred: object) -> float:
    return float(np.mean(np.asarray(y_true) != np.asarray(y_pred)))


def test_a_function_of_ones_own_is_resampled() -> None:
    metric = metrics.from_function(far_off, greater_is_better=False)
    sample = binary(0, 200)
    found = estimate_rows(metric, sample, count=200)
    accuracy = estimate_rows(get("accuracy"), sample)
    assert found.value is not None
    assert accuracy.value is not None
    assert accuracy.low is not None
    assert found.value == pytest.approx(1 - accuracy.value)
    assert found.high == pytest.approx(1 - accuracy.low, abs=0.02)
    assert found.procedure == "percentile bootstrap over rows"


def test_masks_of_other_rows_and_weights_that_mean_nothing_are_refused() -> None:
    sample = binary(0, 100)
    with pytest.raises(DataError, match=r"`a` has the shape \(3,\) and the type bool, and there are 100 rows"):
        score_slices([get("brier")], sample, {"a": np.ones(3, dtype=bool)})
    with pytest.raises(DataError, match="not negative"):
        score_slices([get("brier")], replace(sample, weight=np.full(100, -1.0)), {})
