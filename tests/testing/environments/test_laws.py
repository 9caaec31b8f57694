"""Every manager of bancada keeps every law, and each law catches a manager that breaks it."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sysconfig
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from unittest import SkipTest

import msgspec
import pytest
from tests.environments.wheels import path_with_uv

from bancada.contracts import EnvironmentManager
from bancada.environments import managers
from bancada.exceptions import LawBroken
from bancada.records.environments import EnvironmentRecord, Lock, ManagerFacts, Package
from bancada.testing.environments import MemoryManager, environment_checks
from bancada.testing.environments._laws import LAWS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bancada.testing import Check

OWN = {"own": ("1.0", {"own.py": "x = 1\n"}), "other": ("2", {"other.py": ""})}
RECORD = EnvironmentRecord(
    manager="memory",
    python=platform.python_version(),
    implementation=platform.python_implementation(),
    tag=sysconfig.get_platform(),
    platform="",
    packages=(Package(name="own", version="1.0", origin="manager"),),
)
DIGEST = "a" * 64
POETRY = f"""[[package]]
name = "own"
version = "1.0"
files = [{{ file = "own-1.0-py3-none-any.whl", hash = "sha256:{DIGEST}" }}]
[metadata]
lock-version = "2.1"
"""
LOCKS = {
    "memory.lock": "own==1.0\n",
    "requirements.txt": f"own==1.0 --hash=sha256:{DIGEST}\n",
    "uv.lock": f'[[package]]\nname = "own"\nversion = "1.0"\nwheels = [{{ hash = "sha256:{DIGEST}" }}]\n',
}


class Sound(MemoryManager):
    """The double, with what it gives back."""

    def __init__(self) -> None:
        super().__init__(OWN)


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, Path]:
    """Make an environment that every manager takes for its own, and a root with every lock."""
    prefix, root = tmp_path / "prefix", tmp_path / "root"
    prefix.mkdir()
    root.mkdir()
    (prefix / "memory-environment.txt").write_text("own==1.0\n")
    for name, text in LOCKS.items():
        (root / name).write_text(text)
    return prefix, root


def changed(record: EnvironmentRecord, **fields: Any) -> EnvironmentRecord:
    return msgspec.structs.replace(record, **fields)


def held(check: Check) -> None:
    """Hold a check, and pass over one that does not apply."""
    try:
        check()
    except SkipTest as reason:
        assert "no record" in str(reason) or "no lock" in str(reason)  # noqa: PT017 - any other reason is none


@pytest.mark.parametrize("law", [law.name for law in LAWS])
def test_the_double_keeps_every_law(law: str, place: tuple[Path, Path]) -> None:
    checks = {check.name: check for check in environment_checks(Sound, *place, record=RECORD)}
    checks[law]()
    assert isinstance(Sound(), EnvironmentManager)


def made_of(name: str, prefix: Path, root: Path) -> Path:
    """Mark an environment as one of a manager's; returns it."""
    if name == "poetry":
        prefix = root / ".venv"
        prefix.mkdir()
        (root / "poetry.lock").write_text(POETRY)
        (root / "pyproject.toml").write_text('[tool.poetry]\nname = "own"\n')
    if name == "conda":
        (prefix / "conda-meta").mkdir()
        (prefix / "conda-meta" / "history").write_text("")
    text = {"uv": "uv = 0.9\n", "venv": "version = 3.11\n", "poetry": "version = 3.11\n"}.get(name)
    if text is not None:
        (prefix / "pyvenv.cfg").write_text(text)
    return prefix


@pytest.mark.parametrize("name", [manager.name for manager in managers()])
def test_our_managers_keep_every_law(name: str, place: tuple[Path, Path]) -> None:
    prefix, root = made_of(name, *place), place[1]
    make = next(type(manager) for manager in managers() if manager.name == name)
    # Conda's environments are made again from archives, which the tests of its own adapter make.
    record = (
        None if name == "conda" else changed(RECORD, packages=(Package(name="own", version="1.0", content=DIGEST),))
    )
    environ = {**os.environ, "PATH": path_with_uv()}
    if shutil.which("uv", path=environ["PATH"]) is None:
        pytest.skip("uv is not on the PATH")
    for check in environment_checks(make, prefix, root, record=record, environ=environ):
        held(check)


class Shouting(Sound):
    @property
    def name(self) -> str:
        return "Memory Manager"


class Greedy(Sound):
    def manages(self, prefix: Path, root: Path) -> bool:
        return True


class Blind(Sound):
    def manages(self, prefix: Path, root: Path) -> bool:
        return False


class Forgetful(Sound):
    numbers = count()

    def facts(self, prefix: Path, root: Path) -> ManagerFacts:
        return replace(super().facts(prefix, root), details={"asked": next(self.numbers)})


class Messy(Sound):
    def facts(self, prefix: Path, root: Path) -> ManagerFacts:
        (root / "left.txt").write_text("")
        return super().facts(prefix, root)


class Busy(Sound):
    def facts(self, prefix: Path, root: Path) -> ManagerFacts:
        subprocess.run(["true"], check=True)
        return super().facts(prefix, root)


class Dreaming(Sound):
    def facts(self, prefix: Path, root: Path) -> ManagerFacts:
        return replace(super().facts(prefix, root), gives=frozenset({"own"}))


class Fragile(Sound):
    def facts(self, prefix: Path, root: Path) -> ManagerFacts:
        if (root / "memory.lock").is_file():
            (root / "memory.lock").read_text(encoding="utf-8")
        return super().facts(prefix, root)


class Silent(Sound):
    def facts(self, prefix: Path, root: Path) -> ManagerFacts:
        return replace(super().facts(prefix, root), notes=())


class Secretive(Sound):
    def reads(self, prefix: Path, root: Path) -> tuple[Path, ...]:
        return ()


class Told(Sound):
    """It tells what a mutant wants it to."""

    fields: ClassVar[Mapping[str, Any]] = {}

    def facts(self, prefix: Path, root: Path) -> ManagerFacts:
        return replace(super().facts(prefix, root), **self.fields)


class Astray(Told):
    fields: ClassVar[Mapping[str, Any]] = {"locks": (Lock(path="../memory.lock", content=b"", pins={}),)}


class Falsifying(Told):
    fields: ClassVar[Mapping[str, Any]] = {"locks": (Lock(path="memory.lock", content=b"other", pins={}),)}


class Careless(Told):
    fields: ClassVar[Mapping[str, Any]] = {"gives": frozenset({"Some_Thing"})}


class Opaque(Told):
    fields: ClassVar[Mapping[str, Any]] = {"details": {"path": Path("x")}}


class Talkative(Told):
    fields: ClassVar[Mapping[str, Any]] = {"details": {"index": "https://ana:secret@index.example/simple"}}


class Elsewhere(Sound):
    def rebuild(self, record: EnvironmentRecord, folder: Path, environ: Mapping[str, str]) -> Path:
        return super().rebuild(record, folder, environ).resolve()


class Generous(Sound):
    def rebuild(self, record: EnvironmentRecord, folder: Path, environ: Mapping[str, str]) -> Path:
        more = Package(name="other", version="2", origin="manager")
        packages = (*record.packages, more)
        return super().rebuild(changed(record, packages=packages), folder, environ)


class Accommodating(Sound):
    def rebuild(self, record: EnvironmentRecord, folder: Path, environ: Mapping[str, str]) -> Path:
        return super().rebuild(changed(record, python=platform.python_version()), folder, environ)


@pytest.mark.parametrize(
    ("make", "law", "words"),
    [
        (Shouting, "its_name_is_a_word", "Memory Manager"),
        (Greedy, "it_knows_its_own", "absent"),
        (Blind, "it_knows_its_own", "does not manage"),
        (Forgetful, "it_answers_alike", "and then"),
        (Messy, "it_changes_nothing", "Files changed"),
        (Busy, "it_starts_nothing", "It started"),
        (Dreaming, "what_is_absent_is_nothing", "It found"),
        (Fragile, "what_is_damaged_is_noted", "UnicodeDecodeError"),
        (Silent, "what_is_damaged_is_noted", "No note names"),
        (Secretive, "it_says_what_it_reads", "memory.lock"),
        (Astray, "locks_lie_below_the_root", "../memory.lock"),
        (Falsifying, "locks_lie_below_the_root", "is another"),
        (Careless, "names_are_normalised", "Some_Thing"),
        (Opaque, "details_are_json", "They are none"),
        (Talkative, "nothing_is_given_away", "user-info"),
        (Elsewhere, "it_rebuilds_an_interpreter", "It gave"),
        (Generous, "it_rebuilds_what_it_gives_back", "It installed"),
        (Accommodating, "another_python_is_refused", "another Python"),
    ],
)
def test_each_law_catches_who_breaks_it(
    make: Callable[[], EnvironmentManager], law: str, words: str, place: tuple[Path, Path]
) -> None:
    checks = {check.name: check for check in environment_checks(make, *place, record=RECORD)}
    with pytest.raises(LawBroken, match=words):
        checks[law]()


def test_every_law_has_a_manager_that_breaks_it() -> None:
    marks = test_each_law_catches_who_breaks_it.pytestmark  # type: ignore[attr-defined]  # pytest puts it there
    assert {law for _, law, _ in marks[0].args[1]} == {law.name for law in LAWS}


def test_without_a_record_rebuilding_is_not_asked_for(place: tuple[Path, Path]) -> None:
    checks = {check.name: check for check in environment_checks(Sound, *place)}
    with pytest.raises(SkipTest, match="no record to rebuild was given"):
        checks["it_rebuilds_an_interpreter"]()
