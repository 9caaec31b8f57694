"""Secrets that look like real ones, and a search for them in everything that a folder holds."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
import zlib
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Planted", "found_in"]

_DEPTH = 3


class Planted:
    """Makes a secret of its own for each place, so that one that is found tells where it leaked from."""

    def __init__(self) -> None:
        self.by_place: dict[str, bytes] = {}

    def token(self, place: str) -> str:
        """Return a token as GitHub's look."""
        return self._keep(place, "ghp_", self._letters(place, 36))

    def access_key(self, place: str) -> str:
        """Return a key as those of AWS look."""
        return self._keep(place, "AKIA", base64.b32encode(self._digest(place)).decode()[:16].replace("=", "A"))

    def password(self, place: str) -> str:
        """Return a password, known as one by its place only."""
        return self._keep(place, "", f"horse-{self._letters(place, 12)}-9")

    def private_key(self, place: str) -> str:
        """Return a private key in its armour."""
        body = self._keep(place, "", base64.b64encode(self._digest(place) * 2).decode())
        return f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"

    def _keep(self, place: str, head: str, body: str) -> str:
        assert place not in self.by_place
        self.by_place[place] = body.encode()
        return head + body

    def _letters(self, place: str, count: int) -> str:
        return base64.b64encode(self._digest(place) * 2).decode().replace("+", "a").replace("/", "b")[:count]

    @staticmethod
    def _digest(place: str) -> bytes:
        return hashlib.sha256(f"planted {place}".encode()).digest()


def found_in(folder: Path, planted: Planted) -> dict[str, list[str]]:
    """Return the places whose secrets stand in a folder's files or their names, with the files.

    What is packed is unpacked: archives, compressed streams, Arrow files.
    """
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        contents = [name.encode()]
        if path.is_file():
            contents += _unpacked(path.read_bytes())
        for content in contents:
            for place, secret in planted.by_place.items():
                if secret in content and name not in found.setdefault(place, []):
                    found[place].append(name)
    return {place: names for place, names in found.items() if names}


def _unpacked(data: bytes, depth: int = 0) -> Iterator[bytes]:
    yield data
    if depth >= _DEPTH:
        return
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for item in archive.infolist():
                yield item.filename.encode()
                yield from _unpacked(archive.read(item), depth + 1)
    elif data[:2] in {b"\x1f\x8b", b"\x78\x9c", b"\x78\x01", b"\x78\xda"}:
        try:
            yield from _unpacked(zlib.decompress(data, wbits=47), depth + 1)
        except zlib.error:
            return
    elif data[:6] == b"ARROW1":
        with pa.ipc.open_file(io.BytesIO(data)) as table:
            yield repr(table.read_all().to_pydict()).encode()
    elif data[:4] == b"\xff\xff\xff\xff":
        try:
            with pa.ipc.open_stream(io.BytesIO(data)) as table:
                yield repr(table.read_all().to_pydict()).encode()
        except pa.ArrowException:
            return
