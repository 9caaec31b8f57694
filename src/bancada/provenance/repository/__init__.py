"""The git repository that holds a project: what it says at once, and how the project differs from its commit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bancada.provenance.repository._patches import Patch, patch_of
    from bancada.provenance.repository._repository import GitState, Repository

__all__ = ["GitState", "Patch", "Repository", "patch_of"]

_HOMES = {"GitState": "_repository", "Patch": "_patches", "Repository": "_repository", "patch_of": "_patches"}


def __getattr__(name: str) -> object:
    """Load a public name from the file that holds it, once."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
