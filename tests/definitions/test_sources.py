"""Tests of the project's source files."""

from __future__ import annotations

import gc
import itertools
import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from bancada.definitions._sources import bound_names, loaded_sources, relative

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """
from elsewhere import imported
import other as renamed
a = b = 1
c: int = 2
def d(): inner = 1
class E:
    attribute = 1
if a:
    f = 1
elif b:
    g = 1
else:
    h = 1
try:
    i = 1
except ValueError:
    j = 1
finally:
    k = 1
a = 3
"""


def test_names_are_those_that_the_text_itself_binds_at_its_top_level() -> None:
    assert sorted(bound_names(TEXT)) == ["E", "a", "b", "c", "d", "f", "g", "h", "i", "j", "k"]
    assert bound_names(TEXT)["d"] == 6
    assert bound_names(TEXT)["a"] == 21


@pytest.mark.parametrize("text", ["def (", "a = '\0'"])
def test_a_text_that_is_no_python_binds_nothing(text: str) -> None:
    assert bound_names(text) == {}


def test_paths_below_the_root_are_told_relative_to_it(tmp_path: Path) -> None:
    assert relative(str(tmp_path / "src" / "a.py"), tmp_path) == "src/a.py"
    assert relative(str(tmp_path.parent / "a.py"), tmp_path) is None
    assert relative(None, tmp_path) is None
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "src")
    assert relative(str(link / "a.py"), tmp_path) == "src/a.py"


def test_an_environment_below_the_root_is_not_the_projects_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert relative(str(tmp_path / "env" / "lib" / "site-packages" / "a.py"), tmp_path) is None
    assert relative(str(tmp_path / "env" / "lib" / "a.py"), tmp_path) == "env/lib/a.py"
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "env"))
    assert relative(str(tmp_path / "env" / "lib" / "a.py"), tmp_path) is None
    monkeypatch.setattr(sys, "prefix", str(tmp_path.parent))
    assert relative(str(tmp_path / "a.py"), tmp_path) == "a.py"


def test_loaded_sources_are_the_imported_modules_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sourced_b.py").write_text("import sourced_a\n")
    (tmp_path / "sourced_a.py").write_text("")
    (tmp_path / "sourced_c.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    __import__("sourced_b")
    assert [(item.module, item.file) for item in loaded_sources(tmp_path)] == [
        ("sourced_a", "sourced_a.py"),
        ("sourced_b", "sourced_b.py"),
    ]


def test_modules_that_are_imported_meanwhile_do_no_harm(tmp_path: Path) -> None:
    names = itertools.count()

    def imports(phase: str, told: dict[str, int]) -> None:
        del told
        if phase == "start" and (number := next(names)) < 100:
            sys.modules[f"meanwhile_{number}"] = ModuleType("meanwhile")

    before = gc.get_threshold()
    # Python keeps thousands of pairs at hand, and collects only once it must make new ones.
    pairs = [(number, number) for number in range(5_000)]
    gc.callbacks.append(imports)
    gc.set_threshold(1, 1_000_000, 1_000_000)
    try:
        assert loaded_sources(tmp_path) == ()
    finally:
        gc.set_threshold(*before)
        gc.callbacks.remove(imports)
        for name in [name for name in sys.modules if name.startswith("meanwhile_")]:
            del sys.modules[name]
    assert pairs
    assert next(names)
