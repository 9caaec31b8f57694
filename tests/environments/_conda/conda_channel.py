"""Tiny packages of Conda in a folder that is a channel, and prefixes made from them."""

from __future__ import annotations

import asyncio
import base64
import bz2
import hashlib
import io
import json
import os
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "CHANNEL",
    "PLACEHOLDER",
    "PYTHON",
    "Recipe",
    "below",
    "distribution",
    "index",
    "make_prefix",
    "python_recipe",
    "wheel",
    "write",
]

CHANNEL = "tinyforge"
PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
PLACEHOLDER = "/opt/" + "placehold_" * 20


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What a package consists of.

    Attributes:
        files: Content by path in the archive.
        links: Target by path of a symbolic link.
        prefixed: Paths of text files in which the placeholder is replaced by the prefix.
    """

    name: str
    version: str
    files: Mapping[str, bytes]
    build: str = "0"
    subdir: str = "noarch"
    noarch: str | None = None
    depends: tuple[str, ...] = ()
    links: Mapping[str, str] | None = None
    prefixed: frozenset[str] = frozenset()


def distribution(
    name: str, version: str, modules: Mapping[str, bytes], site: str = "site-packages", installer: str = "conda"
) -> dict[str, bytes]:
    """Return the files of a distribution of Python, its metadata and list of files included."""
    folder = f"{name}-{version}.dist-info"
    files = {
        **modules,
        f"{folder}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{folder}/INSTALLER": installer.encode(),
        f"{folder}/WHEEL": b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = [f"{path},{_row_digest(data)},{len(data)}" for path, data in files.items()]
    files[f"{folder}/RECORD"] = "\n".join([*rows, f"{folder}/RECORD,,", ""]).encode()
    return {f"{site}/{path}": data for path, data in files.items()}


def _row_digest(data: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def python_recipe(subdir: str) -> Recipe:
    """Return a package that holds this very interpreter: its small program, and links to its library."""
    base = Path(sys.base_prefix)
    program = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    library = base / "lib" / PYTHON
    links = {f"lib/{PYTHON}/{path.name}": str(path) for path in sorted(library.iterdir()) if path.name not in _OWN}
    links |= {f"lib/{path.name}": str(path) for path in sorted((base / "lib").glob("libpython*"))}
    return Recipe(
        name="python",
        version=".".join(str(number) for number in sys.version_info[:3]),
        files={f"bin/{PYTHON}": program.read_bytes(), f"lib/{PYTHON}/site-packages/README.txt": b"packages\n"},
        links={**links, "bin/python": PYTHON},
        build="0_tiny",
        subdir=subdir,
    )


_OWN = frozenset({"site-packages", "__pycache__", "EXTERNALLY-MANAGED"})


def write(channel: Path, recipe: Recipe) -> Path:
    """Write the archive of a package into a channel."""
    paths: list[dict[str, Any]] = []
    for path, data in recipe.files.items():
        digest = hashlib.sha256(data).hexdigest()
        entry = {"_path": path, "path_type": "hardlink", "sha256": digest, "size_in_bytes": len(data)}
        replaced = {"file_mode": "text", "prefix_placeholder": PLACEHOLDER} if path in recipe.prefixed else {}
        paths.append(entry | replaced)
    paths += [{"_path": path, "path_type": "softlink"} for path in recipe.links or {}]
    about = {
        "name": recipe.name,
        "version": recipe.version,
        "build": recipe.build,
        "build_number": 0,
        "depends": list(recipe.depends),
        "subdir": recipe.subdir,
        **({"noarch": recipe.noarch} if recipe.noarch else {}),
    }
    contents = {
        "info/index.json": json.dumps(about).encode(),
        "info/paths.json": json.dumps({"paths": paths, "paths_version": 1}).encode(),
        **recipe.files,
    }
    if recipe.noarch == "python":
        link = {"noarch": {"type": "python", "entry_points": []}, "package_metadata_version": 1}
        contents["info/link.json"] = json.dumps(link).encode()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for path, data in contents.items():
            info = tarfile.TarInfo(path)
            info.size, info.mode = len(data), 0o755 if path.startswith("bin/") else 0o644
            archive.addfile(info, io.BytesIO(data))
        for path, target in (recipe.links or {}).items():
            info = tarfile.TarInfo(path)
            info.type, info.linkname = tarfile.SYMTYPE, target
            archive.addfile(info)
    place = channel / recipe.subdir / f"{recipe.name}-{recipe.version}-{recipe.build}.tar.bz2"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(bz2.compress(packed.getvalue(), 1))
    return place


def index(channel: Path) -> None:
    """Write what a solver reads of a channel."""
    from rattler.index import index_fs  # noqa: PLC0415 - this library is an extra, and tests that need it are skipped

    (channel / "noarch").mkdir(parents=True, exist_ok=True)
    asyncio.run(index_fs(channel, write_zst=False, write_shards=False))


def make_prefix(prefix: Path, address: str, names: Sequence[str], cache: Path) -> None:
    """Solve and install packages, as the programs of Conda's kind do."""
    import rattler  # noqa: PLC0415 - as above

    async def make() -> None:
        records = await rattler.solve([address], names, gateway=rattler.Gateway(cache_dir=cache / "index"))
        await rattler.install(records, prefix, cache_dir=cache / "pkgs", show_progress=False)

    asyncio.run(make())


def below(prefix: Path, leave: Iterable[str] = ()) -> dict[str, bytes]:
    """Return the content of every file below a prefix, apart from what tells of the prefix itself."""
    left = {"conda-meta", "__pycache__", *leave}
    return {
        os.fspath(path.relative_to(prefix)): path.read_bytes()
        for path in sorted(prefix.rglob("*"))
        if path.is_file() and not left & set(path.relative_to(prefix).parts)
    }


def wheel(folder: Path, name: str, version: str, modules: Mapping[str, bytes]) -> Path:
    """Write a wheel of the same files that `distribution` has, less what an installer adds."""
    files = distribution(name, version, modules, site="", installer="")
    place = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(place, "w") as archive:
        for path, data in files.items():
            if not path.endswith("/INSTALLER"):
                archive.writestr(path.lstrip("/"), data)
    return place
