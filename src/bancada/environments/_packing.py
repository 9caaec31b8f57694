"""Installed files as a wheel again, of which equal files make equal bytes."""

from __future__ import annotations

import io
import sys
import sysconfig
import zipfile
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

from bancada.environments._contents import normal_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bancada.environments._contents import Part

__all__ = ["made_here", "pack", "read_parts", "wheel_name", "wheel_tags"]

_EPOCH = (1980, 1, 1, 0, 0, 0)
_FILE, _PROGRAM = 0o100644, 0o100755
_MAKER = "Wheel-Version: 1.0\nGenerator: bancada\nRoot-Is-Purelib: {pure}\nTag: {tag}\n"


def read_parts(parts: Iterable[Part]) -> dict[str, bytes]:
    """Read the files of a distribution in their normal form, by key; those that are gone are left out."""
    found = {}
    for part in parts:
        try:
            data = part.path.read_bytes()
        except OSError:
            continue
        found[part.key] = normal_bytes(part, data)
    return found


def made_here(*, compiled: bool) -> bytes:
    """Return the file `WHEEL` of a distribution that comes from its sources."""
    tag = "py3-none-any"
    if compiled:
        python = f"cp{sys.version_info.major}{sys.version_info.minor}"
        system = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        tag = f"{python}-{python}-{system}"
    return _MAKER.format(pure=str(not compiled).lower(), tag=tag).encode()


def wheel_tags(text: bytes) -> tuple[str, ...]:
    """Read the tags from a file `WHEEL`."""
    lines = text.decode("utf-8", "replace").splitlines()
    return tuple(line.partition(":")[2].strip() for line in lines if line.lower().startswith("tag:"))


def wheel_name(folder: str, tags: Iterable[str]) -> str:
    """Return the file name of a wheel; several tags become one, part by part, as wheels of several platforms have it.

    Args:
        folder: Name of its metadata folder.
        tags: Its tags.

    Examples:
        >>> wheel_name("own-1.0.dist-info", ["py2-none-any", "py3-none-any"])
        'own-1.0-py2.py3-none-any.whl'
    """
    split = [tag.split("-") for tag in tags if tag.count("-") == 2] or [["py3", "none", "any"]]
    merged = (".".join(dict.fromkeys(piece)) for piece in zip(*split, strict=True))
    return f"{folder.removesuffix('.dist-info')}-{'-'.join(merged)}.whl"


def pack(files: dict[str, bytes], folder: str, programs: frozenset[str] = frozenset()) -> bytes:
    """Make a wheel.

    Nothing is compressed: what one version of zlib makes another does not, and equal files shall be one object.

    Args:
        files: Bytes by key, as `Part` has it.
        folder: Name of the metadata folder among them.
        programs: Keys of the files that may be executed, beside scripts.
    """
    data = f"{folder.removesuffix('.dist-info')}.data"
    named = {_place(key, data): content for key, content in files.items()}
    modes = {_place(key, data): _PROGRAM if key in programs or key.startswith(":scripts/") else _FILE for key in files}
    # The metadata come last, as the standard recommends.
    order = sorted(named, key=lambda name: (name.startswith(f"{folder}/"), name))
    rows = []
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as wheel:
        for name in order:
            _write(wheel, name, named[name], modes[name])
            digest = urlsafe_b64encode(sha256(named[name]).digest()).rstrip(b"=").decode()
            rows.append(f"{_quoted(name)},sha256={digest},{len(named[name])}\n")
        _write(wheel, f"{folder}/RECORD", "".join([*rows, f"{_quoted(folder)}/RECORD,,\n"]).encode())
    return buffer.getvalue()


def _place(key: str, data: str) -> str:
    return f"{data}/{key[1:]}" if key.startswith(":") else key


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if "," in name or '"' in name else name


def _write(wheel: zipfile.ZipFile, name: str, content: bytes, mode: int = _FILE) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.create_system = 3
    info.external_attr = mode << 16
    wheel.writestr(info, content)
