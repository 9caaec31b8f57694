"""Data moves on: the best claims of the earlier version run on the present one, linked, and their drift is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed

THREE = """
@bc.candidate
def first(cut: float = 0.0):
    return Curve(cut)


@bc.candidate
def second(cut: float = 0.0, column: str = "b"):
    return Curve(cut, column)


@bc.candidate
def third():
    return Curve(2.0, "b")
"""


def dataset(version: str) -> str:
    return f'bc.Dataset.from_file("data.csv", name="people", version="{version}", id="person")'


@pytest.fixture
def moved(typed: Typed) -> Typed:
    """Run on version 1, then let the data move on: four rows leave, ten are new."""
    typed.write(THREE)
    assert typed.runs().code == 0
    assert typed.runs("first", "cut=0.5", "--seed", "3").code == 0
    typed.write_data(n_rows=40)
    kept = [
        line for line in (typed.root / "data.csv").read_text().splitlines() if line.split(",")[0] not in set("2345")
    ]
    typed.write_data("\n".join(kept) + "\n")
    typed.write(THREE, dataset=dataset("2"))
    return typed


def carried(typed: Typed, count: int = 5) -> Any:
    told = typed.runs("--carry", str(count), "--json")
    assert told.code == 0, told.err
    return told.document


def test_the_best_claims_run_on_the_new_data_and_their_drift_is_told(moved: Typed) -> None:
    before = {row["candidate"]: row for row in moved.types("leaderboard", "--json").document["rows"]}
    document = carried(moved, 2)
    assert [run["candidate"] for run in document["runs"]][-1] == "baseline"
    best = [name for name, row in before.items() if row["rank_low"] is not None][:2]
    assert [item["candidate"] for item in document["drift"]] == [*best, "baseline"]
    for item in document["drift"]:
        old = before[item["candidate"]]
        assert (item["from_run_id"], item["from_version"]) == (old["run_id"], "1")
        assert item["old"] == {name: old[name] for name in ("value", "low", "high")}
        assert item["change"] == pytest.approx(item["new"]["value"] - item["old"]["value"])
        assert item["rows"] == {"shared": 26, "added": 10, "removed": 4, "changed": 0}
        assert "not a test" in item["note"]
        assert not item["code_changed"]


def test_parameters_and_seed_come_along(moved: Typed) -> None:
    moved.runs("--carry", "5")
    origin = next(run for run in carried(moved)["drift"] if run["candidate"] == "first")
    now = moved.types("show", f"r-{origin['run_id']}", "--json").document["run"]
    then = moved.types("show", f"r-{origin['from_run_id']}", "--json").document["run"]
    assert (now["params"], now["seed"]) == (then["params"], then["seed"])


def test_both_boards_are_linked_and_both_can_be_seen(moved: Typed) -> None:
    old = moved.types("leaderboard", "--json").document
    document = carried(moved)
    new = moved.types("leaderboard", "--json").document
    assert (old["version"], new["version"]) == ("1", "2")
    board = moved.types("leaderboard").out
    assert "Carried from version 1:" in board
    assert "`bancada leaderboard --data 1` shows that board" in board
    again = moved.types("leaderboard", "--data", "1", "--json").document
    assert [row["run_id"] for row in again["rows"]] == [row["run_id"] for row in old["rows"]]
    first = document["drift"][0]
    shown = moved.types("show", f"r-{first['run_id']}")
    assert f"carried from version 1 (r-{first['from_run_id'][:6]})" in shown.out
    kept = moved.types("show", f"r-{first['run_id']}", "--json").document["run"]["provenance"]["carried"]
    assert kept == {"run_id": first["from_run_id"], "version": "1"}


def test_the_terminal_shows_the_drift_below_the_board(moved: Typed) -> None:
    told = moved.runs("--carry", "5")
    assert told.code == 0
    assert "drift from version 1" in told.out
    assert "Rows: 26 shared, 10 added, 4 removed" in told.out
    assert "Drift is a description, not a test" in told.out


def test_carrying_again_computes_and_says_nothing_new(moved: Typed) -> None:
    first = carried(moved)
    files = moved.stored()
    second = carried(moved)
    assert {run["status"] for run in second["runs"]} == {"known"}
    assert second["drift"] == first["drift"]
    assert moved.stored() == files


def test_shared_rows_with_other_values_are_counted(moved: Typed) -> None:
    text = (moved.root / "data.csv").read_text()
    moved.write_data(text.replace("north", "west", 3))
    told = moved.runs("--carry", "1")
    assert "Rows: 26 shared, 10 added, 4 removed; 3 of the shared have other values." in told.out
    for path in (moved.root.parent / "cache" / "tables").iterdir():
        path.unlink()
    rows = carried(moved, 1)["drift"][0]["rows"]
    assert rows == {"shared": 26, "added": 10, "removed": 4, "changed": 3}


def test_code_that_changed_since_is_said(moved: Typed) -> None:
    moved.write(THREE.replace("Curve(2.0,", "Curve(2.5,"), dataset=dataset("2"))
    told = moved.runs("--carry", "5")
    assert "The code changed since: `third`" in told.out
    changed = {item["candidate"]: item["code_changed"] for item in carried(moved)["drift"]}
    assert changed == {"first": False, "second": False, "third": True, "baseline": False}


def test_a_candidate_that_is_gone_or_takes_other_parameters_is_told_and_the_others_go_on(moved: Typed) -> None:
    gone = THREE.replace("def third", "def fourth").replace('column: str = "b"', 'pillar: str = "b"')
    moved.write(gone.replace("Curve(cut, column)", "Curve(cut, pillar)"), dataset=dataset("2"))
    told = moved.runs("--carry", "5", "--json")
    assert told.code == 1
    errors = {item["candidate"]: item["error"] for item in told.document["drift"]}
    assert errors["first"] == errors["baseline"] == ""
    assert "third" in errors["third"]
    assert "column" in errors["second"]
    assert {run["candidate"] for run in told.document["runs"]} == {"first", "baseline"}
    assert "was not carried" in moved.runs("--carry", "5").out


def test_the_plan_runs_nothing(moved: Typed) -> None:
    files = [path for path in moved.stored() if path.startswith("folds")]
    told = moved.runs("--carry", "1", "--plan", "--json")
    assert [claim["baseline"] for claim in told.document["claims"]] == [False, True]
    assert [path for path in moved.stored() if path.startswith("folds")] == files


def test_wrong_uses_are_told(typed: Typed) -> None:
    typed.runs("--carry", "5").refuses("`--carry` takes claims from the board of an earlier version", "no run yet")
    assert typed.runs().code == 0
    typed.runs("--carry", "5").refuses("is already on this data, version `1`")
    typed.runs("--carry", "0").refuses("`--carry 0` asks for none")
    typed.runs("--carry", "2", "first").refuses("`first` was named beside it")
    typed.types("leaderboard", "--data", "0").refuses("No run is on version '0'")


def test_a_board_that_was_judged_otherwise_is_not_carried(moved: Typed) -> None:
    moved.write(THREE, dataset=dataset("2"), evaluation='bc.Evaluation(primary="accuracy")')
    moved.runs("--carry", "5").refuses("were judged by another evaluation")
