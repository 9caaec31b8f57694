"""The manager of environments that uv made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bancada.environments._configuration import CONFIGURATION, configuration
from bancada.environments._installing import virtual_environment
from bancada.environments._uv._locks import lock_hosts, lock_places, read_locks
from bancada.records.environments import ManagerFacts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bancada.contracts import EnvironmentManager
    from bancada.records.environments import EnvironmentRecord

__all__ = ["UvManager"]

_SHARED = "The environment also sees the packages of the interpreter that it was made with."


class UvManager:
    """Virtual environments that uv made, for a project (`uv sync`) or by hand (`uv venv`)."""

    @property
    def name(self) -> str:
        """`uv`."""
        return "uv"

    def manages(self, prefix: Path, root: Path) -> bool:  # noqa: ARG002 - the contract's signature
        """Tell whether uv made it, as `pyvenv.cfg` then says."""
        return "uv" in configuration(prefix)

    def reads(self, prefix: Path, root: Path) -> tuple[Path, ...]:
        """Name the files that `facts` reads."""
        return (prefix / CONFIGURATION, *lock_places(root))

    def facts(self, prefix: Path, root: Path) -> ManagerFacts:
        """Read the locks."""
        told = configuration(prefix)
        read = read_locks(root)
        details: dict[str, Any] = {"uv": told.get("uv", "")}
        hosts = [host for lock in read.locks if lock.path == "uv.lock" for host in lock_hosts(lock.content)]
        if hosts:
            details["indexes"] = hosts
        shares = told.get("include-system-site-packages", "").lower() == "true"
        return ManagerFacts(locks=read.locks, details=details, notes=(*read.notes, *([_SHARED] if shares else [])))

    def rebuild(self, record: EnvironmentRecord, folder: Path, environ: Mapping[str, str]) -> Path:
        """Make a virtual environment."""
        return virtual_environment(record, folder, environ)


if TYPE_CHECKING:
    _: EnvironmentManager = UvManager()
