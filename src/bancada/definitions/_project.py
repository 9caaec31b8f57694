"""The project that a command runs in: its root, and the settings that hold there."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bancada.definitions._settings import Layer, Setting, merged, personal_file, read_toml
from bancada.definitions.agreement import Team
from bancada.exceptions import ConfigurationError, StoreError
from bancada.identity import digest_bytes
from bancada.provenance.origin import checked_path

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Project", "find_project"]

_OWN = "bancada.toml"
_SHARED = "pyproject.toml"


@dataclass(frozen=True)
class Project:
    """A project's root and its settings.

    Attributes:
        root: The root folder, absolute.
        file: The file with the project's settings; None where there is none.
        modules: Modules with definitions, as `import` names them.
        store: Folder of the store.
        cache: Folder for what can be made again.
        cores: Cores to use; None for all that the process may use.
        search: Folders from which the project's modules are imported: the root, and `src` where it exists.
        timeout_s: Seconds that one fold may take; None for no limit.
        memory_mb: Million bytes of memory that one fold may hold; None for no limit.
        personal: Folder of the personal settings, where the user's own key is kept.
        key: The SSH key that signs runs; None where none shall.
        signers: File of the signers whose records may be asked to execute; None where nobody's may.
        snapshot: Where copies of data are kept: `none`, `store`, or an address that fsspec knows.
        team: Who approves, in which roles.
        guide: Pages that say how the evaluation is applied, relative to the root.
        tests: Where the tests of the evaluation's code are, relative to the root; where pytest looks without it.
        settings: Every setting that was set somewhere, with its source, by name.
    """

    root: Path
    file: Path | None
    modules: tuple[str, ...]
    store: Path
    cache: Path
    cores: int | None
    search: tuple[Path, ...]
    timeout_s: float | None = None
    memory_mb: float | None = None
    personal: Path = Path()
    key: Path | None = None
    signers: Path | None = None
    snapshot: str = "none"
    team: Team = field(default_factory=Team)
    guide: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = ()

    def changed_sources(self, snapshot: Mapping[str, Any]) -> tuple[str, ...]:
        """Return which source files of a snapshot differ now or are gone, relative to the root, sorted."""
        known = {item["file"]: item["sha256"] for item in snapshot.get("modules", ())}
        return tuple(sorted(file for file, sha256 in known.items() if _sha256(self.root, file) != sha256))


def _sha256(root: Path, file: str) -> str:
    """Return the digest of a source file; empty where there is none, or where its path leads out of the project."""
    try:
        path = root / checked_path(file)
        return digest_bytes(path.read_bytes()) if path.is_file() else ""
    except (OSError, StoreError):
        return ""


def find_project(
    start: Path,
    environ: Mapping[str, str],
    *,
    home: Path,
    flags: Mapping[str, Any] | None = None,
    platform: str = sys.platform,
) -> Project:
    """Return the project of a folder.

    The root is the nearest parent with `[tool.bancada]` in `pyproject.toml` or a `bancada.toml`, else the git root,
    else the folder itself. A setting comes from an option, else from `BANCADA_*`, else from the personal file, else
    from the project's. Relative folders are relative to the root, those of an option to `start`.

    Args:
        start: The folder to begin at.
        environ: Environment variables.
        home: The user's home folder.
        flags: Options by setting; None stands for one that was not given.
        platform: As `sys.platform` names it.

    Raises:
        ConfigurationError: A file is no TOML, a key is unknown there, or a value is not of its key.
    """
    start = start.absolute()
    root, file, own = _root(start)
    personal = personal_file(environ, home)
    layers = [Layer.flags(flags or {}), Layer.environment(environ)]
    if personal.is_file():
        layers.append(Layer.personal(personal, read_toml(personal)))
    if file is not None:
        layers.append(Layer.project(file, own))
    found = merged(layers)

    def folder(key: str, default: Path) -> Path:
        if key not in found:
            return default
        written = str(found[key].value)
        expanded = home / written[2:] if written.startswith("~/") else Path(written)
        return (start if found[key].source.startswith("option ") else root) / expanded

    return Project(
        root=root,
        file=file,
        modules=found["modules"].value if "modules" in found else (),
        store=folder("store", root / ".bancada"),
        cache=folder("cache", _cache(environ, home, platform)),
        cores=found["cores"].value if "cores" in found else None,
        search=(root, root / "src") if (root / "src").is_dir() else (root,),
        timeout_s=found["timeout_s"].value if "timeout_s" in found else None,
        memory_mb=found["memory_mb"].value if "memory_mb" in found else None,
        personal=personal.parent,
        key=folder("key", root) if "key" in found else None,
        signers=folder("signers", root) if "signers" in found else None,
        snapshot=found["snapshot"].value if "snapshot" in found else "none",
        team=found["team"].value if "team" in found else Team(),
        guide=found["guide"].value if "guide" in found else (),
        tests=found["tests"].value if "tests" in found else (),
        settings=tuple(found[key] for key in sorted(found)),
    )


def _root(start: Path) -> tuple[Path, Path | None, dict[str, Any]]:
    for folder in (start, *start.parents):
        own, shared = folder / _OWN, folder / _SHARED
        table = _table(shared)
        if own.is_file():
            if table is not None:
                rule = "The settings of a project stand in one file."
                found = f"Found `{own}`, and `[tool.bancada]` in `{shared}`."
                raise ConfigurationError(rule, found, "Move them into one of the two.")
            return folder, own, read_toml(own)
        if table is not None:
            return folder, shared, table
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            return folder, None, {}
    return start, None, {}


def _table(path: Path) -> dict[str, Any] | None:
    """Return `[tool.bancada]` of a `pyproject.toml`; one that never says so is not parsed, it may be anything."""
    try:
        if b"bancada" not in path.read_bytes():
            return None
    except OSError:
        return None
    table = read_toml(path).get("tool", {})
    table = table.get("bancada") if isinstance(table, dict) else None
    if table is None or isinstance(table, dict):
        return table
    rule = f"`tool.bancada` in `{path}` is a table."
    raise ConfigurationError(rule, f"Found {table!r}.", "Write `[tool.bancada]`, and the settings below it.")


def _cache(environ: Mapping[str, str], home: Path, platform: str) -> Path:
    shared = environ.get("XDG_CACHE_HOME", "")
    if Path(shared).is_absolute():
        return Path(shared) / "bancada"
    if platform == "darwin":
        return home / "Library" / "Caches" / "bancada"
    return home / ".cache" / "bancada"
