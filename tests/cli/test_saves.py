"""What counts as a save."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bancada.cli._saves import Saves

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def saves(tmp_path: Path) -> Saves:
    """Watch a project of two modules, one in a package, with a table that a candidate declares."""
    for name in (
        "experiment.py",
        "own/__init__.py",
        "own/features.py",
        "scripts/other.py",
        "table.csv",
        "bancada.toml",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("old\n")
    (tmp_path / ".bancada").mkdir()
    watched = Saves(tmp_path, [tmp_path], [tmp_path / "cache"])
    watched.know(["experiment.py", "own/__init__.py", "own/features.py", "table.csv"], broken=False)
    return watched


def rename_over(path: Path, text: str) -> None:
    """Save as many editors do."""
    aside = path.with_name(f".{path.name}.swp")
    aside.write_text(text)
    aside.replace(path)


def test_nothing_saved_is_nothing(saves: Saves) -> None:
    assert saves.changed() == ()
    assert len(saves) == 5


@pytest.mark.parametrize("name", ["experiment.py", "own/features.py", "table.csv", "bancada.toml"])
def test_what_matters_counts_once_however_it_is_saved(saves: Saves, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("new, of another size\n")
    assert saves.changed() == (name,)
    assert saves.changed() == ()
    rename_over(tmp_path / name, "new, of another size\n")
    assert saves.changed() == (name,)
    (tmp_path / name).unlink()
    assert saves.changed() == (name,)
    (tmp_path / name).write_text("back\n")
    assert saves.changed() == (name,)


def test_several_files_at_once_are_one_save(saves: Saves, tmp_path: Path) -> None:
    for name in ("experiment.py", "own/features.py"):
        (tmp_path / name).write_text("longer than before\n")
    assert saves.changed() == ("experiment.py", "own/features.py")


def test_the_same_text_saved_again_counts(saves: Saves, tmp_path: Path) -> None:
    os.utime(tmp_path / "experiment.py", ns=(1, 1))
    assert saves.changed() == ("experiment.py",)


def test_a_new_module_beside_those_that_are_imported_counts(saves: Saves, tmp_path: Path) -> None:
    (tmp_path / "own" / "more.py").write_text("")
    assert saves.changed() == ("own/more.py",)


@pytest.mark.parametrize(
    "name",
    ["scripts/other.py", "scripts/new.py", ".experiment.py.swp", "experiment.py~", "notes.txt", "own/.#features.py"],
)
def test_what_nobody_imports_does_not_count(saves: Saves, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("something else\n")
    assert saves.changed() == ()


@pytest.mark.parametrize("name", ["scripts/other.py", "scripts/new.py", "fresh/deep/module.py"])
def test_while_the_import_fails_any_module_may_be_what_is_missing(saves: Saves, tmp_path: Path, name: str) -> None:
    saves.know(["experiment.py"], broken=True)
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("something else\n")
    assert saves.changed() == (name,)


@pytest.mark.parametrize("folder", ["env", "node_modules/x", "__pycache__", ".hidden", "cache"])
def test_environments_and_caches_are_never_entered(saves: Saves, tmp_path: Path, folder: str) -> None:
    saves.know([], broken=True)
    saves.changed()
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "env").mkdir(exist_ok=True)
    (tmp_path / "env" / "pyvenv.cfg").write_text("")
    saves.changed()
    (tmp_path / folder / "module.py").write_text("")
    assert saves.changed() == ()


def test_a_folder_that_is_declared_counts_with_every_file_in_it(saves: Saves, tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "list.txt").write_text("a\n")
    saves.know(["experiment.py", "words"], broken=False)
    (tmp_path / "words" / "list.txt").write_text("a and b\n")
    assert saves.changed() == ("words/list.txt",)


def test_a_save_between_the_start_and_what_the_trial_tells_is_seen(saves: Saves, tmp_path: Path) -> None:
    (tmp_path / "experiment.py").write_text("saved while it was imported\n")
    saves.know(["experiment.py"], broken=False)
    assert saves.changed() == ("experiment.py",)
