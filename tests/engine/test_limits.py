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
