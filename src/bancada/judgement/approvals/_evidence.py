"""Evidence for code: its tests pass, and they execute every statement of it."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.exceptions import UsageError
from bancada.judgement.approvals._statements import needed_pieces
from bancada.provenance.origin import checked_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bancada.definitions import Project
    from bancada.judgement.approvals._statements import Piece
    from bancada.provenance import CodeClosure

__all__ = ["Evidence", "gather_evidence"]

_RULE = "Code that judges is approved once its tests pass and execute every statement of it."
_PROGRAM = Path(__file__).with_name("_watched_tests.py")
_NO_TESTS = 5
_LIMIT_S = 3_600.0
_SHOWN = 12


class Evidence(msgspec.Struct, frozen=True):
    """What was found.

    Attributes:
        tests: Tests that passed.
        statements: Statements of the code, all of which they executed.
    """

    tests: int
    statements: int


class _Answer(msgspec.Struct, frozen=True):
    code: int
    passed: int
    lines: dict[str, list[tuple[int, int]]]


def gather_evidence(closures: Iterable[CodeClosure], project: Project) -> Evidence:
    """Run the project's tests, and hold them to the code that judges.

    What the tests print goes to stderr. They run in a process of their own, with this interpreter.

    Args:
        closures: The code behind each part of the evaluation.
        project: The project; its setting `tests` says where they are.

    Raises:
        UsageError: There is no pytest, there are no tests, one fails, or a statement is not executed.
    """
    closures = tuple(closures)
    needed = _needed(closures, project.root)
    if importlib.util.find_spec("pytest") is None:
        raise UsageError(_RULE, "There is no pytest beside this bancada.", "Install it: `uv add --dev pytest`.")
    lacking = [place for place in project.tests if not (project.root / place.partition("::")[0]).exists()]
    if lacking:
        raise _no_tests(lacking)
    answer = _run([str(project.root / file) for file in needed], project)
    if answer.code == _NO_TESTS or (answer.code == 0 and not answer.passed):
        raise _no_tests(project.tests)
    if answer.code:
        raise UsageError(
            _RULE,
            f"They do not pass: pytest ended with exit code {answer.code}.",
            "Read above what fails, and mend it.",
        )
    missed = []
    for file, pieces in needed.items():
        executed = {(first, line) for first, line in answer.lines.get(str(project.root / file), ())}
        missed += [(file, piece) for piece in pieces if not piece.done(executed)]
    if missed:
        raise UsageError(
            _RULE,
            f"{answer.passed} pass, and these are not executed: {_listed(missed)}.",
            f"Write a test that needs them, or take them out.{_whole(closures, {file for file, _ in missed})}",
        )
    return Evidence(answer.passed, sum(map(len, needed.values())))


def _no_tests(places: Sequence[str]) -> UsageError:
    where = "in " + ", ".join(f"`{place}`" for place in places) if places else "where pytest looks"
    return UsageError(_RULE, f"There are no tests {where}.", 'Write some, and name them: `tests = "tests"`.')


def _needed(closures: Iterable[CodeClosure], root: Path) -> Mapping[str, tuple[Piece, ...]]:
    """Return the statements that must be executed, by file relative to the root."""
    names: dict[str, set[str]] = {}
    for closure in closures:
        for item in closure.items:
            names.setdefault(item.path, set()).add(item.qualname)
    found = {}
    for path in sorted(names):
        place = root / checked_path(path)
        if place.suffix == ".py":
            found[path] = needed_pieces(place.read_text(encoding="utf-8"), names[path])
    return found


def _whole(closures: Iterable[CodeClosure], files: set[str]) -> str:
    """Return why a module counts whole, where one of these does: so its functions count that no metric calls."""
    items = [item for closure in closures for item in closure.items if item.qualname == "*" and item.path in files]
    if not items:
        return ""
    return f" All of `{items[0].path}` counts ({items[0].reason}): put what judges into a module of its own."


def _run(files: list[str], project: Project) -> _Answer:
    with tempfile.TemporaryDirectory(prefix="bancada-") as folder:
        answer = Path(folder) / "answer.json"
        # By its path: pytest warns of a program that has imported bancada before it, and a warning may be an error.
        program = [sys.executable, "-P", str(_PROGRAM), str(answer), json.dumps(files)]
        process = subprocess.Popen(
            [*program, *project.tests],
            cwd=project.root,
            env=_environment(project),
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr.fileno() if _has_number(sys.stderr) else subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            code = process.wait(_LIMIT_S)
        except subprocess.TimeoutExpired:
            raise UsageError(
                _RULE, f"They have not ended within {_LIMIT_S:,.0f} s.", "Name fewer of them in `tests`."
            ) from None
        finally:
            _end(process)
        try:
            return msgspec.json.decode(answer.read_bytes(), type=_Answer)
        except (OSError, msgspec.DecodeError):
            raise UsageError(
                _RULE, f"Pytest was ended from outside, with exit code {code}.", "Read above what happened."
            ) from None


def _environment(project: Project) -> dict[str, str]:
    folders = [*map(str, project.search), os.environ.get("PYTHONPATH", "")]
    return dict(os.environ) | {"PYTHONPATH": os.pathsep.join(folder for folder in folders if folder)}


def _end(process: subprocess.Popen[Any]) -> None:
    """End all that the tests have started, where they are still at work."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _has_number(stream: Any) -> bool:
    try:
        return int(stream.fileno()) >= 0
    except (AttributeError, OSError, ValueError):
        return False


def _listed(missed: list[tuple[str, Piece]]) -> str:
    shown = [f"`{file}` line {piece.first} (`{piece.name}`)" for file, piece in missed[:_SHOWN]]
    return ", ".join(shown) + (f" and {len(missed) - _SHOWN:,} more" if len(missed) > _SHOWN else "")
