"""What choosing adds to the best score, from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.acceptance.conftest import HEAD

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed


def test_the_board_is_corrected_when_asked_and_stays_so_until_a_claim_is_added(typed: Typed) -> None:
    typed.write()
    typed.write_data(n_rows=90)
    assert typed.runs().code == 0
    assert typed.runs("second", "cut=1,2,3").code == 0
    assert "corrected" not in typed.types("leaderboard").out
    told = typed.types("leaderboard", "--corrected")
    assert told.code == 0, told.err
    assert "Best of 5: " in told.out
    assert "; corrected for choosing: " in told.out
    document = typed.types("leaderboard", "--json").document
    found = document["optimism"]
    assert (found["tried"], found["compared"], found["value"]) == (5, 5, document["rows"][0]["value"])
    assert found["corrected"] <= found["value"]
    assert typed.runs("second", "cut=4").code == 0
    assert "optimism" not in typed.types("leaderboard", "--json").document


def test_of_many_claims_the_board_says_that_the_best_one_flatters(typed: Typed) -> None:
    typed.write()
    typed.write_data(n_rows=60)
    assert typed.runs("second", "cut=1,2,3,4,5,6,7,8,9,10").code == 0
    assert "The best of 10 looks better than it is; `bancada leaderboard --corrected` tells by how much." in (
        " ".join(typed.types("leaderboard").out.split())
    )


def test_one_claim_is_no_choice_and_an_own_metric_cannot_be_read(typed: Typed) -> None:
    typed.write()
    typed.write_data(n_rows=60)
    assert typed.runs("first").code == 0
    told = typed.types("leaderboard", "--corrected")
    assert told.code == 2
    assert "`risk` has 1 with all of its folds." in told.err
    own = "\n\ndef mine(y_true, y_pred):\n    return float((y_true == y_pred).mean())\n"
    head = HEAD + own
    typed.write(head=head, evaluation="bc.Evaluation(primary=bc.metrics.from_function(mine, greater_is_better=True))")
    assert typed.runs().code == 0
    told = typed.types("leaderboard", "--corrected")
    assert told.code == 2
    assert "`mine` is the project's, or of another version of bancada." in told.err
