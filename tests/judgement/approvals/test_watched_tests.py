"""Tests of the program that runs a project's tests."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from bancada.judgement.approvals import _watched_tests

if TYPE_CHECKING:
    from pathlib import Path


def test_it_imports_nothing_of_bancada_and_notes_lines_of_the_named_files(tmp_path: Path) -> None:
    (tmp_path / "judged.py").write_text("def cost(a):\n    if a:\n        return 1\n    return 2\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    (tmp_path / "test_judged.py").write_text(
        "import sys, threading\nimport judged\n\n"
        "def test_one():\n    assert judged.cost(1) == 1\n"
        "    assert not any(name.startswith('bancada.') for name in sys.modules)\n"
        "\ndef test_in_a_thread():\n    thread = threading.Thread(target=judged.cost, args=(0,))\n    thread.start()\n"
        "    thread.join()\n"
    )
    watched = str(tmp_path / "judged.py")
    words = [
        sys.executable,
        "-P",
        str(_watched_tests.__file__),
        "answer.json",
        json.dumps([watched]),
        "-p",
        "no:bancada",
    ]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads((tmp_path / "answer.json").read_text())
    assert (told["code"], told["passed"]) == (0, 2), done.stdout
    assert told["lines"] == {watched: [[1, 2], [1, 3], [1, 4]]}
