"""Wheels of the store, looked at before an installer sees them."""

from __future__ import annotations

import io
import re
import zipfile
from hashlib import sha256
from typing import TYPE_CHECKING

from bancada.environments._contents import content_of
from bancada.environments._packing import wheel_name, wheel_tags
from bancada.exceptions import BancadaError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from bancada.records.environments import Package

__all__ = ["unpacked"]

_MOST_FILES = 200_000
_MOST_BYTES = 2_000_000_000
_FOLDER = re.compile(r"[A-Za-z0-9_.]+-[A-Za-z0-9_.+!]+\.dist-info")


def unpacked(
    packages: Iterable[Package], get: Callable[[str], bytes], folder: Path
) -> tuple[dict[str, Path], dict[str, str]]:
    """Write the wheels of kept packages into a folder.

    Args:
        packages: What was recorded.
        get: Returns the bytes of an object.
        folder: The folder; it is made.

    Returns:
        The wheels by name of their packages; and by name, why there is no wheel that can be installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wheels: dict[str, Path] = {}
    lost: dict[str, str] = {}
    for package in packages:
        if package.origin != "kept":
            continue
        try:
            data = get(package.kept)
            name = _checked(data, package)
        except BancadaError:
            lost[package.name] = "its wheel is no longer in the store"
        except (ValueError, KeyError, zipfile.BadZipFile, EOFError, NotImplementedError) as error:
            lost[package.name] = f"its wheel is not what was recorded: {error}"
        else:
            wheels[package.name] = folder / name
            wheels[package.name].write_bytes(data)
    return wheels, lost


def _checked(data: bytes, package: Package) -> str:
    """Return the file name of a wheel.

    Raises:
        ValueError: It is not the wheel of this package, or would install other files.
        BadZipFile: It is no wheel.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as wheel:
        entries = [entry for entry in wheel.infolist() if not entry.is_dir()]
        if len(entries) > _MOST_FILES or sum(entry.file_size for entry in entries) > _MOST_BYTES:
            message = "it is too large"
            raise ValueError(message)
        folder = _metadata_folder([entry.filename for entry in entries])
        digests = []
        for entry in entries:
            key = _key(entry.filename, folder)
            if key != f"{folder}/RECORD":
                digests.append((key, sha256(wheel.read(entry)).hexdigest()))
        if content_of(digests) != package.content:
            message = "it has other files"
            raise ValueError(message)
        return wheel_name(folder, wheel_tags(wheel.read(f"{folder}/WHEEL")))


def _metadata_folder(names: list[str]) -> str:
    folders = {name.partition("/")[0] for name in names if name.partition("/")[0].endswith(".dist-info")}
    if len(folders) != 1 or len(set(names)) != len(names):
        message = "it has not one folder of metadata"
        raise ValueError(message)
    folder = folders.pop()
    if not _FOLDER.fullmatch(folder):
        message = f"its metadata are called {folder!r}"
        raise ValueError(message)
    return folder


def _key(name: str, folder: str) -> str:
    """Return the key of a file in a wheel, as `Part` has it."""
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or ":" in parts[0] or {"", ".", ".."} & set(parts):
        message = f"it would write to {name!r}"
        raise ValueError(message)
    data = f"{folder.removesuffix('.dist-info')}.data"
    return ":" + name.partition("/")[2] if parts[0] == data else name
