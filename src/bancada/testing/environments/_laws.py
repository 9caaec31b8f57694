"""The laws of `contracts.EnvironmentManager`."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.environments import metadata_folders, normal_name
from bancada.exceptions import EnvironmentNotRebuilt
from bancada.testing._check import Found, Skip, checks_of, law

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bancada.contracts import EnvironmentManager
    from bancada.records.environments import EnvironmentRecord, ManagerFacts
    from bancada.testing._check import Check

__all__ = ["LAWS", "EnvironmentCase", "environment_checks"]

_WORD = re.compile(r"[a-z][a-z0-9]*")
_CREDENTIALS = re.compile(r"[a-z+]+://[^/\s@]+@")
_GARBAGE = b"\xff\x00[[{\n"
_NO_RECORD = Skip("no record to rebuild was given")


@dataclass(frozen=True)
class EnvironmentCase:
    """A way to make managers, and an environment of theirs.

    Attributes:
        make: Makes a manager.
        prefix: An environment that it manages.
        root: The root of a project of that environment.
        record: What to rebuild; None where nothing is to be rebuilt.
        environ: The environment variables for that.
    """

    make: Callable[[], EnvironmentManager]
    prefix: Path
    root: Path
    record: EnvironmentRecord | None
    environ: Mapping[str, str]

    def facts(self) -> ManagerFacts:
        """Ask a fresh manager for its facts."""
        return self.make().facts(self.prefix, self.root)

    @contextmanager
    def rebuilt(self, record: EnvironmentRecord) -> Iterator[tuple[Path, Path]]:
        """Rebuild into a folder that goes away again; yields it and the interpreter."""
        with tempfile.TemporaryDirectory(prefix="bancada-law-") as name:
            folder = Path(name).resolve() / "environment"
            folder.mkdir()
            yield folder, self.make().rebuild(record, folder, self.environ)


def environment_checks(
    make: Callable[[], EnvironmentManager],
    prefix: Path,
    root: Path,
    *,
    record: EnvironmentRecord | None = None,
    environ: Mapping[str, str] | None = None,
    waive: Mapping[str, str] | None = None,
) -> tuple[Check, ...]:
    """Return a check for each law of a manager of environments.

    Args:
        make: Makes a manager.
        prefix: An environment that is its own.
        root: The root of a project of that environment, with a lock if the manager has any.
        record: What it is to rebuild; without it the laws of rebuilding are skipped.
        environ: The environment variables for rebuilding.
        waive: Laws that the manager breaks knowingly, each with its reason.
    """
    name = getattr(make, "__name__", type(make).__name__)
    return checks_of(LAWS, EnvironmentCase(make, prefix, root, record, environ or {}), name, waive=waive)


@law("`name` is one word in small letters, the same for every instance.", "Make it a constant.")
def its_name_is_a_word(case: EnvironmentCase) -> Found:
    names = {case.make().name for _ in range(2)}
    name = names.pop()
    return None if not names and _WORD.fullmatch(name) else f"Its name is {name!r}, and another time {names}."


@law("It manages its own environment, and none that is not there.", "Look for the file by which it is known.")
def it_knows_its_own(case: EnvironmentCase) -> Found:
    if not case.make().manages(case.prefix, case.root):
        return f"It does not manage {str(case.prefix)!r}."
    absent = case.prefix / "absent"
    return f"It manages {str(absent)!r}." if case.make().manages(absent, case.root) else None


@law("Asked twice, it answers alike.", "Sort what a folder lists; keep no clock and no state.")
def it_answers_alike(case: EnvironmentCase) -> Found:
    first, second = case.facts(), case.facts()
    if first != second:
        return f"Its facts are {first}, and then {second}."
    places = [case.make().reads(case.prefix, case.root) for _ in range(2)]
    return None if places[0] == places[1] else f"It reads {places[0]}, and then {places[1]}."


@law("It reads files and changes none.", "Open files for reading.")
def it_changes_nothing(case: EnvironmentCase) -> Found:
    before = _state(case.prefix), _state(case.root)
    _ask(case.make(), case.prefix, case.root)
    return None if (_state(case.prefix), _state(case.root)) == before else "Files changed while it was asked."


@law("`manages`, `reads` and `facts` start no program.", "Read the files that the program would read.")
def it_starts_nothing(case: EnvironmentCase) -> Found:
    started: list[Any] = []

    class Watched(subprocess.Popen[Any]):
        def __init__(self, args: Any, *more: Any, **named: Any) -> None:
            started.append(args)
            super().__init__(args, *more, **named)

    real = subprocess.Popen
    subprocess.Popen = Watched  # type: ignore[misc]  # put back below
    try:
        _ask(case.make(), case.prefix, case.root)
    finally:
        subprocess.Popen = real  # type: ignore[misc]  # what it was
    return f"It started {started[0]!r}." if started else None


@law("What is not there raises nothing and is nothing.", "Answer with empty facts.")
def what_is_absent_is_nothing(case: EnvironmentCase) -> Found:
    with tempfile.TemporaryDirectory(prefix="bancada-law-") as name:
        facts = case.make().facts(Path(name) / "prefix", Path(name) / "root")
        return f"It found {facts.locks or facts.gives}." if facts.locks or facts.gives else None


@law("A file that cannot be read raises nothing; a lock among them becomes a note that names it.", "Catch it there.")
def what_is_damaged_is_noted(case: EnvironmentCase) -> Found:
    locks = {lock.path for lock in case.facts().locks}
    if not locks:
        return Skip("the root has no lock")
    with tempfile.TemporaryDirectory(prefix="bancada-law-") as name:
        root = Path(name) / "root"
        shutil.copytree(case.root, root, ignore=shutil.ignore_patterns(".git", ".venv"))
        for path in locks:
            (root / path).write_bytes(_GARBAGE)
        facts = case.make().facts(case.prefix, root)
    if facts.locks:
        return f"It read {facts.locks[0].path!r}, which is no text."
    silent = [path for path in locks if not any(path in note for note in facts.notes)]
    return f"No note names {silent[0]!r}." if silent else None


@law("`reads` names every lock.", "Name each file whose content decides the answer of `facts`.")
def it_says_what_it_reads(case: EnvironmentCase) -> Found:
    places = set(case.make().reads(case.prefix, case.root))
    unsaid = [lock.path for lock in case.facts().locks if case.root / lock.path not in places]
    return f"It does not name {unsaid[0]!r}." if unsaid else None


@law("A lock has the path of a file below the root, relative to it, and that file's bytes.", "Use `relative_to(root)`.")
def locks_lie_below_the_root(case: EnvironmentCase) -> Found:
    for lock in case.facts().locks:
        path = PurePosixPath(lock.path)
        if path.is_absolute() or ".." in path.parts or "\\" in lock.path:
            return f"A lock has the path {lock.path!r}."
        if (case.root / lock.path).read_bytes() != lock.content:
            return f"The content of {lock.path!r} is another."
    return None


@law("Names in `pins` and `gives` are normalised.", "Pass them through `bancada.environments.normal_name`.")
def names_are_normalised(case: EnvironmentCase) -> Found:
    facts = case.facts()
    names = [*facts.gives, *(name for lock in facts.locks for name in lock.pins)]
    odd = [name for name in names if normal_name(name) != name]
    return f"It names {odd[0]!r}." if odd else None


@law("`details` are values that JSON has.", "Write paths and dates as text.")
def details_are_json(case: EnvironmentCase) -> Found:
    details = _plain(case.facts().details)
    try:
        again = json.loads(json.dumps(details, allow_nan=False))
    except (TypeError, ValueError) as error:
        return f"They are none: {error}."
    return None if again == details else f"Written and read, {details} are {again}."


@law("No credentials stand in `details`, `notes` and `missing`.", "Keep the host of an address, and no more.")
def nothing_is_given_away(case: EnvironmentCase) -> Found:
    facts = case.facts()
    told = json.dumps([dict(facts.details), facts.notes, facts.missing], default=str)
    return "It tells an address with user-info." if _CREDENTIALS.search(told) else None


@law("`rebuild` gives an interpreter below its folder.", "Return the path of the new environment's own.")
def it_rebuilds_an_interpreter(case: EnvironmentCase) -> Found:
    if case.record is None:
        return _NO_RECORD
    with case.rebuilt(case.record) as (folder, python):
        if not python.is_relative_to(folder) or not python.is_file():
            return f"It gave {str(python)!r}."
        done = subprocess.run([python, "-I", "-c", "import sys; print(sys.prefix)"], capture_output=True, check=False)
        where = done.stdout.decode().strip()
        return None if Path(where).resolve() == folder else f"The interpreter is of {where!r}."


@law("`rebuild` installs what it gives back in exactly the recorded version, and nothing else.", "Leave out pip.")
def it_rebuilds_what_it_gives_back(case: EnvironmentCase) -> Found:
    if case.record is None:
        return _NO_RECORD
    wanted = {package.name: package.version for package in case.record.packages if package.origin == "manager"}
    with case.rebuilt(case.record) as (folder, _):
        sites = [str(site) for site in (*folder.glob("lib/python3*/site-packages"), folder / "Lib" / "site-packages")]
        found = {package.name: package.version for package in metadata_folders(sites)}
    return None if found == wanted else f"It installed {found} for {wanted}."


@law("A Python that cannot be had raises `EnvironmentNotRebuilt`.", "Take no other version than the recorded one.")
def another_python_is_refused(case: EnvironmentCase) -> Found:
    if case.record is None:
        return _NO_RECORD
    try:
        with case.rebuilt(msgspec.structs.replace(case.record, python="3.999.0")):
            return "It took another Python for 3.999.0."
    except EnvironmentNotRebuilt:
        return None


def _ask(manager: EnvironmentManager, prefix: Path, root: Path) -> None:
    manager.manages(prefix, root)
    manager.reads(prefix, root)
    manager.facts(prefix, root)


def _plain(value: Any) -> Any:
    """Return a value with lists for tuples, which JSON does not tell apart."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _state(folder: Path) -> dict[Path, tuple[int, int]]:
    return {
        path: (path.lstat().st_size, path.lstat().st_mtime_ns)
        for path in folder.rglob("*")
        if "__pycache__" not in path.parts
    }


LAWS = (
    its_name_is_a_word,
    it_knows_its_own,
    it_answers_alike,
    it_changes_nothing,
    it_starts_nothing,
    what_is_absent_is_nothing,
    what_is_damaged_is_noted,
    it_says_what_it_reads,
    locks_lie_below_the_root,
    names_are_normalised,
    details_are_json,
    nothing_is_given_away,
    it_rebuilds_an_interpreter,
    it_rebuilds_what_it_gives_back,
    another_python_is_refused,
)
