"""Which files of the project a candidate runs, told by reading it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from bancada.engine._programs import programs_in, programs_of_value
from bancada.models import Command
from bancada.provenance import ProjectCode, code_closure

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("body", "reads", "missing"),
    [
        ('return bc.models.Command(["Rscript", "model.R"])', ("model.R",), ("version and libraries of `Rscript`",)),
        ('return Command(argv=["./run.sh"])', ("run.sh",), ("version and libraries of `run.sh`",)),
        ("return Command(WORDS)", ("model.R",), ("version and libraries of another program",)),
        ('return Command(["awk", "/etc/passwd", "../model.R", "R"])', (), ("version and libraries of `awk`",)),
        ('return ["model.R"]', (), ()),
    ],
)
def test_the_texts_of_a_candidate_that_names_a_command_may_be_files(
    tmp_path: Path, body: str, reads: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    for name in ("model.R", "run.sh", "other.R"):
        (tmp_path / name).write_text("")
    (tmp_path / "R").mkdir()
    text = f'WORDS = ["Rscript", "model.R"]\ndef mine():\n    {body}\ndef other():\n    return Command(["other.R"])\n'
    (tmp_path / "code.py").write_text(text)
    code = ProjectCode(tmp_path, (tmp_path,))
    found = programs_in(code_closure("code", "mine", code), code)
    assert (found.reads, found.missing) == (reads, missing)
    extracted = programs_in(code_closure("code", "mine", ProjectCode(tmp_path, (tmp_path,))), code, text)
    assert set(extracted.reads) >= set(reads)


def test_a_command_within_a_value_is_found(tmp_path: Path) -> None:
    (tmp_path / "model.R").write_text("")
    model = make_pipeline(StandardScaler(), Command(["Rscript", "model.R"]))
    assert programs_of_value(model, tmp_path).reads == ("model.R",)
    assert programs_of_value(Command(["Rscript", "model.R"]), tmp_path).reads == ("model.R",)
    assert programs_of_value(StandardScaler(), tmp_path).reads == ()
