"""A score over rows: which procedure makes its interval, and when there is none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit, logit
from tests.scoring.rows.row_samples import binary, numbers

from bancada.exceptions import DefinitionError
from bancada.metrics import get
from bancada.samples import Influence, Sample
from bancada.scoring.rows import RowEstimate, bootstrap_estimate, row_estimate, wilson

T = stats.t.ppf(0.975, 499)
Z = stats.norm.ppf(0.975)


def estimate(name: str, sample: Sample, groups: object = None) -> RowEstimate:
    metric = get(name)
    influence = metric.influence(sample)
    assert influence is not None
    where = None if groups is None else np.asarray(groups)
    return row_estimate(influence, groups=where, weight=sample.weight, bounds=metric.bounds)


def test_a_mean_has_students_interval() -> None:
    sample = binary(0, 500)
    losses = get("log_loss").losses(sample)
    assert losses is not None
    found = estimate("log_loss", sample)
    assert (found.low, found.high) == pytest.approx(stats.t.interval(0.95, 499, losses.mean(), stats.sem(losses)))
    assert (found.procedure, found.n_units, found.df) == ("t over rows", 500, 499)


def test_a_root_is_read_on_the_log_scale() -> None:
    draw = np.random.default_rng(0)
    truth = draw.normal(size=500)
    found = estimate("rmse", numbers(truth, truth + draw.normal(size=500)))
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert np.log(found.high / found.value) == pytest.approx(np.log(found.value / found.low))
    assert np.log(found.high / found.value) == pytest.approx(T * found.se / found.value)
    assert found.procedure == "t over rows, log scale"


def test_an_auc_is_delongs_on_the_logit_scale() -> None:
    found = estimate("roc_auc", binary(0, 500))
    assert found.value is not None
    half = T * found.se / (found.value * (1 - found.value))
    assert (found.low, found.high) == pytest.approx(
        (expit(logit(found.value) - half), expit(logit(found.value) + half))
    )
    assert found.procedure == "DeLong over rows, logit scale"


def test_a_proportion_has_wilsons_interval() -> None:
    sample = binary(0, 500)
    found = estimate("precision", sample)
    predicted = int(sample.predictions.column("label").to_numpy().sum())
    assert found.value is not None
    assert (found.low, found.high) == pytest.approx(wilson(found.value, predicted, Z))
    assert found.procedure == "Wilson"


def test_a_proportion_of_weighted_rows_counts_them_by_their_weight() -> None:
    weight = np.random.default_rng(0).lognormal(size=300)
    found = estimate("accuracy", binary(0, 300, weight=weight))
    assert found.value is not None
    assert (found.low, found.high) == pytest.approx(wilson(found.value, weight.sum() ** 2 / (weight**2).sum(), Z))


def test_a_proportion_in_groups_counts_them_by_their_spread() -> None:
    sample = binary(0, 300)
    twins = Sample(
        *(table.take(np.repeat(np.arange(300), 2)) for table in (sample.truth, sample.predictions, sample.rows))
    )
    alone = estimate("accuracy", sample, np.arange(300))
    found = estimate("accuracy", twins, np.repeat(np.arange(300), 2))
    assert found.procedure == "Wilson over groups"
    # Each row twice is no more evidence than each row once.
    assert (found.low, found.high) == pytest.approx((alone.low, alone.high), abs=1e-3)


def test_groups_widen_an_interval_where_rows_are_alike() -> None:
    sample = binary(0, 300)
    losses = get("log_loss").losses(sample)
    assert losses is not None
    order = np.argsort(losses)
    alike = np.empty(300, dtype=np.int64)
    alike[order] = np.arange(300) // 10
    assert estimate("log_loss", sample, alike).se > 2 * estimate("log_loss", sample).se


@pytest.mark.parametrize("name", ["roc_auc", "log_loss", "f1", "accuracy", "average_precision", "mcc"])
def test_weights_that_are_all_two_change_nothing(name: str) -> None:
    plain, weighted = (estimate(name, binary(1, 200, weight=weight)) for weight in (None, np.full(200, 2.0)))
    assert (plain.low, plain.high) == pytest.approx((weighted.low, weighted.high))


@pytest.mark.parametrize("name", ["f1", "mcc", "balanced_accuracy"])
def test_weights_that_are_all_hundred_make_no_rare_cell_a_frequent_one(name: str) -> None:
    weight = np.full(40, 100.0)
    found = estimate(name, binary(3, 40, shift=3.0, weight=weight))
    assert found.procedure == estimate(name, binary(3, 40, shift=3.0)).procedure == "multinomial bootstrap"


def test_fewer_than_ten_rows_or_groups_have_no_interval() -> None:
    for found in (estimate("log_loss", binary(0, 9)), estimate("log_loss", binary(0, 90), np.arange(90) % 9)):
        assert found.low is None
        assert found.value is not None
        assert "no interval" in found.flags[-1]


def test_an_auc_at_its_end_has_newcombes_interval() -> None:
    found = estimate("roc_auc", binary(0, 60, shift=30.0))
    assert found.value == 1.0
    assert found.high == 1.0
    assert found.low is not None
    assert found.low < 0.99
    assert found.procedure == "Newcombe's method 5"
    grouped = estimate("roc_auc", binary(0, 60, shift=30.0), np.arange(60) // 2)
    assert grouped.low is None
    assert "over groups" in grouped.flags[-1]


def test_one_row_of_a_class_is_too_few() -> None:
    sample = binary(0, 60)
    truth = np.arange(60) == 7
    found = estimate("roc_auc", Sample(sample.truth.set_column(0, "label", [truth]), sample.predictions, sample.rows))
    assert found.low is None
    assert found.flags == ("fewer than 2 rows of a class: no interval",)
    empty = estimate(
        "roc_auc", Sample(sample.truth.set_column(0, "label", [truth & False]), sample.predictions, sample.rows)
    )
    assert empty.value is None
    assert empty.flags == ("undefined on these rows",)


def test_a_table_with_few_rows_in_a_cell_is_drawn_again() -> None:
    rare = estimate("f1", binary(3, 40, shift=3.0))
    assert rare.procedure == "multinomial bootstrap"
    assert rare.low is not None
    assert rare.value is not None
    assert rare.low < rare.value
    assert estimate("f1", binary(3, 400)).procedure == "t over rows, logit scale"


def test_a_zero_denominator_is_undefined_and_not_zero() -> None:
    sample = binary(0, 60)
    none = sample.predictions.set_column(2, "label", [np.zeros(60, dtype=bool)])
    found = estimate("precision", Sample(sample.truth, none, sample.rows))
    assert (found.value, found.low) == (None, None)


def test_a_few_rows_that_carry_a_number_are_told() -> None:
    truth = np.random.default_rng(0).normal(size=200)
    error = np.random.default_rng(1).normal(size=200)
    error[:2] = 40.0
    assert "a few rows carry this number" in estimate("mse", numbers(truth, truth + error)).flags
    assert not estimate("mae", numbers(truth, truth + np.random.default_rng(1).normal(size=200))).flags


def test_a_clip_of_the_log_loss_is_told() -> None:
    sample = binary(0, 60)
    sure = sample.predictions.set_column(1, "probability", [np.where(np.arange(60) == 0, 0.0, 0.5)])
    found = estimate("log_loss", Sample(sample.truth, sure, sample.rows))
    assert found.flags[0] == "log loss: p of the true class was below 1e-15 in 1 row and counted as that"


def test_queries_are_the_units_of_a_ranking() -> None:
    import pyarrow as pa  # noqa: PLC0415 - a table of this one test

    draw = np.random.default_rng(0)
    relevance = draw.integers(0, 3, 300).astype(float)
    query = np.arange(300) // 10
    relevance[query == 4] = 0
    sample = Sample(
        pa.table({"query": query, "relevance": relevance}),
        pa.table({"score": relevance + draw.normal(size=300)}),
        pa.table({"row": np.arange(300)}),
    )
    found = estimate("ndcg", sample)
    assert (found.unit, found.n_units, found.procedure) == ("queries", 29, "t over queries, logit scale")
    each = np.array(
        [
            get("ndcg").score(Sample(*(t.filter(query == q) for t in (sample.truth, sample.predictions, sample.rows))))
            for q in range(30)
        ]
    )
    assert found.se == pytest.approx(stats.sem(each[np.isfinite(each)]))


def test_a_score_that_no_row_moves_has_no_interval() -> None:
    found = row_estimate(Influence(2.0, np.zeros(100)))
    assert found.low is None
    assert found.flags == ("all rows have the same part in it: no interval",)


def test_without_a_closed_form_there_are_percentiles() -> None:
    values = np.random.default_rng(0).gamma(2.0, size=80)
    found = bootstrap_estimate(lambda rows: float(np.median(values[rows])), 80)
    assert found.low is not None
    assert found.high is not None
    assert found.low < np.median(values) < found.high
    assert found.procedure == "percentile bootstrap over rows"
    few = bootstrap_estimate(lambda rows: float(np.median(values[rows])), 40)
    assert few.low is None
    assert few.flags == ("fewer than 50 rows: no bootstrap, and so no interval",)
    assert bootstrap_estimate(lambda _: float("nan"), 80).flags == ("undefined on these rows",)


def test_a_level_that_is_none_is_refused() -> None:
    with pytest.raises(DefinitionError, match="A level lies between 0 and 1"):
        row_estimate(Influence(2.0, np.zeros(100)), alpha=1.5)
