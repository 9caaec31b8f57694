"""What stands in for a manager where there is none: the system's interpreter, or one that somebody built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.environments._installing import virtual_environment
from bancada.environments._lockfiles import locks_in, shared_locks
from bancada.records.environments import ManagerFacts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bancada.contracts import EnvironmentManager
    from bancada.records.environments import EnvironmentRecord

__all__ = ["SystemManager"]


class SystemManager:
    """An interpreter outside any environment; its packages can be had again in a virtual environment."""

    @property
    def name(self) -> str:
        """`system`."""
        return "system"

    def manages(self, prefix: Path, root: Path) -> bool:  # noqa: ARG002 - the contract's signature
        """Take every environment that there is: it is asked last."""
        return prefix.is_dir()

    def reads(self, prefix: Path, root: Path) -> tuple[Path, ...]:  # noqa: ARG002 - the contract's signature
        """Name the files that `facts` reads."""
        return tuple(path for path, _, _ in shared_locks(root))

    def facts(self, prefix: Path, root: Path) -> ManagerFacts:  # noqa: ARG002 - the contract's signature
        """Read the locks."""
        read = locks_in(root, shared_locks(root))
        return ManagerFacts(locks=read.locks, notes=read.notes)

    def rebuild(self, record: EnvironmentRecord, folder: Path, environ: Mapping[str, str]) -> Path:
        """Make a virtual environment by uv."""
        return virtual_environment(record, folder, environ)


if TYPE_CHECKING:
    _: EnvironmentManager = SystemManager()
