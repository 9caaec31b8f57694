"""The importable files of a distribution that is a link to its sources."""

from __future__ import annotations

import ast
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bancada.environments._contents import Part, parts_of
from bancada.environments._installed import normal_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bancada.environments._reading import Distribution

__all__ = ["Sources", "sources_of"]

_NOT_PACKAGES = frozenset(
    {"benchmarks", "build", "dist", "docs", "examples", "notebooks", "scripts", "test", "tests", "venv"}
)
_EXTENSIONS = (".so", ".pyd", ".dylib")


@dataclass(frozen=True, slots=True)
class Sources:
    """What lies behind a link.

    Attributes:
        parts: Its importable files and its metadata.
        folders: The folders that were looked into: a file that comes or goes changes one of them.
        compiled: True where an extension module is among the parts.
    """

    parts: tuple[Part, ...]
    folders: tuple[Path, ...]
    compiled: bool


def sources_of(distribution: Distribution) -> Sources | None:
    """Find the files that a linked distribution lets be imported.

    They are found as Python finds them: by the folders that its `.pth` files add to the path, and by the mapping in the
    finder that setuptools writes. Of a folder that is added, the packages count that the metadata name, else those of
    the distribution's own name, else all but the usual names of tests and documents.

    Returns:
        None where its modules come to be only as they are imported, as some builders of extension modules arrange.
    """
    places: dict[str, Path] = {}
    folders: list[Path] = []
    metadata: list[Part] = []
    for part in parts_of(distribution):
        if part.key.startswith(f"{distribution.folder.name}/"):
            metadata.append(part)
        elif part.key.endswith(".pth"):
            for folder in _added(part.path):
                folders.append(folder)
                places |= _packages(folder, distribution)
        elif part.key.endswith(".py"):
            places |= _mapped(part.path)
        elif not part.is_script:
            metadata.append(part)
    found: list[Part] = []
    for key, place in sorted(places.items()):
        if place.is_dir():
            inside, looked = _below(place)
            folders += looked
            found += [Part(f"{key}/{path.relative_to(place).as_posix()}", path) for path in inside]
        else:
            found.append(Part(key, place))
    if not found:
        return None
    compiled = any(part.key.endswith(_EXTENSIONS) for part in found)
    return Sources((*found, *metadata), tuple(dict.fromkeys((*folders, distribution.folder))), compiled)


def _added(pth: Path) -> Iterator[Path]:
    """Yield the folders that a `.pth` file adds to the path."""
    try:
        lines = pth.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return
    for line in lines:
        text = line.strip()
        if text and not text.startswith(("#", "import ", "import\t")):
            folder = Path(os.path.normpath(pth.parent / text))
            if folder.is_dir():
                yield folder


def _packages(folder: Path, distribution: Distribution) -> dict[str, Path]:
    """Choose what counts of a folder that is added to the path."""
    importable = {entry.name.partition(".")[0]: entry for entry in _entries(folder) if _is_importable(entry)}
    if folder != distribution.link:
        # A folder of sources alone, as `src` is, holds what is to be imported and nothing else.
        return {entry.name: entry for entry in importable.values()}
    named = [name for name in _top_level(distribution.folder) if name in importable]
    own = [name for name in importable if normal_name(name) == distribution.name]
    others = [name for name, entry in importable.items() if entry.is_dir() and name not in _NOT_PACKAGES]
    return {importable[name].name: importable[name] for name in named or own or others}


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _is_importable(entry: Path) -> bool:
    if not entry.name.partition(".")[0].isidentifier():
        return False
    if entry.is_dir():
        return (entry / "__init__.py").is_file() or any(entry.glob("*.py")) or any(entry.glob("*/__init__.py"))
    return entry.suffix in {".py", *_EXTENSIONS}


def _top_level(folder: Path) -> list[str]:
    try:
        return (folder / "top_level.txt").read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        return []


def _mapped(finder: Path) -> dict[str, Path]:
    """Read the mapping of setuptools' finder, without running it."""
    try:
        tree = ast.parse(finder.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return {}
    for node in tree.body:
        target = (
            node.target
            if isinstance(node, ast.AnnAssign)
            else node.targets[0]
            if isinstance(node, ast.Assign)
            else None
        )
        value = node.value if isinstance(node, ast.AnnAssign | ast.Assign) else None
        if isinstance(target, ast.Name) and target.id == "MAPPING" and value is not None:
            try:
                told = ast.literal_eval(value)
            except ValueError:
                return {}
            pairs = told.items() if isinstance(told, dict) else ()
            return dict(_placed(str(module), Path(str(place))) for module, place in pairs)
    return {}


def _placed(module: str, place: Path) -> tuple[str, Path]:
    """Say where a module of the mapping belongs: `a.b` below the folder `a`, by whatever name its sources have."""
    key = module.replace(".", "/")
    if place.is_dir():
        return key, place
    file = place if place.is_file() else place.with_suffix(".py")
    return f"{key}{''.join(file.suffixes)}", file


def _below(place: Path) -> tuple[list[Path], list[Path]]:
    """Return the files of a package, and the folders that were looked into."""
    files: list[Path] = []
    folders: list[Path] = []
    whole = place.resolve()
    for inner, names, here in os.walk(place):
        folders.append(Path(inner))
        names[:] = sorted(name for name in names if name != "__pycache__" and not name.startswith("."))
        for name in sorted(here):
            path = Path(inner, name)
            hidden = name.startswith(".") or name.endswith((".pyc", ".pyo"))
            # A link may lead anywhere, and what it leads to is copied.
            if not hidden and path.is_file() and (not path.is_symlink() or path.resolve().is_relative_to(whole)):
                files.append(path)
    return files, folders
