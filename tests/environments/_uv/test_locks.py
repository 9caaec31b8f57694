"""`uv.lock` as uv itself writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.environments.wheels import run

from bancada.environments._uv._locks import read_locks

if TYPE_CHECKING:
    from pathlib import Path


def test_a_lock_of_uv_is_read(tmp_path: Path, index: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "own"\nversion = "0.1"\nrequires-python = ">=3.11"\ndependencies = ["plain<2"]\n'
        f'[tool.uv]\nno-index = true\nfind-links = ["{index}"]\n'
    )
    run(["uv", "lock", "--quiet", "--project", tmp_path], UV_NO_CONFIG="0")
    read = read_locks(tmp_path)
    assert [lock.path for lock in read.locks] == ["uv.lock"]
    assert list(read.locks[0].pins["plain"]) == ["1.0"]


def test_a_damaged_lock_is_a_note(tmp_path: Path) -> None:
    (tmp_path / "uv.lock").write_text("[[package]\n")
    assert read_locks(tmp_path).notes == ("`uv.lock` cannot be read: TOMLDecodeError.",)
