"""A project on disk whose modules are forgotten when the test ends."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Protocol

import pytest

from bancada.definitions import find_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bancada.definitions import Project


class Write(Protocol):
    """Write files below a fresh root and find the project there."""

    def __call__(self, files: dict[str, str], *modules: str) -> Project: ...


@pytest.fixture
def write_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    # Bytecode is told apart by seconds and sizes: a module that is rewritten at once would be read as it was before.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    known, path = set(sys.modules), list(sys.path)
    root = tmp_path / "project"
    root.mkdir()

    def write(files: dict[str, str], *modules: str) -> Project:
        for name, text in files.items():
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        if modules:
            (root / "bancada.toml").write_text(f"modules = {list(modules)!r}\n")
        return find_project(root, {}, home=tmp_path)

    yield write
    sys.path[:] = path
    for name in set(sys.modules) - known:
        file = getattr(sys.modules[name], "__file__", None) or ""
        if os.path.realpath(file).startswith(os.path.realpath(root)) or not file:
            del sys.modules[name]
