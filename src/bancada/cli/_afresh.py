"""One trial in a process of its own, which imports the project's modules afresh and tells the watcher what it met."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from bancada import definitions as defined
from bancada.cli._context import Common
from bancada.cli._errors import BUG, INTERRUPTED, NO, show_bug, show_error
from bancada.cli._opening import apart
from bancada.cli._output import to_json
from bancada.cli._try import Asked, try_claim
from bancada.display import plain
from bancada.exceptions import BancadaError

if TYPE_CHECKING:
    from bancada.definitions import Definitions, Project
    from bancada.definitions._importing import ModuleFailure
    from bancada.report._trial import TrialDocument

__all__ = ["ENGINE", "fresh", "in_fork", "packed"]

# What every fold needs and no driver imports: the worker, and through it the numerical libraries.
ENGINE = ("bancada.engine._worker", "bancada.engine", "bancada.judgement._contest", "bancada.report._trying")
_PLACE = re.compile(r'File "(.+?)", line (\d+)')
_PR_SET_PDEATHSIG = 1


def in_fork(pipe: int, watcher: int, common: Common, asked: Asked) -> int:
    """Try, in a fork of the watcher, and return the exit code."""
    # Ctrl-C reaches the watcher alone, which decides.
    with contextlib.suppress(PermissionError):
        os.setpgid(0, 0)
    return _answered(pipe, watcher, common, asked)


def packed(pipe: int, common: Common, asked: Asked) -> str:
    """Return what `fresh` takes, as text."""
    shared = {name: value if value is None else str(value) for name, value in _shared(common).items()}
    return json.dumps({"pipe": pipe, "as_json": common.as_json, "common": shared, "asked": asdict(asked)})


def fresh(order: str) -> int:
    """Try, in an interpreter of its own, and return the exit code.

    Args:
        order: What `packed` returned.
    """
    said = json.loads(order)
    folders = {
        name: None if said["common"][name] is None else Path(said["common"][name]) for name in ("directory", "store")
    }
    common = Common(problem=said["common"]["problem"], as_json=said["as_json"], **folders)
    asked = Asked(**{**said["asked"], "words": tuple(said["asked"]["words"])})
    return _answered(said["pipe"], os.getppid(), common, asked)


def _shared(common: Common) -> dict[str, Any]:
    return {"problem": common.problem, "directory": common.directory, "store": common.store}


def _answered(pipe: int, watcher: int, common: Common, asked: Asked) -> int:
    """Try; what goes wrong is told as on any command line."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # It writes to a terminal of which it is not the foreground.
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
    # A module that is saved twice in a second would be read from the bytecode of the first.
    sys.dont_write_bytecode = True
    code = BUG
    try:
        code = _tried(pipe, watcher, common, asked)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BancadaError as error:
        show_error(error)
        code = 2
    except BaseException as error:  # noqa: BLE001 - the last line of this process
        show_bug(error, os.environ)
    with contextlib.suppress(BaseException):
        _tell(pipe, {"event": "ended", "modules": _libraries(common.open_project())})
    return code


def _tried(pipe: int, watcher: int, common: Common, asked: Asked) -> int:
    project = common.open_project()
    with apart():
        definitions = defined.load(project)
    _tell(pipe, {"event": "loaded", "modules": _libraries(project), **_matters(definitions)})
    for failure in definitions.failures:
        click.echo(_short(failure, project), err=True)
    name = asked.words[0]
    if definitions.failures and (name not in definitions.candidates or not definitions.problems):
        return NO

    def tick() -> None:
        # Linux tells by itself that the watcher is gone; elsewhere it is looked for.
        if os.getppid() != watcher:
            raise KeyboardInterrupt

    return try_claim(common, definitions, asked, tick, _line)


def _matters(definitions: Definitions) -> dict[str, Any]:
    """Return which files decide what this project does, relative to its root."""
    declared = [name for candidate in definitions.candidates.values() for name in candidate.reads]
    failed = [file for failure in definitions.failures for file in failure.files]
    files = [source.file for source in definitions.sources]
    return {"files": [*files, *failed, *declared, *definitions.reads], "broken": bool(definitions.failures)}


def _libraries(project: Project) -> list[str]:
    """Return the modules that are imported and are not the project's, in the order of their import."""
    own = [os.path.realpath(folder) + os.sep for folder in project.search]
    return [
        name
        for name, module in sys.modules.copy().items()
        if name != "__main__" and not any(_own(place, own) for place in _places(module))
    ]


def _places(module: object) -> list[str]:
    file, path = getattr(module, "__file__", None), getattr(module, "__path__", ())
    with contextlib.suppress(Exception):
        return [place for place in (file, *path) if isinstance(place, str)]
    return []


def _own(place: str, own: list[str]) -> bool:
    """Tell whether a file belongs to the project; an environment below the root does not."""
    real = os.path.realpath(place)
    foreign = {"site-packages", "dist-packages"}.intersection(Path(real).parts)
    inside = any((real + os.sep).startswith(folder) for folder in own)
    return inside and not foreign and not real.startswith(os.path.realpath(sys.prefix) + os.sep)


def _short(failure: ModuleFailure, project: Project) -> str:
    """Say in a line why a module cannot be imported, and where."""
    places = _PLACE.findall(failure.traceback)
    where = ""
    if places:
        path = Path(places[-1][0])
        shown = path.relative_to(project.root) if path.is_relative_to(project.root) else path
        where = f"{shown}:{places[-1][1]}: "
    return f"`{failure.module}` cannot be imported: {plain(where + failure.error)}"


def _line(document: TrialDocument) -> None:
    """Write a document on one line: several follow each other."""
    text = msgspec.json.format(to_json(document), indent=-1)
    click.echo(text)


def _tell(pipe: int, event: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # the watcher has gone
        data = json.dumps(event).encode() + b"\n"
        while data:
            data = data[os.write(pipe, data) :]
