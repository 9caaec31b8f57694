"""uv's adapter, held to the laws, and what it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.environments._uv._manager import UvManager

if TYPE_CHECKING:
    from pathlib import Path

LOCK = """version = 1
[[package]]
name = "numpy"
version = "2.0"
source = { registry = "https://ana:secret@index.example/simple" }
wheels = [{ url = "https://index.example/numpy.whl", hash = "sha256:HASH" }]
[[package]]
name = "own"
source = { editable = "." }
""".replace("HASH", "a" * 64)


def test_it_tells_its_lock_and_names_of_indexes_without_credentials(tmp_path: Path) -> None:
    (tmp_path / "pyvenv.cfg").write_text("uv = 0.9.1\ninclude-system-site-packages = true\n")
    (tmp_path / "uv.lock").write_text(LOCK)
    facts = UvManager().facts(tmp_path, tmp_path)
    assert [(lock.path, lock.pins) for lock in facts.locks] == [
        ("uv.lock", {"numpy": {"2.0": ("sha256:" + "a" * 64,)}})
    ]
    assert facts.details == {"uv": "0.9.1", "indexes": ["index.example"]}
    assert facts.notes == ("The environment also sees the packages of the interpreter that it was made with.",)
    assert tmp_path / "uv.lock" in UvManager().reads(tmp_path, tmp_path)
