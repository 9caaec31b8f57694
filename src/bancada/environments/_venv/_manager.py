"""The manager of environments that `python -m venv` made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.environments._configuration import CONFIGURATION, configuration
from bancada.environments._installing import virtual_environment
from bancada.environments._venv._locks import lock_places, read_locks
from bancada.records.environments import ManagerFacts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bancada.contracts import EnvironmentManager
    from bancada.records.environments import EnvironmentRecord

__all__ = ["VenvManager"]

_SHARED = "The environment also sees the packages of the interpreter that it was made with."


class VenvManager:
    """Python's own virtual environments, whose packages pip installs."""

    @property
    def name(self) -> str:
        """`venv`."""
        return "venv"

    def manages(self, prefix: Path, root: Path) -> bool:  # noqa: ARG002 - the contract's signature
        """Tell whether it is a virtual environment that nothing else made."""
        told = configuration(prefix)
        return bool(told) and "uv" not in told

    def reads(self, prefix: Path, root: Path) -> tuple[Path, ...]:
        """Name the files that `facts` reads."""
        return (prefix / CONFIGURATION, *lock_places(root))

    def facts(self, prefix: Path, root: Path) -> ManagerFacts:
        """Read the locks."""
        told = configuration(prefix)
        read = read_locks(root)
        shares = told.get("include-system-site-packages", "").lower() == "true"
        return ManagerFacts(
            locks=read.locks,
            details={"venv": told["version"]} if "version" in told else {},
            notes=(*read.notes, *([_SHARED] if shares else [])),
        )

    def rebuild(self, record: EnvironmentRecord, folder: Path, environ: Mapping[str, str]) -> Path:
        """Make a virtual environment by uv, which does it in a tenth of the time."""
        return virtual_environment(record, folder, environ)


if TYPE_CHECKING:
    _: EnvironmentManager = VenvManager()
