"""What a project defines: problems, evaluations, slices, candidates; configuration, and how all is found.

Nothing heavy is loaded before it is asked for: `Project`, `find_project`, `candidate` and `parse_assignments` bring
none of numpy, pandas, sklearn and pyarrow.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.definitions._assignments import parse_assignments
    from bancada.definitions._candidate import Candidate, candidate
    from bancada.definitions._definitions import Definitions, load
    from bancada.definitions._evaluation import Evaluation
    from bancada.definitions._identities import evaluation_identity, problem_identity
    from bancada.definitions._metrics import resolved_metrics
    from bancada.definitions._problem import Problem
    from bancada.definitions._project import Project, find_project
    from bancada.definitions._roles import Roles, roles
    from bancada.definitions._slices import Slice

__all__ = [
    "Candidate",
    "Definitions",
    "Evaluation",
    "Problem",
    "Project",
    "Roles",
    "Slice",
    "candidate",
    "evaluation_identity",
    "find_project",
    "load",
    "parse_assignments",
    "problem_identity",
    "resolved_metrics",
    "roles",
]

_HOMES = {
    "Candidate": "_candidate",
    "Definitions": "_definitions",
    "Evaluation": "_evaluation",
    "Problem": "_problem",
    "Project": "_project",
    "Roles": "_roles",
    "Slice": "_slices",
    "candidate": "_candidate",
    "evaluation_identity": "_identities",
    "find_project": "_project",
    "load": "_definitions",
    "parse_assignments": "_assignments",
    "problem_identity": "_identities",
    "resolved_metrics": "_metrics",
    "roles": "_roles",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
