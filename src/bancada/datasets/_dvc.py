"""Files that DVC tracks: what its own files say of them, read without DVC."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bancada.identity import DigestMemo

__all__ = ["Tracked", "agrees", "tracked"]

# `outs:` of a `.dvc` file, of a stage in `dvc.lock`, or in `dvc.yaml`; then items, each `- key: value` and more keys.
_OUTS = re.compile(r"(?P<indent> *)outs:\s*(?:#.*)?")
_ITEM = re.compile(r"(?P<indent> *)- (?P<rest>.*)")
_PAIR = re.compile(r"(?P<key>[A-Za-z0-9_]+):\s*(?P<value>.*?)\s*")
_KEYS = frozenset({"cache", "hash", "md5", "nfiles", "path", "size"})
_LARGEST = 4_000_000
_MEMO = "md5"


@dataclass(frozen=True, slots=True)
class Tracked:
    """What DVC says of a file.

    Attributes:
        by: The file that says so: `data.csv.dvc`, or a `dvc.lock` or `dvc.yaml`.
        whole: True where the file itself is tracked, False where a folder above it is.
        md5: MD5 of its content; empty where nothing says it.
        plain: True where that is of the bytes as they are; older versions of DVC took texts with the line ends of Unix.
    """

    by: Path
    whole: bool
    md5: str = ""
    plain: bool = True


def tracked(path: Path) -> Tracked | None:
    """Return what DVC says of a file or folder, which may be missing; None where it says nothing.

    Args:
        path: The file.
    """
    wanted = Path(os.path.abspath(path))  # noqa: PTH100 - absolute() keeps `..`
    for above in (wanted, *wanted.parents):
        found = _said(above.with_name(f"{above.name}.dvc"), wanted) if above.name else None
        if found is not None:
            return found
        for name in ("dvc.lock", "dvc.yaml") if above != wanted else ():
            found = _said(above / name, wanted)
            if found is not None:
                return found
        if above != wanted and ((above / ".dvc").is_dir() or (above / ".git").exists()):
            break
    return None


def agrees(path: Path, said: Tracked, memo: DigestMemo | None = None) -> bool | None:
    """Tell whether a file has the content that DVC says; None where DVC does not say it of this very file.

    Args:
        path: The file; it exists.
        said: What DVC says of it.
        memo: Where the digest of an unchanged file is recalled from.

    Raises:
        OSError: The file cannot be read.
    """
    if not said.whole or not re.fullmatch(r"[0-9a-f]{32}", said.md5):
        return None
    known = None if memo is None else memo.get(path, _MEMO)
    if known is None:
        stamp = None if memo is None else memo.stamp(path)
        with path.open("rb") as stream:
            known = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
        if memo is not None:
            memo.put(path, _MEMO, known, stamp)
    return known == said.md5 or (not said.plain and _unix_md5(path) == said.md5)


def _unix_md5(path: Path) -> str:
    hasher, carried = hashlib.md5(usedforsecurity=False), b""
    with path.open("rb") as stream:
        while data := stream.read(1 << 20):
            data = carried + data
            carried = data[-1:] if data.endswith(b"\r") else b""
            hasher.update(data[: len(data) - len(carried)].replace(b"\r\n", b"\n"))
    hasher.update(carried)
    return hasher.hexdigest()


def _said(by: Path, wanted: Path) -> Tracked | None:
    """Return what one of DVC's files says of a path: of it, or of a folder above it."""
    try:
        if not by.is_file() or by.stat().st_size > _LARGEST:
            return None
        text = by.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    for item in _outs(text):
        place = Path(os.path.normpath(by.parent / item["path"]))
        if place == wanted or place in wanted.parents:
            plain = by.suffix != ".dvc" or item.get("hash") == "md5"
            return Tracked(by, place == wanted, item.get("md5", ""), plain)
    return None


def _outs(text: str) -> Iterator[dict[str, str]]:
    """Yield what each item below an `outs:` says; the little of YAML that DVC writes there is enough."""
    items: list[dict[str, str]] = []
    inside: int | None = None
    for line in text.splitlines():
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        indent, started, outs = len(line) - len(line.lstrip()), _ITEM.fullmatch(line), _OUTS.fullmatch(line)
        if outs is not None:
            inside = indent
        elif inside is not None and (indent < inside or (indent == inside and started is None)):
            inside = None
        elif inside is not None and started is not None:
            items.append(_said_in(started["rest"]))
        elif inside is not None and items:
            for key, value in _said_in(bare).items():
                items[-1].setdefault(key, value)
    return (item for item in items if item.get("path"))


def _said_in(text: str) -> dict[str, str]:
    """Return what one line says; a bare name, also before settings of its own, is a path."""
    pair = _PAIR.fullmatch(text)
    if pair is not None and (pair["key"] in _KEYS or pair["value"]):
        return {pair["key"]: _bare(pair["value"])}
    return {"path": _bare(text.rstrip(":").strip())}


def _bare(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value
