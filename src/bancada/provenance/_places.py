"""Where live things can be imported from."""

from __future__ import annotations

import functools
import importlib
import sys
import warnings
from pathlib import Path
from pickle import whichmodule  # type: ignore[attr-defined]  # documented nowhere, and what pickle itself goes by
from typing import TYPE_CHECKING, Any

from bancada.provenance._distributions import distributions
from bancada.provenance._forms import is_of_project

if TYPE_CHECKING:
    from types import ModuleType

    from bancada.provenance._project import ProjectCode

__all__ = ["importable", "is_outside", "submodules"]

_SITES = frozenset({"site-packages", "dist-packages"})


def is_outside(module: str, project: ProjectCode) -> bool:
    """Tell whether a module's code is neither the project's nor installed, so that only its text can tell what it says.

    Args:
        module: Absolute name of a module that is loaded.
        project: The code of the project.
    """
    return module == "__main__" or not (_is_installed(module.partition(".")[0]) or is_of_project(module, project))


def importable(value: Any, project: ProjectCode) -> tuple[str, str] | None:
    """Return the module and the name by which a worker can import a thing; None where there are none.

    Of several modules that have it under its name the outermost package is taken.

    Args:
        value: A function, a class, or anything else that knows its name.
        project: The code of the project.
    """
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    if not isinstance(name, str) or not name.isidentifier():
        return None
    module = getattr(value, "__module__", None)
    if not isinstance(module, str):
        module = whichmodule(value, name)
    if is_outside(module, project) or _attribute(module, name) is not value:
        return None
    parts = module.split(".")
    packages = (".".join(parts[:length]) for length in range(1, len(parts) + 1))
    return next(package for package in packages if _attribute(package, name) is value), name


def submodules(module: ModuleType, chain: tuple[str, ...]) -> tuple[str, ...]:
    """Return the modules that attributes taken of a module lead to, itself first.

    Args:
        module: The module.
        chain: Names that are taken of it, one of the other.
    """
    found: list[str] = [module.__name__]
    for name in chain:
        inner = f"{found[-1]}.{name}"
        if inner not in sys.modules or vars(sys.modules[found[-1]]).get(name) is not sys.modules[inner]:
            break
        found.append(inner)
    return tuple(found)


@functools.cache
def _is_installed(top: str) -> bool:
    if top == "bancada" or top in sys.stdlib_module_names:
        return True
    found = sys.modules.get(top)
    places = [getattr(found, "__file__", None), *getattr(found, "__path__", ())]
    inside = any(part in _SITES for place in places if place for part in Path(place).parts)
    # What is installed in editable form lies anywhere.
    return inside or bool(distributions((top,)))


def _attribute(module: str, name: str) -> Any:
    with warnings.catch_warnings():
        # Some packages warn of names that they will drop.
        warnings.simplefilter("ignore")
        try:
            return getattr(sys.modules.get(module) or importlib.import_module(module), name, None)
        except Exception:  # noqa: BLE001 - a package that answers no name has none
            return None
