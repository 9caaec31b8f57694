"""The board from the index is the board of all records."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bancada.exceptions import NotFoundError
from bancada.judgement import leaderboard
from bancada.judgement._standings import board_from, tried_from
from bancada.records import FoldError, RunRecord
from bancada.store import Index, Store

if TYPE_CHECKING:
    from collections.abc import Callable

    MakeRun = Callable[..., RunRecord]

TABLE = {0: None, 1: ["s0", "s1", "s2"], 2: ["z0", "z1", "z2"]}


@st.composite
def runs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw runs that share claims, seeds, candidates, problems and folds, or not."""

    def one() -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries(
            {
                "candidate": st.sampled_from(["logistic", "forest", "baseline"]),
                "C": st.sampled_from([0.1, 1.0]),
                "seed": st.sampled_from([0, 1, 2]),
                "day": st.integers(1, 6),
                "mean": st.sampled_from([0.6, 0.7, 0.75, 0.8]),
                "repeats": st.sampled_from([2, 3]),
                "splits": st.sampled_from([0, 1, 1, 2]),
                "sizes": st.sampled_from([(80, 20), (80, 20), (8, 2)]),
                "status": st.sampled_from(["done", "done", "done", "failed", "interrupted", "explored", "quick"]),
                "other_problem": st.sampled_from([False, False, False, True]),
                "other_metric": st.sampled_from([False, False, False, True]),
                "hole": st.booleans() if draw(st.booleans()) else st.just(False),
            }
        )

    return draw(st.lists(one(), min_size=1, max_size=9))


def made(item: dict[str, Any], number: int, kit: Any) -> RunRecord:
    """Make a run of what was drawn."""
    run_of, problem_of, evaluation_of, metric_of = kit
    k = 4 if item["other_problem"] else 5
    folds = k * item["repeats"]
    values: list[float | None] = [item["mean"] + 0.01 * ((7 * number + fold) % 5) for fold in range(folds)]
    changes: dict[str, Any] = {}
    if item["hole"] or item["status"] in {"interrupted", "explored"}:
        values[-1] = None
    if item["status"] == "failed":
        changes["error"] = FoldError(kind="exception", type="ValueError", message="no")
        values = [None] * folds
    if item["other_problem"]:
        changes["problem"] = problem_of(split__k=4)
    if item["other_metric"]:
        changes["evaluation"] = evaluation_of([metric_of("roc_auc", version=2), metric_of("log_loss", greater=False)])
    splits = TABLE[item["splits"]]
    record: RunRecord = run_of(
        item["candidate"],
        values,
        params={"C": item["C"]},
        seed=item["seed"],
        status="explored" if item["status"] == "quick" else item["status"],
        started=f"2024-01-0{item['day']}T00:00:00+00:00",
        baseline=item["candidate"] == "baseline",
        k=k,
        repeats=item["repeats"],
        splits=None if splits is None else splits[: item["repeats"]],
        sizes=item["sizes"],
        run_id=f"{number:x}".rjust(26, "0"),
        other=[0.5] * folds if item["seed"] else None,
        **changes,
    )
    if item["status"] == "quick":
        return msgspec.structs.replace(record, claim={**record.claim, "row_limit": 10_000})
    return record


@pytest.fixture
def kit(run_of: MakeRun, problem_of: Any, evaluation_of: Any, metric_of: Any) -> Any:
    return run_of, problem_of, evaluation_of, metric_of


@given(runs(), st.sampled_from([None, None, "log_loss"]), st.booleans())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_board_from_the_index_is_the_board_of_all_records(
    kit: Any,
    drawn: list[dict[str, Any]],
    metric: str | None,
    every_claim: bool,
) -> None:
    records = [made(item, number, kit) for number, item in enumerate(drawn)]
    assume(any(record.row_limit is None for record in records))
    expected = leaderboard(records, metric=metric, top=20, every_claim=every_claim)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "store", create=True)
        for record in records:
            store.runs.finish(record, durable=False)
        index = Index(store, Path(folder) / "cache")
        index.refresh("churn")
        found = board_from(index, "churn", metric=metric, top=20, every_claim=every_claim)
        tried = [tried_from(index, record) for record in records]
        index.close()
    assert msgspec.to_builtins(found) == msgspec.to_builtins(expected)
    assert tried == [
        leaderboard(records, reference=record.problem, evaluation=record.evaluation).tried for record in records
    ]


def test_a_problem_without_runs_has_no_board(tmp_path: Path) -> None:
    index = Index(Store.open(tmp_path / "store", create=True), tmp_path / "cache")
    with pytest.raises(NotFoundError, match="at least one finished run"):
        board_from(index, "churn", metric=None, top=20, every_claim=False)
    index.close()
