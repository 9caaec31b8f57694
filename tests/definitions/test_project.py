"""Tests of finding a project."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from bancada.definitions import find_project
from bancada.exceptions import ConfigurationError

OWN = 'modules = ["churn"]\n'
SHARED = '[tool.bancada]\nmodules = ["churn"]\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.mark.parametrize(("file", "text"), [("bancada.toml", OWN), ("pyproject.toml", SHARED)])
def test_the_root_is_the_nearest_parent_with_settings(file: str, text: str, tmp_path: Path, home: Path) -> None:
    inner = tmp_path / "a" / "b" / "c"
    inner.mkdir(parents=True)
    (tmp_path / "a" / file).write_text(text)
    (tmp_path / "bancada.toml").write_text('modules = ["other"]')
    (inner / ".git").mkdir()
    project = find_project(inner, {}, home=home)
    assert (project.root, project.file, project.modules) == (tmp_path / "a", tmp_path / "a" / file, ("churn",))


def test_without_settings_the_root_is_gits_else_the_folder(tmp_path: Path, home: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "pyproject.toml").write_text('[project]\nname = "bancada-user"\n')
    assert find_project(inner, {}, home=home).root == inner
    (tmp_path / ".git").write_text("gitdir: elsewhere")
    project = find_project(inner, {}, home=home)
    assert (project.root, project.file, project.modules) == (tmp_path, None, ())


def test_an_empty_table_makes_a_root(tmp_path: Path, home: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.bancada]\n")
    inner = tmp_path / "a"
    inner.mkdir()
    assert find_project(inner, {}, home=home).root == tmp_path


def test_folders_have_defaults(tmp_path: Path, home: Path) -> None:
    project = find_project(tmp_path, {}, home=home, platform="linux")
    assert (project.store, project.cache) == (tmp_path / ".bancada", home / ".cache" / "bancada")
    assert (project.search, project.cores, project.settings) == ((tmp_path,), None, ())
    (tmp_path / "src").mkdir()
    assert find_project(tmp_path, {}, home=home).search == (tmp_path, tmp_path / "src")


def test_the_cache_stands_where_the_platform_has_caches(tmp_path: Path, home: Path) -> None:
    assert find_project(tmp_path, {}, home=home, platform="darwin").cache == home / "Library" / "Caches" / "bancada"
    shared = {"XDG_CACHE_HOME": str(tmp_path / "x")}
    assert find_project(tmp_path, shared, home=home, platform="darwin").cache == tmp_path / "x" / "bancada"
    own = shared | {"BANCADA_CACHE": str(tmp_path / "y")}
    assert find_project(tmp_path, own, home=home).cache == tmp_path / "y"


def test_relative_folders_are_relative_to_the_root_and_those_of_options_to_the_start(
    tmp_path: Path, home: Path
) -> None:
    inner = tmp_path / "a"
    inner.mkdir()
    (tmp_path / "bancada.toml").write_text('store = "records"')
    assert find_project(inner, {}, home=home).store == tmp_path / "records"
    assert find_project(inner, {"BANCADA_STORE": "env"}, home=home).store == tmp_path / "env"
    assert find_project(inner, {}, home=home, flags={"store": "flag"}).store == inner / "flag"
    assert find_project(inner, {"BANCADA_STORE": "~/s"}, home=home).store == home / "s"


def test_who_is_trusted_is_said_by_the_person_alone(tmp_path: Path, home: Path) -> None:
    (home / ".config" / "bancada").mkdir(parents=True)
    (home / ".config" / "bancada" / "config.toml").write_text('key = "~/.ssh/id"\nsigners = "~/signers"\n')
    project = find_project(tmp_path, {"BANCADA_SIGNERS": str(tmp_path / "other")}, home=home)
    assert project.personal == home / ".config" / "bancada"
    assert project.key == home / ".ssh" / "id"
    assert project.signers == tmp_path / "other"
    plain = find_project(tmp_path, {"XDG_CONFIG_HOME": str(tmp_path)}, home=home)
    assert (plain.personal, plain.key, plain.signers) == (tmp_path / "bancada", None, None)


def test_each_setting_tells_its_source(tmp_path: Path, home: Path) -> None:
    (tmp_path / "bancada.toml").write_text(OWN)
    personal = home / ".config" / "bancada" / "config.toml"
    personal.parent.mkdir(parents=True)
    personal.write_text("cores = 2\n")
    project = find_project(tmp_path, {"BANCADA_STORE": "s"}, home=home, flags={"cores": None})
    told = {setting.name: setting.source for setting in project.settings}
    assert told == {"cores": str(personal), "modules": str(tmp_path / "bancada.toml"), "store": "BANCADA_STORE"}
    assert project.cores == 2


def test_two_files_with_settings_are_refused(tmp_path: Path, home: Path) -> None:
    (tmp_path / "bancada.toml").write_text(OWN)
    (tmp_path / "pyproject.toml").write_text(SHARED)
    with pytest.raises(ConfigurationError, match="The settings of a project stand in one file"):
        find_project(tmp_path, {}, home=home)


def test_a_table_that_is_none_is_refused(tmp_path: Path, home: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool]\nbancada = 3\n")
    with pytest.raises(ConfigurationError, match=r"`tool.bancada` in `.*` is a table. Found 3"):
        find_project(tmp_path, {}, home=home)


def test_a_broken_file_that_never_names_bancada_is_none_of_its_business(tmp_path: Path, home: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool\n")
    assert find_project(tmp_path, {}, home=home).file is None
    (tmp_path / "pyproject.toml").write_text("[tool.bancada\n")
    with pytest.raises(ConfigurationError, match=r"pyproject\.toml` is TOML in UTF-8\. Found an error: .*line 1"):
        find_project(tmp_path, {}, home=home)


def test_changed_and_missing_sources_are_named(tmp_path: Path, home: Path) -> None:
    texts = {"a.py": "a = 1\n", "b.py": "b = 1\n", "c.py": "c = 1\n"}
    for file, text in texts.items():
        (tmp_path / file).write_text(text)
    modules = [{"file": file, "sha256": hashlib.sha256(text.encode()).hexdigest()} for file, text in texts.items()]
    project = find_project(tmp_path, {}, home=home)
    assert project.changed_sources({"modules": modules}) == ()
    (tmp_path / "c.py").unlink()
    (tmp_path / "b.py").write_text("b = 2\n")
    assert project.changed_sources({"modules": modules}) == ("b.py", "c.py")
    assert project.changed_sources({}) == ()


def test_finding_a_project_loads_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "bancada.toml").write_text(OWN)
    program = (
        "import sys, pathlib\n"
        "from bancada.definitions import candidate, find_project, parse_assignments\n"
        "find_project(pathlib.Path.cwd(), {}, home=pathlib.Path.cwd())\n"
        "print([n for n in ('numpy', 'pandas', 'pyarrow', 'sklearn', 'scipy') if n in sys.modules])\n"
    )
    environ = {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    command = [sys.executable, "-c", program]
    answer = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environ, timeout=60, check=True)
    assert answer.stdout.strip() == "[]"
