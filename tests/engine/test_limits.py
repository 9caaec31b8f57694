"""Laws of the limits of one fold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bancada.definitions import find_project
from bancada.engine._limits import Limits, limits_of
from bancada.exceptions import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.conftest import Folder

    from bancada.definitions import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "bancada.toml").write_text("timeout_s = 60\nmemory_mb = 500\n")
    return find_project(tmp_path, {}, home=tmp_path)


def test_what_is_asked_for_goes_before_the_settings(project: Project) -> None:
    assert limits_of(project, None, None, in_process=False) == Limits(60.0, 500.0)
    assert limits_of(project, 5.0, None, in_process=False) == Limits(5.0, 500.0)
    assert limits_of(project, None, 7.0, in_process=False) == Limits(60.0, 7.0)


def test_infinity_is_no_limit(project: Project) -> None:
    assert limits_of(project, float("inf"), float("inf"), in_process=False) == Limits()
    assert limits_of(replace(project, timeout_s=float("inf")), None, 1.0, in_process=False) == Limits(None, 1.0)


def test_a_limit_is_a_number(project: Project) -> None:
    with pytest.raises(UsageError, match="number above 0"):
        limits_of(project, float("nan"), None, in_process=False)


@pytest.mark.parametrize(
    ("timeout_s", "memory_mb", "named"),
    [(5.0, None, "`--timeout 5`"), (None, 7.5, r"`--memory 7\.5`"), (5.0, 7.0, "`--timeout 5` and `--memory 7`")],
)
def test_a_limit_with_folds_in_the_driver_is_refused(
    project: Project, timeout_s: float | None, memory_mb: float | None, named: str
) -> None:
    with pytest.raises(UsageError, match=f"killing the worker.*{named}.*Leave out either"):
        limits_of(project, timeout_s, memory_mb, in_process=True)


def test_the_limits_of_settings_do_not_hold_in_the_driver(project: Project) -> None:
    assert limits_of(project, None, None, in_process=True) == Limits()


def test_a_fold_past_its_memory_fails_with_the_reason_in_mb(folder: Folder) -> None:
    folder.write(
        more="""
        import time

        class Greedy(LogisticRegression):
            def fit(self, X, y):
                held = b"x" * 900_000_000
                time.sleep(60)

        @bc.candidate
        def greedy():
            return Greedy()
        """
    )
    answers = {answer.record.candidate: answer for answer in folder.run("greedy", in_process=False, memory_mb=700.0)}
    assert answers["greedy"].status == "failed"
    errors = [use.error for use in answers["greedy"].record.folds if use.error]
    assert {error.kind for error in errors} == {"memory", "cancelled"}
    assert "MB while it ran it, over the limit of 700 MB" in errors[0].message
    assert answers["baseline"].status == "done"


def test_memory_that_a_model_says_has_run_out_is_the_reason(folder: Folder) -> None:
    folder.write(
        more="""
        class Huge(LogisticRegression):
            def fit(self, X, y):
                np.empty(10**15)

        class Silent(LogisticRegression):
            def fit(self, X, y):
                raise MemoryError

        @bc.candidate
        def huge():
            return Huge()

        @bc.candidate
        def silent():
            return Silent()
        """
    )
    for answer in folder.run("huge", "silent"):
        if not answer.record.baseline:
            error = answer.record.folds[0].error
            assert error is not None
            assert error.kind == "memory"
            assert "llocate" in error.message or "memory ran out" in error.message


def test_three_crashes_of_a_candidate_fail_its_remaining_folds(folder: Folder) -> None:
    folder.write(
        more="""
        import os

        class Moody(LogisticRegression):
            def fit(self, X, y):
                if X["a"].iloc[1] != SEEN:
                    os._exit(5)
                return super().fit(X, y)

        SEEN = table()["a"][1]

        @bc.candidate
        def moody():
            return Moody()
        """,
        problem=folder.parts["problem"].replace("KFold(4, repeats=2", "KFold(4, repeats=6"),
    )
    answers = {answer.record.candidate: answer for answer in folder.run("moody", "bayes", in_process=False)}
    moody = answers["moody"].record
    kinds = [use.error.kind if use.error else "done" for use in moody.folds]
    assert len(kinds) == 24
    # Beside the third, as many may have been handed out as two workers queue.
    assert 3 <= kinds.count("died") <= 8
    assert kinds.count("cancelled") + kinds.count("died") + kinds.count("done") == 24
    reasons = {use.error.message for use in moody.folds if use.error and use.error.kind == "cancelled"}
    assert reasons == {"3 folds of the candidate crashed."}
    assert answers["bayes"].status == "done"
