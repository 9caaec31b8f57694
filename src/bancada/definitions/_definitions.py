"""What a project defines: its problems and candidates, found by looking at its modules' names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from bancada.definitions._candidate import Candidate
from bancada.definitions._designs import with_known_design
from bancada.definitions._importing import ModuleFailure, import_modules
from bancada.definitions._problem import Problem
from bancada.definitions._snapshot import Place, snapshot
from bancada.definitions._sources import Source, bound_names, loaded_sources, relative
from bancada.exceptions import ConfigurationError, DefinitionError, NotFoundError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from types import ModuleType

    from bancada.definitions._project import Project

__all__ = ["Definitions", "load"]

_Named = TypeVar("_Named", Problem, Candidate)


@dataclass(frozen=True)
class Definitions:
    """The problems and candidates of a project.

    Attributes:
        project: The project.
        problems: Problems by name.
        candidates: Candidates by name.
        places: Where each problem is defined, by its name.
        sources: Every module of the project that is imported, helpers included.
        failures: Modules that could not be imported.
        reads: Other files below the root that were read while the modules were imported, relative to it, sorted.
    """

    project: Project
    problems: Mapping[str, Problem]
    candidates: Mapping[str, Candidate]
    places: Mapping[str, Place]
    sources: tuple[Source, ...]
    failures: tuple[ModuleFailure, ...] = ()
    reads: tuple[str, ...] = ()

    def problem(self, name: str | None = None) -> Problem:
        """Return the problem of a name; without one, the only problem there is.

        Raises:
            NotFoundError: There is no problem, or none of that name.
            ConfigurationError: There are several and none was named.
            DefinitionError: It lives in a module that could not be imported.
        """
        if name is None and len(self.problems) == 1:
            return next(iter(self.problems.values()))
        if name is None and self.problems:
            rule = "Where a project has several problems, one of them is named."
            found = f"Found {', '.join(f'`{known}`' for known in sorted(self.problems))}."
            raise ConfigurationError(rule, found, "Name it with `--problem`.")
        if name is not None and name in self.problems:
            return self.problems[name]
        raise self._missing("problem", name, self.problems)

    def candidate(self, name: str) -> Candidate:
        """Return the candidate of a name.

        Raises:
            NotFoundError: There is none.
            DefinitionError: It lives in a module that could not be imported.
        """
        if name in self.candidates:
            return self.candidates[name]
        raise self._missing("candidate", name, self.candidates)

    def snapshot(self) -> dict[str, Any]:
        """Return these definitions as canonical JSON, `store.snapshot/1`, for verbs that run no project code.

        `Project.changed_sources` tells which source files differ from it later.
        """
        return snapshot(self.problems, self.candidates, self.places, self.sources, self.failures, self.project)

    def _missing(self, kind: str, name: str | None, known: Iterable[str]) -> Exception:
        for failure in self.failures:
            if name is None or not self.problems or self._mentions(failure, name):
                what = f"The {kind} `{name}`" if name else f"A {kind}"
                return failed(failure, f"{what} lives in a module that can be imported.")
        if name is None:
            found = f"Found none in {', '.join(f'`{module}`' for module in self.project.modules)}."
            remedy = 'Write `churn = bc.Problem(name="churn", ...)` at the top level of one of them.'
            return NotFoundError("A project defines at least one problem.", found, remedy)
        rule = f"A {kind} is a top-level name of the project's modules."
        return NotFoundError(rule, f"Found no {kind} `{name}`.", nearest(name, known))

    def _mentions(self, failure: ModuleFailure, name: str) -> bool:
        """Return whether the text of a module that failed, or of one that it imports, seems to define a name."""
        word = re.escape(name)
        pattern = re.compile(rf"\bdef\s+{word}\s*\(|['\"]{word}['\"]")
        texts = ((self.project.root / file).read_text(encoding="utf-8", errors="replace") for file in failure.files)
        return any(pattern.search(text) for text in texts)


def failed(failure: ModuleFailure, rule: str) -> DefinitionError:
    """Return the error of a module that was needed and could not be imported, with its traceback."""
    found = f"Importing `{failure.module}` failed:\n{failure.traceback}\n"
    return DefinitionError(rule, found, "Correct the module and try again.")


def load(project: Project, *, only: set[str] | None = None) -> Definitions:
    """Import a project's modules and find the problems and candidates among their names.

    Nothing registers itself: a name counts because a module has it, and once however many modules import it. A module
    that fails to import is in `failures`.

    Args:
        project: The project.
        only: Modules to import in place of all that are configured; then one that fails is an error.

    Raises:
        ConfigurationError: No module is configured, one does not exist, or its name is taken by another module.
        DefinitionError: Two problems, or two candidates, have one name; or a module of `only` fails to import.
    """
    imported = import_modules(project, only)
    if only is not None and imported.failures:
        raise failed(imported.failures[0], f"Module `{imported.failures[0].module}` can be imported.")
    problems: dict[str, Problem] = {}
    candidates: dict[str, Candidate] = {}
    bindings: dict[str, list[tuple[ModuleType, str]]] = {}
    homes: dict[tuple[str, str], str] = {}
    for module in imported.modules.values():
        for variable, value in list(vars(module).items()):
            if isinstance(value, Problem):
                _add("problem", value, problems, homes, module.__name__)
                bindings.setdefault(value.name, []).append((module, variable))
            elif isinstance(value, Candidate):
                _add("candidate", value, candidates, homes, module.__name__)
    return Definitions(
        project=project,
        problems={name: with_known_design(problem, project) for name, problem in sorted(problems.items())},
        candidates=dict(sorted(candidates.items())),
        places={name: _place(found, project.root) for name, found in sorted(bindings.items())},
        sources=loaded_sources(project.root),
        failures=imported.failures,
        reads=imported.reads,
    )


def _add(kind: str, value: _Named, known: dict[str, _Named], homes: dict[tuple[str, str], str], home: str) -> None:
    other = known.setdefault(value.name, value)
    if other is not value:
        rule = f"Each {kind} of a project has a name of its own."
        found = f"Found `{value.name}` in `{homes[kind, value.name]}` and another one in `{home}`."
        raise DefinitionError(rule, found, "Give one of them another name with `name=`.")
    homes.setdefault((kind, value.name), home)


def _place(found: list[tuple[ModuleType, str]], root: Path) -> Place:
    """Return the module whose own text binds the name, for the others have imported it."""
    places = []
    for module, variable in found:
        file = relative(getattr(module, "__file__", None), root)
        line = bound_names((root / file).read_text(encoding="utf-8")).get(variable) if file is not None else None
        places.append(Place(module.__name__, file, line))
    return next((place for place in places if place.line is not None), places[0])
