"""What stands in for a manager where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.environments._system._manager import SystemManager

if TYPE_CHECKING:
    from pathlib import Path


def test_it_takes_what_is_there_and_reads_the_locks(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text(f"numpy==2.0 --hash=sha256:{'a' * 64}\n")
    manager = SystemManager()
    assert manager.manages(tmp_path, tmp_path)
    assert not manager.manages(tmp_path / "absent", tmp_path)
    assert [lock.path for lock in manager.facts(tmp_path, tmp_path).locks] == ["requirements.txt"]
    assert tmp_path / "requirements.txt" in manager.reads(tmp_path, tmp_path)
