"""The lock of a project that Poetry manages, `poetry.lock`, beside what its `pyproject.toml` asks for."""

from __future__ import annotations

import json
import re
import tomllib
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from bancada.environments._installed import normal_name
from bancada.environments._lockfiles import Pins, Read, locks_in, shared_locks, toml_hosts

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["is_fresh", "is_project", "lock_hosts", "lock_places", "lock_version", "poetry_pins", "read_locks"]

_LOCK = "poetry.lock"
_PROJECT = "pyproject.toml"
_BY = re.compile(rb"#[^\n]*\bPoetry (\d[\w.]*)")
# What Poetry digests of a project: these keys where they are there, and of the first four, outside a `[project]`, also
# that they are not.
_OLD_KEYS = ("dependencies", "source", "extras", "dev-dependencies")
_KEYS = (*_OLD_KEYS, "group")
_PROJECT_KEYS = ("requires-python", "dependencies", "optional-dependencies")
# Since this version the digest covers `[dependency-groups]`.
_WITH_GROUPS = (2, 3)
_STALE = "`poetry.lock` was not kept: `pyproject.toml` asks for something else since it was written. Run `poetry lock`."


def lock_places(root: Path) -> tuple[Path, ...]:
    """Name the files that are read.

    Args:
        root: The project's root.
    """
    return (root / _LOCK, root / _PROJECT, *(path for path, _, _ in shared_locks(root)))


def read_locks(root: Path) -> Read:
    """Read the locks; a `poetry.lock` that was made for another `pyproject.toml` is a note.

    Args:
        root: The project's root.
    """
    read = locks_in(root, [(root / _LOCK, poetry_pins, True), *shared_locks(root)])
    project = _project(root)
    kept = [lock for lock in read.locks if lock.path != _LOCK or is_fresh(lock.content, project)]
    return Read(tuple(kept), (*read.notes, *([_STALE] if len(kept) < len(read.locks) else [])))


def poetry_pins(content: bytes) -> Pins:
    """Read the pins of a `poetry.lock`, of which earlier versions had the digests in a table of their own."""
    told = tomllib.loads(content.decode())
    beside = _table(_table(told, "metadata"), "files")
    pins: Pins = {}
    for package in told.get("package", ()):
        files = package["files"] if "files" in package else beside.get(package["name"], ())
        hashes = tuple(sorted({file["hash"] for file in files}))
        pins.setdefault(normal_name(package["name"]), {})[str(package["version"])] = hashes
    return pins


def is_fresh(content: bytes, project: dict[str, Any]) -> bool:
    """Tell whether a lock was made for what a project asks for now, as Poetry itself tells it.

    Args:
        content: The lock.
        project: What `pyproject.toml` holds.
    """
    wanted = _table(tomllib.loads(content.decode()), "metadata").get("content-hash", "")
    numbers = tuple(int(number) for number in re.findall(r"\d+", lock_version(content))[:2])
    groups = [True] if numbers >= _WITH_GROUPS else [True, False]
    return any(_digest(project, groups=with_groups) == wanted for with_groups in groups)


def lock_version(content: bytes) -> str:
    """Return the version of Poetry that wrote a lock; empty where it does not say.

    Args:
        content: The lock.
    """
    found = _BY.match(content)
    return found[1].decode().rstrip(".") if found else ""


def _digest(project: dict[str, Any], *, groups: bool) -> str:
    table, about = _table(_table(project, "tool"), "poetry"), _table(project, "project")
    stated = {key: about[key] for key in _PROJECT_KEYS if key in about}
    grouped = _table(project, "dependency-groups") if groups else {}
    modern = bool(stated or grouped)
    asked = {key: table.get(key) for key in _KEYS if key in table or (key in _OLD_KEYS and not modern)}
    whole = asked
    if modern:
        whole = {name: value for name, value in (("project", stated), ("dependency-groups", grouped)) if value}
        whole["tool"] = {"poetry": asked}
    return sha256(json.dumps(whole, sort_keys=True, default=str).encode()).hexdigest()


def lock_hosts(content: bytes) -> list[str]:
    """Return the host names of the indexes that a `poetry.lock` names; the one that goes without saying is not there.

    Args:
        content: The lock.
    """
    sources = [_table(package, "source") for package in tomllib.loads(content.decode()).get("package", ())]
    return toml_hosts(source.get("url") for source in sources if source.get("type") == "legacy")


def is_project(root: Path) -> bool:
    """Tell whether a project is one of Poetry's.

    Args:
        root: The project's root.
    """
    project = _project(root)
    tools = _table(project, "tool")
    builds = str(_table(project, "build-system").get("build-backend", "")).startswith("poetry.")
    return "poetry" in tools or builds or (root / _LOCK).is_file()


def _project(root: Path) -> dict[str, Any]:
    try:
        return tomllib.loads((root / _PROJECT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _table(told: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a table; an empty one where something else has its name."""
    value = told.get(name)
    return value if isinstance(value, dict) else {}
