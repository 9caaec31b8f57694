"""Index addresses come from this machine's configuration alone."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from bancada.environments import _indexes as room
from bancada.environments._indexes import index_settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "env"))
    monkeypatch.setattr(room, "_SYSTEM", tmp_path / "etc")
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_where_uv_is_told_nothing_it_hears_what_pip_is_told(home: Path) -> None:
    write(
        home / ".config/pip/pip.conf",
        "[global]\nindex-url = https://index.example/simple\nextra-index-url =\n  a\n  b\n",
    )
    assert index_settings({"HOME": str(home)}) == {
        "UV_DEFAULT_INDEX": "https://index.example/simple",
        "UV_EXTRA_INDEX_URL": "a b",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }


def test_variables_are_stronger_than_files_and_files_of_the_user_than_those_of_the_system(home: Path) -> None:
    write(home / "etc/pip.conf", "[global]\nindex-url = system\nfind-links = folder\n")
    write(home / ".pip/pip.conf", "[global]\nindex-url = user\n")
    assert index_settings({"HOME": str(home)})["UV_DEFAULT_INDEX"] == "user"
    found = index_settings({"HOME": str(home), "PIP_INDEX_URL": "variable"})
    assert found == {"UV_DEFAULT_INDEX": "variable", "UV_FIND_LINKS": "folder"}
    named = write(home / "named.conf", "[global]\nindex-url = named\n")
    assert index_settings({"HOME": str(home), "PIP_CONFIG_FILE": str(named)})["UV_DEFAULT_INDEX"] == "named"


@pytest.mark.parametrize("name", ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_FIND_LINKS"])
def test_where_uv_is_told_something_pip_is_not_heard(home: Path, name: str) -> None:
    write(home / ".pip/pip.conf", "[global]\nindex-url = user\n")
    assert index_settings({"HOME": str(home), name: "x"}) == {}
    write(home / ".config/uv/uv.toml", "")
    assert index_settings({"HOME": str(home)}) == {}


def test_a_file_that_cannot_be_read_says_nothing(home: Path) -> None:
    write(home / ".pip/pip.conf", "index-url = nowhere\n[[")
    assert index_settings({"HOME": str(home)}) == {}


def test_several_folders_of_wheels_stay_several(home: Path) -> None:
    write(home / ".config/pip/pip.conf", "[global]\nfind-links =\n    /wheels\n    /more\n")
    assert index_settings({"HOME": str(home)}) == {"UV_FIND_LINKS": "/wheels,/more"}
