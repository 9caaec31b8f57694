"""Which of the project's modules are in memory."""

from __future__ import annotations

import importlib
import os
import sys
from types import ModuleType
from typing import TYPE_CHECKING

from bancada.engine.evidence import loaded_files

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_modules_are_found_however_they_were_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    for folder in ("evidence_pack", "evidence_ignored"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "part.py").write_text("")
    (tmp_path / "evidence_alone.py").write_text(
        "import importlib\nimportlib.import_module('evidence_pack' + '.part')\n"
    )
    (tmp_path / "evidence_never.py").write_text("")
    importlib.invalidate_caches()
    names = ["evidence_alone", "evidence_ignored.part"]
    try:
        for name in names:
            importlib.import_module(name)
        assert loaded_files(tmp_path, (tmp_path / "evidence_ignored",)) == {
            "evidence_alone.py",
            "evidence_pack/part.py",
        }
    finally:
        for name in [name for name in sys.modules if name.startswith("evidence_")]:
            del sys.modules[name]


def test_a_way_through_the_root_to_somewhere_else_is_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "program").write_text("")
    started = ModuleType("evidence_started")
    started.__file__ = f"{tmp_path / 'root'}{os.sep}..{os.sep}program"
    monkeypatch.setitem(sys.modules, "evidence_started", started)
    assert loaded_files(tmp_path / "root") == frozenset()
