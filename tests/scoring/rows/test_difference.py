"""Two models on the same rows: paired, at the level of the comparison."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from tests.scoring.rows.row_samples import binary, numbers

from bancada.exceptions import ProcedureRefused
from bancada.metrics import get
from bancada.samples import Influence, Sample
from bancada.scoring.rows import RowDifference, bootstrap_difference, delong, row_difference


def pair(seed: int, n: int, noise: float = 0.5) -> tuple[Sample, Sample]:
    """Return two models' predictions of the same rows."""
    first = binary(seed, n)
    score = first.predictions.column("score").to_numpy() + np.random.default_rng(seed + 1).normal(0, noise, n)
    columns = {"score": score, "probability": 1 / (1 + np.exp(-score)), "label": score > 0.75}
    predictions = first.predictions
    for place, (name, values) in enumerate(columns.items()):
        predictions = predictions.set_column(place, name, [values])
    return first, Sample(first.truth, predictions, first.rows)


def difference(name: str, first: Sample, other: Sample, groups: object = None) -> RowDifference:
    metric = get(name)
    a, b = metric.influence(first), metric.influence(other)
    assert a is not None
    assert b is not None
    where = None if groups is None else np.asarray(groups)
    return row_difference(a, b, greater_is_better=metric.greater_is_better, groups=where)


@given(seed=st.integers(0, 1000))
def test_a_difference_of_means_is_the_paired_t(seed: int) -> None:
    first, other = pair(seed, 80)
    ours, theirs = (np.asarray(get("log_loss").losses(sample), dtype=np.float64) for sample in (first, other))
    expected = stats.ttest_rel(theirs, ours)
    found = difference("log_loss", first, other)
    assert found.delta / found.se == pytest.approx(expected.statistic)
    assert found.ends() == pytest.approx(tuple(expected.confidence_interval()))
    assert found.verdict().p == pytest.approx(expected.pvalue, rel=1e-6)


def test_a_difference_of_aucs_is_close_to_delongs() -> None:
    first, other = pair(0, 800)
    found = difference("roc_auc", first, other)
    truth = first.truth.column("label").to_numpy()
    check = delong(truth, *(one.predictions.column("score").to_numpy() for one in (first, other)))
    assert found.delta / found.se == pytest.approx(check.statistic, rel=0.01)


def test_equal_models_are_seldom_told_apart_by_an_auc_of_few_positives() -> None:
    """With n − 1 degrees of freedom and n rows in the error it was 15 % of cases with 5 positives, 9 % with 10."""
    rng = np.random.default_rng(1)
    metric = get("roc_auc")
    for positives in (3, 5, 10):
        truth, words = np.arange(200) < positives, []
        for _ in range(120):
            shared = rng.normal(size=200) + truth
            found = []
            for score in (shared + rng.normal(size=200), shared + rng.normal(size=200)):
                told = {"score": score, "label": score > 0, "probability": 1 / (1 + np.exp(-score))}
                found.append(metric.influence(Sample(pa.table({"label": truth}), pa.table(told), pa.table({}))))
            words.append(row_difference(*found, greater_is_better=True))  # type: ignore[arg-type] # there is influence
        assert {one.df for one in words} == {positives - 1}
        assert np.mean([one.verdict().word in {"better", "worse"} for one in words]) <= 0.075


def test_equal_models_are_seldom_told_apart_by_a_recall_of_few_positives() -> None:
    """With n − 1 degrees of freedom and n rows in the error it was 24 % of cases with 4 positives, 11 % with 8."""
    rng = np.random.default_rng(1)
    metric = get("recall")
    for positives in (4, 8):
        truth, words = np.arange(200) < positives, []
        for _ in range(150):
            found = [
                metric.influence(Sample(pa.table({"label": truth}), pa.table({"label": label}), pa.table({})))
                for label in (rng.normal(size=(2, 200)) + 1.5 * truth) > 1.0
            ]
            words.append(row_difference(*found, greater_is_better=True))  # type: ignore[arg-type] # there is influence
        assert {one.df for one in words if one.se > 0} == {positives - 1}
        assert np.mean([one.verdict().word in {"better", "worse"} for one in words]) <= 0.06


def test_a_proportion_of_all_rows_is_the_paired_t() -> None:
    first, other = pair(2, 90)
    right = [
        one.truth.column("label").to_numpy() == one.predictions.column("label").to_numpy() for one in (first, other)
    ]
    expected = stats.ttest_rel(right[0].astype(float), right[1].astype(float))
    assert difference("accuracy", first, other).ends() == pytest.approx(tuple(expected.confidence_interval()))


def test_two_positives_are_too_few_for_an_interval_of_a_difference() -> None:
    first, other = pair(0, 60)
    rare = first.truth.set_column(0, "label", [np.isin(np.arange(60), [7, 8])])
    found = difference("roc_auc", *(Sample(rare, one.predictions, one.rows) for one in (first, other)))
    assert found.ends() == (None, None)
    assert found.verdict().note == "fewer than 3 rows of a class: no interval of a difference"


@pytest.mark.parametrize("name", ["roc_auc", "f1", "log_loss", "accuracy"])
def test_the_other_way_round_is_the_same_with_another_sign(name: str) -> None:
    first, other = pair(4, 300)
    there, back = difference(name, first, other), difference(name, other, first)
    assert there.delta == pytest.approx(-back.delta)
    assert there.se == pytest.approx(back.se)
    assert there.procedure == "paired t over rows"


def test_less_is_better_for_a_loss() -> None:
    first, other = pair(4, 300, noise=3.0)
    assert difference("log_loss", first, other).delta > 0
    assert difference("roc_auc", first, other).delta > 0
    assert difference("roc_auc", first, other).verdict().word == "better"
    assert difference("log_loss", other, first).verdict().word == "worse"


def test_a_margin_makes_two_that_are_alike_equivalent() -> None:
    first, other = pair(4, 2000, noise=0.01)
    assert difference("roc_auc", first, other).verdict(margin=0.01).word == "equivalent"
    assert difference("roc_auc", first, other).verdict().word == "inconclusive"


def test_a_model_is_identical_to_itself() -> None:
    first, _ = pair(0, 100)
    for name in ("roc_auc", "log_loss", "accuracy"):
        found = difference(name, first, first)
        assert (found.verdict().word, found.ends()) == ("identical", (None, None))


def test_rows_that_all_differ_alike_have_no_word() -> None:
    truth = np.linspace(0, 1, 100)
    found = difference("mae", numbers(truth, truth + 0.5), numbers(truth, truth + 1.0)).verdict()
    assert (found.word, found.note) == ("none", "every row shows the same difference")
    assert found.delta == pytest.approx(0.5)


def test_groups_are_the_units() -> None:
    first, other = pair(0, 300)
    found = difference("log_loss", first, other, np.arange(300) // 3)
    assert (found.df, found.procedure) == (99, "paired t over groups")
    few = difference("log_loss", first, other, np.arange(300) // 60)
    assert (few.verdict().word, few.verdict().note) == ("none", "fewer than 10 groups: no interval")


def test_a_table_with_few_rows_in_a_cell_is_drawn_again() -> None:
    first, other = pair(3, 30)
    found = difference("f1", first, other)
    assert found.procedure == "multinomial bootstrap"
    assert found.se > 0


def test_weights_that_are_all_hundred_make_no_rare_cell_a_frequent_one() -> None:
    metric = get("f1")
    first, other = pair(3, 30)
    found = []
    for weight in (None, np.full(30, 100.0)):
        one, two = (
            metric.influence(Sample(part.truth, part.predictions, part.rows, weight)) for part in (first, other)
        )
        assert one is not None
        assert two is not None
        found.append(row_difference(one, two, greater_is_better=True, weight=weight))
    assert [one.procedure for one in found] == ["multinomial bootstrap"] * 2
    assert found[1].se == pytest.approx(found[0].se, rel=0.05)


@pytest.mark.parametrize("name", ["roc_auc", "average_precision"])
def test_one_row_of_a_class_allows_no_word(name: str) -> None:
    first, other = pair(0, 60)
    truth = np.arange(60) == 7
    score = first.predictions.column("score").to_numpy().copy()
    score[7] = 9.0
    sure = first.predictions.set_column(0, "score", [score])
    rare = first.truth.set_column(0, "label", [truth])
    found = difference(name, Sample(rare, sure, first.rows), Sample(rare, other.predictions, first.rows))
    assert found.delta > 0
    assert found.ends() == (None, None)
    assert found.verdict().word == "none"
    assert found.flags == ("fewer than 2 rows of a class: no interval",)


def test_other_rows_are_refused() -> None:
    with pytest.raises(ProcedureRefused, match="One was scored on 30 rows, the other on 40"):
        difference("log_loss", binary(0, 30), binary(0, 40))


def test_what_is_undefined_has_no_difference() -> None:
    found = row_difference(Influence(np.nan, np.full(20, np.nan)), Influence(0.5, np.zeros(20)), greater_is_better=True)
    assert found.flags == ("undefined on these rows",)
    assert found.verdict().word == "none"


def test_without_a_closed_form_resamples_are_shared() -> None:
    draw = np.random.default_rng(0)
    errors = np.abs(draw.normal(size=(2, 120)))
    errors[1] = errors[0] + 0.2
    medians = [lambda rows, one=one: float(np.median(one[rows])) for one in errors]
    same = bootstrap_difference(medians[0], medians[1], 120, greater_is_better=False)
    # The two medians move together, so that their difference does not move.
    assert same.se == 0.0
    assert same.delta == pytest.approx(0.2)
    apart = bootstrap_difference(
        medians[0], lambda rows: float(np.median(errors[0][::-1][rows])), 120, greater_is_better=False
    )
    assert apart.se > 0.05
    assert apart.procedure == "paired bootstrap over rows"
    largest = [lambda rows, one=one: float(np.max(one[rows])) for one in (errors[0], errors[0][::-1])]
    hangs = bootstrap_difference(largest[0], largest[1], 120, greater_is_better=False)
    assert hangs.ends() == (None, None)
    few = bootstrap_difference(medians[0], medians[1], 40, greater_is_better=False)
    assert few.flags == ("fewer than 50 rows: no bootstrap, and so no interval",)
