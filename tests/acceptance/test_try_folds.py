"""`bancada try`: fold by fold against the leader, and what is left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

if TYPE_CHECKING:
    from tests.acceptance.conftest import Told, Typed

SPLIT = "bc.splits.KFold(3, repeats=3, seed=1)"
THIRD = """
@bc.candidate
def third(cut: float = 0.0, column: str = "a"):
    return Curve(cut, column)

@bc.candidate
def broken():
    raise ValueError("no such thing")
"""


def tries(typed: Typed, *words: str) -> Told:
    """Try without workers, which these tests are not about."""
    return typed.types("try", "--in-process", *words)


def document(typed: Typed, *words: str) -> Any:
    told = tries(typed, *words, "--json")
    assert told.code in {0, 1}, told.err
    assert told.document["schema"] == "bancada.try/1"
    return told.document


def board(typed: Typed) -> Any:
    told = typed.types("leaderboard", "--json")
    assert told.code == 0, told.err
    return told.document


@pytest.fixture
def led(typed: Typed) -> Typed:
    """Give the project a board, led by `first`, and candidates that are not on it."""
    typed.write(split=SPLIT, after=THIRD)
    typed.write_data(n_rows=300)
    assert typed.runs("first").code == 0
    return typed


def test_each_fold_stands_against_the_leader_s_stored_fold(led: Typed) -> None:
    answer = document(led, "third", "cut=0.3")
    leader = board(led)["rows"][0]
    assert answer["leader"]["candidate"] == "first"
    assert len(answer["folds"]) == answer["n_folds"] == 9
    differences = [fold["score"] - fold["leader_score"] for fold in answer["folds"]]
    for number, fold in enumerate(answer["folds"], 1):
        assert fold["delta"] == pytest.approx(sum(differences[:number]) / number, abs=1e-12)
        assert (fold["repeat"], fold["fold"]) == divmod(number - 1, 3)
    assert leader["candidate"] == "first"


def test_a_complete_trial_is_an_ordinary_run_with_the_board_s_word(led: Typed) -> None:
    answer = document(led, "third", "cut=0.3")
    assert (answer["status"], answer["stopped_by"]) == ("done", None)
    row = next(row for row in board(led)["rows"] if row["candidate"] == "third")
    assert row["run_id"] == answer["run_id"]
    told = led.types("compare", "third", "first", "--json").document
    for name in ("verdict", "delta", "low", "high", "p"):
        assert answer["verdict"][name] == told[name]
    assert answer["tried"] == told["tried"] == 2
    assert told["verdict"] == row["against_leader"]["verdict"]


def test_rows_fixed_and_broken_are_those_of_the_majority(led: Typed) -> None:
    answer = document(led, "third", "cut=0.3")
    # The same scores in another cut: the labels of the rows between the two cuts differ, each in every repeat.
    rows = [line.split(",") for line in (led.root / "data.csv").read_text().splitlines()[1:]]
    between = [row[3] for row in rows if 0.0 < float(row[1]) <= 0.3]
    assert (answer["rows_fixed"], answer["rows_broken"]) == (between.count("0"), between.count("1"))
    assert answer["delta"] == 0


def test_run_takes_every_fold_of_a_trial_that_was_stopped(led: Typed) -> None:
    answer = document(led, "second")
    assert (answer["status"], answer["stopped_by"], len(answer["folds"])) == ("explored", "rule", 4)
    run = led.runs("second", "--json").document["runs"][0]
    assert [fold["cached"] for fold in run["folds"]] == [True] * 4 + [False] * 5
    assert run["status"] == "done"


def test_the_rule_says_that_it_is_a_budget_rule_and_no_verdict(led: Typed) -> None:
    told = tries(led, "second")
    assert told.code == 0
    assert "Stopped after fold 4 by the budget rule" in told.out
    assert "This is no verdict." in told.out
    assert "`bancada run second` takes these folds and computes the other 5." in told.out


def test_an_explored_claim_counts_once_and_has_no_line(led: Typed) -> None:
    assert board(led)["tried"] == 1
    tries(led, "second")
    explored = board(led)
    assert explored["tried"] == 2
    assert [row["candidate"] for row in explored["rows"]] == ["first", "baseline"]
    assert led.types("compare", "first", "baseline", "--json").document["tried"] == 2
    tries(led, "second")
    assert board(led)["tried"] == 2
    led.runs("second")
    complete = board(led)
    assert complete["tried"] == 2
    assert "second" in [row["candidate"] for row in complete["rows"]]


def test_the_same_trial_again_computes_nothing_and_leaves_no_second_run(led: Typed) -> None:
    first, again = document(led, "second"), document(led, "second")
    assert again["run_id"] == first["run_id"]
    assert all(fold["cached"] for fold in again["folds"])
    assert [fold["score"] for fold in again["folds"]] == [fold["score"] for fold in first["folds"]]


def test_what_is_known_is_answered_from_the_store(led: Typed) -> None:
    known = document(led, "third", "cut=0.3")
    again = document(led, "third", "cut=0.3")
    assert (again["status"], again["run_id"]) == ("known", known["run_id"])
    assert again["verdict"] == known["verdict"]


def test_the_leader_tried_again_is_said_to_be_the_leader(led: Typed) -> None:
    told = tries(led, "first")
    assert told.code == 0
    assert "Nothing differs: this claim is the leader" in told.out
    assert document(led, "first")["leader"]["same"] == "claim"
    assert board(led)["tried"] == 1


def test_the_leader_with_another_seed_is_not_another_claim(led: Typed) -> None:
    answer = document(led, "first", "--seed", "5")
    assert (answer["leader"]["same"], answer["status"], answer["verdict"]) == ("seed", "done", None)
    assert board(led)["tried"] == 1


def test_a_trial_counts_claims_as_its_board_does(led: Typed) -> None:
    document(led, "second")
    assert board(led)["tried"] == 2
    seed = document(led, "second", "--seed", "5")
    assert seed["tried"] == board(led)["tried"] == 2
    assert led.types("rm", "r-" + seed["run_id"], "--because", "too slow").code == 0
    withdrawn = document(led, "second", "--seed", "5")
    assert withdrawn["tried"] == board(led)["tried"] == 2


def test_a_baseline_is_never_left_alone(led: Typed) -> None:
    assert document(led, "baseline")["status"] == "known"


def test_without_a_leader_there_are_scores_alone(typed: Typed) -> None:
    told = tries(typed, "first")
    assert told.code == 0
    assert "Nobody leads yet" in told.out
    assert "`bancada run`" in told.out
    assert "leader" not in told.out.splitlines()[1]


def test_a_lower_metric_is_signed_so_that_positive_is_better(led: Typed) -> None:
    led.write(split=SPLIT, after=THIRD, evaluation='bc.Evaluation(primary="log_loss")')
    assert led.runs("first").code == 0
    answer = document(led, "third", "cut=3.0")
    assert answer["direction"] == "lower"
    assert answer["delta"] < 0
    assert answer["folds"][0]["score"] > answer["folds"][0]["leader_score"]


def test_a_pooled_metric_is_compared_by_its_values_over_the_folds_that_are_done(led: Typed) -> None:
    led.write(split=SPLIT, after=THIRD, evaluation='bc.Evaluation(primary="f1")')
    assert led.runs("first").code == 0
    answer = document(led, "third", "cut=0.1")
    assert led.runs("third", "cut=0.1").code == 0
    folds = {}
    for name in ("first", "third"):
        scores = led.types("show", name, "--json").document["run"]["scores"]
        folds[name] = [fold["value"] for fold in next(one for one in scores if one["metric"] == "f1")["folds"]]
    whole_repeat = [a - b for a, b in zip(folds["third"][:3], folds["first"][:3], strict=True)]
    assert answer["folds"][2]["delta"] == pytest.approx(sum(whole_repeat) / 3, abs=1e-12)
    assert all(0 <= fold["score"] <= 1 for fold in answer["folds"])


def test_a_failing_fold_ends_the_trial_with_its_error(led: Typed) -> None:
    told = tries(led, "broken")
    assert told.code == 1
    assert "ValueError: no such thing" in told.out
    answer = document(led, "broken")
    assert (answer["status"], len(answer["folds"]), answer["verdict"]) == ("failed", 1, None)
    assert board(led)["tried"] == 1


def test_quick_is_on_no_board_and_compared_with_nothing(led: Typed) -> None:
    before = board(led)
    told = tries(led, "third", "--quick")
    assert told.code == 0
    assert "is on no board, is compared with nothing and does not count" in told.out
    answer = document(led, "third", "--quick")
    assert (answer["status"], answer["stopped_by"], answer["leader"]) == ("explored", "quick", None)
    assert (len(answer["folds"]), answer["row_limit"], answer["n_rows"]) == (1, 10_000, 300)
    assert board(led) == before
    led.types("compare", f"r-{answer['run_id']}", "first").refuses("on all rows", "quick trial")
    run = led.runs("third", "--json").document["runs"][0]
    assert not any(fold["cached"] for fold in run["folds"])


def test_quick_without_any_run_leaves_a_board_that_says_what_to_do(typed: Typed) -> None:
    assert tries(typed, "first", "--quick").code == 0
    typed.types("leaderboard").refuses("There are only trials on a part of them")


def test_after_trials_alone_the_board_is_empty_and_says_so(typed: Typed) -> None:
    typed.write(split=SPLIT)
    typed.write_data(n_rows=300)
    assert typed.types("run", "--in-process", "first").code == 0
    assert tries(typed, "second").code == 0
    assert typed.types("leaderboard").code == 0


@pytest.mark.parametrize(
    ("words", "sentences"),
    [
        (("thrid",), ("candidate", "Found no candidate `thrid`", "`third`")),
        (("third", "cot=1"), ("Found no `cot`", "`cut`")),
        (("third", "cut=1,2"), ("one candidate with one set of parameters", "2 sets of parameters of `third`")),
        (("third", "first"), ("one candidate with one set of parameters", "Found 2 candidates")),
        (("cut=1",), ("stands behind the name",)),
        ((), ("needs",)),
    ],
)
def test_what_is_mistyped_is_refused_before_anything_is_recorded(
    led: Typed, words: tuple[str, ...], sentences: tuple[str, ...]
) -> None:
    before = led.stored()
    tries(led, *words).refuses(*sentences)
    assert led.stored() == before


def test_an_explored_run_can_be_shown_and_listed(led: Typed) -> None:
    run_id = document(led, "second")["run_id"]
    shown = led.types("show", f"r-{run_id}", "--json").document
    assert shown["run"]["status"] == "explored"
    assert shown["run"]["provenance"]["stopped_by"] == "rule"
    assert "explored" in led.types("list").out
    assert msgspec.json.encode(shown)
