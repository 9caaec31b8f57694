"""The managers that bancada knows, in the order in which they are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.environments._conda._manager import CondaManager
from bancada.environments._poetry._manager import PoetryManager
from bancada.environments._system._manager import SystemManager
from bancada.environments._uv._manager import UvManager
from bancada.environments._venv._manager import VenvManager

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.contracts import EnvironmentManager

__all__ = ["manager_named", "manager_of", "managers"]


def managers() -> tuple[EnvironmentManager, ...]:
    """Return every manager; the one that takes what no other knows comes last."""
    return (CondaManager(), PoetryManager(), UvManager(), VenvManager(), SystemManager())


def manager_of(prefix: Path, root: Path) -> EnvironmentManager:
    """Return the manager of an environment.

    Args:
        prefix: The environment: `sys.prefix` of its interpreter.
        root: The project's root.
    """
    return next((manager for manager in managers() if manager.manages(prefix, root)), SystemManager())


def manager_named(name: str) -> EnvironmentManager | None:
    """Return the manager that a record names; None where bancada knows none of that name.

    Args:
        name: The name, as `EnvironmentManager.name` has it.
    """
    return next((manager for manager in managers() if manager.name == name), None)
