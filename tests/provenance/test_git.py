"""What git says of the project, and that nothing breaks where there is no git."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from bancada.provenance import author, git_state

if TYPE_CHECKING:
    from pathlib import Path


def git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), "-c", "commit.gpgsign=false", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "trunk")
    git(tmp_path, "config", "user.name", "Ana Lima")
    git(tmp_path, "config", "user.email", "ana@example.org")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "model.py").write_text("x = 1\n")
    return tmp_path


def test_a_repository_without_commit_has_a_branch_only(repository: Path) -> None:
    state = git_state(repository)
    assert state is not None
    assert (state.commit, state.branch, state.dirty) == ("", "trunk", False)


def test_commit_branch_and_changes_are_told(repository: Path) -> None:
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "one")
    clean = git_state(repository / "sub")
    assert clean is not None
    assert (clean.commit, clean.branch, clean.dirty) == (git(repository, "rev-parse", "HEAD"), "trunk", False)
    (repository / "untracked.py").write_text("")
    assert git_state(repository) == clean
    (repository / "sub" / "model.py").write_text("x = 2\n")
    changed = git_state(repository)
    assert changed is not None
    assert changed.dirty
    git(repository, "checkout", "-q", "--detach")
    detached = git_state(repository)
    assert detached is not None
    assert detached.branch == ""


def test_the_author_is_git_s_user(repository: Path) -> None:
    assert author(repository) == "Ana Lima <ana@example.org>"
    git(repository, "config", "--unset", "user.email")
    assert author(repository) == "Ana Lima"


def test_without_repository_or_git_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert git_state(tmp_path) is None
    assert git_state(tmp_path / "absent") is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_state(tmp_path) is None
    assert author(tmp_path) == ""
