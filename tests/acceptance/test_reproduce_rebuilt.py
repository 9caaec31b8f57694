"""A run that comes out once more from its record alone, in a rebuilt environment: what grants `reproduced`."""

from __future__ import annotations

import shutil
import tempfile
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.acceptance.conftest import Typed

CHANCE = """
import os

@bc.candidate
def chance():
    class Chance(Curve):
        def fit(self, X, y):
            self.cut = os.urandom(1)[0] / 255
            return super().fit(X, y)
    return Chance()
"""


def test_what_comes_out_is_reproduced_and_what_does_not_is_incomplete(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("uv") is None:
        pytest.skip("uv is not on the PATH")
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    typed.write(after=CHANCE)
    assert typed.runs("first", "chance").code == 0
    for path in typed.root.glob("*.py"):
        path.unlink()
    told = typed.types("reproduce", "first", "chance", "--json")
    first, chance = told.document["reproductions"]
    if first["verdict"] == "impossible" and any(text.startswith("package `") for text in first["missing"]):
        pytest.skip("no package index is in reach: " + first["reason"])
    assert (first["verdict"], first["differing"], first["drifted"]) == ("identical", 0, []), first
    assert (chance["verdict"], told.code) == ("diverged", 1)
    # What they share was rebuilt once.
    assert told.err.count("rebuilding the environment") == 1
    assert chance["first_difference"]["column"] in {"score", "probability"}
    grades = {row["candidate"]: row["evidence"] for row in typed.types("leaderboard", "--json").document["rows"]}
    assert grades["first"]["grade"] == "reproduced"
    assert grades["chance"]["grade"] == "incomplete"
    assert any("it diverged when it was reproduced on" in text for text in grades["chance"]["missing"])
    assert "evidence: reproduced" in typed.types("show", "first").out
    statements: list[dict[str, Any]] = typed.types("show", "chance", "--json").document["statements"]
    (said,) = (item["content"] for item in statements if item["kind"] == "verdict")
    assert (said["verdict"], said["first_difference"]["id"]) == ("diverged", None)
    assert list(folder.iterdir()) == []


@pytest.mark.slow
def test_without_a_network_and_a_cache_every_package_that_is_lost_is_named(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("uv") is None:
        pytest.skip("uv is not on the PATH")
    assert typed.runs("first").code == 0
    for name, value in {"UV_OFFLINE": "1", "UV_NO_INDEX": "1", "UV_CACHE_DIR": str(tmp_path / "nothing")}.items():
        monkeypatch.setenv(name, value)
    told = typed.types("reproduce", "first", "--json")
    assert (told.code, told.document["verdict"]) == (1, "impossible"), told.err
    lost = [text for text in told.document["missing"] if text.startswith("package `")]
    assert "package `numpy`" in lost
    assert len(lost) > 3
    assert lost == told.document["missing"]
    assert "uv's cache" in told.document["reason"] or "no wheel of" in told.document["reason"]
    said = typed.types("reproduce", "first").out.splitlines()
    assert said[0].endswith(f"impossible: {len(lost)} things missing")
    assert said[1].startswith("  why: Found n")
    assert "  missing: 1 more; `--json` lists all" not in said
    assert told.document["predictions"] == 0
