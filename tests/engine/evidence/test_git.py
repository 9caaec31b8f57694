"""What a record tells of git: the patch is an object, without data and secrets."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from bancada.engine.evidence import git_facts
from bancada.provenance.repository import Repository
from bancada.store import Store

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "ghp_" + "Z7" * 18


def git(root: Path, *arguments: str) -> None:
    command = ["git", "-C", str(root), "-c", "user.name=Ana", "-c", "user.email=a@example.org", *arguments]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    git(root, "init", "-q", "-b", "trunk")
    for name in ("model.py", "conf.py", "rows.csv"):
        (root / name).write_text("x = 1\n")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "one")
    return root


def test_the_patch_is_an_object_without_data_and_secrets(root: Path, tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", create=True)
    clean = git_facts(Repository(root), store)
    assert clean is not None
    assert (clean["dirty"], clean["patch"]) == (False, None)
    assert "withheld" not in clean
    for name, text in (("model.py", "x = 2\n"), ("conf.py", f"token = '{TOKEN}'\n"), ("rows.csv", "9\n")):
        (root / name).write_text(text)
    facts = git_facts(Repository(root), store, {"rows.csv": ""})
    assert facts is not None
    assert facts["withheld"] == ["`conf.py`: it holds GitHub token, token", "`rows.csv`: it is data"]
    patch = store.objects.get(facts["patch"]).decode()
    assert patch.count("diff --git") == 1
    assert "+x = 2" in patch


def test_a_patch_that_is_too_long_is_said_to_be(root: Path, tmp_path: Path) -> None:
    for number in range(8):
        (root / f"code{number}.py").write_text("value = 1\n" * 90_000)
    git(root, "add", ".")
    facts = git_facts(Repository(root), Store.open(tmp_path / "store", create=True))
    assert facts is not None
    assert (facts["patch"], facts["withheld"]) == (None, ["the patch: it is longer than 5 MB"])


def test_without_git_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert git_facts(Repository(tmp_path), Store.open(tmp_path / "store", create=True)) is None
