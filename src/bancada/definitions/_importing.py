"""Importing the modules that a project configures; what fails is collected, it stops nothing."""

from __future__ import annotations

import importlib
import importlib.machinery
import os
import pkgutil
import re
import sys
import traceback
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bancada.definitions._sources import loaded_sources, relative
from bancada.exceptions import ConfigurationError, nearest
from bancada.identity import noting_arrivals
from bancada.provenance import Observer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import ModuleType

    from bancada.definitions._project import Project

__all__ = ["Imported", "ModuleFailure", "import_modules", "unconfigured"]

_SETTINGS = frozenset({"bancada.toml", "pyproject.toml"})
_PROBLEM = re.compile(r"\bProblem\(")


@dataclass(frozen=True)
class ModuleFailure:
    """A module that could not be imported.

    Attributes:
        module: Its name.
        error: The exception's class and text, on one line.
        traceback: The exception with the frames of the user's own files only, without locals.
        files: The user's files that the failure passed through, relative to the root, the module's own first.
    """

    module: str
    error: str
    traceback: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Imported:
    """What became of the modules that were asked for.

    Attributes:
        modules: Those that were imported, by name.
        failures: Those that could not be.
        reads: Other files below the root that were read meanwhile, relative to it, sorted: neither modules nor
            settings.
    """

    modules: dict[str, ModuleType]
    failures: tuple[ModuleFailure, ...]
    reads: tuple[str, ...] = ()


def import_modules(project: Project, only: Iterable[str] | None = None) -> Imported:
    """Import a project's modules, packages with their submodules.

    The root and `src` are put first on `sys.path` and stay there, for workers import from them too.

    Args:
        project: The project.
        only: Modules to import in place of all; a package among them stands for itself alone.

    Raises:
        ConfigurationError: No module is configured, one does not exist, or its name is taken by another module.
    """
    if not project.modules:
        raise unconfigured(project)
    folders = [str(folder) for folder in project.search]
    sys.path[:] = [*folders, *(entry for entry in sys.path if entry not in folders)]
    importlib.invalidate_caches()
    observer = Observer(project.root, ignore=(project.store, project.cache))
    observer.start()
    try:
        modules, failures = _import_all(project, only)
    finally:
        observation = observer.stop()
    own = {source.file for source in loaded_sources(project.root)}
    own.update(file for failure in failures for file in failure.files)
    reads = (file for file in observation.files if file not in own and file not in _SETTINGS)
    return Imported(modules, failures, tuple(reads))


def _import_all(
    project: Project, only: Iterable[str] | None
) -> tuple[dict[str, ModuleType], tuple[ModuleFailure, ...]]:
    wanted = deque(project.modules if only is None else sorted(only))
    modules: dict[str, ModuleType] = {}
    failures: dict[str, ModuleFailure] = {}
    while wanted:
        name = wanted.popleft()
        if name in modules or name in failures:
            continue
        _check_name_is_free(project, name)
        outcome = _import(project, name)
        if isinstance(outcome, ModuleFailure):
            failures[name] = outcome
            continue
        modules[name] = outcome
        if only is None:
            wanted.extend(_submodules(outcome))
    return modules, tuple(failures.values())


def _import(project: Project, name: str) -> ModuleType | ModuleFailure:
    try:
        with noting_arrivals():
            return importlib.import_module(name)
    except KeyboardInterrupt:
        raise
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            rule = f"`modules` names modules below {' or '.join(f'`{folder}`' for folder in project.search)}."
            remedy = nearest(name, _available(project.search))
            raise ConfigurationError(rule, f"Found no module `{name}`.", remedy) from None
        return _failure(project, name, error)
    except BaseException as error:  # noqa: BLE001 - a module may raise anything, SystemExit too; it stops nothing else
        return _failure(project, name, error)


def _failure(project: Project, name: str, error: BaseException) -> ModuleFailure:
    told = traceback.TracebackException.from_exception(error)
    _cut(told, project.root)
    places = [frame.filename for frame in told.stack]
    places += [error.filename] if isinstance(error, SyntaxError) and error.filename else []
    files = dict.fromkeys(file for place in places if (file := relative(place, project.root)) is not None)
    text = " ".join(str(error).split())
    summary = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return ModuleFailure(name, summary, "".join(told.format()).rstrip(), tuple(files))


def _cut(told: traceback.TracebackException, root: Path) -> None:
    """Keep the user's own frames, in the exceptions before this one too."""
    own = [frame for frame in told.stack if relative(frame.filename, root) is not None]
    told.stack = traceback.StackSummary.from_list(own)
    for earlier in (told.__cause__, told.__context__):
        if earlier is not None:
            _cut(earlier, root)


def _submodules(module: ModuleType) -> list[str]:
    found = sorted(info.name for info in pkgutil.iter_modules(getattr(module, "__path__", [])))
    return [f"{module.__name__}.{name}" for name in found if name != "__main__"]


def _check_name_is_free(project: Project, name: str) -> None:
    """Refuse a module whose name another one has taken in this process, such as one of the standard library."""
    top = name.partition(".")[0]
    loaded = sys.modules.get(top)
    own = importlib.machinery.PathFinder.find_spec(top, [str(folder) for folder in project.search])
    if loaded is None or own is None:
        return
    places = [getattr(loaded, "__file__", None) or "", *getattr(loaded, "__path__", [])]
    expected = [own.origin or "", *(own.submodule_search_locations or [])]
    if not {os.path.realpath(place) for place in places if place} & {
        os.path.realpath(place) for place in expected if place
    }:
        rule = "A module of a project has a name that no other module in the process has."
        found = f"Found `{top}` already imported from {places[0]!r}."
        raise ConfigurationError(rule, found, f"Rename the project's `{top}`.")


def _available(search: Iterable[Path]) -> list[str]:
    return sorted(info.name for info in pkgutil.iter_modules([str(folder) for folder in search]))


def unconfigured(project: Project) -> ConfigurationError:
    """Return the error of a project without modules; its remedy is the TOML to write."""
    files = sorted(path for folder in project.search for path in folder.glob("*.py") if _has_problem(path))
    name = files[0].stem if len(files) == 1 else "churn"
    line = f'`modules = ["{name}"]`'
    if project.file is not None and project.file.name == "pyproject.toml":
        remedy = f"Write {line} below `[tool.bancada]` in `{project.file}`"
    else:
        remedy = f"Write {line} into `{project.file or project.root / 'bancada.toml'}`"
    meant = (
        ", where this problem is." if len(files) == 1 else ", with the name of the module that defines your problem."
    )
    found = f"Found none for the project in `{project.root}`."
    return ConfigurationError("A project names the modules with its problems and candidates.", found, remedy + meant)


def _has_problem(path: Path) -> bool:
    try:
        return bool(_PROBLEM.search(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError):
        return False
