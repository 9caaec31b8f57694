"""Definitions as plain values, so that reading verbs, completion and help run no project code."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bancada.definitions._identities import declared_roles, evaluation_identity
from bancada.definitions._judged import judged
from bancada.definitions._literals import write
from bancada.definitions._metrics import named_metrics
from bancada.definitions._sources import relative
from bancada.exceptions import UsageError
from bancada.identity import file_digest
from bancada.provenance import mask_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from bancada.definitions._candidate import Candidate
    from bancada.definitions._importing import ModuleFailure
    from bancada.definitions._parameters import Parameter
    from bancada.definitions._problem import Problem
    from bancada.definitions._project import Project
    from bancada.definitions._sources import Source

__all__ = ["SNAPSHOT_SCHEMA", "Place", "snapshot"]

SNAPSHOT_SCHEMA = "store.snapshot/1"


@dataclass(frozen=True)
class Place:
    """Where a problem is defined: its module, the file relative to the root, and the line, as far as they are known."""

    module: str
    file: str | None
    line: int | None


def snapshot(
    problems: Mapping[str, Problem],
    candidates: Mapping[str, Candidate],
    places: Mapping[str, Place],
    sources: Iterable[Source],
    failures: Iterable[ModuleFailure],
    project: Project,
) -> dict[str, Any]:
    """Return definitions as canonical JSON with the schema `store.snapshot/1`.

    Args:
        problems: Problems by name. One with neither a task nor a primary metric has no metrics and no evaluation here,
            for they depend on its data.
        candidates: Candidates by name.
        places: Where each problem is defined.
        sources: The project's modules.
        failures: Modules that could not be imported.
        project: The project.
    """
    failures = tuple(failures)
    files = {file: failure.module for failure in failures for file in failure.files}
    files |= {source.file: source.module for source in sources}
    digests = {file: file_digest(project.root / file) for file in files if (project.root / file).is_file()}
    modules = [
        {"module": module, "file": file, "sha256": digests[file]} for file, module in files.items() if file in digests
    ]
    told = {
        "schema": SNAPSHOT_SCHEMA,
        "problems": [_problem(problems[name], places[name], project) for name in sorted(problems)],
        "candidates": [_candidate(candidates[name], project.root) for name in sorted(candidates)],
        "modules": sorted(modules, key=lambda item: item["file"]),
        "failures": [{"module": item.module, "error": item.error, "files": list(item.files)} for item in failures],
    }
    # A default, a docstring, the error of a module that failed: each may hold what must not be kept.
    return {key: _masked(value) for key, value in told.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask_secrets(value)
    if isinstance(value, dict):
        return {key: _masked(item) for key, item in value.items()}
    return [_masked(item) for item in value] if isinstance(value, list | tuple) else value


def _problem(problem: Problem, place: Place, project: Project) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": problem.name,
        "dataset": {"name": problem.dataset.name, "version": problem.dataset.version},
        "task": None if problem.task is None else dict(problem.task.identity()),
        "roles": declared_roles(problem),
        "module": place.module,
        "file": place.file,
        "line": place.line,
    }
    if problem.champion is not None:
        told["champion"] = problem.champion
    if problem.task is None and problem.judged.primary is None:
        return told
    try:
        metrics = named_metrics(problem, problem.task, project)
        evaluation = evaluation_identity(problem, metrics)
        told |= {"evaluation": evaluation.digest, "judged": judged(problem, metrics, evaluation, project)}
    except UsageError as error:  # one problem's broken metric must not hide the other definitions
        return told | {"error": str(error)}
    told["metrics"] = [{"name": metric.name, "greater_is_better": metric.greater_is_better} for metric in metrics]
    return told


def _candidate(candidate: Candidate, root: Path) -> dict[str, Any]:
    described = inspect.getdoc(candidate.function) or ""
    function_code = getattr(candidate.function, "__code__", None)
    return {
        "name": candidate.name,
        "module": candidate.module,
        "qualname": candidate.qualname,
        "summary": described.split("\n", 1)[0],
        "frame": candidate.frame,
        "parameters": [_parameter(parameter) for parameter in candidate.parameters],
        "file": relative(getattr(function_code, "co_filename", None), root),
        "line": getattr(function_code, "co_firstlineno", None),
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "annotation": parameter.annotation,
        "required": parameter.required,
        "default": None if parameter.required else write(parameter.default),
    }
