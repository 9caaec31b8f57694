"""A sweep: every claim gets its answer, whatever its candidate does, and nothing is computed twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import RepeatedStratifiedKFold

from bancada.engine._listening import Silence
from bancada.engine._scoring import RunScorer
from bancada.judgement import current_board

if TYPE_CHECKING:
    from tests.engine.conftest import Folder

    from bancada.engine import Answer


def names(answers: tuple[Answer, ...]) -> list[tuple[str, str]]:
    return [(answer.record.candidate, answer.status) for answer in answers]


def test_scores_are_those_of_a_plain_loop(folder: Folder) -> None:
    answer = folder.run("logistic")[0]
    rows = folder.binding().dataset
    X = rows.take(None, ["a", "b", "c"], "pandas")
    y = rows.rows(["noisy"]).column(0).to_numpy()
    expected = []
    for train, test in RepeatedStratifiedKFold(n_splits=4, n_repeats=2, random_state=1).split(X, y):
        model = LogisticRegression().fit(X.iloc[train], y[train])
        expected.append(roc_auc_score(y[test], model.predict_proba(X.iloc[test])[:, 1]))
    score = next(score for score in answer.record.scores if score.metric == "roc_auc")
    assert [fold.value for fold in score.folds] == pytest.approx(expected, abs=1e-12)
    assert score.estimate.value == pytest.approx(np.mean(expected), abs=1e-12)
    assert score.estimate.low is not None


def test_without_names_every_candidate_runs_and_then_the_baseline(folder: Folder) -> None:
    assert names(folder.run()) == [("bayes", "done"), ("logistic", "done"), ("baseline", "done")]


def test_with_names_the_baseline_comes_last_and_only_once(folder: Folder) -> None:
    assert names(folder.run("logistic")) == [("logistic", "done"), ("baseline", "done")]
    assert names(folder.run("bayes")) == [("bayes", "done")]


def test_what_is_known_is_answered_without_a_new_run(folder: Folder) -> None:
    first = folder.run("logistic")[0]
    again = folder.run("logistic")[0]
    assert (again.status, again.record.run_id) == ("known", first.record.run_id)
    assert len(again.cached) == 8
    assert not first.cached


def test_again_makes_a_run_of_its_own(folder: Folder) -> None:
    first = folder.run("logistic")[0]
    second = folder.run("logistic", again=True)[0]
    assert second.status == "done"
    assert second.record.run_id != first.record.run_id
    assert second.record.claim_id == first.record.claim_id
    assert [use.content for use in second.record.folds] == [use.content for use in first.record.folds]


def test_more_repeats_compute_only_the_new_ones(folder: Folder) -> None:
    folder.run("logistic")
    answer = folder.run("logistic", repeats=3)[0]
    assert len(answer.record.folds) == 12
    assert answer.cached == frozenset((repeat, fold) for repeat in range(2) for fold in range(4))


def test_a_grid_is_one_claim_each(folder: Folder) -> None:
    answers = folder.run("logistic", "C=0.1,1,10")
    assert [answer.record.params["C"] for answer in answers[:3]] == [0.1, 1.0, 10.0]
    assert len({answer.record.claim_id for answer in answers}) == 4


def test_equal_parameters_are_one_claim(folder: Folder) -> None:
    assert len(folder.plan("logistic", "C=1,1.0").claims) == 2


def test_a_candidate_that_raises_is_a_row_and_the_sweep_goes_on(folder: Folder) -> None:
    # More folds than are handed out ahead: a driver that is late must still have some left to cancel.
    folder.write(
        problem=folder.parts["problem"].replace("KFold(4, repeats=2", "KFold(4, repeats=6"),
        more="""
        class Broken(LogisticRegression):
            def fit(self, X, y):
                raise ValueError("password=hunter2 is wrong")

        @bc.candidate
        def broken():
            return Broken()
        """,
    )
    answers = {answer.record.candidate: answer for answer in folder.run(in_process=False)}
    assert answers["broken"].status == "failed"
    assert answers["logistic"].status == "done"
    errors = [use.error for use in answers["broken"].record.folds]
    assert errors[0] is not None
    assert errors[0].type == "ValueError"
    assert f"{folder.module}.py" in errors[0].traceback
    assert "site-packages/bancada" not in errors[0].traceback
    assert "hunter2" not in f"{errors[0]}"
    assert "cancelled" in {error.kind for error in errors if error is not None}


def test_a_failed_fold_never_answers_from_the_store(folder: Folder) -> None:
    folder.write(
        more="""
        class Broken(LogisticRegression):
            def fit(self, X, y):
                raise ValueError("no")

        @bc.candidate
        def broken():
            return Broken()
        """
    )
    folder.run("broken")
    assert all(fold.record is None for fold in folder.plan("broken").claims[0].folds)


def test_a_killed_worker_fails_its_fold_alone(folder: Folder) -> None:
    folder.write(
        more="""
        import os, signal

        class Dying(LogisticRegression):
            def fit(self, X, y):
                if X["a"].iloc[0] != SEEN:
                    os.kill(os.getpid(), signal.SIGKILL)
                return super().fit(X, y)

        SEEN = table()["a"][0]

        @bc.candidate
        def dying():
            return Dying()
        """
    )
    answers = {answer.record.candidate: answer for answer in folder.run("dying", "bayes", in_process=False)}
    dying = answers["dying"].record
    kinds = {use.error.kind if use.error else "done" for use in dying.folds}
    assert "died" in kinds
    assert "done" in kinds
    assert "SIGKILL" in next(use.error.message for use in dying.folds if use.error)
    assert answers["bayes"].status == "done"


def test_a_fold_past_its_limit_fails(folder: Folder) -> None:
    folder.write(
        more="""
        import time

        class Slow(LogisticRegression):
            def fit(self, X, y):
                time.sleep(60)

        @bc.candidate
        def slow():
            return Slow()
        """
    )
    answer = folder.run("slow", in_process=False, timeout_s=0.2, repeats=5)[0]
    assert answer.status == "failed"
    assert {use.error.kind for use in answer.record.folds if use.error} == {"timeout", "cancelled"}


class Impatient(Silence):
    """Presses Ctrl-C after some folds."""

    def __init__(self, folds: int) -> None:
        self.left = folds

    def fold(self, label: str, repeat: int, fold: int, status: str, seconds: float, *, cached: bool) -> None:
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt


@pytest.mark.parametrize("in_process", [True, False])
def test_an_interrupted_sweep_loses_no_finished_fold(folder: Folder, *, in_process: bool) -> None:
    outcome = folder.outcome("logistic", in_process=in_process, listener=Impatient(5))
    assert outcome.interrupted
    assert [answer.status for answer in outcome.answers if answer.record.candidate == "logistic"] == ["interrupted"]
    plan = folder.plan("logistic")
    assert plan.n_known >= 5
    after = folder.run("logistic")
    assert after[0].status == "done"
    assert sum(len(answer.cached) for answer in after) >= 5
    assert folder.store.verify() == ()


def test_the_result_does_not_depend_on_how_it_came_about(folder: Folder) -> None:
    inside = folder.run("logistic")[0].record
    outside = folder.run("logistic", again=True, in_process=False)[0].record
    assert [use.content for use in inside.folds] == [use.content for use in outside.folds]


def test_chance_is_seeded_and_the_seed_counts(folder: Folder) -> None:
    folder.write(
        more="""
        from sklearn.ensemble import RandomForestClassifier

        @bc.candidate
        def forest():
            return RandomForestClassifier(n_estimators=5)
        """
    )
    asked: tuple[dict[str, Any], ...] = ({}, {"again": True}, {"seeds": [1]})
    contents = [[use.content for use in folder.run("forest", **options)[0].record.folds] for options in asked]
    assert contents[0] == contents[1]
    assert contents[0] != contents[2]


def test_a_fixed_random_state_is_noted(folder: Folder) -> None:
    folder.write(
        more="""
        from sklearn.ensemble import RandomForestClassifier

        @bc.candidate
        def forest():
            return RandomForestClassifier(n_estimators=5, random_state=3)
        """
    )
    assert folder.run("forest")[0].record.provenance["notes"] == ["`random_state` is fixed by the candidate"]


def test_training_scores_are_kept(folder: Folder) -> None:
    record = folder.run("logistic")[0].record
    score = next(score for score in record.scores if score.metric == "roc_auc")
    assert all(fold.train is not None and fold.value is not None for fold in score.folds)
    gaps = [(fold.train or 0) - (fold.value or 0) for fold in score.folds]
    assert np.mean(gaps) > 0


def test_a_metric_that_was_added_is_computed_from_kept_predictions(folder: Folder) -> None:
    first = folder.run("logistic")[0].record
    folder.write(problem=folder.parts["problem"].replace('"log_loss"]', '"log_loss", "brier"]'))
    answer = folder.run("logistic")[0]
    assert answer.status == "known"
    assert {score.metric for score in answer.record.scores} == {"roc_auc", "accuracy", "log_loss", "brier"}
    assert answer.record.run_id == first.run_id
    stored = folder.store.runs.read("noisy", first.run_id)
    assert stored is not None
    assert [statement.kind for statement in stored.statements] == ["score"]


def test_the_journal_tells_every_fold(folder: Folder) -> None:
    record = folder.run("logistic")[0].record
    lines = (folder.store.runs.place("noisy", record.run_id) / "journal-driver.jsonl").read_text().splitlines()
    assert len(lines) == 9
    assert '"event":"begin"' in lines[0]


def test_a_model_that_contradicts_itself_is_marked(folder: Folder) -> None:
    folder.write(
        more="""
        import os

        class Moody(LogisticRegression):
            def predict_proba(self, X):
                return super().predict_proba(X) * 0 + [[0.4, 0.6]] if os.urandom(1)[0] % 2 else super().predict_proba(X)

        @bc.candidate
        def moody():
            return Moody()
        """
    )
    records = [folder.run("moody", again=True)[0].record for _ in range(3)]
    assert any("not deterministic" in text for text in records[-1].evidence.missing)
    assert folder.run("bayes")[0].record.evidence.grade == "complete"


def test_no_secret_of_a_parameter_or_a_log_is_kept(folder: Folder) -> None:
    token = "ghp_" + "a1B2" * 9
    folder.write(
        more="""
        class Keyed(LogisticRegression):
            def __init__(self, key=""):
                super().__init__()
                self.key = key

            def fit(self, X, y):
                bc.log(told=self.key)
                assert self.key.startswith("ghp_")
                return super().fit(X, y)

        @bc.candidate
        def keyed(key: str):
            return Keyed(key)
        """
    )
    answer = folder.run("keyed", f"key={token}")[0]
    assert answer.status == "done"
    kept = [path for path in folder.root.joinpath(".bancada").rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if token.encode() in path.read_bytes()]
    other = folder.plan("keyed", f"key={token[:-1]}9").claims[0].claim
    assert other.claim_id != answer.record.claim_id


def test_a_changed_evaluation_judges_every_old_run(folder: Folder) -> None:
    folder.run("logistic", "C=0.1,1")
    folder.run("bayes", repeats=3)
    changed = folder.parts["problem"].replace('primary="roc_auc"', 'primary="log_loss", margin=0.5')
    folder.write(problem=changed.replace('metrics=["accuracy", "log_loss"]', 'metrics=["brier"], slices=["region"]'))
    folder.run("bayes")
    runs = folder.index.runs("noisy")
    assert {run.evaluation.primary for run in runs} == {"log_loss"}
    assert all(run.evaluation.margin == 0.5 for run in runs)
    for run in runs:
        assert {("brier", None), ("brier", "region=north")} <= {(score.metric, score.slice) for score in run.scores}
    board = current_board(folder.index, "noisy")
    assert (board.metric, board.margin) == ("log_loss", 0.5)


def test_a_slice_has_an_interval_only_where_its_own_rows_allow_one(folder: Folder) -> None:
    slices = 'slices=[bc.Slice("half", "a < 0"), bc.Slice("few", "weight < 13")]'
    changed = folder.parts["problem"].replace('primary="roc_auc"', f'primary="log_loss", {slices}')
    folder.write(problem=changed.replace("KFold(4, repeats=2", "KFold(3, repeats=4"))
    scores = [score for score in folder.run("bayes")[0].record.scores if score.metric == "log_loss"]
    whole, half, few = (next(score for score in scores if score.slice == name) for name in (None, "half", "few"))
    assert whole.estimate.low is not None
    assert half.estimate.low is not None, "about 20 rows a fold"
    assert (few.n_rows, few.estimate.low, few.flags) == (12, None, ())
    assert few.estimate.value is not None
    values = [fold.value for fold in half.folds if fold.value is not None]
    reach = stats.t.isf(0.025, 11) * np.std(values, ddof=1) * np.sqrt(1 / 12 + 1 / 2)
    assert half.estimate.value is not None
    assert half.estimate.value - half.estimate.low == pytest.approx(min(reach, half.estimate.value))


def test_every_fold_says_of_which_table_it_is(folder: Folder) -> None:
    records = [answer.record for answer in folder.run("logistic", "bayes")]
    tables = {(use.repeat, use.split) for record in records for use in record.folds}
    assert tables == {(repeat.number, repeat.digest) for repeat in folder.binding().repeats}
    assert len(tables) == 2


def test_predictions_on_another_table_are_not_scored_as_if_they_were_on_this_one(folder: Folder) -> None:
    uses = folder.run("logistic")[0].record.folds
    scorer = RunScorer(folder.binding(), folder.store)
    assert scorer.scores(uses)
    assert scorer.scores([msgspec.structs.replace(use, split=None) for use in uses])
    assert scorer.scores([msgspec.structs.replace(use, split="0" * 64) for use in uses]) == ()


def test_a_slice_that_is_redefined_under_its_name_is_scored_anew(folder: Folder) -> None:
    folder.write(
        problem=folder.parts["problem"].replace(
            'primary="roc_auc"', 'primary="roc_auc", slices=[bc.Slice("part", "a < 0")]'
        )
    )
    before = {score.metric: score.n_rows for score in folder.run("bayes")[0].record.scores if score.slice == "part"}
    folder.write(problem=folder.parts["problem"].replace("a < 0", "a < 1"))
    after = {score.metric: score.n_rows for score in folder.run("bayes")[0].record.scores if score.slice == "part"}
    assert len(set(before.values())) == len(set(after.values())) == 1
    assert before["roc_auc"] < after["roc_auc"]


def test_no_failure_of_one_candidate_ends_the_sweep(folder: Folder) -> None:
    folder.write(
        more="""
        class Panic(BaseException):
            pass

        class Mute(Exception):
            def __str__(self):
                raise RuntimeError("no text")

        class Failing(LogisticRegression):
            def __init__(self, how=""):
                super().__init__()
                self.how = how

            def fit(self, X, y):
                if self.how == "panic":
                    raise Panic("deep down")
                if self.how == "mute":
                    raise Mute
                if self.how == "odd":
                    raise ValueError("caf\\udce9.txt")
                if self.how == "artifact":
                    bc.log_artifact(__file__, "../../outside.txt")
                import sys
                sys.exit(3)

        @bc.candidate
        def failing(how: str):
            return Failing(how)
        """
    )
    answers = folder.run("failing", "how=panic,mute,odd,artifact,exit", "bayes", in_process=False)
    statuses = [(answer.record.params.get("how"), answer.status) for answer in answers]
    assert statuses[:5] == [(how, "failed") for how in ("panic", "mute", "odd", "artifact", "exit")]
    assert statuses[5:] == [(None, "done"), (None, "done")]
    assert not list(folder.root.rglob("outside.txt"))


def test_what_a_module_reads_at_import_is_observed(folder: Folder) -> None:
    (folder.root / "strength.txt").write_text("1.0")
    folder.write(
        candidates="""
        from functools import lru_cache
        from pathlib import Path

        HERE = Path(__file__).parent

        @lru_cache
        def remembered():
            return float((HERE / "strength.txt").read_text())

        @bc.candidate
        def logistic():
            return LogisticRegression(C=remembered())
        """
    )
    folder.run("logistic", in_process=False)
    (folder.root / "strength.txt").write_text("2.0")
    assert folder.plan("logistic").n_known <= 1


def test_claims_of_one_candidate_are_told_apart(folder: Folder) -> None:
    told: list[str] = []

    class Hearing(Silence):
        def run(self, label: str, status: str, score: str) -> None:
            told.append(label)

    folder.run("logistic", "C=1,2", listener=Hearing(), seeds=[0, 1])
    assert sorted(told) == [
        "baseline seed=0",
        "baseline seed=1",
        "logistic C=1.0 seed=0",
        "logistic C=1.0 seed=1",
        "logistic C=2.0 seed=0",
        "logistic C=2.0 seed=1",
    ]
