"""Every block that a project defines is found and checked."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from unittest import SkipTest

import pytest
from tests.testing.projects import BROKEN, DEFINITIONS

from bancada.exceptions import ConfigurationError, LawBroken
from bancada.testing import project_checks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bancada.testing._project_checks import ProjectCheck

    Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Write a project with one module; it is forgotten when the test ends."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    known, path = set(sys.modules), list(sys.path)

    def of(text: str, *modules: str) -> Path:
        root = tmp_path / "project"
        root.mkdir()
        (root / "bancada.toml").write_text(f"modules = {['orders', *modules]!r}\n")
        (root / "orders.py").write_text(text)
        return root

    yield of
    sys.path[:] = path
    for name in set(sys.modules) - known:
        if str(tmp_path) in (getattr(sys.modules[name], "__file__", None) or ""):
            del sys.modules[name]


def by_name(checks: tuple[ProjectCheck, ...]) -> dict[str, ProjectCheck]:
    found = {str(each): each for each in checks}
    assert len(found) == len(checks), "two checks have one name"
    return found


def test_every_block_of_a_good_project_keeps_its_laws(write: Write) -> None:
    root = write(DEFINITIONS)
    checks = by_name(project_checks(root))
    assert {each.name for each in checks.values()} == {
        "late/dataset orders",
        "late/split KFold",
        "late/metric cost",
        "late/candidate tree",
        "late/candidate needy",
    }
    skipped = {}
    for name, each in checks.items():
        try:
            each.check()
        except SkipTest as reason:
            skipped[name] = str(reason)
    assert skipped["late/candidate needy::every_law"] == "`depth` has no default"
    assert "late/split KFold::sealed_rows_stay_sealed" not in skipped
    place = checks["late/metric cost::perfect_is_best"]
    assert (place.path, place.line) == (root / "orders.py", DEFINITIONS.splitlines().index("late = bc.Problem(") + 1)
    assert sorted(path.name for path in root.iterdir()) == ["bancada.toml", "orders.py"]


def test_a_broken_candidate_is_told(write: Write) -> None:
    checks = by_name(project_checks(write(DEFINITIONS + BROKEN)))
    with pytest.raises(LawBroken, match=r"`forgetful`: `predict` returned the shape"):
        checks["late/candidate forgetful::rows_are_answered"].check()
    with pytest.raises(LawBroken, match=r"`crashing` raised TypeError: .*no_such_setting"):
        checks["late/candidate crashing::rows_are_answered"].check()


def test_a_law_is_waived_by_a_pattern_with_a_reason(write: Write) -> None:
    waive = {"late/candidate forgetful::*": "it is a demonstration"}
    checks = by_name(project_checks(write(DEFINITIONS + BROKEN), waive=waive))
    with pytest.raises(SkipTest, match="waived: it is a demonstration"):
        checks["late/candidate forgetful::rows_are_answered"].check()
    with pytest.raises(LawBroken, match="no_such_setting"):
        checks["late/candidate crashing::rows_are_answered"].check()


def test_what_cannot_be_read_is_a_check_that_fails(write: Write) -> None:
    root = write(DEFINITIONS.replace('"row": np.arange(60)', '"row": np.zeros(60, int)'), "mistyped")
    (root / "mistyped.py").write_text("import no_such_library\n")
    checks = by_name(project_checks(root))
    assert set(checks) == {"module mistyped::can_be_read", "late/problem::can_be_read"}
    with pytest.raises(LawBroken, match="no_such_library"):
        checks["module mistyped::can_be_read"].check()
    with pytest.raises(LawBroken, match=r"ids?"):
        checks["late/problem::can_be_read"].check()


OWN = """
from bancada.testing import NumberTask

class Doses(NumberTask):
    name = "dosage"

    def identity(self):
        return {"name": "dosage"}

def closeness(y_true, y_pred):
    return float(np.mean(np.abs(y_true - y_pred)))

doses = bc.Problem(
    name="doses",
    dataset=bc.Dataset.from_function(table, name="doses", version="1", id="row"),
    target="amount",
    features=["a", "b"],
    task=Doses(),
    split=3,
    evaluation=bc.Evaluation(primary=bc.metrics.from_function(closeness, greater_is_better=False, reads=["value"])),
)
"""


def test_a_task_of_ones_own_is_checked_on_the_projects_target(write: Write) -> None:
    checks = by_name(project_checks(write(DEFINITIONS + OWN)))
    checks["doses/task dosage::truth_is_read_as_truth"].check()
    with pytest.raises(SkipTest, match=r"use `metric_checks\(metric, sample\)` in a test"):
        checks["doses/metric closeness::every_law"].check()


def test_a_folder_without_a_project_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bancada.toml").write_text("")
    with pytest.raises(ConfigurationError, match="names the modules"):
        project_checks(tmp_path)
