"""Live classes and functions, and the code behind them."""

from __future__ import annotations

import functools
import importlib
import sys
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from bancada.exceptions import DefinitionError
from bancada.provenance import ProjectCode, code_closure, value_closure
from bancada.provenance._forms import has_form

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCE = """
    import numpy as np
    from functools import wraps

    EDGE = 1

    class Clip:
        edge = EDGE
        def transform(self, X):
            return np.clip(X, 0, self.edge)
        class Inner: pass

    def double(x): return x * 2

    def decorate(f):
        @wraps(f)
        def inner(x): return f(x)
        return inner

    @decorate
    def wrapped(x): return double(x)

    maker = lambda x: x
    for name in ("Made",): globals()[name] = type(name, (), {"__module__": __name__})
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProjectCode]:
    for name, source in (("steps_of_mine", SOURCE.rpartition("    for name")[0]), ("made_of_mine", SOURCE)):
        (tmp_path / f"{name}.py").write_text(dedent(source))
    monkeypatch.syspath_prepend(str(tmp_path))
    yield ProjectCode(tmp_path, (tmp_path,))
    for name in ("steps_of_mine", "made_of_mine"):
        sys.modules.pop(name, None)


def mine(name: str) -> Any:
    return importlib.import_module(name)


def test_project_classes_are_closed_over_and_libraries_named(project: ProjectCode) -> None:
    closure = value_closure([mine("steps_of_mine").Clip, LogisticRegression, np.log1p, len], project)
    assert {item.qualname for item in closure.items} == {"Clip", "EDGE", "np"}
    assert closure.imports == ("numpy", "sklearn")
    assert set(closure.sources) == {"steps_of_mine.py"}


def test_the_order_counts_for_nothing_and_the_objects_count(project: ProjectCode) -> None:
    first = value_closure([LogisticRegression, SVC], project)
    assert value_closure([SVC, LogisticRegression, SVC], project) == first
    assert value_closure([SVC], project).digest != first.digest
    steps = mine("steps_of_mine")
    assert value_closure([steps.Clip], project).digest != value_closure([steps.double], project).digest


def test_an_edit_of_what_a_class_uses_is_seen(project: ProjectCode) -> None:
    clip = mine("steps_of_mine").Clip
    before = value_closure([clip], project)
    file = project.root / "steps_of_mine.py"
    file.write_text(file.read_text().replace("x * 2", "x * 3"))
    assert value_closure([clip], project).digest == before.digest
    file.write_text(file.read_text().replace("EDGE = 1", "EDGE = 20"))
    assert value_closure([clip], project).digest != before.digest


def test_a_function_behind_a_decorator_is_found(project: ProjectCode) -> None:
    closure = value_closure([mine("steps_of_mine").wrapped], project)
    assert {item.qualname for item in closure.items} == {"wrapped", "decorate", "double", "wraps"}
    assert [item.qualname for item in code_closure("steps_of_mine", "Clip.Inner", project).items].count("Clip") == 1


def local() -> Any:
    def inner() -> None: ...

    return inner


def test_what_cannot_be_imported_by_name_has_no_form(project: ProjectCode) -> None:
    steps = mine("steps_of_mine")
    lost = type("Lost", (), {"__module__": "__main__"})
    for item in (
        steps.maker,
        local(),
        lost,
        functools.partial(len),
        object(),
        type("Clip", (), {"__module__": "steps_of_mine"}),
    ):
        assert not has_form(item, project)
        with pytest.raises(DefinitionError, match="can be imported by module and name"):
            value_closure([item], project)


def test_what_can_has_one(project: ProjectCode) -> None:
    steps = mine("steps_of_mine")
    for item in (steps.Clip, steps.Clip.Inner, steps.double, steps.wrapped, LogisticRegression, np.log1p, np.mean, len):
        assert has_form(item, project)
    assert not has_form(mine("made_of_mine").Made, project)


def test_a_module_of_the_same_name_from_elsewhere_is_not_the_projects(project: ProjectCode, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "steps_of_mine.py").write_text("class Clip: pass\n")
    sys.path.insert(0, str(other))
    try:
        closure = value_closure([mine("steps_of_mine").Clip], project)
    finally:
        sys.path.remove(str(other))
    assert closure.items == ()
    assert closure.imports == ("steps_of_mine",)
