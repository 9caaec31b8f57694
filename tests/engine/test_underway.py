"""Laws of a run under way: what its folds wrote is kept with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.report import log_view

if TYPE_CHECKING:
    from tests.engine.conftest import Folder

TOKEN = "ghp_" + "Z7" * 18
LOUD = f"""
import os
import subprocess
import sys

class Loud(LogisticRegression):
    def fit(self, X, y):
        print("fitting on", len(X), "rows")
        print("token {TOKEN}", file=sys.stderr)
        return super().fit(X, y)

    def predict_proba(self, X):
        subprocess.run(["echo", "predicting"], check=True)
        os.write(2, b"\\xff\\x1b[2J\\n")
        return super().predict_proba(X)

class Wrong(Loud):
    def predict_proba(self, X):
        raise ValueError("no")

class Crashing(Loud):
    def predict_proba(self, X):
        os.abort()

class Flooding(LogisticRegression):
    def fit(self, X, y):
        for _ in range(25):
            os.write(1, b"x" * 99 + b"\\n" + (b"y" * 999 + b"\\n") * 1000)
        return super().fit(X, y)

@bc.candidate
def loud():
    return Loud()

@bc.candidate
def wrong():
    return Wrong()

@bc.candidate
def crashing():
    return Crashing()

@bc.candidate
def flooding():
    return Flooding()
"""


def test_what_folds_wrote_is_kept_masked_and_shown(folder: Folder) -> None:
    folder.write(more=LOUD)
    ran = folder.run("loud", "wrong", "crashing", "flooding", "bayes", in_process=False)
    answers = {answer.record.candidate: answer for answer in ran}
    shown = {name: log_view(answer.record, folder.store) for name, answer in answers.items()}
    told = {name: [fold.output for fold in view.document.folds] for name, view in shown.items()}
    assert told["bayes"] == [""] * 8
    said = "fitting on 90 rows\ntoken [masked: GitHub token]\n"
    # Once for the rows under test, once for the scores on the training rows.
    assert told["loud"] == [said + "predicting\n\ufffd\x1b[2J\n" * 2] * 8
    assert said in told["wrong"]
    assert set(told["wrong"]) == {said, ""}  # folds that were not tried wrote nothing
    crash = next(output for output in told["crashing"] if output)
    assert crash.startswith(said + "Fatal Python error: Aborted")
    assert "in predict_proba" in crash
    assert {output[:35] for output in told["flooding"]} == {"[... 24937500 bytes before this are"}
    assert answers["flooding"].status == "done"

    text = shown["loud"].render(shown["loud"].document)
    assert isinstance(text, str)
    assert "repeat 0, fold 0: done\n  | fitting on 90 rows\n  | token [masked: GitHub token]\n  | predicting\n" in text
    assert "\x1b" not in text
    written = (path for path in folder.root.rglob("*") if path.is_file() and path.suffix != ".pyc")
    assert not [path for path in written if _holds(path.read_bytes())]
    assert not folder.store.verify()


def _holds(data: bytes) -> bool:
    """Tell whether the token is in a file that is not the module, where its author has put it."""
    return TOKEN.encode() in data and b"class Loud" not in data


def test_cached_folds_still_show_what_they_wrote(folder: Folder) -> None:
    folder.write(more=LOUD)
    first = folder.run("loud", in_process=False)[0].record
    again = folder.run("loud", repeats=1, again=True, in_process=False)[0].record
    assert again.run_id != first.run_id
    outputs = [fold.output for fold in log_view(first, folder.store).document.folds]
    assert all(output.startswith("fitting on") for output in outputs)


def test_no_run_names_an_output_that_is_not_kept(folder: Folder) -> None:
    folder.write(more=LOUD)
    record = folder.run("wrong", in_process=False)[0].record
    name = next(use.error.output for use in record.folds if use.error and use.error.output)
    assert folder.store.collect(before_s=float("inf"), delete=True).objects == 0
    folder.store.objects.path(name).unlink()
    assert [str(finding) for finding in folder.store.verify() if "the output of repeat" in str(finding)]
    told = [fold.output for fold in log_view(record, folder.store).document.folds]
    assert any("missing" in output or "cannot be read" in output for output in told)
