"""What git says of the project: asked once, while other things are under way, and heard when it is wanted."""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
import time
import weakref
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bancada.provenance.repository._remotes import without_credentials

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["GitState", "Repository"]

_LIMIT_S = 10.0
_LONGEST_PATCH = 5_000_000
# Of a file that is longer git says only that it differs.
_LONGEST_FILE = "1m"
_MOST_TOLD = 64_000_000
_STATUS = ("status", "--porcelain=v2", "--branch", "--untracked-files=no")
_CONFIG = ("config", "-z", "--get-regexp", r"^(user\.(name|email)|remote\..+\.url|branch\..+\.remote)$")
# The prefixes that `git apply` expects, whatever the user has set for reading.
_PREFIXES = ("--src-prefix=a/", "--dst-prefix=b/")
_DIFF = ("diff", "--no-color", "--no-ext-diff", "--no-textconv", *_PREFIXES, "HEAD", "--", ".")


@dataclass(frozen=True, slots=True)
class GitState:
    """The state of the repository that holds the project.

    Attributes:
        commit: Full id of the commit that is checked out; empty before the first one.
        branch: Name of the branch; empty where none is checked out.
        dirty: True where a tracked file differs from the commit. Untracked files do not count: code that is used is
            hashed whether git knows it or not.
        remote: Where the branch is pushed to, without credentials; empty where that is nowhere.
    """

    commit: str
    branch: str
    dirty: bool
    remote: str = ""


class Repository:
    """What git says of a folder; it is asked when this is made, and runs beside what comes then.

    Where there is no git, no repository, or no answer within ten seconds, nothing is told.

    Args:
        root: A folder of the repository.
        patch: True to ask how its tracked files differ from the commit.
    """

    def __init__(self, root: Path, *, patch: bool = True) -> None:
        self._status = _ask(root, *_STATUS)
        self._config = _ask(root, *_CONFIG)
        self._diff = _ask(root, *_DIFF) if patch else None
        # Also where nobody says `close`.
        self._finish = weakref.finalize(self, _end_all, (self._status, self._config, self._diff))

    @cached_property
    def state(self) -> GitState | None:
        """What is checked out."""
        answer, _ = _hear(self._status)
        if answer is None:
            return None
        lines = answer.splitlines()
        told = dict(line[2:].split(" ", 1) for line in lines if line.startswith("# branch.") and " " in line[2:])
        commit, branch = told.get("branch.oid", ""), told.get("branch.head", "")
        branch = "" if branch == "(detached)" else branch
        return GitState(
            commit="" if commit == "(initial)" else commit,
            branch=branch,
            dirty=any(line and not line.startswith("#") for line in lines),
            remote=self._remote(branch),
        )

    @property
    def author(self) -> str:
        """User as `Name <email>`, by git's `user.name` and `user.email`, unverified; empty where it knows neither."""
        name, email = self._settings.get("user.name", ""), self._settings.get("user.email", "")
        return " ".join(part for part in (name, f"<{email}>" if email else "") if part)

    @cached_property
    def difference(self) -> str | None:
        """How tracked files below the folder differ from the commit; None where that is too long to keep.

        Binary files, and files that are long, are named and no more.
        """
        answer, whole = _hear(self._diff, _LONGEST_PATCH)
        return (answer or "") if whole else None

    def close(self) -> None:
        """End what was asked and never heard."""
        self._finish()

    def _remote(self, branch: str) -> str:
        settings = self._settings
        name = settings.get(f"branch.{branch}.remote", "origin")
        urls = {key: value for key, value in settings.items() if key.startswith("remote.")}
        first = next(iter(urls.values()), "")
        return without_credentials(urls.get(f"remote.{name}.url", first))

    @cached_property
    def _settings(self) -> dict[str, str]:
        answer, _ = _hear(self._config)
        pairs = (entry.partition("\n") for entry in (answer or "").split("\0") if entry)
        # The last one of a name holds, as git reads them.
        return {name: value for name, _, value in pairs}


def _ask(root: Path, *arguments: str) -> subprocess.Popen[bytes] | None:
    """Start git; None where there is none."""
    # Reading takes no lock, so that a git of the user's own never finds the index busy.
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    settings = ("-c", "core.quotePath=off", "-c", f"core.bigFileThreshold={_LONGEST_FILE}")
    try:
        return subprocess.Popen(
            ["git", "-C", str(root), *settings, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
    except (OSError, ValueError):
        return None


def _hear(process: subprocess.Popen[bytes] | None, most: int = _MOST_TOLD) -> tuple[str | None, bool]:
    """Return what git answers, None where it fails; and whether that is all of it."""
    if process is None or process.stdout is None or process.stdout.closed:
        return None, True
    told, until = bytearray(), time.monotonic() + _LIMIT_S
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while len(told) <= most:
                if not selector.select(max(0.0, until - time.monotonic())):
                    return None, True
                if not (part := os.read(process.stdout.fileno(), 1 << 16)):
                    done = process.wait(max(0.0, until - time.monotonic())) == 0
                    return (told.decode("utf-8", "replace") if done else None), True
                told += part
        return told[:most].decode("utf-8", "replace"), False
    except (OSError, subprocess.SubprocessError):
        return None, True
    finally:
        _end(process)


def _end_all(processes: tuple[subprocess.Popen[bytes] | None, ...]) -> None:
    for process in processes:
        if process is not None:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
