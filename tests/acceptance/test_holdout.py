"""`bancada holdout`: the sealed rows are scored once, and every look at them is counted."""

from __future__ import annotations

import math
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from tests.acceptance.conftest import HEAD

from bancada.scoring.looks import look_level

if TYPE_CHECKING:
    from pathlib import Path

    from tests.acceptance.conftest import Typed

SEALED = "bc.splits.KFold(3, seed=1, holdout=0.3)"
WIDER = 'bc.Evaluation(primary="roc_auc", metrics=["accuracy", "brier"], slices=["region"])'
OPENING = """
import pathlib

import pandas as pd


class Peeking(Curve):
    def fit(self, X, y):
        self.known = len(READ)
        return self


@bc.candidate
def peeking():
    return Peeking()
"""


@pytest.fixture
def sealed(typed: Typed) -> Typed:
    typed.write(split=SEALED)
    typed.write_data(n_rows=200)
    typed.runs()
    return typed


def look(typed: Typed, *words: str) -> Any:
    told = typed.types("holdout", "score", *words, "--yes", "--json")
    assert told.code == 0, told.err
    assert told.document["schema"] == "bancada.holdout/1"
    return told.document


def lines(typed: Typed) -> list[str]:
    text = (typed.root / "looks.toml").read_text()
    return [line for line in text.splitlines() if line.startswith("looks.")]


def test_a_look_is_a_statement_and_a_line_and_each_later_one_is_wider(sealed: Typed) -> None:
    assert sealed.types("leaderboard", "--json").document["looks"] == 0
    first = look(sealed, "first")
    assert (first["count"], first["n_sealed"]) == (1, sealed.types("leaderboard", "--json").document["n_sealed"])
    entry = first["looks"][0]
    assert (entry["number"], entry["level"], entry["again"], entry["listed"]) == (1, look_level(1), False, True)
    assert [score["metric"] for score in entry["scores"]] == ["roc_auc", "accuracy"]
    assert all(score["estimate"]["low"] < score["estimate"]["value"] for score in entry["scores"])
    second = look(sealed, "second")
    assert (second["looks"][0]["number"], second["count"]) == (2, 2)
    assert math.isclose(second["looks"][0]["level"], 0.05 * 6 / (math.pi * 2) ** 2)
    assert second["next"] == {"number": 3, "level": look_level(3)}
    assert len(lines(sealed)) == 2
    assert len(list(sealed.store.rglob("after/look-*.json"))) == 2
    assert "holdout looked at twice" in sealed.types("leaderboard").out
    assert sealed.types("leaderboard", "--json").document["looks"] == 2
    assert "holdout: look 1 on " in sealed.types("show", "first").out
    listed = sealed.types("holdout", "show").out
    assert "looked at twice" in listed
    assert "The next is look 3" in listed


def test_the_identical_computation_once_more_is_no_look(sealed: Typed) -> None:
    first = look(sealed, "first")
    # Nothing is asked either: nothing is spent.
    told = sealed.types("holdout", "score", "first", "--json")
    assert (told.code, told.document["count"]) == (0, 1)
    assert "no look is counted" in told.err
    again = told.document["looks"][0]
    assert again["again"] is True
    assert again["scores"] == first["looks"][0]["scores"]
    assert len(lines(sealed)) == 1


@pytest.mark.slow
def test_the_sealed_rows_are_scored_as_scikit_learn_scores_them(sealed: Typed) -> None:
    import numpy as np  # noqa: PLC0415 - loaded by this test alone
    import pandas as pd  # noqa: PLC0415 - as above
    from sklearn.metrics import accuracy_score, roc_auc_score  # noqa: PLC0415 - as above

    entry = look(sealed, "second")["looks"][0]
    rows = pd.read_csv(sealed.root / "data.csv")
    kept = {int(line.split(",")[0]) for line in sealed.types("show", "--split", "--csv").out.splitlines()[1:]}
    hidden = rows[~rows["person"].isin(kept)]
    assert len(hidden) == sealed.types("leaderboard", "--json").document["n_sealed"]
    chance = 1 / (1 + np.exp(-hidden["b"]))
    values = [score["estimate"]["value"] for score in entry["scores"]]
    assert np.allclose(values, [roc_auc_score(hidden["ill"], chance), accuracy_score(hidden["ill"], chance > 0.5)])


@pytest.mark.slow
def test_another_metric_on_the_same_predictions_is_a_look_and_fits_nothing(sealed: Typed) -> None:
    look(sealed, "first")
    fits = len(list(sealed.store.rglob("after/fit-*.json")))
    sealed.write(split=SEALED, evaluation=WIDER)
    told = sealed.types("holdout", "score", "first", "--yes")
    assert "fitted" not in told.err
    assert "this is look 2" in told.err
    assert "region=north" in told.out
    assert len(list(sealed.store.rglob("after/fit-*.json"))) == fits


@pytest.mark.slow
def test_the_same_rows_under_another_name_are_the_same_rows(sealed: Typed) -> None:
    look(sealed, "first", "second")
    named = 'bc.Dataset.from_file("data.csv", name="x", version="9", id="person")'
    sealed.write(split=SEALED, name='"other"', dataset=named, features='["a", "b", "region"]')
    assert sealed.runs("-p", "other").code == 0
    assert "holdout looked at twice" in sealed.types("leaderboard", "-p", "other").out
    third = look(sealed, "first", "-p", "other")
    assert (third["looks"][0]["number"], third["count"]) == (3, 3)
    told = sealed.types("holdout", "show", "-p", "other").out
    assert "The same rows were looked at as `risk`" in told


@pytest.mark.slow
def test_a_colleagues_looks_come_by_git_and_a_line_that_is_missing_is_added_again(
    sealed: Typed, tmp_path: Path
) -> None:
    look(sealed, "first")
    shutil.copy(sealed.root / "looks.toml", tmp_path / "theirs")
    look(sealed, "second")
    shutil.rmtree(sealed.store)
    sealed.runs()
    # This store knows of no look, and the file of two.
    told = sealed.types("holdout", "show")
    assert "not in this store" in told.out
    # The identical computation is done anew, and is no look.
    assert look(sealed, "first")["looks"][0]["number"] == 1
    assert len(lines(sealed)) == 2
    shutil.copy(tmp_path / "theirs", sealed.root / "looks.toml")
    (sealed.root / "looks.toml").unlink()
    told = sealed.types("holdout", "show")
    assert "1 look of the store not in `looks.toml`" in told.out
    look(sealed, "baseline")
    assert len(lines(sealed)) == 2


def test_nobody_looks_without_agreeing(sealed: Typed) -> None:
    told = sealed.types("holdout", "score", "first")
    assert told.code == 2
    assert "this is look 1; its intervals are at 96.96 %" in told.err
    assert "error: A look is taken when somebody agrees to it" in told.err
    assert not (sealed.root / "looks.toml").exists()
    assert not list(sealed.store.rglob("after/*.json"))


@pytest.mark.slow
def test_what_cannot_be_scored_is_refused_before_anything_is_spent(sealed: Typed) -> None:
    sealed.types("holdout", "score", "firts", "--yes").refuses("`firts` is none of these")
    sealed.types("holdout", "score", "first", "nothing", "--yes").refuses("`nothing` is none of these")
    sealed.types("holdout", "show", "first").refuses("Nobody has looked at the holdout with `first`.")
    ids = sorted({line.split(",")[0] for line in sealed.types("show", "--split", "--csv").out.splitlines()[1:]})
    (sealed.root / "p.csv").write_text("id,probability\n" + "".join(f"{number},0.5\n" for number in ids))
    assert sealed.types("submit", "p.csv", "--as", "vendor").code == 0
    sealed.types("holdout", "score", "vendor", "--yes").refuses("there is no model to fit")
    sealed.write(split="bc.splits.KFold(3, seed=1)")
    sealed.runs()
    sealed.types("holdout", "score", "first", "--yes").refuses("That of `risk` seals none.", "holdout=0.2")
    sealed.types("holdout", "show").refuses("have recorded none")
    (sealed.root / "looks.toml").write_text('schema = "bancada.looks/9"\n')
    assert not list(sealed.store.rglob("after/look-*.json"))


@pytest.mark.slow
def test_a_metric_that_raises_is_flagged_and_the_look_counts(sealed: Typed) -> None:
    bad = "\ndef bad(y_true, y_pred):\n    raise ValueError('no')\n"
    metric = "bc.metrics.from_function(bad, greater_is_better=True)"
    sealed.write(head=HEAD + bad, split=SEALED, evaluation=f'bc.Evaluation(primary="roc_auc", metrics=[{metric}])')
    document = look(sealed, "first")
    assert document["looks"][0]["scores"][1]["flags"] == ["`bad` failed: ValueError: no"]
    assert document["count"] == 1


KILLING = """
import os, signal
def kills(y_true, y_pred):
    if os.environ.get("KILL"):
        os.kill(os.getpid(), getattr(signal, os.environ["KILL"]))
    return 0.5
"""


@pytest.mark.parametrize(("name", "code"), [("SIGKILL", -9), pytest.param("SIGINT", 130, marks=pytest.mark.slow)])
def test_a_look_that_is_ended_before_it_is_written_shows_nothing(
    sealed: Typed, monkeypatch: pytest.MonkeyPatch, name: str, code: int
) -> None:
    metric = "bc.metrics.from_function(kills, greater_is_better=True)"
    sealed.write(head=HEAD + KILLING, split=SEALED, evaluation=f'bc.Evaluation(primary="roc_auc", metrics=[{metric}])')
    process = sealed.spawn("holdout", "score", "first", "--yes", environ={"KILL": name})
    out, err = process.communicate(timeout=100)
    assert process.returncode == code, err
    assert out == ""
    assert not (sealed.root / "looks.toml").exists()
    assert not list(sealed.store.rglob("after/look-*.json"))
    # The model that was fitted is there, and has shown nobody anything; the look that follows is the first.
    monkeypatch.delenv("KILL", raising=False)
    assert look(sealed, "first")["looks"][0]["number"] == 1


@pytest.mark.parametrize(
    "reading",
    [
        "pd.read_csv('data.csv')",
        pytest.param("pathlib.Path('data.csv').read_text()", marks=pytest.mark.slow),
        pytest.param("np.loadtxt('data.csv', str)", marks=pytest.mark.slow),
    ],
)
def test_a_candidate_that_opens_the_data_file_itself_is_marked(sealed: Typed, reading: str) -> None:
    sealed.write(candidates=OPENING.replace("READ", reading), split=SEALED)
    sealed.runs()
    told = sealed.types("leaderboard")
    assert "`peeking` opened the data file itself (`data.csv`): may have seen sealed rows." in told.out
    shown = sealed.types("show", "peeking", "--json").document["run"]
    assert shown["provenance"]["opened_data"] == ["data.csv"]
    entry = look(sealed, "peeking")["looks"][0]
    assert entry["flags"] == ["opened the data file itself (data.csv): may have seen sealed rows"]
    sealed.write(split=SEALED)
    assert "opened_data" not in sealed.types("show", "first", "--json").document["run"]["provenance"]


@pytest.mark.slow
def test_a_withdrawn_runs_look_counts_and_gc_keeps_what_it_showed(sealed: Typed) -> None:
    look(sealed, "first")
    sealed.types("rm", "first", "--because", "wrong")
    assert sealed.types("holdout", "show", "--json").document["count"] == 1
    look(sealed, "second")
    sealed.types("gc", "--json")
    assert sealed.types("store", "verify").code == 0
    assert sealed.types("holdout", "show", "second").out.count("look 2 of 2") == 1
