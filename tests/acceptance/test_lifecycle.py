"""Withdrawing, noting, collecting, forgetting; what failed, and what was logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed

LOGGED = """
import pathlib

@bc.candidate
def third():
    class Told(Curve):
        def fit(self, X, y):
            bc.log(step=1, loss=0.25, said="fine\\x1b[2J")
            pathlib.Path("curve.txt").write_text("x")
            bc.log_artifact("curve.txt")
            return super().fit(X, y)
    return Told()


@bc.candidate
def broken():
    class Broken(Curve):
        def predict_proba(self, X):
            raise RuntimeError("no\\nluck")
    return Broken()
"""


def board(typed: Typed) -> Any:
    told = typed.types("leaderboard", "--json")
    assert told.code == 0, told.err
    return told.document


def candidates(typed: Typed) -> set[str]:
    return {row["candidate"] for row in board(typed)["rows"]}


def test_a_withdrawn_run_leaves_the_board_counts_as_tried_and_can_come_back(typed: Typed) -> None:
    assert typed.runs().code == 0
    assert board(typed)["tried"] == 2
    told = typed.types("rm", "second", "--because", "wrong column", "--json")
    assert told.code == 0
    assert told.document["schema"] == "bancada.statement/1"
    (run_id,) = told.document["runs"]
    assert candidates(typed) == {"first", "baseline"}
    # What was seen cannot be unseen: the words go on to allow for it.
    assert board(typed)["tried"] == 2
    listed = typed.types("list", "--json").document["runs"]
    assert [run["status"] for run in listed if run["run_id"] == run_id] == ["withdrawn"]
    shown = typed.types("show", f"r-{run_id}")
    assert "withdrawn" in shown.out
    assert "wrong column" in shown.out
    assert typed.types("rm", "--undo", f"r-{run_id}").out == "1 run back on the board\n"
    assert candidates(typed) == {"first", "second", "baseline"}


def test_a_withdrawn_claim_is_run_again_from_its_folds(typed: Typed) -> None:
    assert typed.runs("first").code == 0
    assert typed.types("rm", "first").code == 0
    told = typed.runs("first", "--json")
    assert [run["status"] for run in told.document["runs"]] == ["done"]
    assert all(fold["cached"] for fold in told.document["runs"][0]["folds"])
    assert candidates(typed) == {"first", "baseline"}
    assert board(typed)["tried"] == 1


def test_a_slip_in_the_last_name_withdraws_nothing(typed: Typed) -> None:
    assert typed.runs().code == 0
    before = typed.stored()
    typed.types("rm", "first", "secnod").refuses("`secnod` is none of these", "`second`")
    assert typed.stored() == before


def test_what_was_collected_cannot_come_back(typed: Typed) -> None:
    assert typed.runs().code == 0
    (run_id,) = typed.types("rm", "second", "--json").document["runs"]
    assert typed.types("gc").out.startswith("removed 0 folds and 0 objects")
    told = typed.types("gc", "--days", "0", "--json").document
    assert (told["schema"], told["folds"], told["removed"]) == ("bancada.gc/1", 3, True)
    assert typed.types("store", "verify").code == 0
    typed.types("rm", "--undo", f"r-{run_id}").refuses("`bancada gc` has removed", "bancada run second")
    assert typed.runs("second").code == 0
    assert candidates(typed) == {"first", "second", "baseline"}


def test_a_dry_run_of_collecting_removes_nothing(typed: Typed) -> None:
    assert typed.runs().code == 0
    assert typed.types("rm", "first").code == 0
    before = typed.stored()
    assert typed.types("gc", "--dry-run", "--days", "0").out.startswith("would remove 3 folds")
    assert typed.stored() == before


def test_a_note_is_shown_and_its_secrets_are_not(typed: Typed) -> None:
    assert typed.runs().code == 0
    assert typed.types("note", "first", "look", "at postgresql://ana:geheim@db/x").code == 0
    assert typed.types("note", "best", "again \x1b[2J").code == 0
    shown = typed.types("show", "first")
    assert "look at postgresql://ana:[masked: password in a URL]@db/x" in shown.out
    assert "\x1b" not in shown.out
    document = typed.types("show", "first", "--json").document
    assert document["statements"][0]["kind"] == "note"
    typed.types("note", "first", "").refuses("A note says something.")
    typed.types("note", "first").refuses("needs `TEXT`")


def test_what_failed_is_listed_with_its_error(typed: Typed) -> None:
    typed.write(after=LOGGED)
    assert typed.runs("broken", "first").code == 1
    told = typed.types("list", "--failed")
    assert "RuntimeError: no" in told.out
    assert "first" not in told.out
    (run,) = typed.types("list", "--failed", "--json").document["runs"]
    assert (run["candidate"], run["error"]) == ("broken", "RuntimeError: no")
    shown = typed.types("show", "broken", "--log")
    assert "raise RuntimeError" in shown.out or "RuntimeError: no" in shown.out


def test_what_was_logged_is_shown_fold_by_fold(typed: Typed) -> None:
    typed.write(after=LOGGED)
    assert typed.runs("third", "first").code == 0
    shown = typed.types("show", "third", "--log").out
    assert shown.count("step=1 loss=0.25 said=fine") == 3
    assert "\x1b" not in shown
    assert "file curve.txt in" in shown
    document = typed.types("show", "third", "--log", "--json").document
    assert document["schema"] == "bancada.log/1"
    assert [fold["lines"][0]["step"] for fold in document["folds"]] == [1, 1, 1]
    assert "nothing was logged" in typed.types("show", "first", "--log").out


def test_forgotten_rows_leave_every_file_and_the_board_stays(typed: Typed) -> None:
    assert typed.runs().code == 0
    before = [row["value"] for row in board(typed)["rows"]]
    (typed.root / "left.txt").write_text("3\n\n17\n999\n", encoding="utf-8")
    assert typed.types("forget", "--ids", "left.txt", "--dry-run").out.startswith("would forget 6 predictions")
    told = typed.types("forget", "--ids", "left.txt", "--json").document
    assert (told["schema"], told["ids"], told["found"], told["rows"], told["folds"]) == (
        "bancada.forget/1",
        3,
        2,
        6,
        told["folds"],
    )
    assert typed.types("store", "verify").code == 0
    assert [row["value"] for row in board(typed)["rows"]] == before
    # A metric that is added later is computed from the rows that are left.
    typed.write(evaluation='bc.Evaluation(primary="roc_auc", metrics=["accuracy", "brier"])')
    assert typed.runs("second", "cut=1.0").code == 0
    scores = typed.types("show", "second", "--json").document["run"]["scores"]
    assert {score["metric"] for score in scores} == {"roc_auc", "accuracy", "brier"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("forget",), "needs `--ids`"),
        (("forget", "--ids", "nowhere.txt"), "nowhere.txt"),
        (("forget", "--ids", "empty.txt"), "holds none"),
        (("forget", "--ids", "binary.txt"), "cannot be read as UTF-8"),
        (("rm",), "needs `RUN...`"),
        (("gc", "--days", "-1"), "-1"),
        (("gc", "--days", "nan"), "nan"),
    ],
)
def test_wrong_uses_say_what_is_wrong(words: tuple[str, ...], sentence: str, typed: Typed) -> None:
    assert typed.runs("first").code == 0
    (typed.root / "empty.txt").write_text("\n", encoding="utf-8")
    (typed.root / "binary.txt").write_bytes(b"\xff\xfe\x00")
    before = typed.stored()
    typed.types(*words).refuses(sentence)
    assert typed.stored() == before


@pytest.mark.parametrize("words", [("gc",), ("forget", "--ids", "left.txt"), ("rm", "first"), ("note", "first", "x")])
def test_without_a_store_none_is_made(words: tuple[str, ...], typed: Typed) -> None:
    (typed.root / "left.txt").write_text("3\n", encoding="utf-8")
    typed.types(*words).refuses("There is none at")
    assert not typed.store.exists()
