"""Whose a record is, and what may be taken from a record of others: names, paths, an environment without secrets."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bancada.provenance.origin._clean import clean_environment, package_environment
    from bancada.provenance.origin._paths import Caps, checked_path, write_tree

__all__ = ["Caps", "checked_path", "clean_environment", "package_environment", "write_tree"]

_HOMES = {
    "Caps": "_paths",
    "checked_path": "_paths",
    "clean_environment": "_clean",
    "package_environment": "_clean",
    "write_tree": "_paths",
}


def __getattr__(name: str) -> object:
    """Load a public name from the file that holds it, once."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Name what the door offers."""
    return __all__
