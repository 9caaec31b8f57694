"""`pyvenv.cfg`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.environments._configuration import configuration

if TYPE_CHECKING:
    from pathlib import Path


def test_it_is_read_and_empty_where_there_is_none(tmp_path: Path) -> None:
    assert configuration(tmp_path) == {}
    (tmp_path / "pyvenv.cfg").write_text("home = /usr/bin\nUV = 0.9.1\nno pair\nprompt = a = b\n")
    assert configuration(tmp_path) == {"home": "/usr/bin", "uv": "0.9.1", "prompt": "a = b"}
