"""What is remembered between processes; losing it costs time only."""

from __future__ import annotations

from pathlib import Path

import pytest

from bancada.environments._memory import Memory, Told, Was
from bancada.records.environments import Package

PREFIX = Path("/some/env")
WAS = Was("stamp", {"/a": ["b"]}, Package(name="own", version="1", kept="a" * 64, origin="kept"))
TOLD = Told("stamp", {}, frozenset({"x"}), frozenset(), {"y": ("z",)}, b"{}", (), ())


def test_what_has_a_stamp_is_remembered(tmp_path: Path) -> None:
    Memory(tmp_path, PREFIX).keep({"/a": WAS, "/b": Was("", {}, WAS.package)}, TOLD)
    again = Memory(tmp_path, PREFIX)
    assert (again.packages, again.told) == ({"/a": WAS}, TOLD)
    assert Memory(tmp_path, Path("/other")).packages == {}


def test_wheels_that_nobody_names_are_dropped(tmp_path: Path) -> None:
    memory = Memory(tmp_path, PREFIX)
    first, second = memory.keep_wheel(b"first"), memory.keep_wheel(b"second")
    memory.keep({"/a": Was("stamp", {}, Package(name="own", version="1", kept=second))}, None)
    assert not memory.wheel(first).exists()
    assert memory.wheel(second).read_bytes() == b"second"


@pytest.mark.parametrize("data", [b"", b"\xff", b"\x80"])
def test_a_damaged_memory_is_none(tmp_path: Path, data: bytes) -> None:
    memory = Memory(tmp_path, PREFIX)
    memory.keep({"/a": WAS}, TOLD)
    (memory.folder / "known.msgpack").write_bytes(data)
    assert Memory(tmp_path, PREFIX).packages == {}


def test_a_cache_that_cannot_be_written_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    memory = Memory(tmp_path / "file", PREFIX)
    digest = memory.keep_wheel(b"wheel")
    memory.keep({"/a": WAS}, TOLD)
    assert not memory.wheel(digest).is_file()
    assert Memory(tmp_path / "file", PREFIX).packages == {}


def test_what_cannot_be_renamed_leaves_nothing_behind(tmp_path: Path) -> None:
    memory = Memory(tmp_path, PREFIX)
    (memory.folder / "known.msgpack").mkdir(parents=True)
    memory.keep({"/a": WAS}, TOLD)
    assert [path.name for path in memory.folder.iterdir()] == ["known.msgpack"]
