"""Poetry's manager: a project that the real Poetry installed, captured and made again."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.environments.wheels import Venv

from bancada import environments
from bancada.environments._capture import capture_of
from bancada.environments._poetry._manager import PoetryManager
from bancada.testing.environments import environment_checks
from bancada.testing.environments._laws import LAWS

if TYPE_CHECKING:
    from tests.environments._poetry.conftest import Poetry

    from bancada.environments._capture import Captured


def captured(project: Poetry, cache: Path) -> Captured:
    return capture_of(project.prefix, [str(project.site)], project.root, cache, lambda _: ())


def rebuilt(found: Captured, folder: Path, environ: dict[str, str]) -> Path:
    def get(digest: str) -> bytes:
        value = found.objects[digest]
        return value if isinstance(value, bytes) else value.read_bytes()

    return environments.rebuild(found.record, get, folder, environ)


def uv_environ(project: Poetry, folder: Path) -> dict[str, str]:
    """Return the variables of a machine whose only index is that of the tests."""
    if shutil.which("uv") is None:
        pytest.skip("uv is not on the PATH")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PIP_"))}
    return {**kept, "UV_NO_CONFIG": "1", "UV_DEFAULT_INDEX": project.address, "UV_CACHE_DIR": str(folder / "uv")}


def test_the_environment_is_the_projects_by_the_name_that_poetry_gave_it(installed: Poetry, tmp_path: Path) -> None:
    assert PoetryManager().manages(installed.prefix, installed.root)
    assert environments.manager_of(installed.prefix, installed.root).name == "poetry"
    assert not PoetryManager().manages(installed.prefix, tmp_path)
    assert not PoetryManager().manages(installed.root, installed.root)


def test_a_project_that_was_moved_has_still_what_poetry_installed(project: Poetry) -> None:
    assert PoetryManager().manages(project.prefix, project.root)


def test_an_environment_in_the_project_is_its_own(project: Poetry) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", project.root / ".venv"], check=True, timeout=60)
    assert PoetryManager().manages(project.root / ".venv", project.root)
    (project.root / "poetry.lock").unlink()
    (project.root / "pyproject.toml").write_text("[project]\nname = 'churn'\n")
    assert not PoetryManager().manages(project.root / ".venv", project.root)


def test_an_environment_of_uvs_is_uvs(project: Poetry) -> None:
    venv = Venv.made(project.root / ".venv")
    assert not PoetryManager().manages(venv.prefix, project.root)


def test_what_is_installed_is_recorded_with_the_digests_of_the_lock(project: Poetry, tmp_path: Path) -> None:
    found = captured(project, tmp_path / "cache")
    wheels = {package.name: package for package in found.record.packages if package.name.startswith("tiny")}
    told = {name: (package.version, package.origin) for name, package in wheels.items()}
    assert told == {"tiny-back": ("1.1", "index"), "tiny-front": ("1.0", "index")}
    lock = (project.root / "poetry.lock").read_bytes()
    assert all(len(package.hashes) == 1 and package.hashes[0].encode() in lock for package in wheels.values())
    assert found.record.locks == {"poetry.lock": hashlib.sha256(lock).hexdigest()}
    assert found.record.notes == ()
    assert found.record.details == {
        "poetry": project.run("--version").split()[-1].rstrip(")"),
        "indexes": ["127.0.0.1"],
    }


def test_it_is_made_again_from_the_index_and_runs(project: Poetry, tmp_path: Path) -> None:
    found = captured(project, tmp_path / "cache")
    python = rebuilt(found, tmp_path / "again", uv_environ(project, tmp_path))
    script = "import tiny_front, tiny_back; print(tiny_front.VERSION, tiny_back.VERSION)"
    said = subprocess.run([python, "-I", "-c", script], capture_output=True, text=True, check=True, timeout=60).stdout
    assert said.split() == ["1.0", "1.1"]


def test_a_project_that_was_edited_after_the_lock_is_a_warning(project: Poetry, tmp_path: Path) -> None:
    path = project.root / "pyproject.toml"
    path.write_text(path.read_text().replace('"tiny-front"', '"tiny-front", "tiny-back<2"'))
    record = captured(project, tmp_path / "cache").record
    assert record.notes == (
        "`poetry.lock` was not kept: `pyproject.toml` asks for something else since it was written. Run `poetry lock`.",
    )
    assert record.locks == {}


def test_another_version_than_the_locks_is_a_warning(project: Poetry, tmp_path: Path) -> None:
    other = tmp_path / "prefix"
    shutil.copytree(project.prefix, other, symlinks=True)
    site = next(other.glob("lib/python3*/site-packages"))
    command = ["uv", "pip", "install", "--quiet", "--no-config", "--default-index", project.address, "tiny-back==1.0"]
    subprocess.run([*command, "--python", other / "bin" / "python"], check=True, timeout=60)
    record = capture_of(other, [str(site)], project.root, tmp_path / "cache", lambda _: ()).record
    assert record.manager == "poetry"
    assert record.notes == (
        "`poetry.lock` is not what is installed: 1 package installed in another version, tiny-back 1.0 (locked: 1.1).",
    )
    assert record.locks == {}


def test_the_pip_that_poetry_puts_there_was_not_edited(project: Poetry, tmp_path: Path) -> None:
    # Poetry makes its environments by this program.
    prefix = tmp_path / "churn-00000000-py3.11"
    subprocess.run([project.python, "-m", "virtualenv", "--quiet", "--no-download", prefix], check=True, timeout=120)
    site = next(prefix.glob("lib/python3*/site-packages"))
    record = capture_of(prefix, [str(site)], tmp_path, tmp_path / "cache", lambda _: ()).record
    assert "pip" in {package.name for package in record.packages}
    assert {(package.origin, package.altered) for package in record.packages} == {("index", ())}
    assert record.notes == ()


def test_the_projects_own_package_is_kept_and_comes_back(project: Poetry, tmp_path: Path) -> None:
    path = project.root / "pyproject.toml"
    path.write_text(path.read_text().replace("package-mode = false", 'packages = [{ include = "churn.py" }]'))
    (project.root / "churn.py").write_text("RATE = 0.25\n")
    project.run("install")
    prefix = Path(project.run("env", "info", "--path").strip())
    own = replace(project, prefix=prefix)
    found = captured(own, tmp_path / "cache")
    told = {package.name: (package.origin, package.why) for package in found.record.packages}
    assert told == {"churn": ("kept", "editable"), "tiny-back": ("index", ""), "tiny-front": ("index", "")}
    assert (list(found.record.locks), found.record.notes) == (["poetry.lock"], ())
    python = rebuilt(found, tmp_path / "again", uv_environ(project, tmp_path))
    (project.root / "churn.py").write_text("RATE = 0.5\n")
    script = "import churn, tiny_back; print(churn.RATE, tiny_back.VERSION)"
    said = subprocess.run([python, "-I", "-c", script], capture_output=True, text=True, check=True, timeout=60).stdout
    assert said.split() == ["0.25", "1.1"]


@pytest.mark.parametrize("law", [law.name for law in LAWS])
def test_it_keeps_every_law(installed: Poetry, tmp_path: Path, law: str) -> None:
    record = captured(installed, tmp_path / "cache").record
    environ = uv_environ(installed, tmp_path)
    checks = environment_checks(PoetryManager, installed.prefix, installed.root, record=record, environ=environ)
    next(check for check in checks if check.name == law)()
