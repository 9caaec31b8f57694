"""`bancada rescore`: a changed evaluation, and the runs that were judged by the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed

WIDER = 'bc.Evaluation(primary="accuracy", metrics=["roc_auc", "brier"], slices=["region"])'


def test_a_wider_evaluation_is_put_on_every_run_and_old_scores_stay(typed: Typed) -> None:
    typed.runs()
    before = typed.types("show", "first", "--json").document["run"]
    told = typed.types("rescore")
    assert told.code == 0
    assert told.out.endswith("already: nothing to do\n")
    typed.write(evaluation=WIDER)
    told = typed.types("rescore", "--cores", "1")
    assert told.code == 0, told.err
    assert told.out.startswith("3 runs judged by evaluation ")
    assert "21 scores added, nothing fitted" in told.out
    after = typed.types("show", "first", "--json").document["run"]
    assert [score for score in after["scores"] if score in before["scores"]] == before["scores"]
    assert typed.types("leaderboard", "--json").document["metric"] == "accuracy"
    again = typed.types("rescore", "--json").document
    assert (again["schema"], again["runs"], again["unscored"]) == ("bancada.rescore/1", [], [])


def test_a_run_that_cannot_be_judged_is_named_and_the_answer_is_no(typed: Typed) -> None:
    typed.runs("first")
    for path in typed.store.rglob("predictions.arrow"):
        path.unlink()
    typed.write(evaluation=WIDER)
    told = typed.types("rescore", "--cores", "1")
    assert told.code == 1
    assert "2 runs could not be judged by the present evaluation; earlier scores stay:\n  r-" in told.err
    assert "(first): The predictions of fold" in told.err
    document = typed.types("rescore", "--cores", "1", "--json").document
    assert {run["candidate"] for run in document["unscored"]} == {"first", "baseline"}
    assert "cannot be read" in document["unscored"][0]["reason"]
    assert typed.types("leaderboard").code == 0


def test_rescoring_refuses_a_project_without_a_problem(typed: Typed) -> None:
    typed.write_text("x = 1\n")
    typed.types("rescore").refuses()
