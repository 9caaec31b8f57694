"""The manager of environments that Poetry made."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING, Any

from bancada.environments._configuration import CONFIGURATION, configuration
from bancada.environments._installing import virtual_environment
from bancada.environments._poetry._locks import is_project, lock_hosts, lock_places, lock_version, read_locks
from bancada.records.environments import ManagerFacts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bancada.contracts import EnvironmentManager
    from bancada.records.environments import EnvironmentRecord

__all__ = ["PoetryManager"]

_SHARED = "The environment also sees the packages of the interpreter that it was made with."
_NAMED = re.compile(r".+-(?P<place>[A-Za-z0-9_-]{8})-py\d+\.\d+")
_SITES = ("lib/python*/site-packages", "Lib/site-packages")


class PoetryManager:
    """Virtual environments that Poetry made for a project, or installed its packages into."""

    @property
    def name(self) -> str:
        """`poetry`."""
        return "poetry"

    def manages(self, prefix: Path, root: Path) -> bool:
        """Tell whether it is a virtual environment of a project of Poetry's.

        It is where Poetry makes one for this project: in `.venv` of the root, or in a folder of Poetry's own whose name
        ends in a digest of the root's path. Any other is Poetry's if Poetry installed a package into it.
        """
        told = configuration(prefix)
        if not told or "uv" in told or not is_project(root):
            return False
        found = _NAMED.fullmatch(prefix.name)
        return (
            prefix == root / ".venv"
            or (found is not None and found["place"] == _place_of(root))
            or _has_installed(prefix)
        )

    def reads(self, prefix: Path, root: Path) -> tuple[Path, ...]:
        """Name the files that `facts` reads."""
        return (prefix / CONFIGURATION, *lock_places(root))

    def facts(self, prefix: Path, root: Path) -> ManagerFacts:
        """Read the locks."""
        told = configuration(prefix)
        read = read_locks(root)
        details: dict[str, Any] = {}
        for lock in read.locks:
            if lock.path == "poetry.lock":
                details["poetry"] = lock_version(lock.content)
                hosts = lock_hosts(lock.content)
                details |= {"indexes": hosts} if hosts else {}
        shares = told.get("include-system-site-packages", "").lower() == "true"
        return ManagerFacts(locks=read.locks, details=details, notes=(*read.notes, *([_SHARED] if shares else [])))

    def rebuild(self, record: EnvironmentRecord, folder: Path, environ: Mapping[str, str]) -> Path:
        """Make a virtual environment; uv does it, which takes the packages that Poetry would."""
        return virtual_environment(record, folder, environ)


def _place_of(root: Path) -> str:
    """Return the characters by which Poetry names the environment of a project in this folder."""
    path = os.path.normcase(os.path.realpath(root))
    return urlsafe_b64encode(hashlib.sha256(path.encode()).digest()).decode()[:8]


def _has_installed(prefix: Path) -> bool:
    for path in (path for site in _SITES for path in prefix.glob(f"{site}/*.dist-info/INSTALLER")):
        with contextlib.suppress(OSError):
            if path.read_bytes().startswith(b"Poetry"):
                return True
    return False


if TYPE_CHECKING:
    _: EnvironmentManager = PoetryManager()
