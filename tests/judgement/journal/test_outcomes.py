"""What came of a hypothesis, read from the store alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from bancada.judgement import compare
from bancada.judgement.journal import expected_of

if TYPE_CHECKING:
    from tests.judgement.journal.conftest import Lab


def test_a_score_is_held_against_a_number_by_the_interval_of_every_view(lab: Lab) -> None:
    run = lab.run("logistic")[1].answers[0].record
    estimate = run.scores[0].estimate
    assert estimate.low is not None
    assert estimate.high is not None
    for bound, word in (
        (estimate.low - 1e-6, "supported"),
        ((estimate.low + estimate.high) / 2, "inconclusive"),
        (estimate.high, "refuted"),
    ):
        told = lab.expect(f"roc_auc > {bound!r}", "logistic")
        assert (told.outcome, told.runs[0].low, told.runs[0].high) == (word, estimate.low, estimate.high)


def test_more_claims_widen_each_interval(lab: Lab) -> None:
    one = lab.expect("> 0.7", "logistic", "C=1")
    three = lab.expect("> 0.7", "logistic", "C=0.01,1,100")
    assert three.level == pytest.approx(0.05 / 3)
    alone = one.runs[0]
    among = next(run for run in three.runs if run.params == {"C": 1.0})
    assert alone.low is not None
    assert among.low is not None
    assert among.low < alone.low


@pytest.mark.parametrize("metric", ["roc_auc", "log_loss"])
def test_a_champion_is_held_against_by_the_paired_difference_in_the_metrics_own_direction(
    lab: Lab, metric: str
) -> None:
    champion = lab.run("bayes")[1].answers[0].record
    told = lab.expect(f"{metric} > bayes - 5", "logistic").runs[0]
    stored = lab.folder.store.runs.read("noisy", told.run_id)
    assert stored is not None
    paired = compare(stored.record, champion, metric=metric)
    sign = 1 if metric == "roc_auc" else -1
    assert paired.delta is not None
    assert told.delta == pytest.approx(sign * paired.delta)
    ends = sorted(sign * end for end in (paired.low, paired.high) if end is not None)
    assert [told.low, told.high] == pytest.approx(ends)
    assert told.outcome == "supported"


def test_a_slice_of_an_expression_is_scored_and_kept(lab: Lab) -> None:
    lab.run("bayes")
    told = lab.expect("roc_auc > bayes - 1 where a < 0.5 and b > -1", "logistic")
    assert told.expect == "roc_auc > bayes - 1 where a < 0.5 and b > -1"
    assert (told.outcome, told.runs[0].outcome) == ("supported", "supported")
    stored = lab.folder.store.runs.read("noisy", told.runs[0].run_id)
    assert stored is not None
    assert "a < 0.5 and b > -1" in {score.slice for score in stored.record.scores}


def test_of_a_grid_one_is_enough_and_all_are_needed_to_refute(lab: Lab) -> None:
    assert lab.expect("log_loss < 0.68", "logistic", "C=0.00001,1").outcome == "supported"
    assert lab.expect("log_loss < 0.01", "logistic", "C=0.00001,1").outcome == "refuted"


def test_without_an_interval_nothing_is_concluded(lab: Lab) -> None:
    lab.run("bayes")
    told = lab.expect("> bayes", "bayes", again=True)
    assert told.outcome == "inconclusive"
    assert told.runs[0].note.startswith("no interval: ")


def test_on_one_split_the_word_is_about_the_fitted_model_and_at_95_percent_alone(lab: Lab) -> None:
    lab.folder.write(problem=lab.folder.parts["problem"].replace("KFold(4, seed=1)", "Single(0.5, seed=1)"))
    one = lab.expect("roc_auc > 0.1", "logistic").runs[0]
    assert (one.outcome, one.note) == ("supported", "about this fitted model, not about training it again")
    few = lab.expect("log_loss < 99 where a > 1.9", "logistic", "C=0.5").runs[0]
    assert few.note == "no interval: on one split it is over rows, and these are too few or do not vary"
    two = lab.expect("roc_auc > 0.1", "logistic", "C=0.1,0.2")
    assert two.outcome == "inconclusive"
    assert two.runs[0].note.startswith("no interval at this level, only at 95 %: ")


def test_a_run_that_fails_concludes_nothing_and_says_so(lab: Lab) -> None:
    lab.folder.write(
        more="""
        class Broken:
            def fit(self, X, y):
                raise RuntimeError("no")

        @bc.candidate
        def broken():
            return Broken()
        """
    )
    told = lab.expect("> 0.1", "broken")
    assert (told.outcome, told.runs[0].outcome, told.runs[0].note) == ("inconclusive", "inconclusive", "it failed")


def test_what_is_read_later_is_what_was_told_then_without_the_project(lab: Lab) -> None:
    lab.run("bayes")
    told = lab.expect("roc_auc > bayes - 1 where a < 0.5", "logistic", "C=0.1,1")
    (lab.folder.root / f"{lab.folder.module}.py").unlink()
    assert expected_of(told.runs[1].run_id, lab.folder.index, "noisy") == told


def test_a_run_without_a_hypothesis_has_none(lab: Lab) -> None:
    run = lab.run("bayes")[1].answers[0].record
    assert expected_of(run.run_id, lab.folder.index, "noisy") is None


def test_a_hypothesis_that_somebody_tampered_with_is_none(lab: Lab) -> None:
    run = lab.run("bayes", expect="> 0.5")[1].answers[0].record
    path = lab.folder.store.runs.place("noisy", run.run_id) / "run.json"
    for field, value in (("alpha", 7), ("operator", "=="), ("claims", "many")):
        record = msgspec.json.decode(path.read_bytes())
        record["provenance"]["hypothesis"][field] = value
        path.write_bytes(msgspec.json.encode(record))
        assert expected_of(run.run_id, lab.folder.index, "noisy") is None
