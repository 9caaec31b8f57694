"""What is installed is known by its name; only what a user wrote is known by what it says."""

from __future__ import annotations

import importlib.util
import sys
import sysconfig
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["is_installed", "name_of_installed"]

_SITES = frozenset({"site-packages", "dist-packages"})
_OWN = __name__.partition(".")[0]


def is_installed(module: str) -> bool:
    """Tell modules of the standard library, of installed packages and of this one from modules that a user wrote.

    Args:
        module: Absolute name; of one that is not imported yet, the package around it counts.
    """
    top = module.partition(".")[0]
    if top == "__main__":
        return False
    if top == _OWN or module in sys.builtin_module_names:
        return True
    file = _file_of(module)
    if file is None:
        return top in sys.stdlib_module_names
    path = Path(file)
    return not _SITES.isdisjoint(path.parts) or any(path.is_relative_to(folder) for folder in _standard_library())


def name_of_installed(value: Any) -> tuple[str, str] | None:
    """Return module and name of a function, class or other callable where an installed module has it by that name.

    What an installed decorator made of a user's function bears the user's names or none, and is not found so.

    Examples:
        >>> name_of_installed(sorted), name_of_installed(lambda: 1)
        (('builtins', 'sorted'), None)
    """
    if not callable(value):
        return None
    module, qualname = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(qualname, str) or not is_installed(module):
        return None
    found: Any = sys.modules.get(module)
    for part in qualname.split("."):
        found = getattr(found, part, None)
    return (module, qualname) if found is value else None


def _file_of(module: str) -> str | None:
    """Return the file of a module, or the folder of a package without one; None where there is none."""
    found = sys.modules.get(module)
    if found is not None:
        file = getattr(found, "__file__", None)
        return file if file is not None else next(iter(getattr(found, "__path__", ())), None)
    try:
        spec = importlib.util.find_spec(module.partition(".")[0])
    except (ImportError, ValueError):
        return None
    return None if spec is None else spec.origin


@cache
def _standard_library() -> tuple[Path, ...]:
    return tuple(Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib"))
