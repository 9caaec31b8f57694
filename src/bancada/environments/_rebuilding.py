"""An environment made again from its record, and verified before anything of it runs."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sysconfig
from typing import TYPE_CHECKING

from bancada.environments._installing import install_wheels
from bancada.environments._kept import unpacked
from bancada.environments._managers import manager_named, managers
from bancada.environments._room import room_in
from bancada.environments._verifying import files_below, verify
from bancada.exceptions import EnvironmentNotRebuilt, UsageError, counted, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from bancada.contracts import EnvironmentManager
    from bancada.environments._verifying import Differences
    from bancada.records.environments import EnvironmentRecord, Package

__all__ = ["rebuild"]

_RULE = "An environment is made again exactly as it was recorded, or not at all."
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_VERSION = re.compile(r"[A-Za-z0-9]+(?:[._+!-]?[A-Za-z0-9]+)*")
_PYTHON = re.compile(r"\d+\.\d+\.\d+[A-Za-z0-9+]*")
_WORD = re.compile(r"[A-Za-z]{1,20}")
_HASH = re.compile(r"sha(?:256|384|512):[0-9a-f]{64,128}")
_OBJECT = re.compile(r"[0-9a-f]{64}")
_ORIGINS = frozenset({"index", "kept", "manager", "missing"})
_MOST_PACKAGES = 5_000
_LONGEST = 200
_SHOWN = 10
_WHEELS = ".bancada-wheels"


def rebuild(record: EnvironmentRecord, get: Callable[[str], bytes], folder: Path, environ: Mapping[str, str]) -> Path:
    """Make an environment again.

    Every package is installed as a wheel in the version that was recorded: from the indexes that this machine is
    configured for, or from the store. Nothing is built. Then every file of it is read, and what is not as it was
    recorded is refused before any interpreter of the environment has started.

    Args:
        record: What was recorded. It may be somebody else's, and is trusted in nothing.
        get: Returns the bytes of an object of the store, and raises `StoreError` where there is none.
        folder: Where to make it: an empty folder, or one that is not there yet. It is left empty where this fails; who
            asks removes it.
        environ: The environment variables of the programs that install.

    Returns:
        The interpreter, below `folder`.

    Raises:
        EnvironmentNotRebuilt: What was recorded cannot be had; `packages` names each package.
        StoreError: There is no room for it here.
        UsageError: The folder is not empty, or the program that installs is not there or was ended.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError(
            "An environment is made again in an empty folder.",
            f"Found {counted(len(list(folder.iterdir())), 'name')} in {os.fspath(folder)!r}.",
            "Name another folder.",
        )
    manager = _manager(record)
    _check(record)
    try:
        with room_in(folder):
            folder.mkdir(parents=True, exist_ok=True)
            return _made(record, get, folder, (manager, environ))
    except BaseException:
        _empty(folder)
        raise


def _made(
    record: EnvironmentRecord,
    get: Callable[[str], bytes],
    folder: Path,
    how: tuple[EnvironmentManager, Mapping[str, str]],
) -> Path:
    manager, environ = how
    python = manager.rebuild(record, folder, environ)
    before = files_below(folder)
    place = folder / _WHEELS
    wheels, lost = unpacked(record.packages, get, place)
    if lost:
        told = _shown([f"`{name}`: {why}" for name, why in lost.items()])
        remedy = "Take the run from a copy of the store that is whole."
        raise EnvironmentNotRebuilt(_RULE, f"Found packages that the store does not have: {told}.", remedy, lost)
    install_wheels(record.packages, wheels, python, environ)
    shutil.rmtree(place)
    _refuse(verify(record, folder, before))
    return python


def _manager(record: EnvironmentRecord) -> EnvironmentManager:
    manager = manager_named(record.manager)
    if manager is None:
        raise EnvironmentNotRebuilt(
            "An environment is made again by the manager that it was recorded of.",
            f"Found the manager {record.manager[:_LONGEST]!r}. {nearest(record.manager, _names())}",
            "Upgrade bancada, or run the claim anew in an environment that it knows.",
        )
    return manager


def _names() -> list[str]:
    return [manager.name for manager in managers()]


def _check(record: EnvironmentRecord) -> None:
    """Refuse what has not the form of a record, what cannot be had again, and what belongs to another system."""
    names = [package.name for package in record.packages]
    wrong = [package.name for package in record.packages if not _is_well_formed(package)]
    python = _PYTHON.fullmatch(record.python) and _WORD.fullmatch(record.implementation)
    if wrong or not python or len(names) > _MOST_PACKAGES or len(set(names)) != len(names):
        found = f"packages {_shown([repr(name[:_LONGEST]) for name in wrong])}" if wrong else "another form"
        raise EnvironmentNotRebuilt(
            "A record of an environment names packages, versions and digests, each package once.",
            f"Found {found}.",
            "Do not trust the run: somebody may have written its record by hand.",
            [name for name in wrong if _NAME.fullmatch(name)],
        )
    lost = {package.name: package.why for package in record.packages if package.origin == "missing"}
    unread = [package.name for package in record.packages if package.origin == "index" and not package.content]
    lost |= dict.fromkeys(unread, "its files were not recorded")
    if lost:
        raise EnvironmentNotRebuilt(
            _RULE,
            f"Found packages of which no copy was kept: {_shown([f'`{name}` ({why})' for name, why in lost.items()])}.",
            "Install each in a form that can be kept, and run the claim anew.",
            lost,
        )
    if record.tag != sysconfig.get_platform():
        raise EnvironmentNotRebuilt(
            "An environment is made again on the system that it was of: packages have other files on another.",
            f"Found {record.tag[:_LONGEST]!r} recorded, and this is {sysconfig.get_platform()!r}.",
            "Reproduce the run on such a system.",
        )


def _is_well_formed(package: Package) -> bool:
    return (
        len(package.name) + len(package.version) < _LONGEST
        and bool(_NAME.fullmatch(package.name))
        and bool(_VERSION.fullmatch(package.version) or package.origin == "missing")
        and all(_HASH.fullmatch(value) for value in package.hashes)
        and all(not value or _OBJECT.fullmatch(value) for value in (package.content, package.kept))
        and package.origin in _ORIGINS
        and (package.origin == "kept") == bool(package.kept)
    )


def _refuse(differences: Differences) -> None:
    packages, strays = differences
    if not packages and not strays:
        return
    told = [f"`{name}` {how}" for name, how in packages.items()]
    told += [f"the file {path!r} belongs to no package" for path in strays]
    raise EnvironmentNotRebuilt(
        _RULE,
        f"Found after installing: {_shown(told)}.",
        "Nothing of it was run. Look at where these packages come from: an index may hold other files than it did, or "
        "offer another wheel to this system.",
        packages,
    )


def _shown(items: Sequence[str]) -> str:
    more = f" and {len(items) - _SHOWN:,} more" if len(items) > _SHOWN else ""
    return ", ".join(items[:_SHOWN]) + more


def _empty(folder: Path) -> None:
    """Leave nothing of what failed."""
    with contextlib.suppress(OSError):
        for entry in list(folder.iterdir()):
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink(missing_ok=True)
