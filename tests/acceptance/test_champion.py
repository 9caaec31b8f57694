"""A champion that the problem names, from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed


def test_the_board_and_a_comparison_speak_of_the_champion(typed: Typed) -> None:
    typed.write(champion='"second"')
    typed.write_data(n_rows=90)
    assert typed.runs().code == 0
    board = typed.types("leaderboard")
    assert "against the champion" in board.out
    assert "Champion: second, named in the problem." in board.out
    document = typed.types("leaderboard", "--json").document
    assert document["champion"]["label"] == "second"
    compared = typed.types("compare", "first", "second", "--json").document
    assert (compared["champion"], compared["family"]) == (True, 1)
    line = next(row for row in document["rows"] if row["candidate"] == "first")
    assert line["against_champion"]["low"] == compared["low"]


def test_a_champion_named_after_the_scores_changes_no_word_and_no_identity(typed: Typed) -> None:
    typed.write()
    typed.write_data(n_rows=90)
    before = typed.runs("--json").document
    typed.write(champion='"second"')
    again = typed.runs("--json").document
    assert [run["status"] for run in again["runs"]] == ["known"] * len(again["runs"])
    assert [run["claim_id"] for run in before["runs"]] == [run["claim_id"] for run in again["runs"]]
    assert not typed.types("compare", "first", "second", "--json").document["champion"]
    assert typed.runs("first", "cut=1").code == 0
    board = typed.types("leaderboard").out
    assert "Scored before the champion was named" in " ".join(board.split())
    document = typed.types("leaderboard", "--all", "--json").document
    assert document["champion"]["late"] == ["first cut=0.0", "baseline"]


def test_an_unknown_champion_is_refused_before_anything_runs(typed: Typed) -> None:
    typed.write(champion='"secnd"')
    told = typed.runs()
    assert told.code == 2
    assert "There is no `secnd`." in told.err
    assert "Did you mean `second`?" in told.err
