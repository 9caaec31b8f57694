"""`pyvenv.cfg`, by which a virtual environment tells what made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["CONFIGURATION", "configuration"]

CONFIGURATION = "pyvenv.cfg"


def configuration(prefix: Path) -> dict[str, str]:
    """Read `pyvenv.cfg`; empty where there is none.

    Args:
        prefix: The environment.
    """
    try:
        lines = (prefix / CONFIGURATION).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    pairs = (line.partition("=") for line in lines if "=" in line)
    return {key.strip().lower(): value.strip() for key, _, value in pairs}
