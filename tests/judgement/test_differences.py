"""The fields that keep two runs apart are named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from bancada.judgement._differences import differing_fields, differing_folds, differing_metric, differing_problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.records import RunRecord

    MakeRun = Callable[..., RunRecord]

LEAVES = st.none() | st.integers(0, 3) | st.text("ab", max_size=2) | st.lists(st.integers(0, 2), max_size=2)
TREES = st.dictionaries(
    st.sampled_from("pqr"), st.recursive(LEAVES, lambda inner: st.dictionaries(st.sampled_from("xyz"), inner))
)


@given(TREES, TREES)
def test_nothing_differs_exactly_where_two_are_equal(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert differing_fields(a, a) == ()
    assert (differing_fields(a, b) == ()) == (a == b)


@given(TREES, TREES)
def test_it_makes_no_difference_which_comes_first(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert differing_fields(a, b) == differing_fields(b, a)


def test_fields_are_named_in_dotted_notation_and_sorted() -> None:
    a = {"split": {"k": 5, "seed": 0}, "roles": {"features": ["a", "b"]}, "task": {"name": "binary"}, "data": "x"}
    b = {"split": {"k": 10, "seed": 1}, "roles": {"features": ["a"]}, "task": {"name": "binary"}, "more": 1}
    assert differing_fields(a, b) == ("data", "more", "roles.features", "split.k", "split.seed")


def test_equal_problems_differ_in_nothing_whatever_their_names(problem_of: Any) -> None:
    assert differing_problem(problem_of(), problem_of()) == ()
    assert differing_problem(problem_of(), problem_of(data__table="u")) == ("data.table",)


def test_a_metric_of_another_version_is_named(run_of: MakeRun, evaluation_of: Any, metric_of: Any) -> None:
    run = run_of(evaluation=evaluation_of([metric_of("roc_auc", version=1)]))
    assert differing_metric(run, metric_of("roc_auc", version=1)) == ()
    assert differing_metric(run, metric_of("roc_auc", version=2)) == ("metric.roc_auc.version",)
    assert differing_metric(run, metric_of("brier")) == ("metric.brier",)


def test_a_score_that_is_absent_is_named_unless_the_run_failed(run_of: MakeRun, metric_of: Any) -> None:
    wanted = metric_of("log_loss", greater=False)
    assert differing_metric(run_of(), wanted) == ("metric.log_loss",)
    assert differing_metric(run_of(status="failed"), wanted) == ()


def test_folds_of_other_sizes_are_named(run_of: MakeRun) -> None:
    assert differing_folds(run_of(), run_of(repeats=1)) == ()
    assert differing_folds(run_of(), run_of(sizes=(40, 20))) == ("folds.n_train",)
    assert differing_folds(run_of(), run_of(sizes=(40, 10))) == ("folds.n_test", "folds.n_train")
    assert differing_folds(run_of(), run_of(sizes=(None, None))) == ()


def test_repeats_of_other_tables_have_no_fold_in_common_whatever_their_sizes(run_of: MakeRun) -> None:
    a, b, mixed, unknown = (run_of(splits=splits) for splits in ("abc", "xyz", "ayz", None))
    assert differing_folds(a, run_of(splits="abc")) == ()
    assert differing_folds(a, b) == differing_folds(b, a) == ("split.table",)
    assert differing_folds(a, mixed) == (), "the first repeat is the same"
    assert differing_folds(a, unknown) == differing_folds(unknown, a) == ("split.table",)
    assert differing_folds(a, run_of(splits="x", repeats=1)) == ("split.table",)


def test_sizes_count_only_in_repeats_of_one_table(run_of: MakeRun) -> None:
    a, cut = run_of(splits="abc"), run_of(splits="axy", sizes=(40, 20))
    assert differing_folds(a, cut) == ("folds.n_train",)
    assert differing_folds(run_of(splits="abc"), run_of(splits="xbc", sizes=(None, None))) == ()
