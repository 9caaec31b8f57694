"""Candidates over the problems of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest

from bancada.exceptions import NotFoundError, UsageError
from bancada.identity import digest
from bancada.judgement.across import AcrossProblems, across
from bancada.store import Index, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bancada.records import RunRecord

    MakeRun = Callable[..., RunRecord]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    made = Index(Store.open(tmp_path / "store", create=True), tmp_path / "cache")
    yield made
    made.close()


def fill(index: Index, run_of: MakeRun, problem_of: Any, n: int, gap: float = 0.03, **more: Any) -> None:
    """Run two candidates, and others, on n problems: the first is better by about the gap."""
    rng = np.random.default_rng(1)
    for number in range(n):
        problem = problem_of()
        name, table = f"p{number:02d}", digest(number)
        dataset = msgspec.structs.replace(problem.dataset, table=table)
        problem = msgspec.structs.replace(problem, name=name, dataset=dataset, digest=digest([name, table]))
        level = rng.uniform(0.6, 0.8) + rng.normal(0, 0.02, 15)
        for candidate, lead in {"a": gap, "b": 0.0, **more}.items():
            scores = level + lead + rng.normal(0, 0.005)
            index.store.runs.finish(run_of(candidate, scores, problem=problem), durable=False)


def test_from_ten_problems_on_two_candidates_are_tested(index: Index, run_of: MakeRun, problem_of: Any) -> None:
    fill(index, run_of, problem_of, 10)
    found = across(index, ["a", "b"])
    assert (len(found.problems), found.note, found.friedman) == (10, "", None)
    assert found.pairs[0].word == "better"
    assert found.pairs[0].plus == 55.0
    assert found.mean_ranks == (1.0, 2.0)
    assert msgspec.json.decode(msgspec.json.encode(found), type=AcrossProblems) == found


def test_several_have_friedman_s_test_and_adjusted_pairs(index: Index, run_of: MakeRun, problem_of: Any) -> None:
    fill(index, run_of, problem_of, 12, c=0.0)
    found = across(index, ["a", "b", "c"])
    assert found.friedman is not None
    assert found.friedman.p < 0.05
    assert {(pair.a, pair.b): pair.word for pair in found.pairs} == {
        ("a", "b"): "better",
        ("a", "c"): "better",
        ("b", "c"): "inconclusive",
    }


def test_on_fewer_there_are_raw_differences_only(index: Index, run_of: MakeRun, problem_of: Any) -> None:
    fill(index, run_of, problem_of, 3)
    found = across(index, ["a", "b"])
    assert found.note == "fewer than 10 problems: raw differences only, no test"
    assert (found.pairs[0].p, found.pairs[0].word, found.pairs[0].better) == (None, "", 3)
    one = across(index, ["a", "b"], problems=["p01"])
    assert [problem.problem for problem in one.problems] == ["p01"]


def test_a_problem_without_one_of_them_is_left_out_and_named(index: Index, run_of: MakeRun, problem_of: Any) -> None:
    fill(index, run_of, problem_of, 2)
    problem = msgspec.structs.replace(problem_of(), name="alone", digest="d" * 64)
    index.store.runs.finish(run_of("a", [0.8] * 15, problem=problem), durable=False)
    broken = msgspec.structs.replace(problem_of(), name="broken", digest="e" * 64)
    index.store.runs.finish(run_of("a", [0.8] * 15, problem=broken), durable=False)
    index.store.runs.finish(run_of("b", [None, *[0.8] * 14], problem=broken), durable=False)
    found = across(index, ["a", "b"])
    assert {(one.problem, one.reason) for one in found.left_out} == {
        ("alone", "`b` was not run"),
        ("broken", "`b` lacks a fold"),
    }
    only = across(index, ["a", "b"], problems=["alone", "broken"])
    assert (only.note, only.pairs, only.mean_ranks) == ("no problem has all of them", (), ())


def test_where_less_is_better_differences_are_turned(index: Index, run_of: MakeRun, problem_of: Any) -> None:
    fill(index, run_of, problem_of, 2)
    problem = msgspec.structs.replace(problem_of(), name="more", digest="f" * 64)
    for candidate, loss in (("a", 0.4), ("b", 0.5)):
        run = run_of(candidate, [0.8] * 15, problem=problem, other=[loss] * 15)
        index.store.runs.finish(run, durable=False)
    found = across(index, ["a", "b"], problems=["more"], metric="log_loss")
    assert found.pairs[0].deltas == pytest.approx((0.1,))
    assert found.mean_ranks == (1.0, 2.0)


def test_unlike_primary_metrics_allow_no_test(
    index: Index, run_of: MakeRun, problem_of: Any, evaluation_of: Any, metric_of: Any
) -> None:
    fill(index, run_of, problem_of, 10)
    problem = msgspec.structs.replace(problem_of(), name="other", digest="f" * 64)
    evaluation = evaluation_of([metric_of("log_loss", greater=False)])
    for candidate in ("a", "b"):
        run = run_of(candidate, [0.8] * 15, problem=problem, evaluation=evaluation)
        index.store.runs.finish(run, durable=False)
    found = across(index, ["a", "b"])
    assert found.note.startswith("the problems have unlike metrics")
    assert found.pairs[0].p is None


def test_problems_on_the_same_data_are_told(index: Index, run_of: MakeRun, problem_of: Any) -> None:
    for number in range(2):
        problem = msgspec.structs.replace(problem_of(), name=f"p{number}", digest=str(number) * 64)
        for candidate in ("a", "b"):
            index.store.runs.finish(run_of(candidate, [0.8] * 15, problem=problem), durable=False)
    assert across(index, ["a", "b"]).notes == ("`p0`, `p1` have the same data: they are no independent problems",)


def test_what_is_not_there_is_refused(index: Index, run_of: MakeRun, problem_of: Any) -> None:
    fill(index, run_of, problem_of, 2, boosting=0.0)
    with pytest.raises(UsageError, match="at least two candidates"):
        across(index, ["a"])
    with pytest.raises(UsageError, match="each named once"):
        across(index, ["a", "a"])
    with pytest.raises(
        NotFoundError, match=r"No problem of the store has a line of `boosing`\. Did you mean `boosting`"
    ):
        across(index, ["a", "boosing"])
    with pytest.raises(NotFoundError, match="has a line of `boosing` by `roc_auc`"):
        across(index, ["a", "boosing"], metric="roc_auc")
    with pytest.raises(NotFoundError, match="`nowhere` has none"):
        across(index, ["a", "b"], problems=["nowhere"])
