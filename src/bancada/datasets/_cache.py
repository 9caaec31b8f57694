"""Where decoded tables are kept when nobody says where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["user_cache"]


def user_cache(environment: Mapping[str, str], platform: str) -> Path:
    """Return the user's cache folder for bancada.

    Args:
        environment: Environment variables; `BANCADA_CACHE` decides, then `XDG_CACHE_HOME`.
        platform: As `sys.platform` has it.

    Examples:
        >>> user_cache({"XDG_CACHE_HOME": "/var/cache"}, "linux").as_posix()
        '/var/cache/bancada'
    """
    if environment.get("BANCADA_CACHE"):
        return Path(environment["BANCADA_CACHE"])
    if environment.get("XDG_CACHE_HOME"):
        return Path(environment["XDG_CACHE_HOME"]) / "bancada"
    home = Path(environment["HOME"]) if environment.get("HOME") else Path.home()
    return home / "Library" / "Caches" / "bancada" if platform == "darwin" else home / ".cache" / "bancada"
