"""Splitters of the project's own, known by all the code that they call."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bancada.exceptions import UsageError
from bancada.provenance import ProjectCode, code_closure

if TYPE_CHECKING:
    from bancada.definitions._problem import Problem
    from bancada.definitions._project import Project

__all__ = ["with_known_design"]


def with_known_design(problem: Problem, project: Project) -> Problem:
    """Return a problem whose splitter is known by its closure of code, where its class is the project's own.

    All other problems are returned as they are; a class elsewhere is known by its own text.

    Args:
        problem: The problem.
        project: Where the code is looked for.
    """
    if problem.split is None or isinstance(problem.split, int):
        return problem
    design: Any = problem.design
    with_code, splitter = getattr(design, "with_code", None), getattr(design, "splitter", None)
    cls = type(splitter)
    if with_code is None or splitter is None or "<" in cls.__qualname__ or cls.__module__ == "__main__":
        return problem
    code = ProjectCode(project.root, project.search)
    if code.find(cls.__module__) is None:
        return problem
    try:
        closure = code_closure(cls.__module__, cls.__qualname__, code)
    except UsageError:  # a class that its module makes otherwise than by `class`
        return problem
    return replace(problem, split=with_code(closure.digest))
