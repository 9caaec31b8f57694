"""What one fold may take of time and memory before it is ended."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bancada.exceptions import UsageError

if TYPE_CHECKING:
    from bancada.definitions import Project

__all__ = ["CRASHES", "Limits", "limits_of"]

# After so many crashes of one candidate its other folds are not tried.
CRASHES = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one fold.

    Attributes:
        timeout_s: Seconds from its start; None for no limit.
        memory_mb: Million bytes that its worker and all its children may hold; None for no limit.
    """

    timeout_s: float | None = None
    memory_mb: float | None = None


def limits_of(project: Project, timeout_s: float | None, memory_mb: float | None, *, in_process: bool) -> Limits:
    """Return the limits in force: those asked for, else the project's; infinity stands for none.

    Raises:
        UsageError: A limit is no number, or asked for where folds run in the driver's process.
    """
    if any(value is not None and math.isnan(value) for value in (timeout_s, memory_mb)):
        raise UsageError("A limit is a number above 0.", "Found `nan`.", "Give seconds, or million bytes.")
    if in_process:
        asked = {"timeout": timeout_s, "memory": memory_mb}
        given = " and ".join(f"`--{name} {value:g}`" for name, value in asked.items() if value is not None)
        if given:
            raise UsageError(
                "Limits of time and memory are kept by killing the worker process of a fold.",
                f"{given} was given with `--in-process`, where folds run in the driver itself.",
                "Leave out either.",
            )
        return Limits()
    return Limits(
        _finite(project.timeout_s if timeout_s is None else timeout_s),
        _finite(project.memory_mb if memory_mb is None else memory_mb),
    )


def _finite(value: float | None) -> float | None:
    return None if value is None or math.isinf(value) else value
