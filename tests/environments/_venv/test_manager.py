"""The adapter of Python's own virtual environments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.environments._venv._manager import VenvManager

if TYPE_CHECKING:
    from pathlib import Path


def test_it_tells_its_locks_and_whether_it_shares(tmp_path: Path) -> None:
    (tmp_path / "pyvenv.cfg").write_text("version = 3.11.7\ninclude-system-site-packages = true\n")
    (tmp_path / "requirements.txt").write_text(f"numpy==2.0 --hash=sha256:{'a' * 64}\n")
    facts = VenvManager().facts(tmp_path, tmp_path)
    assert [lock.path for lock in facts.locks] == ["requirements.txt"]
    assert (facts.details, len(facts.notes)) == ({"venv": "3.11.7"}, 1)
    assert {tmp_path / "pyvenv.cfg", tmp_path / "requirements.txt"} < set(VenvManager().reads(tmp_path, tmp_path))
