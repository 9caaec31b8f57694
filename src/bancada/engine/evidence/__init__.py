"""What a run keeps of its code and of the files that it read, and what is known of git."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.engine.evidence._environment import KeptEnvironment, Looking, kept_environment
    from bancada.engine.evidence._files import EvidenceFiles, Gathered, Wanted
    from bancada.engine.evidence._foreseen import OUTSIDE, Foreseen, refuse_incomplete, remedy_of
    from bancada.engine.evidence._git import git_facts
    from bancada.engine.evidence._imports import loaded_files

__all__ = [
    "OUTSIDE",
    "EvidenceFiles",
    "Foreseen",
    "Gathered",
    "KeptEnvironment",
    "Looking",
    "Wanted",
    "git_facts",
    "kept_environment",
    "loaded_files",
    "refuse_incomplete",
    "remedy_of",
]

_WHERE = {
    "OUTSIDE": "_foreseen",
    "EvidenceFiles": "_files",
    "Foreseen": "_foreseen",
    "Gathered": "_files",
    "KeptEnvironment": "_environment",
    "Looking": "_environment",
    "Wanted": "_files",
    "git_facts": "_git",
    "kept_environment": "_environment",
    "loaded_files": "_imports",
    "refuse_incomplete": "_foreseen",
    "remedy_of": "_foreseen",
}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name not in _WHERE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
