"""Laws of what git says: all of it is told at once, and nothing breaks where there is less of it, or none."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from bancada.provenance.repository import GitState, Repository

if TYPE_CHECKING:
    from pathlib import Path


def git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), "-c", "commit.gpgsign=false", "-c", "protocol.file.allow=always", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def begin(root: Path) -> Path:
    root.mkdir(exist_ok=True)
    git(root, "init", "-q", "-b", "trunk")
    git(root, "config", "user.name", "Ana Lima")
    git(root, "config", "user.email", "ana@example.org")
    (root / "sub").mkdir()
    (root / "sub" / "model.py").write_text("x = 1\n")
    (root / "other.py").write_text("y = 1\n")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "one")
    return root


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return begin(tmp_path / "project")


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep settings of the machine and its repositories out."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_TERMINAL_PROMPT", "0")


def told(root: Path) -> tuple[GitState | None, str, str | None]:
    asked = Repository(root)
    return asked.state, asked.author, asked.difference


def test_state_author_and_difference_are_told(repository: Path) -> None:
    git(repository, "remote", "add", "other", "https://git.example.org/fork.git")
    git(repository, "remote", "add", "origin", "https://ana:secret@git.example.org/churn.git")
    commit = git(repository, "rev-parse", "HEAD")
    state, author, difference = told(repository)
    assert state == GitState(commit, "trunk", dirty=False, remote="https://git.example.org/churn.git")
    assert (author, difference) == ("Ana Lima <ana@example.org>", "")
    git(repository, "config", "branch.trunk.remote", "other")
    state = Repository(repository, patch=False).state
    assert state is not None
    assert state.remote == "https://git.example.org/fork.git"


def test_the_difference_is_that_of_the_folder_and_applies_there(repository: Path) -> None:
    (repository / "sub" / "model.py").write_text("x = 2\n")
    (repository / "other.py").write_text("y = 2\n")
    state, _, inside = told(repository / "sub")
    assert state is not None
    assert state.dirty
    assert inside is not None
    assert "+x = 2" in inside
    assert "+y = 2" not in inside
    git(repository, "checkout", "-q", ".")
    subprocess.run(["git", "apply", "-"], cwd=repository / "sub", input=inside.encode(), check=True)
    assert (repository / "sub" / "model.py").read_text() == "x = 2\n"


def test_binary_and_long_files_are_named_and_a_long_patch_is_none(repository: Path) -> None:
    (repository / "b.bin").write_bytes(b"\0\1")
    (repository / "long.csv").write_text("1,2\n" * 300_000)
    git(repository, "add", ".")
    _, _, difference = told(repository)
    assert difference is not None
    assert "Binary files /dev/null and b/b.bin differ" in difference
    assert "Binary files /dev/null and b/long.csv differ" in difference
    for number in range(8):
        (repository / f"code{number}.py").write_text("value = 1\n" * 90_000)
    git(repository, "add", ".")
    assert told(repository)[2] is None


def test_before_the_first_commit_there_is_a_branch_only(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "trunk")
    (tmp_path / "new.py").write_text("")
    git(tmp_path, "add", ".")
    state, author, difference = told(tmp_path)
    assert state is not None
    assert (state.commit, state.branch, state.remote, difference) == ("", "trunk", "", "")
    assert author == ""


def test_shallow_clones_worktrees_and_submodules_are_repositories(repository: Path, tmp_path: Path) -> None:
    git(repository, "commit", "-q", "--allow-empty", "-m", "two")
    head = git(repository, "rev-parse", "HEAD")
    git(tmp_path, "clone", "-q", "--depth", "1", repository.as_uri(), str(tmp_path / "shallow"))
    git(repository, "worktree", "add", "-q", str(tmp_path / "tree"), "-b", "side")
    for folder, branch in (("shallow", "trunk"), ("tree", "side")):
        state = told(tmp_path / folder)[0]
        assert state is not None
        assert (state.commit, state.branch) == (head, branch)
    outer = begin(tmp_path / "outer")
    git(outer, "submodule", "add", "-q", str(repository), "part")
    git(outer, "commit", "-q", "-m", "with a part")
    (outer / "part" / "other.py").write_text("y = 3\n")
    state, _, difference = told(outer)
    assert state is not None
    assert state.dirty
    assert difference is not None
    assert "-dirty" in difference
    inner = told(outer / "part")
    assert inner[2] is not None
    assert "+y = 3" in inner[2]


def test_without_git_or_repository_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(tmp_path)[0] is None
    assert told(tmp_path / "absent") == (None, "", "")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert told(tmp_path) == (None, "", "")


def test_a_broken_repository_and_one_that_hangs_are_none(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / ".git" / "HEAD").write_text("nonsense")
    assert told(repository)[0] is None
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr("bancada.provenance.repository._repository._LIMIT_S", 0.05)
    assert told(repository) == (None, "", "")


def test_what_was_never_heard_is_ended(repository: Path) -> None:
    asked = Repository(repository)
    asked.close()
    asked.close()
    assert asked.state is None


@pytest.mark.parametrize("setting", ["diff.noprefix", "diff.mnemonicPrefix"])
def test_the_difference_applies_whatever_prefixes_the_user_has_set(repository: Path, setting: str) -> None:
    git(repository, "config", setting, "true")
    (repository / "other.py").write_text("y = 2\n")
    difference = told(repository)[2]
    assert difference is not None
    assert difference.startswith("diff --git a/other.py b/other.py\n")
    git(repository, "checkout", "-q", ".")
    subprocess.run(["git", "apply", "-"], cwd=repository, input=difference.encode(), check=True)
    assert (repository / "other.py").read_text() == "y = 2\n"
