"""The board."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.exceptions import NotFoundError
from bancada.judgement import Leaderboard, LeaderboardRow, compare, leaderboard
from bancada.records import FoldError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.records import RunRecord

    MakeRun = Callable[..., RunRecord]

NOISE = np.random.default_rng(5).normal(0, 0.02, (12, 15))
SHARED = np.random.default_rng(6).normal(0, 0.03, 15)


def values(place: int, mean: float) -> Any:
    return mean + SHARED + NOISE[place]


@pytest.fixture
def board(run_of: MakeRun) -> Leaderboard:
    """Four candidates, one of them failed, and the baseline."""
    return leaderboard(
        [
            run_of("baseline", [0.5] * 15, baseline=True),
            run_of("forest", values(0, 0.70)),
            run_of("boosting", values(1, 0.85), train=0.95, provenance={"n_sealed": 20}),
            run_of("logistic", values(2, 0.848), flags=("a class that training lacked",)),
            run_of(
                "broken",
                [None] * 15,
                status="failed",
                error=FoldError(kind="exception", type="ValueError", message="no such kernel"),
            ),
        ]
    )


def line(board: Leaderboard, candidate: str) -> LeaderboardRow:
    return next(row for row in board.rows if row.candidate == candidate)


def test_lines_stand_in_order_of_value_with_honest_ranks(board: Leaderboard) -> None:
    found = [(row.candidate, row.rank_low, row.rank_high) for row in board.rows]
    assert {name for name, *_ in found[:2]} == {"boosting", "logistic"}
    assert [ranks for _, *ranks in found[:2]] == [[1, 2], [1, 2]]
    assert found[2:] == [("forest", 3, 3), ("baseline", None, None), ("broken", None, None)]


def test_each_line_has_a_word_against_the_leader(board: Leaderboard) -> None:
    leader = board.rows[0]
    assert leader.against_leader is None
    words = {row.candidate: row.against_leader.verdict for row in board.rows if row.against_leader is not None}
    assert words == {board.rows[1].candidate: "inconclusive", "forest": "worse", "baseline": "worse"}


def test_a_failed_run_is_a_row_with_its_reason(board: Leaderboard) -> None:
    row = line(board, "broken")
    assert (row.status, row.value, row.against_leader) == ("failed", None, None)
    assert row.error == "ValueError: no such kernel"


def test_what_is_told_beside_the_numbers(board: Leaderboard) -> None:
    assert line(board, "logistic").flags == ("a class that training lacked",)
    boosting = line(board, "boosting")
    assert boosting.value is not None
    assert boosting.train_gap == pytest.approx(0.95 - boosting.value)
    assert line(board, "forest").train_gap is None
    assert (board.tried, board.folds, board.repeats, board.procedure) == (3, 5, 3, "corrected resampled t")
    assert (board.n_rows, board.n_sealed) == (100, 20)
    assert board.level == pytest.approx(0.05 / 3)
    assert board.notes == ("no margin is declared: no two lines can be called equivalent",)


def test_the_document_is_the_json_of_the_design(board: Leaderboard) -> None:
    document = json.loads(msgspec.json.encode(board))
    assert next(iter(document)) == "schema"
    assert document["schema"] == "bancada.leaderboard/1"
    assert "ships" not in document["rows"][0]
    assert "error" not in document["rows"][0]
    assert set(document["rows"][1]["against_leader"]) >= {"delta", "low", "high", "mde", "procedure", "verdict"}
    assert msgspec.json.decode(msgspec.json.encode(board), type=Leaderboard) == board


@given(order=st.permutations(range(6)))
def test_the_order_of_runs_changes_nothing(run_of: MakeRun, order: list[int]) -> None:
    runs = [run_of(f"c{i}", values(i, 0.8 + 0.02 * i), started=f"2024-01-0{i + 1}") for i in range(6)]
    assert leaderboard([runs[i] for i in order]) == leaderboard(runs)


def test_where_less_is_better_the_least_leads(run_of: MakeRun, evaluation_of: Any, metric_of: Any) -> None:
    judged = evaluation_of([metric_of("log_loss", greater=False)])
    found = leaderboard([run_of(f"c{i}", values(i, 0.3 + 0.3 * i), evaluation=judged) for i in range(3)])
    assert [row.candidate for row in found.rows] == ["c0", "c1", "c2"]
    assert found.direction == "lower"
    against = found.rows[2].against_leader
    assert against is not None
    assert against.verdict == "worse"
    assert against.delta == pytest.approx(-0.6, abs=0.05)


def test_ties_stand_by_name(run_of: MakeRun) -> None:
    found = leaderboard([run_of(name, values(0, 0.8)) for name in ("b", "c", "a")])
    assert [row.candidate for row in found.rows] == ["a", "b", "c"]
    assert [row.against_leader and row.against_leader.verdict for row in found.rows] == [None, "identical", "identical"]
    assert {(row.rank_low, row.rank_high) for row in found.rows} == {(1, 3)}


def test_runs_of_another_problem_are_listed_with_the_fields_that_differ(run_of: MakeRun, problem_of: Any) -> None:
    odd = run_of("odd", problem=problem_of(split__k=10, data__table="u"), started="2023-01-01")
    found = leaderboard([run_of(), odd])
    assert [row.candidate for row in found.rows] == ["boosting"]
    assert [(item.run_id, item.candidate, item.differs) for item in found.incomparable] == [
        (odd.run_id, "odd", ("data.table", "split.k"))
    ]


def test_the_newest_run_says_which_problem_unless_one_is_named(run_of: MakeRun, problem_of: Any) -> None:
    newer = run_of("newer", problem=problem_of(split__k=10), started="2025-01-01")
    assert [row.candidate for row in leaderboard([run_of(), newer]).rows] == ["newer"]
    assert [row.candidate for row in leaderboard([run_of(), newer], reference=problem_of()).rows] == ["boosting"]


def test_runs_scored_by_another_metric_of_the_name_are_incomparable(
    run_of: MakeRun, evaluation_of: Any, metric_of: Any
) -> None:
    old = run_of("old", evaluation=evaluation_of([metric_of("roc_auc", version=0)]), started="2023-01-01")
    assert leaderboard([run_of(), old]).incomparable[0].differs == ("metric.roc_auc.version",)


def test_folds_cut_by_a_limit_of_rows_are_incomparable(run_of: MakeRun) -> None:
    found = leaderboard([run_of(started="2024-02-01"), run_of("quick", sizes=(8, 20))])
    assert found.incomparable[0].differs == ("folds.n_train",)


def test_runs_on_other_folds_of_equal_sizes_are_incomparable(run_of: MakeRun) -> None:
    runs = [run_of("new", splits="abc", started="2024-02-01"), run_of("same", splits="abc")]
    found = leaderboard([*runs, run_of("old", splits="xyz"), run_of("failed", splits="xyz", status="failed")])
    assert {row.candidate for row in found.rows} == {"new", "same"}
    assert {(item.candidate, item.differs) for item in found.incomparable} == {
        ("old", ("split.table",)),
        ("failed", ("split.table",)),
    }


def test_lines_are_compared_on_the_repeats_of_one_table_alone(run_of: MakeRun) -> None:
    scores = values(0, 0.85), values(1, 0.6), values(2, 0.6)
    runs = [run_of("a", np.append(scores[0], scores[0][:5]), splits="abcd", repeats=4, started="2024-02-01")]
    runs.append(run_of("b", np.append(scores[1], scores[1][:5]), splits="abcx", repeats=4))
    runs.append(run_of("c", scores[2], splits="axy"))
    found = leaderboard(runs)
    b, c = (line(found, name).against_leader for name in "bc")
    assert b is not None
    assert c is not None
    assert b.delta == pytest.approx(float(np.mean(scores[1] - scores[0])))
    assert (b.verdict, c.verdict) == ("worse", "none")
    assert c.note == "fewer than 3 repeats in common: no word"
    assert found.repeats == 4


def test_the_baseline_stands_below_the_ranked_and_the_failed_below_it(run_of: MakeRun) -> None:
    runs = [run_of("poor", values(0, 0.4)), run_of("good", values(1, 0.6)), run_of("poorest", values(2, 0.3))]
    runs += [run_of("baseline", [0.5] * 15, baseline=True), run_of("holed", [None, *values(3, 0.9)[1:]])]
    runs.append(run_of("broken", [None] * 15, status="failed"))
    names = [row.candidate for row in leaderboard(runs).rows]
    assert names == ["good", "poor", "poorest", "baseline", "holed", "broken"]
    assert [row.candidate for row in leaderboard(runs, top=1).rows] == ["good", "baseline", "holed", "broken"]


def test_a_candidate_shows_its_best_claim_unless_every_claim_is_asked_for(run_of: MakeRun) -> None:
    runs = [run_of("logistic", values(i, 0.7 + 0.05 * i), params={"C": i}) for i in range(3)]
    best = leaderboard(runs)
    assert [row.label for row in best.rows] == ["logistic C=2"]
    assert best.tried == 3
    assert best.level == pytest.approx(0.05 / 3), "claims that are not shown count in the family"
    assert [row.label for row in leaderboard(runs, every_claim=True).rows] == [f"logistic C={c}" for c in (2, 1, 0)]


def test_seeds_are_one_line_that_names_its_runs(run_of: MakeRun) -> None:
    runs = [run_of(values=values(i, 0.8), seed=i, started=f"2024-01-0{i + 1}") for i in range(3)]
    found = leaderboard(runs)
    assert (found.tried, len(found.rows)) == (1, 1)
    assert found.rows[0].runs == tuple(run.run_id for run in reversed(runs))
    assert found.rows[0].seeds == (2, 1, 0)


def test_an_undefined_fold_leaves_a_flagged_value_without_rank_and_word(run_of: MakeRun) -> None:
    holed = [None, *values(1, 0.9)[1:]]
    found = leaderboard([run_of("whole", values(0, 0.8)), run_of("holed", holed, flags=("undefined in repeat 0",))])
    row = line(found, "holed")
    assert (row.rank_low, row.rank_high) == (None, None)
    assert row.value == pytest.approx(float(np.mean(holed[1:])))
    assert row.flags == ("undefined in repeat 0",)
    assert row.against_leader is not None
    assert (row.against_leader.verdict, row.against_leader.low) == ("none", None)
    assert row.against_leader.note == "a fold is failed or undefined: no word"
    assert line(found, "whole").rank_high == 1, "it stands above in value and takes no rank away"


def test_top_cuts_the_ranked_lines_and_nothing_else(run_of: MakeRun, board: Leaderboard) -> None:
    runs = [run_of(f"c{i}", values(i, 0.8 + 0.02 * i)) for i in range(6)]
    runs.append(run_of("baseline", [0.5] * 15, baseline=True))
    found = leaderboard(runs, top=2)
    assert [row.candidate for row in found.rows] == ["c5", "c4", "baseline"]
    assert found.not_shown == 4
    assert found.rows == tuple(row for row in leaderboard(runs, top=None).rows if row in found.rows)


def test_runs_compare_on_the_repeats_that_both_have(run_of: MakeRun) -> None:
    more = np.concatenate([values(0, 0.85), values(1, 0.85)[:5]])
    found = leaderboard([run_of("long", more, repeats=4), run_of("short", values(2, 0.6))])
    against = line(found, "short").against_leader
    assert against is not None
    assert against.verdict == "worse"
    assert against.delta == pytest.approx(float(np.mean(values(2, 0.6) - more[:15])))


def test_fewer_than_three_common_repeats_carry_no_word(run_of: MakeRun) -> None:
    found = leaderboard([run_of("long", values(0, 0.85)), run_of("short", values(2, 0.6)[:5], repeats=1)])
    against = line(found, "short").against_leader
    assert against is not None
    assert (against.verdict, against.low) == ("none", None)
    assert against.note == "fewer than 3 repeats in common: no word"
    assert [(row.rank_low, row.rank_high) for row in found.rows] == [(1, 2), (1, 2)]


def test_one_split_shows_estimates_and_says_why(run_of: MakeRun, problem_of: Any) -> None:
    single = problem_of(split__kind="single")
    found = leaderboard([run_of(f"c{i}", [0.8 + i / 100], k=1, repeats=1, problem=single) for i in range(2)])
    assert [(row.rank_low, row.rank_high, row.low) for row in found.rows] == [(1, 2, None), (1, 2, None)]
    assert found.rows[1].against_leader is not None
    assert found.rows[1].against_leader.delta == pytest.approx(-0.01)
    assert found.rows[1].against_leader.verdict == "none"
    assert found.notes[0] == "estimates only: one split: the variation of training was not measured"


def test_one_repeat_says_that_its_intervals_are_wide(run_of: MakeRun) -> None:
    found = leaderboard([run_of(values=values(0, 0.8)[:5], repeats=1)])
    assert "one repeat: each interval is about twice as wide as needed" in found.notes


def test_the_margin_of_the_evaluation_makes_equivalence_possible(run_of: MakeRun, evaluation_of: Any) -> None:
    judged = evaluation_of(margin=0.2)
    found = leaderboard([run_of(f"c{i}", values(i, 0.8), evaluation=judged) for i in range(2)])
    assert found.margin == 0.2
    assert found.rows[1].against_leader is not None
    assert found.rows[1].against_leader.verdict == "equivalent"


def test_a_metric_that_is_not_primary_orders_the_lines_and_carries_no_word(run_of: MakeRun) -> None:
    runs = [run_of(f"c{i}", values(i, 0.8), other=values(i + 3, 0.3 * (i + 1))) for i in range(3)]
    found = leaderboard(runs, metric="log_loss")
    assert (found.metric, found.direction, found.primary) == ("log_loss", "lower", False)
    assert [row.candidate for row in found.rows] == ["c0", "c1", "c2"]
    assert {row.rank_low for row in found.rows} == {None}
    against = found.rows[2].against_leader
    assert against is not None
    assert against.verdict == "none"
    assert against.high is not None
    assert against.high < 0
    assert found.level == 0.05
    assert found.notes == ("`log_loss` is not the primary metric: interval not adjusted, no word",)


@given(
    n=st.integers(2, 8),
    tried=st.integers(1, 40),
    margin=st.none() | st.floats(0.005, 0.1),
    seed=st.integers(0, 200),
)
def test_the_board_and_a_comparison_never_contradict_each_other(
    run_of: MakeRun, evaluation_of: Any, n: int, tried: int, margin: float | None, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    judged = evaluation_of(margin=margin)
    runs = [run_of(f"c{i}", 0.8 + rng.normal(0, 0.03) + rng.normal(0, 0.02, 15), evaluation=judged) for i in range(n)]
    found = leaderboard([*runs, run_of("baseline", [0.5] * 15, baseline=True, evaluation=judged)], tried=tried)
    by_id = {run.run_id: run for run in runs}
    ranked = [row for row in found.rows if row.rank_low is not None]
    leader = ranked[0]
    wins = dict.fromkeys(by_id, 0)
    for row in ranked:
        for other in ranked:
            said = compare(by_id[row.run_id], by_id[other.run_id], tried=found.tried)
            wins[row.run_id] += said.verdict == "better"
            if other is leader and row is not leader:
                assert row.against_leader is not None
                shown = row.against_leader
                assert (said.verdict, said.delta, said.low, said.high, said.p) == (
                    shown.verdict, shown.delta, shown.low, shown.high, shown.p
                )  # fmt: skip
                assert said.level == found.level
    for row in ranked:
        assert row.rank_high == n - wins[row.run_id]


def test_no_run_is_no_board() -> None:
    with pytest.raises(NotFoundError, match=r"A leaderboard shows runs\. There is none yet"):
        leaderboard([])


def test_an_unknown_metric_is_named_with_its_nearest(run_of: MakeRun) -> None:
    with pytest.raises(NotFoundError, match=r"There is no metric `roc_uc` in the evaluation. Did you mean `roc_auc`"):
        leaderboard([run_of()], metric="roc_uc")
