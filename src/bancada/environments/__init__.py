"""What is installed where a run happens, and the same installed again: one contract, an adapter for each manager."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.environments._capture import capture
    from bancada.environments._edited import edited
    from bancada.environments._installed import metadata_folders, normal_name
    from bancada.environments._interpreter import Interpreter, interpreter
    from bancada.environments._managers import manager_named, manager_of, managers
    from bancada.environments._rebuilding import rebuild
    from bancada.environments._room import lack_of_room

__all__ = [
    "Interpreter",
    "capture",
    "edited",
    "interpreter",
    "lack_of_room",
    "manager_named",
    "manager_of",
    "managers",
    "metadata_folders",
    "normal_name",
    "rebuild",
]

_HOMES = {
    "Interpreter": "_interpreter",
    "capture": "_capture",
    "edited": "_edited",
    "interpreter": "_interpreter",
    "lack_of_room": "_room",
    "manager_named": "_managers",
    "manager_of": "_managers",
    "managers": "_managers",
    "metadata_folders": "_installed",
    "normal_name": "_installed",
    "rebuild": "_rebuilding",
}


def __getattr__(name: str) -> Any:
    """Load a public name from the file that holds it, once."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
