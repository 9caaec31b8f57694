"""What a command read: files that it named, that were declared, and that its Python processes noted."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.engine.evidence import kept_environment
from bancada.environments import interpreter
from bancada.exceptions import NotFoundError
from bancada.identity import DigestMemo, canonical_json
from bancada.provenance import Observation, find_secrets, observed_digests
from bancada.records.environments import EnvironmentRecord, Package

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bancada.definitions import Project
    from bancada.engine.outside._children import Children, Python
    from bancada.records import Observed
    from bancada.store import Store

__all__ = ["Inputs", "Named", "environment_of", "inputs_of", "keep_sources"]

OUTSIDE_SHOWN = 5
SOURCE_BYTES = 1 << 20
SOURCES = frozenset(
    {
        ".awk", ".bash", ".c", ".cfg", ".cpp", ".go", ".h", ".ini", ".ipynb", ".java", ".jl", ".js", ".json", ".lua",
        ".m", ".pl", ".py", ".r", ".rb", ".rs", ".scala", ".sh", ".sql", ".toml", ".ts", ".yaml", ".yml",
    }
)  # fmt: skip
ASKS = (
    "import importlib.metadata as m, json; "
    "print(json.dumps(sorted({(d.metadata['Name'] or '').lower(): d.version for d in m.distributions()}.items())))"
)
LIMIT_S = 20.0
_ASKED = "the packages of another interpreter were recorded by name and version only"


@dataclass(frozen=True)
class Named:
    """Files that a command line names or that were declared, as they were before the command ran.

    Attributes:
        folder: Working directory of the command.
        stamps: Size and time of each file by its absolute path.
    """

    folder: Path
    stamps: dict[Path, tuple[int, int, int]] = field(default_factory=dict)

    @classmethod
    def look(cls, command: Sequence[str], reads: Sequence[str], folder: Path) -> Named:
        """Look at the files that exist.

        Args:
            command: The command line: a file is an argument, or stands behind `=` in one.
            reads: Files and folders that were declared, relative to the working directory.
            folder: Working directory.

        Raises:
            NotFoundError: What was declared does not exist.
        """
        found = [folder / part for word in command for part in (word, word.partition("=")[2]) if _usable(part)]
        for name in reads:
            path = folder / name
            if not path.exists():
                raise NotFoundError(
                    "What `--reads` names must exist.", f"There is no `{name}` in `{folder}`.", "Correct the path."
                )
            found += [item for item in path.rglob("*") if item.is_file()] if path.is_dir() else [path]
        return cls(folder, {path.resolve(): _stamp(path) for path in found if _is_file(path)})

    def unchanged(self) -> list[str]:
        """Return the files that are as they were: what the command wrote is an output."""
        return [str(path) for path, stamp in self.stamps.items() if _is_file(path) and _stamp(path) == stamp]


@dataclass(frozen=True)
class Inputs:
    """What a command read.

    Attributes:
        observed: Files below the root with their digests.
        missing: What could not be known, a phrase each.
    """

    observed: tuple[Observed, ...]
    missing: tuple[str, ...]

    @property
    def files(self) -> dict[str, str]:
        """Digest of each file by its path below the root."""
        return {item.path: item.digest for item in self.observed}


def inputs_of(named: Observation, children: Children, memo: DigestMemo, root: Path, started_ns: int) -> Inputs:
    """Put together what is known of a command's inputs.

    Args:
        named: Files that were named and not written.
        children: What Python processes noted.
        memo: Where digests of unchanged files are recalled from.
        root: The project's root.
        started_ns: When the command began.
    """
    seen = Observation(
        tuple(sorted({*named.files, *children.observation.files})),
        tuple(sorted({*named.outside, *children.observation.outside})),
    )
    observed = observed_digests(root, seen, memo)
    changed = [item.path for item in observed if _mtime(root / item.path) >= started_ns]
    missing = [f"`{path}` changed while the command ran" for path in changed]
    missing += [f"`{path}` was read, outside the project" for path in seen.outside[:OUTSIDE_SHOWN]]
    if len(seen.outside) > OUTSIDE_SHOWN:
        missing.append(f"{len(seen.outside) - OUTSIDE_SHOWN} more files were read, outside the project")
    return Inputs(observed, tuple(missing))


def keep_sources(inputs: Inputs, root: Path, store: Store) -> tuple[dict[str, str], list[str]]:
    """Keep the texts of programs among the inputs; those that hold secrets are withheld and named."""
    kept, withheld = {}, []
    for item in inputs.observed:
        path = root / item.path
        if path.suffix.lower() not in SOURCES or not _is_file(path) or path.stat().st_size > SOURCE_BYTES:
            continue
        data = path.read_bytes()
        secrets = find_secrets(data.decode(errors="replace"))
        if secrets:
            withheld.append(f"source `{item.path}` was withheld: it holds {', '.join(secrets)}")
        else:
            kept[item.path] = store.objects.put(data)
    return kept, withheld


def environment_of(pythons: Sequence[Python], project: Project, store: Store) -> dict[str, Any]:
    """Return the interpreter and the packages of a command's Python processes; empty where there was none.

    An interpreter of another environment is asked for its packages, by name and version.
    """
    if not pythons:
        return {}
    if any(python.prefix == sys.prefix for python in pythons):
        kept = kept_environment(project.root, project.cache, store)
        told = {} if kept.name is None else {"environment": kept.name}
        return {**told, "python": interpreter()["python"]}
    first = pythons[0]
    packages = tuple(Package(name=name, version=version) for name, version in _packages(first.executable))
    here = EnvironmentRecord(**interpreter(), manager="", packages=packages, missing=(_ASKED,))
    described = msgspec.structs.replace(here, python=first.version, build="")
    return {"environment": store.objects.put(canonical_json(msgspec.to_builtins(described))), "python": first.version}


def _packages(executable: str) -> list[list[str]]:
    try:
        done = subprocess.run([executable, "-c", ASKS], capture_output=True, timeout=LIMIT_S, check=True)
        told: list[list[str]] = msgspec.json.decode(done.stdout, type=list[list[str]])
    except (OSError, subprocess.SubprocessError, msgspec.DecodeError):
        return []
    return told


def _usable(text: str) -> bool:
    return bool(text) and "\0" not in text and not text.startswith("-")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # such as a name that is too long for one
        return False


def _stamp(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino


def _mtime(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
