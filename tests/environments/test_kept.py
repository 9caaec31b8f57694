"""Wheels of the store are looked at before an installer sees them."""

from __future__ import annotations

import io
import zipfile
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from bancada.environments._contents import content_of
from bancada.environments._kept import unpacked
from bancada.environments._packing import made_here, pack
from bancada.exceptions import StoreError
from bancada.records.environments import Package

if TYPE_CHECKING:
    from pathlib import Path

INFO = "own-1.0.dist-info"
FILES = {"own.py": b"x = 1\n", f"{INFO}/WHEEL": made_here(compiled=False), ":scripts/tool": b"#!python\n"}
CONTENT = content_of((key, sha256(data).hexdigest()) for key, data in FILES.items())


def kept(content: str = CONTENT) -> Package:
    return Package(name="own", version="1.0", content=content, origin="kept", kept="a" * 64)


def test_a_wheel_is_written_under_a_name_that_installers_read(tmp_path: Path) -> None:
    index = Package(name="other", version="1")
    wheels, lost = unpacked([kept(), index], lambda _: pack(FILES, INFO), tmp_path / "wheels")
    assert (wheels, lost) == ({"own": tmp_path / "wheels" / "own-1.0-py3-none-any.whl"}, {})
    assert wheels["own"].read_bytes() == pack(FILES, INFO)


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as wheel:
        for name in names:
            wheel.writestr(name, b"")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (pack({**FILES, "own.py": b"x = 2\n"}, INFO), "it has other files"),
        (b"no wheel", "not a zip file"),
        (archive("own.py"), "it has not one folder of metadata"),
        (archive(f"{INFO}/WHEEL", "x-1.dist-info/WHEEL"), "it has not one folder of metadata"),
        (archive("../out.py", f"{INFO}/WHEEL"), "it would write to '../out.py'"),
        (archive("/etc/out.py", f"{INFO}/WHEEL"), "it would write to '/etc/out.py'"),
        (archive("own-1.0.data/data/../../out", f"{INFO}/WHEEL"), "it would write to"),
        (archive("a\\..\\out.py", f"{INFO}/WHEEL"), "it would write to"),
        (archive("x y-1.dist-info/WHEEL"), "its metadata are called"),
    ],
)
def test_a_wheel_that_is_not_what_was_recorded_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    wheels, lost = unpacked([kept()], lambda _: data, tmp_path)
    assert wheels == {}
    assert words in lost["own"]
    assert list(tmp_path.iterdir()) == []


def test_a_wheel_that_the_store_lost_is_named(tmp_path: Path) -> None:
    def get(name: str) -> bytes:
        raise StoreError("An object must be there.", f"Found none of {name!r}.", "Look elsewhere.")

    assert unpacked([kept()], get, tmp_path) == ({}, {"own": "its wheel is no longer in the store"})
