"""Where a run comes from: its code, what it read, the packages, the machine, git; and what must stay unsaid."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bancada.provenance._closure import CodeClosure, code_closure
    from bancada.provenance._distributions import distributions
    from bancada.provenance._extraction import extract
    from bancada.provenance._forms import value_closure
    from bancada.provenance._git import author, git_state
    from bancada.provenance._hardware import hardware
    from bancada.provenance._observer import Observation, Observer, observed_digests
    from bancada.provenance._project import ProjectCode
    from bancada.provenance._secrets import find_secrets, mask_secrets

__all__ = [
    "CodeClosure",
    "Observation",
    "Observer",
    "ProjectCode",
    "author",
    "code_closure",
    "distributions",
    "extract",
    "find_secrets",
    "git_state",
    "hardware",
    "mask_secrets",
    "observed_digests",
    "value_closure",
]

_HOMES = {
    "CodeClosure": "_closure",
    "Observation": "_observer",
    "Observer": "_observer",
    "ProjectCode": "_project",
    "author": "_git",
    "code_closure": "_closure",
    "distributions": "_distributions",
    "extract": "_extraction",
    "find_secrets": "_secrets",
    "git_state": "_git",
    "hardware": "_hardware",
    "mask_secrets": "_secrets",
    "observed_digests": "_observer",
    "value_closure": "_forms",
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
