"""The laws of the contract, for every built-in metric on every task that it judges."""

from __future__ import annotations

import math
import pickle
from dataclasses import FrozenInstanceError, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bancada.contracts import LossMetric, Metric
from bancada.exceptions import DefinitionError
from bancada.metrics import get, names
from bancada.samples import Sample

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., Sample]

READ = [(name, task) for name in names() for task in get(name).tasks]
# A row of a query that stands twice makes another query.
OF_ROWS = [(name, task) for name, task in READ if task != "ranking"]
TASKS = ["binary", "multiclass", "multilabel", "ranking", "regression", "text"]


def taken(sample: Sample, order: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Sample:
    weight = None if sample.weight is None else sample.weight[order]
    return Sample(sample.truth.take(order), sample.predictions.take(order), sample.rows.take(order), weight)


@pytest.mark.parametrize("name", names())
def test_every_built_in_satisfies_the_contract(name: str) -> None:
    assert isinstance(get(name), Metric)


@settings(max_examples=10)
@given(order=st.permutations(range(60)))
@pytest.mark.parametrize(("name", "task"), READ)
def test_the_order_of_rows_changes_nothing(name: str, task: str, order: list[int], samples: dict[str, Sample]) -> None:
    metric = get(name)
    shuffled = taken(samples[task], np.array(order))
    assert metric.score(shuffled) == pytest.approx(metric.score(samples[task]), abs=1e-12)


@pytest.mark.parametrize("constant", [0.3, 1.0, 7.0])
@pytest.mark.parametrize(("name", "task"), READ)
def test_equal_weights_change_nothing(name: str, task: str, constant: float, samples: dict[str, Sample]) -> None:
    plain, weighted = replace(samples[task], weight=None), replace(samples[task], weight=np.full(60, constant))
    assert get(name).score(weighted) == pytest.approx(get(name).score(plain), abs=1e-12)


@pytest.mark.parametrize(("name", "task"), OF_ROWS)
def test_a_weight_of_two_is_a_row_twice(name: str, task: str, samples: dict[str, Sample]) -> None:
    counts = np.resize([1, 2, 3, 0], 60)
    weighted = replace(samples[task], weight=counts.astype(np.float64))
    repeated = taken(replace(samples[task], weight=None), np.repeat(np.arange(60), counts))
    assert get(name).score(weighted) == pytest.approx(get(name).score(repeated), abs=1e-12)


@pytest.mark.parametrize(("name", "task"), READ)
def test_no_rows_have_no_score(name: str, task: str, samples: dict[str, Sample]) -> None:
    for weight in (None, np.zeros(0)):
        empty = replace(taken(replace(samples[task], weight=None), np.arange(0)), weight=weight)
        assert math.isnan(get(name).score(empty))


@pytest.mark.parametrize(("name", "task"), READ)
def test_a_score_stays_within_its_bounds(name: str, task: str, samples: dict[str, Sample]) -> None:
    low, high = get(name).bounds
    assert (-math.inf if low is None else low) <= get(name).score(samples[task]) <= (math.inf if high is None else high)


@pytest.mark.parametrize(("name", "task"), READ)
def test_tables_in_several_chunks_score_the_same(name: str, task: str, samples: dict[str, Sample]) -> None:
    whole = samples[task]
    truth = pa.concat_tables([whole.truth.slice(0, 20), whole.truth.slice(20)])
    predictions = pa.concat_tables([whole.predictions.slice(0, 7), whole.predictions.slice(7)])
    chunked = replace(whole, truth=truth, predictions=predictions)
    assert get(name).score(chunked) == get(name).score(whole)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("name", names())
def test_missing_is_empty_exactly_where_score_can_read(name: str, task: str, samples: dict[str, Sample]) -> None:
    sample, metric = samples[task], get(name)
    for column in sample.predictions.column_names:
        columns = [column]
        if task == "multilabel":
            # A kind of prediction is given for every label or for none.
            columns = [one for one in sample.predictions.column_names if one.startswith(column.split("_")[0])]
        part = replace(sample, predictions=sample.predictions.select(columns))
        if metric.missing(part.truth.schema, part.predictions.schema):
            with pytest.raises(DefinitionError, match=f"`{name}` needs its columns"):
                metric.score(part)
        elif task != "multiclass" or columns == ["label"]:
            assert math.isfinite(metric.score(part))


def test_what_is_missing_is_named(samples: dict[str, Sample]) -> None:
    binary, multiclass = samples["binary"], samples["multiclass"]
    labels = binary.predictions.select(["label"]).schema
    assert get("roc_auc").missing(binary.truth.schema, labels) == ("predictions.score",)
    assert get("log_loss").missing(binary.truth.schema, labels) == ("predictions.probability",)
    labels = multiclass.predictions.select(["label"]).schema
    assert get("log_loss").missing(multiclass.truth.schema, labels) == ("predictions.probability_<class>",)
    assert get("f1").missing(multiclass.truth.schema, labels) == ("truth.label", "predictions.label")
    assert get("rmse").missing(pa.schema([]), pa.schema([])) == ("truth.value", "predictions.value")


def test_a_list_named_label_is_no_class(samples: dict[str, Sample]) -> None:
    schema = pa.schema([("label", pa.list_(pa.string()))])
    assert get("accuracy").missing(schema, schema) == ("truth.label", "predictions.label")


@pytest.mark.parametrize("name", names())
def test_an_identity_has_name_version_and_parameters(name: str) -> None:
    identity = get(name).identity()
    assert identity.name == name
    assert set(identity.ingredients) == {"name", "version", "parameters"}
    assert identity.greater_is_better == get(name).greater_is_better
    assert identity == get(name).identity()


def test_version_name_and_aggregate_each_change_the_identity() -> None:
    metric = get("accuracy")
    changed = [metric, replace(metric, version=2), replace(metric, name="other"), metric.with_aggregate("pooled")]
    assert len({one.identity().digest for one in changed}) == 4


def test_words_about_a_metric_are_no_part_of_its_identity() -> None:
    metric = get("accuracy")
    assert replace(metric, formula="hits / rows").identity().digest == metric.identity().digest


@pytest.mark.parametrize("name", ["roc_auc", "average_precision", "roc_auc_ovr"])
def test_a_rank_metric_is_never_pooled(name: str) -> None:
    with pytest.raises(DefinitionError, match="'pooled' was asked for"):
        get(name).with_aggregate("pooled")


def test_another_aggregate_leaves_the_metric_as_it_was() -> None:
    assert get("roc_auc").with_aggregate("pairs-within-folds").aggregate == "pairs-within-folds"
    assert get("roc_auc").aggregate == "fold-mean"


@pytest.mark.parametrize(
    ("name", "aggregate"),
    [
        ("roc_auc", "fold-mean"),
        ("log_loss", "fold-mean"),
        ("accuracy", "fold-mean"),
        ("mae", "fold-mean"),
        ("f1", "pooled"),
        ("precision", "pooled"),
        ("mcc", "pooled"),
        ("cohen_kappa", "pooled"),
        ("rmse", "pooled"),
        ("r2", "pooled"),
    ],
)
def test_ratios_are_pooled_and_means_are_averaged(name: str, aggregate: str) -> None:
    assert get(name).aggregate == aggregate


def test_a_metric_that_compares_no_pairs_counts_none(samples: dict[str, Sample]) -> None:
    assert get("accuracy").pairs(samples["binary"]) == 0.0


@pytest.mark.parametrize("name", names())
def test_a_metric_survives_a_process_boundary(name: str) -> None:
    assert pickle.loads(pickle.dumps(get(name))) == get(name)  # noqa: S301 - bytes that this very line has pickled


def test_a_metric_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError, match="name"):
        get("rmse").name = "other"  # type: ignore[misc]  # this is what must not be possible


# Ratios of sums, functions of a table, ranks, medians, and means over queries or labels.
NO_MEANS = {
    *("average_precision", "average_precision_macro", "balanced_accuracy", "char_error_rate", "cohen_kappa"),
    *("coverage_error", "explained_variance", "f1", "f1_macro", "f1_weighted", "map", "max_error", "mcc"),
    *("median_absolute_error", "mrr", "ndcg", "precision", "precision@10", "precision_macro", "precision_micro", "r2"),
    *("recall", "recall@10", "recall_macro", "recall_micro", "rmse", "rmsle", "roc_auc", "roc_auc_macro"),
    *("roc_auc_ovr", "specificity", "wape", "word_error_rate"),
}


@pytest.mark.parametrize(("name", "task"), READ)
def test_the_losses_of_the_rows_average_to_the_score(name: str, task: str, samples: dict[str, Sample]) -> None:
    metric, sample = get(name), samples[task]
    assert isinstance(metric, LossMetric)
    losses = metric.losses(sample)
    if losses is None:
        assert name in NO_MEANS or (name, task) == ("f1_micro", "multilabel")
        return
    assert losses.shape == (60,)
    assert losses.dtype == np.float64
    mean = float(np.average(losses, weights=sample.weight))
    assert (1 - mean if metric.greater_is_better else mean) == pytest.approx(metric.score(sample), abs=1e-12)
    assert name not in NO_MEANS


def test_a_row_without_a_value_has_the_loss_nan(regression: Make, quantile: Make) -> None:
    losses = get("mape").losses(regression([0.0, 2.0], [1.0, 1.0]))
    assert losses is not None
    assert np.isnan(losses).tolist() == [True, False]
    widths = get("interval_width").losses(quantile([1.0], [[2.0]], levels=[0.5]))
    assert widths is not None
    assert np.isnan(widths).all()
