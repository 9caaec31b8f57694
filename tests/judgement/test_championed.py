"""The board's lines against the champion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest

from bancada.judgement import compare, leaderboard

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.judgement import Leaderboard, LeaderboardRow
    from bancada.records import RunRecord

    MakeRun = Callable[..., RunRecord]

NOISE = np.random.default_rng(5).normal(0, 0.02, (12, 15))
KNOWN = {"champion": "live"}


def values(place: int, mean: float) -> Any:
    return mean + NOISE[place]


def runs(run_of: MakeRun, known: dict[str, Any] = KNOWN) -> list[RunRecord]:
    return [
        run_of("live", values(0, 0.80), provenance=known),
        run_of("better", values(1, 0.90), provenance=known, started="2024-02-01T00:00:00+00:00"),
        run_of("like", values(2, 0.801), provenance=known),
        run_of("baseline", values(4, 0.5), baseline=True, provenance=known),
    ]


def row(board: Leaderboard, candidate: str) -> LeaderboardRow:
    return next(row for row in board.rows if row.candidate == candidate)


def test_the_family_is_the_k_minus_1_comparisons_with_the_champion(run_of: MakeRun) -> None:
    board = leaderboard(runs(run_of), tried=62)
    assert board.champion is not msgspec.UNSET
    assert (board.champion.label, board.champion.family) == ("live", 61)
    assert board.champion.level == pytest.approx(0.05 / 61)
    assert row(board, "live").against_champion is msgspec.UNSET
    against = row(board, "better").against_champion
    assert against is not msgspec.UNSET
    assert against.verdict == "better"


def test_the_words_of_the_board_are_those_of_a_comparison(run_of: MakeRun) -> None:
    every = runs(run_of)
    board = leaderboard(every, tried=62)
    for run in every[1:]:
        found = compare(run, every[0], tried=62)
        assert found.champion
        against = row(board, run.candidate).against_champion
        assert against is not msgspec.UNSET
        assert (found.delta, found.low, found.verdict) == (against.delta, against.low, against.verdict)
    assert compare(every[0], every[1], tried=62).family == 61
    assert not compare(every[1], every[2], tried=62).champion


def test_who_was_scored_before_the_champion_was_named_has_the_level_of_all_pairs(run_of: MakeRun) -> None:
    live, better, *rest = runs(run_of)
    early = run_of("early", values(3, 0.82), provenance={})
    board = leaderboard([live, better, *rest, early], tried=62)
    assert board.champion is not msgspec.UNSET
    assert board.champion.late == ("early",)
    found = compare(early, live, tried=62)
    assert (found.champion, found.family) == (False, 62 * 61 // 2)
    against = row(board, "early").against_champion
    assert against is not msgspec.UNSET
    assert against.low == found.low


def test_the_leader_s_words_and_ranks_do_not_change(run_of: MakeRun) -> None:
    plain, with_champion = leaderboard(runs(run_of, {})), leaderboard(runs(run_of))
    assert plain.champion is msgspec.UNSET
    for one in plain.rows:
        other = row(with_champion, one.candidate)
        assert (one.rank_low, one.rank_high, one.against_leader) == (
            other.rank_low,
            other.rank_high,
            other.against_leader,
        )
        assert one.against_champion is msgspec.UNSET


def test_a_champion_without_a_line_is_said_to_have_none(run_of: MakeRun) -> None:
    board = leaderboard(runs(run_of, {"champion": "absent"}))
    assert board.champion is not msgspec.UNSET
    assert board.champion.run_id is None
    assert board.notes[-1] == "the champion `absent` has no complete line here: words are against the leader"
    assert {one.against_champion for one in board.rows} == {msgspec.UNSET}


def test_by_another_metric_there_are_no_words_against_it(run_of: MakeRun) -> None:
    made = [
        run_of("live", values(0, 0.8), other=[0.4] * 15, provenance=KNOWN),
        run_of("b", values(1, 0.8), other=[0.4] * 15),
    ]
    assert leaderboard(made, metric="log_loss").champion is msgspec.UNSET
