"""What git says of the project, where there is git."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.provenance.repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.provenance.repository import GitState

__all__ = ["author", "git_state"]


def git_state(root: Path) -> GitState | None:
    """Ask git what is checked out.

    Args:
        root: A folder of the repository.

    Returns:
        The state; None where there is no git, no repository, or no answer within ten seconds.
    """
    repository = Repository(root, patch=False)
    try:
        return repository.state
    finally:
        repository.close()


def author(root: Path) -> str:
    """Return git's `user.name` and `user.email` as `Name <email>`, unverified; empty where git knows neither.

    Args:
        root: The project's root, whose own settings come before the user's.
    """
    repository = Repository(root, patch=False)
    try:
        return repository.author
    finally:
        repository.close()
