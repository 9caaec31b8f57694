"""Where a fork would be unsafe, each trial is an interpreter of its own; what is imported here is no project's."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from bancada.cli import _watching
from bancada.cli._context import Common
from bancada.cli._try import Asked
from bancada.cli._watching import _Libraries, _Trial

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = """
import json
import bancada as bc

class Constant:
    def fit(self, X, y):
        return self
    def predict(self, X):
        return [int(value > 0) for value in X["a"]]

problem = bc.Problem(
    name="signs", dataset=bc.Dataset.from_file("data.csv", name="signs", version="1", id="row"), target="y",
    split=bc.splits.KFold(3, seed=1), evaluation=bc.Evaluation(primary="accuracy"),
)

@bc.candidate(reads=["data.csv"])
def constant():
    return Constant()
"""


@pytest.mark.parametrize("hazard", [None, "another thread runs"])
def test_a_trial_tells_what_it_imported_and_which_files_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hazard: str | None
) -> None:
    (tmp_path / "watched_signs.py").write_text(PROJECT)
    (tmp_path / "bancada.toml").write_text('modules = ["watched_signs"]\n')
    rows = "\n".join(f"{row},{(-1) ** row * row},{row % 2}" for row in range(1, 60))
    (tmp_path / "data.csv").write_text(f"row,a,y\n{rows}\n")
    monkeypatch.setenv("BANCADA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(_watching, "fork_hazard", lambda: hazard)
    common = Common(directory=tmp_path)
    trial = _Trial.begin(common, Asked(words=("constant",), in_process=True))
    events: list[dict[str, Any]] = []
    while trial.code() is None:
        events += trial.events(0.1)
    trial.end()
    assert trial.code() == 0
    assert (trial.process is not None) == (hazard is not None)
    assert [event["event"] for event in events] == ["loaded", "ended"]
    assert events[0]["files"] == ["watched_signs.py", "data.csv"]
    assert events[0]["broken"] is False
    imported = set(events[1]["modules"])
    assert {"json", "bancada", "pyarrow"} <= imported
    assert "watched_signs" not in imported
    assert "watched_signs" not in sys.modules


def test_a_library_that_cannot_be_imported_here_stops_nothing() -> None:
    libraries = _Libraries()
    libraries.add(["no_such_module_anywhere", "colorsys"])
    while libraries.waiting:
        libraries.import_next()
    assert "colorsys" in sys.modules
