"""Programs of other languages on the board: scored like Python, keyed by their files, ended with their fold."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import bancada as bc

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed

HEAD = """
import numpy as np

import bancada as bc


class Line:
    def fit(self, X, y):
        x, y = X["a"].to_numpy(), np.asarray(y, dtype=float)
        n = len(x)
        self.b = (n * (x * y).sum() - x.sum() * y.sum()) / (n * (x * x).sum() - x.sum() ** 2)
        self.a = (y.sum() - self.b * x.sum()) / n

    def predict(self, X):
        return self.a + self.b * X["a"].to_numpy()
"""
CANDIDATES = """
@bc.candidate
def python():
    return Line()


@bc.candidate
def awk(times: float = 1.0):
    step = ["-v", "step={step}", "-v", "model={model}", "-v", "out={predictions}"]
    return bc.models.Command(["awk", "-v", f"times={times}", *step, "-f", "line.awk", "{data}"])
"""
LINE = """
BEGIN { FS = ","; OFMT = CONVFMT = "%.17g" }
step == "predict" && NR == 1 { getline line < (model "/line.txt"); split(line, known, " "); print "value" > out; next }
step == "predict" { printf "%.17g\\n", times * (known[1] + known[2] * $1) > out; next }
NR > 1 { n++; x += $1; y += $NF; xx += $1 * $1; xy += $1 * $NF }
END { if (step == "fit") { b = (n * xy - x * y) / (n * xx - x * x); print (y - b * x) / n, b > (model "/line.txt") } }
"""
ROLES = {"task": "bc.tasks.Regression()", "evaluation": 'bc.Evaluation(primary="rmse")'}


def write(typed: Typed, candidates: str = CANDIDATES, **roles: str) -> None:
    (typed.root / "line.awk").write_text(LINE)
    typed.write(candidates, HEAD, **(ROLES | roles))


def shell(text: str, name: str = "shell", options: str = "") -> str:
    arguments = '"{step}", "{data}", "{model}", "{predictions}", "{job}"'
    made = f'bc.models.Command(["sh", "-c", {text!r}, "sh", {arguments}]{options})'
    return f"@bc.candidate\ndef {name}():\n    return {made}\n"


def answer(header: str, value: str) -> str:
    """Return a program that answers every row with one value."""
    return f"[ $1 = fit ] || sed '1s/.*/{header}/; 2,$s/.*/{value}/' $2 > $4"


def values(typed: Typed, run: dict[str, Any]) -> list[list[float]]:
    """Return the predictions of a run, fold by fold."""
    found = []
    for fold in run["folds"]:
        (entry,) = (typed.store / "folds").glob(f"*/{fold['key']}/*")
        table = pa.ipc.open_file(entry / "predictions.arrow").read_all()
        found.append([value for name in table.column_names[3:] for value in table.column(name).to_pylist()])
    return found


def test_the_same_model_in_two_languages_predicts_the_same(typed: Typed) -> None:
    write(typed)
    runs = typed.runs("python", "awk", "--json").document["runs"]
    ours, theirs = (values(typed, run) for run in runs[:2])
    for one, other in zip(ours, theirs, strict=True):
        assert other == pytest.approx(one, abs=1e-6)
    assert runs[0]["scores"]["rmse"]["value"] == pytest.approx(runs[1]["scores"]["rmse"]["value"], abs=1e-7)
    entry = next((typed.store / "folds").glob(f"*/{runs[1]['folds'][0]['key']}/*"))
    assert msgspec.json.decode((entry / "train_scores.json").read_bytes())


def test_a_sweep_over_a_parameter_reaches_the_program(typed: Typed) -> None:
    write(typed)
    told = typed.runs("awk", "times=1,0", "--json").document
    assert told["runs"][0]["scores"]["rmse"]["value"] < told["runs"][1]["scores"]["rmse"]["value"]


def test_an_edit_of_the_program_makes_a_new_claim(typed: Typed) -> None:
    write(typed)
    first = typed.runs("awk", "--json").document["runs"][0]
    again = typed.runs("awk", "--json").document["runs"][0]
    (typed.root / "line.awk").write_text(LINE + "# nothing else\n")
    edited = typed.runs("awk", "--json").document["runs"][0]
    (typed.root / "line.awk").write_text(LINE)
    back = typed.runs("awk", "--json").document["runs"][0]
    assert (first["status"], again["status"], edited["status"], back["status"]) == ("done", "known", "done", "known")
    assert first["claim_id"] == again["claim_id"] == back["claim_id"] != edited["claim_id"]
    assert not any(fold["cached"] for fold in edited["folds"])


def test_a_program_that_is_named_elsewhere_still_decides_what_is_known(typed: Typed) -> None:
    write(typed, CANDIDATES + 'NAME = "line." + "awk"\n')
    text = CANDIDATES.replace('"line.awk"', '"".join(["line.", "awk"])')
    write(typed, text)
    assert typed.runs("awk", "--json").document["runs"][0]["status"] == "done"
    (typed.root / "line.awk").write_text(LINE + "# nothing else\n")
    assert not any(fold["cached"] for fold in typed.runs("awk", "--json").document["runs"][0]["folds"])


def test_the_evidence_names_what_is_not_captured(typed: Typed) -> None:
    write(typed)
    evidence = typed.runs("awk", "--json").document["runs"][0]["evidence"]
    assert evidence["grade"] == "incomplete"
    assert evidence["missing"] == ["version and libraries of `awk`"]
    assert typed.runs("python", "--json").document["runs"][0]["evidence"]["grade"] == "complete"


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("[ $1 = fit ] || echo value > $4", ["`predictions.csv` has 0 lines for 10 rows"]),
        (answer("vallue", "1"), ["`vallue`", "Rename `vallue` to `value`"]),
        (answer("value", "NaN"), ["missing value or NaN in 10 of 10"]),
        (answer("value", "a"), ["holds number values", "'a'"]),
        ("echo the reason; exit 4", ["ended with exit code 4", "the reason"]),
    ],
)
def test_a_program_that_does_wrong_fails_its_folds_with_the_reason(
    typed: Typed, text: str, sentences: list[str]
) -> None:
    write(typed, shell(text))
    told = typed.runs("shell", "--json")
    assert told.code == 1
    for fold in told.document["runs"][0]["folds"]:
        for sentence in sentences:
            assert sentence in fold["error"]["message"]
        assert fold["error"]["kind"] == "prediction"


def test_classes_are_read_as_the_data_write_them(typed: Typed) -> None:
    text = "[ $1 = fit ] || { echo probability; tail -n +2 $2 | awk -F, '{print 1/(1+exp(-$1))}'; } > $4"
    labels = "[ $1 = fit ] || { echo label; tail -n +2 $2 | awk -F, '{print ($1 > 0)}'; } > $4"
    write(
        typed,
        shell(text, "soft") + shell(labels, "hard"),
        task="bc.tasks.Binary()",
        evaluation='bc.Evaluation(primary="accuracy", metrics=["roc_auc"])',
    )
    soft, hard = typed.runs("soft", "hard", "--json").document["runs"][:2]
    assert soft["scores"]["accuracy"]["value"] == hard["scores"]["accuracy"]["value"] > 0.6
    assert "roc_auc" in soft["scores"]


def test_a_program_dies_with_its_fold(typed: Typed) -> None:
    write(typed, shell("echo $$ >> pids; exec sleep 600"))
    told = typed.types("run", "shell", "--timeout", "1", "--cores", "1", "--json")
    assert told.code == 1
    assert {fold["error"]["kind"] for fold in told.document["runs"][0]["folds"]} >= {"timeout"}
    pids = [int(line) for line in (typed.root / "pids").read_text().split()]
    assert pids
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
        os.sched_yield()
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_a_command_serves_as_a_value_and_as_a_final_model(typed: Typed) -> None:
    write(typed)
    X = pd.DataFrame({"a": np.arange(20.0), "b": np.arange(20.0) % 3})
    step = ["-v", "step={step}", "-v", "model={model}", "-v", "out={predictions}"]
    command = bc.models.Command(["awk", "-v", "times=1", *step, "-f", "line.awk", "{data}"])
    options: dict[str, Any] = {"task": bc.tasks.Regression(), "split": bc.splits.KFold(4), "workers": 1}
    board = bc.evaluate({"awk": command}, X, 3 * X["a"] + 1, store=typed.root / "apart", **options)
    assert board.best.candidate == "awk"
    assert board.best.fit().predict(X[:3]) == pytest.approx([1, 4, 7])
