"""A trial: folds in order, one at a time, and a run that says how far it came."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from bancada.definitions import find_project, load
from bancada.engine import Workbench, bind, check_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.engine.conftest import Folder

    from bancada.engine._trial import Trial


@contextmanager
def trial(folder: Folder, *words: str, row_limit: int | None = None) -> Iterator[Trial]:
    """Open a trial in this process."""
    definitions = folder.definitions()
    project, store = definitions.project, folder.store
    with Workbench(project, store, workers=1, modules=project.modules, in_process=True) as bench:
        binding = bind(definitions.problem(), project, store)
        if row_limit is not None:
            binding = binding.first_fold(row_limit, seed=0)
        plan = bench.plan(check_words(words, definitions), binding, row_limit=row_limit)
        yield bench.trial(plan)


def carried_out(one: Trial, *, most: int = 99) -> list[tuple[int, int]]:
    places = []
    with one:
        for use, _ in one:
            places.append((use.repeat, use.fold))
            if len(places) == most:
                one.stop("rule")
    return places


EVERY = [(repeat, fold) for repeat in range(2) for fold in range(4)]


def test_a_trial_that_is_left_to_itself_is_a_finished_run(folder: Folder) -> None:
    with trial(folder, "logistic") as one:
        assert carried_out(one) == EVERY
        assert one.answer.status == one.answer.record.status == "done"
        assert not one.costs_more()
    again = folder.run("logistic")[0]
    assert (again.status, again.record.run_id) == ("known", one.answer.record.run_id)


def test_a_trial_that_is_stopped_is_explored_and_a_run_takes_its_folds(folder: Folder) -> None:
    with trial(folder, "logistic") as one:
        assert carried_out(one, most=3) == EVERY[:3]
        assert one.costs_more()
    record = one.answer.record
    assert (record.status, record.provenance["stopped_by"], len(record.folds)) == ("explored", "rule", 3)
    assert len(record.scores[0].folds) == 3
    assert all(score.estimate.low is None for score in record.scores)
    assert folder.run("logistic")[0].cached == set(EVERY[:3])


def test_ctrl_c_ends_a_trial_and_keeps_what_is_done(folder: Folder) -> None:
    with trial(folder, "logistic") as one, one:
        for number, _ in enumerate(one):
            if number == 1:
                raise KeyboardInterrupt
    assert one.interrupted
    assert (one.answer.status, one.stopped_by, len(one.answer.record.folds)) == ("explored", "interrupt", 2)


def test_ctrl_c_before_the_first_fold_leaves_no_run(folder: Folder) -> None:
    with trial(folder, "logistic") as one, pytest.raises(KeyboardInterrupt, match="pressed"), one:
        raise KeyboardInterrupt("pressed")
    assert folder.store.runs.problems() == ()


def test_a_trial_takes_up_where_another_ended(folder: Folder) -> None:
    with trial(folder, "logistic") as one:
        carried_out(one, most=3)
    with trial(folder, "logistic") as other, other:
        cached = [use.cached for use, _ in other]
    assert cached == [True] * 3 + [False] * 5
    assert other.answer.status == "done"
    assert other.answer.cached == set(EVERY[:3])


def test_all_folds_of_two_trials_make_a_finished_run(folder: Folder) -> None:
    with trial(folder, "logistic") as one:
        carried_out(one, most=7)
    with trial(folder, "logistic") as other:
        carried_out(other)
    with trial(folder, "logistic") as known:
        assert carried_out(known) == EVERY
    assert (known.answer.status, known.answer.record.run_id) == ("known", other.answer.record.run_id)


def test_a_failing_fold_ends_the_trial(folder: Folder) -> None:
    folder.write(
        more="""
        class Sometimes(LogisticRegression):
            calls = 0

            def fit(self, X, y):
                Sometimes.calls += 1
                if Sometimes.calls == 2:
                    raise ValueError("the second")
                return super().fit(X, y)

        @bc.candidate
        def sometimes():
            return Sometimes()
        """
    )
    with trial(folder, "sometimes") as one:
        assert carried_out(one) == EVERY[:2]
    record = one.answer.record
    assert record.status == "failed"
    assert record.folds[1].error is not None
    assert "the second" in record.folds[1].error.message


def test_a_part_of_the_rows_is_another_claim_and_never_done(folder: Folder) -> None:
    with trial(folder, "logistic", row_limit=60) as part:
        assert carried_out(part) == [(0, 0)]
    record: Any = part.answer.record
    assert (record.status, record.row_limit) == ("explored", 60)
    assert record.folds[0].n_train + record.folds[0].n_test <= 60
    assert not folder.run("logistic")[0].cached


def test_a_plan_of_the_project_s_own_is_what_a_trial_is_of(folder: Folder) -> None:
    definitions = load(find_project(folder.root, {"BANCADA_CACHE": str(folder.root / "c")}, home=folder.root))
    assert [request.label for request in check_words(["logistic"], definitions)] == ["logistic"]
    assert [request.label for request in check_words(["baseline"], definitions)] == ["baseline"]
    assert [request.label for request in check_words([], definitions)] == ["bayes", "logistic"]
