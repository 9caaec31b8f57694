"""What git says of the project, where there is git."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["GitState", "author", "git_state"]

_LIMIT_S = 10.0


@dataclass(frozen=True, slots=True)
class GitState:
    """The state of the repository that holds the project.

    Attributes:
        commit: Full id of the commit that is checked out; empty before the first one.
        branch: Name of the branch; empty where none is checked out.
        dirty: True where a tracked file differs from the commit. Untracked files do not count: code that is used is
            hashed whether git knows it or not.
    """

    commit: str
    branch: str
    dirty: bool

    def diff(self, root: Path) -> str:
        """Return how the tracked files below a folder differ from the commit; empty where they do not.

        Args:
            root: A folder of the repository.
        """
        return _git(root, "diff", "--no-color", "--no-ext-diff", "HEAD", "--", ".") or ""


def git_state(root: Path) -> GitState | None:
    """Ask git, in one call, what is checked out.

    Args:
        root: A folder of the repository.

    Returns:
        The state; None where there is no git, no repository, or no answer within ten seconds.
    """
    answer = _git(root, "status", "--porcelain=v2", "--branch", "--untracked-files=no")
    if answer is None:
        return None
    told = dict(
        line[2:].split(" ", 1) for line in answer.splitlines() if line.startswith("# branch.") and " " in line[2:]
    )
    commit, branch = told.get("branch.oid", ""), told.get("branch.head", "")
    return GitState(
        commit="" if commit == "(initial)" else commit,
        branch="" if branch == "(detached)" else branch,
        dirty=any(line and not line.startswith("#") for line in answer.splitlines()),
    )


def author(root: Path) -> str:
    """Return git's `user.name` and `user.email` as `Name <email>`, unverified; empty where git knows neither.

    Args:
        root: The project's root, whose own settings come before the user's.
    """
    answer = _git(root, "config", "--get-regexp", r"^user\.(name|email)$") or ""
    told = dict(line.split(" ", 1) for line in answer.splitlines() if " " in line)
    email = told.get("user.email", "")
    return " ".join(part for part in (told.get("user.name", ""), f"<{email}>" if email else "") if part)


def _git(root: Path, *arguments: str) -> str | None:
    """Return what git answers; None where it fails."""
    # Reading takes no lock, so that a git of the user's own never finds the index busy.
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments],
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=_LIMIT_S,
            env=environment,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None
