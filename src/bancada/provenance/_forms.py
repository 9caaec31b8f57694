"""Classes and functions as live objects, and the code behind them."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pickle import whichmodule  # type: ignore[attr-defined]  # documented nowhere, and what pickle itself goes by
from typing import TYPE_CHECKING

from bancada.exceptions import DefinitionError
from bancada.provenance._closure import CodeClosure, close_over

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bancada.provenance._project import ProjectCode

__all__ = ["Places", "has_form", "has_place", "is_of_project", "places_of", "value_closure"]


@dataclass(frozen=True, slots=True)
class Places:
    """Where objects are found: their names, the definitions of the project among them, the other top-level modules."""

    names: tuple[str, ...]
    roots: tuple[tuple[str, str], ...]
    imports: tuple[str, ...]


def value_closure(objects: Iterable[object], project: ProjectCode) -> CodeClosure:
    """Close over classes and functions that are at hand as objects, such as the estimators of a pipeline.

    Those of the project's modules are closed over as `code_closure` does; the others add the top-level name of their
    module to `imports`. The digest holds module and name of each object, whatever their order.

    Args:
        objects: Classes and functions.
        project: The code to look in; nothing of it is imported.

    Raises:
        DefinitionError: An object cannot be named by module and name: a lambda, a local function, one of `__main__`.
    """
    places = places_of(objects, project)
    return close_over(places.roots, [[name] for name in places.names], project, imports=places.imports)


def places_of(objects: Iterable[object], project: ProjectCode) -> Places:
    """Return where classes and functions are found.

    Args:
        objects: Classes and functions.
        project: The code of the project.

    Raises:
        DefinitionError: An object cannot be named by module and name.
    """
    roots: set[tuple[str, str]] = set()
    names: set[str] = set()
    imports: set[str] = set()
    for item in objects:
        place = _place(item)
        if place is None:
            raise DefinitionError(
                "A class or function that is part of a model can be imported by module and name.",
                f"Found {item!r}, which is local, a lambda, or of `__main__`.",
                "Define it at the top level of one of the project's modules.",
            )
        module, qualname = place
        names.add(f"{module}:{qualname}")
        if is_of_project(module, project):
            roots.add((module, qualname.partition(".")[0]))
        elif (top := module.partition(".")[0]) not in sys.stdlib_module_names:
            imports.add(top)
    return Places(tuple(sorted(names)), tuple(sorted(roots)), tuple(sorted(imports)))


def has_place(item: object) -> bool:
    """Tell whether a class or function is found by module and name.

    Args:
        item: A class or function.
    """
    return _place(item) is not None


def has_form(item: object, project: ProjectCode) -> bool:
    """Tell whether a class or function can be named by module and name, so that its code has an identity.

    Args:
        item: A class or function.
        project: The code of the project: what seems to be its own must be bound at the top level of its module's file.
    """
    place = _place(item)
    if place is None:
        return False
    module, qualname = place
    code = project.module(module) if is_of_project(module, project) else None
    return code is None or bool(code.compiled) or qualname.partition(".")[0] in code.top.units


def _place(item: object) -> tuple[str, str] | None:
    """Return module and qualified name under which an object is found; None where it is not found there."""
    name = getattr(item, "__qualname__", None) or getattr(item, "__name__", None)
    if not isinstance(name, str) or "<" in name:
        return None
    module = getattr(item, "__module__", None)
    if not isinstance(module, str):
        module = whichmodule(item, name)
    if module == "__main__":
        return None
    found: object = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return (module, name) if found is item else None


def is_of_project(module: str, project: ProjectCode) -> bool:
    """Tell whether the module that is loaded under a name is the project's file of that name.

    Args:
        module: Absolute name.
        project: The code of the project.
    """
    path = project.find(module)
    loaded = getattr(sys.modules.get(module), "__file__", None)
    return path is not None and (loaded is None or os.path.realpath(loaded) == os.path.realpath(path))
