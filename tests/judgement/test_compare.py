"""Two claims against each other."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest
from scipy import stats

from bancada.exceptions import NotComparable
from bancada.judgement import Check, Comparison, compare
from bancada.records import Estimate

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.records import RunRecord

    MakeRun = Callable[..., RunRecord]

RNG = np.random.default_rng(9)
SHARED = RNG.normal(0.8, 0.03, 15)
A, B = SHARED + RNG.normal(0.04, 0.02, 15), SHARED + RNG.normal(0, 0.02, 15)


def test_the_comparison_is_the_corrected_resampled_t(run_of: MakeRun) -> None:
    found = compare(run_of("a", A), run_of("b", B))
    d = A - B
    se = np.sqrt(d.var(ddof=1) * (1 / 15 + 0.25))
    assert found.delta == pytest.approx(d.mean())
    assert found.low == pytest.approx(d.mean() - stats.t.isf(0.025, 14) * se)
    assert found.p == pytest.approx(2 * stats.t.sf(d.mean() / se, 14))
    assert (found.procedure, found.n_folds, found.verdict) == ("corrected resampled t", 15, "better")
    assert found.statement == "the procedure, trained on samples like this one"


def test_turning_it_round_turns_the_word_round(run_of: MakeRun) -> None:
    one, other = compare(run_of("a", A), run_of("b", B)), compare(run_of("b", B), run_of("a", A))
    assert (one.verdict, other.verdict) == ("better", "worse")
    assert one.low == -(other.high or 0)


def test_the_level_is_that_of_all_pairs_and_is_printed(run_of: MakeRun) -> None:
    found = compare(run_of("a", A), run_of("b", B), tried=62)
    assert (found.tried, found.family, found.champion) == (62, 62 * 61 // 2, False)
    assert found.level == pytest.approx(0.05 / (62 * 61 / 2))


@pytest.mark.parametrize("champion", ["b", "the run", "the claim"])
def test_against_a_champion_the_family_is_one_less_than_the_claims(run_of: MakeRun, champion: str) -> None:
    a, b = run_of("a", A), run_of("b", B)
    name = {"b": "b", "the run": b.run_id, "the claim": b.claim_id}[champion]
    found = compare(a, b, tried=62, champion=name)
    assert (found.family, found.champion) == (61, True)
    assert compare(a, b, tried=62, champion="somebody else").family == 62 * 61 // 2


def test_p_is_below_alpha_iff_the_shown_interval_excludes_zero(run_of: MakeRun) -> None:
    for tried in (2, 5, 20, 62, 200):
        found = compare(run_of("a", A), run_of("b", B), tried=tried)
        assert found.p is not None
        assert found.low is not None
        assert (found.p < found.alpha) == (found.low > 0) == (found.verdict == "better")


def test_with_a_margin_there_are_probabilities(run_of: MakeRun, evaluation_of: Any) -> None:
    assert compare(run_of("a", A), run_of("b", B)).probabilities is None
    found = compare(run_of("a", A), run_of("b", B), margin=0.01)
    assert found.margin == 0.01
    assert found.probabilities is not None
    assert found.probabilities.better > 0.9
    declared = evaluation_of(margin=0.02)
    assert compare(run_of("a", A, evaluation=declared), run_of("b", B, evaluation=declared)).margin == 0.02


def test_an_inconclusive_comparison_says_what_would_settle_it(run_of: MakeRun) -> None:
    rng = np.random.default_rng(1)
    near = B + 0.004 + rng.normal(0, 0.02, 15)
    found = compare(run_of("a", near), run_of("b", B))
    assert found.verdict == "inconclusive"
    assert found.settle is not None
    assert "would" in found.settle.text
    assert found.mde is not None
    assert compare(run_of("a", A), run_of("b", B)).settle is None


def test_equal_fold_scores_are_identical(run_of: MakeRun) -> None:
    found = compare(run_of("a", A), run_of("b", A), margin=0.01)
    assert (found.verdict, found.delta, found.low, found.p) == ("identical", 0.0, None, None)
    assert found.probabilities is not None
    assert found.probabilities.inside == 1.0


def test_runs_of_unlike_problems_are_refused_and_the_fields_named(run_of: MakeRun, problem_of: Any) -> None:
    other = run_of("b", B, problem=problem_of(roles__features=["a"], split__seed=3))
    expected = r"on one problem, by one metric.*`a` and `b` differ in `roles\.features`, `split\.seed`\. Run both"
    with pytest.raises(NotComparable, match=expected) as caught:
        compare(run_of("a", A), other)
    assert caught.value.fields == ("roles.features", "split.seed")
    assert pickle.loads(pickle.dumps(caught.value)).fields == caught.value.fields  # noqa: S301 - bytes that this very line has pickled


def test_runs_of_unlike_metrics_are_refused(run_of: MakeRun, evaluation_of: Any, metric_of: Any) -> None:
    old = run_of("b", B, evaluation=evaluation_of([metric_of("roc_auc", version=0)]))
    with pytest.raises(NotComparable, match=r"differ in `metric\.roc_auc\.version`"):
        compare(run_of("a", A, started="2025-01-01"), old)


def test_folds_that_do_not_coincide_are_refused(run_of: MakeRun) -> None:
    with pytest.raises(NotComparable, match=r"differ in `folds\.n_train`"):
        compare(run_of("a", A), run_of("b", B, sizes=(40, 20)))
    late = msgspec.structs.replace(run_of("b", B[:5], repeats=1))
    moved = tuple(msgspec.structs.replace(use, repeat=7) for use in late.folds)
    score = late.scores[0]
    folds = tuple(msgspec.structs.replace(fold, repeat=7) for fold in score.folds)
    late = msgspec.structs.replace(late, folds=moved, scores=(msgspec.structs.replace(score, folds=folds),))
    with pytest.raises(NotComparable, match=r"`a` has repeats \[0, 1, 2\], `b` has \[7\]") as caught:
        compare(run_of("a", A), late)
    assert caught.value.fields == ("repeats",)


def test_folds_of_other_tables_are_refused_whatever_their_sizes(run_of: MakeRun) -> None:
    with pytest.raises(NotComparable, match=r"`a` and `b` differ in `split\.table`") as caught:
        compare(run_of("a", A, splits="abc"), run_of("b", B, splits="xyz"))
    assert caught.value.fields == ("split.table",)
    seeds = [run_of("a", A, splits=splits, seed=seed) for seed, splits in enumerate(("abc", "ayz"))]
    with pytest.raises(NotComparable, match=r"has repeats \[0\].*they differ in `split\.table`"):
        compare(seeds, run_of("b", B, splits="xbc"))


def test_runs_are_compared_on_the_repeats_of_one_table(run_of: MakeRun) -> None:
    a, b = (np.append(values, values[:5]) for values in (A, B))
    found = compare(run_of("a", a, splits="abcd", repeats=4), run_of("b", b, splits="abcx", repeats=4))
    assert found.delta == pytest.approx((A - B).mean())
    assert (found.n_folds, found.verdict) == (15, "better")


def test_a_failed_run_has_estimates_and_no_word(run_of: MakeRun) -> None:
    found = compare(run_of("a", A), run_of("b", [None, *B[1:]], status="failed"))
    assert (found.verdict, found.low, found.p) == ("none", None, None)
    assert found.note == "a fold is failed or undefined: no word"
    assert found.delta == pytest.approx(A.mean() - B[1:].mean())


def test_one_split_has_estimates_and_says_why(run_of: MakeRun, problem_of: Any) -> None:
    single = problem_of(split__kind="single")
    a, b = (run_of(name, [value], k=1, repeats=1, problem=single) for name, value in (("a", 0.9), ("b", 0.8)))
    found = compare(a, b)
    assert (found.verdict, found.procedure) == ("none", "")
    assert found.delta == pytest.approx(0.1)
    assert found.statement == "the fitted models; training variation not measured"


def test_slices_and_other_metrics_show_intervals_that_are_not_adjusted(run_of: MakeRun) -> None:
    a = run_of("a", A, other=1 - A, slices={"north": A + 0.01, "rare": [None, *A[1:]]})
    b = run_of("b", B, other=1 - B, slices={"north": B, "rare": [None, *B[1:]], "only b": B})
    found = compare(a, b, tried=50)
    north, rare = found.slices
    assert (north.slice, north.adjusted, north.n_rows) == ("north", False, 100)
    d = A + 0.01 - B
    assert north.low == pytest.approx(d.mean() - stats.t.isf(0.025, 14) * np.sqrt(d.var(ddof=1) * (1 / 15 + 0.25)))
    assert (rare.slice, rare.low) == ("rare", None)
    assert rare.delta == pytest.approx(A[1:].mean() - B[1:].mean())
    (loss,) = found.other_metrics
    assert (loss.metric, loss.direction, loss.adjusted) == ("log_loss", "lower", False)
    assert loss.delta == pytest.approx((A - B).mean()), "positive is better, whatever the direction"
    assert found.low is not None
    assert loss.low is not None
    assert loss.low > found.low


def test_a_slice_on_which_no_run_has_an_interval_has_none_in_the_difference(run_of: MakeRun) -> None:
    def bare(made: RunRecord) -> RunRecord:
        whole, rare = made.scores
        rare = msgspec.structs.replace(rare, estimate=Estimate(value=rare.estimate.value))
        return msgspec.structs.replace(made, scores=(whole, rare))

    a, b = (run_of(name, values, slices={"rare": values}) for name, values in (("a", A), ("b", B)))
    (allowed,), (refused,) = compare(a, b).slices, compare(bare(a), bare(b)).slices
    assert allowed.low is not None
    assert (refused.low, refused.high) == (None, None)
    assert refused.delta == allowed.delta


def test_a_metric_that_is_not_primary_carries_no_word_and_takes_no_margin(run_of: MakeRun) -> None:
    a, b = run_of("a", A, other=1 - A), run_of("b", B, other=1 - B)
    found = compare(a, b, metric="log_loss", tried=50, margin=0.5)
    assert (found.verdict, found.level, found.margin, found.probabilities) == ("none", 0.05, None, None)
    assert found.low is not None
    assert found.note == "`log_loss` is not the primary metric: interval not adjusted, no word"


def test_several_seeds_of_a_claim_are_averaged(run_of: MakeRun) -> None:
    seeds = [run_of("a", A + shift, seed=i) for i, shift in enumerate((-0.01, 0.01))]
    found = compare(seeds, run_of("b", B))
    assert found.delta == pytest.approx((A - B).mean())
    assert found.a.runs == tuple(sorted((run.run_id for run in seeds), reverse=True))


def test_the_document_is_the_json_of_the_design(run_of: MakeRun) -> None:
    found = compare(run_of("a", A), run_of("b", B), checks=[Check(name="lag-1 autocorrelation", statistic=0.2)])
    document = json.loads(msgspec.json.encode(found))
    assert next(iter(document)) == "schema"
    assert document["schema"] == "bancada.comparison/1"
    named = {"a", "b", "metric", "procedure", "delta", "low", "high", "p", "mde", "verdict", "checks", "slices"}
    assert named <= set(document)
    assert document["rows_fixed"] is None
    assert document["checks"] == [{"name": "lag-1 autocorrelation", "statistic": 0.2, "p": None, "note": ""}]
    assert msgspec.json.decode(msgspec.json.encode(found), type=Comparison) == found
