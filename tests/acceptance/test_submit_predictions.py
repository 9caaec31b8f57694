"""`bancada submit`: predictions made elsewhere are scored like all others, and wrong ones leave nothing behind."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import feather

import bancada as bc
from bancada.store import Store

if TYPE_CHECKING:
    from tests.acceptance.conftest import Told, Typed

TWICE = "bc.splits.KFold(3, repeats=2, seed=1, holdout=0.2)"
Lines = list[dict[str, str]]


def split_of(typed: Typed) -> Lines:
    told = typed.types("show", "--split", "--csv")
    assert told.code == 0, told.err
    return list(csv.DictReader(io.StringIO(told.out)))


def rows_to_test(typed: Typed) -> Lines:
    return [line for line in split_of(typed) if line["part"] == "test"]


def value_of(line: dict[str, str]) -> float:
    """Make up a probability that depends on the row alone."""
    return round((int(line["id"]) * 37 % 101) / 101, 4)


def predicted(lines: Lines) -> pd.DataFrame:
    """Predict each line: id, repeat, fold, probability."""
    rows = [(int(x["id"]), int(x["repeat"]), int(x["fold"]), value_of(x)) for x in lines]
    return pd.DataFrame(rows, columns=["id", "repeat", "fold", "probability"])


def submitted(typed: Typed, frame: pd.DataFrame, *words: str, file: str = "out.csv") -> Told:
    path = typed.root / file
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_parquet(path, index=False)
    return typed.types("submit", file, "--as", "vendor", *words)


# What is asked for ---------------------------------------------------------------------------------------------------


def test_the_split_as_csv_has_each_row_of_each_part_and_no_sealed_one(typed: Typed) -> None:
    typed.write(split=TWICE)
    lines = split_of(typed)
    counts = typed.types("show", "--split", "--json").document
    assert set(lines[0]) == {"id", "repeat", "fold", "part"}
    assert {line["part"] for line in lines} == {"train", "test"}
    assert len(lines) == sum(fold["train"] + fold["test"] for fold in counts["folds"])
    assert counts["n_sealed"] > 0
    assert len({line["id"] for line in lines}) == counts["n_rows"] - counts["n_sealed"]
    assert '"' not in typed.types("show", "--split", "--csv").out


def test_validation_rows_are_a_part_of_their_own(typed: Typed) -> None:
    typed.write_data(
        "person,a,b,ill,region\n"
        + "".join(f"{n},{n % 5},{n % 3},{n % 2},{('fit', 'look', 'score')[n % 3]}\n" for n in range(30))
    )
    typed.write(split='bc.splits.Predefined("region", test="score", valid="look")', features='["a", "b"]')
    parts = {line["id"]: line["part"] for line in split_of(typed)}
    assert [parts[str(n)] for n in range(3)] == ["train", "valid", "test"]


def test_an_id_that_is_a_formula_is_guarded_and_found_again(typed: Typed) -> None:
    typed.write_data("person,a,b,ill\n" + "".join(f"=cmd{n},{n},{n},{n % 2}\n" for n in range(12)))
    lines = rows_to_test(typed)
    assert all(line["id"].startswith("'=cmd") for line in lines)
    for guard in ("'", ""):
        frame = pd.DataFrame({"id": [guard + line["id"].lstrip("'") for line in lines], "probability": 0.5})
        assert submitted(typed, frame).code == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("show", "--split", "--csv", "--json"), "Drop one of them."),
        (("show", "first", "--split"), "Drop the name."),
        (("show", "--csv"), "Add `--split`."),
    ],
)
def test_what_cannot_be_shown_together_is_refused(typed: Typed, words: tuple[str, ...], sentence: str) -> None:
    typed.types(*words).refuses(sentence)


# What is accepted ----------------------------------------------------------------------------------------------------


def test_predictions_of_a_candidate_score_as_the_candidate_does(typed: Typed) -> None:
    typed.write(split=TWICE)
    ran = typed.runs("first", "--json").document["runs"][0]
    store = Store.open(typed.store, create=False)
    stored = [(fold["key"], store.folds.entries(fold["key"])[0].content) for fold in ran["folds"]]
    tables = [store.folds.predictions(key, content) for key, content in stored]
    frame = pa.concat_tables(tables).to_pandas()
    mine = submitted(typed, frame, "--json", file="out.parquet").document["runs"][0]
    assert mine["scores"] == ran["scores"]
    assert mine["evidence"] == {
        "grade": "incomplete",
        "missing": ["made outside bancada: code, environment, training data"],
    }
    assert {(fold["fit_s"], fold["predict_s"]) for fold in mine["folds"]} == {(None, None)}
    assert typed.types("compare", "vendor", "first", "--json").document["delta"] == 0


def test_a_submission_stands_on_the_board_and_is_known_the_second_time(typed: Typed) -> None:
    frame = predicted(rows_to_test(typed))
    typed.runs()
    first = submitted(typed, frame)
    assert (first.code, "vendor (r-" in first.err, "was submitted" in first.err) == (0, True, True)
    assert "vendor" in first.out
    before = typed.stored()
    again = submitted(typed, frame.sample(frac=1, random_state=3), "--json").document["runs"][0]
    assert again["status"] == "known"
    assert all(fold["cached"] for fold in again["folds"])
    assert typed.stored() == before
    board = typed.types("leaderboard", "--json").document
    assert sorted(row["candidate"] for row in board["rows"]) == ["baseline", "first", "second", "vendor"]
    assert (board["tried"], board["incomparable"]) == (3, [])
    assert typed.types("store", "verify").code == 0


def test_a_changed_evaluation_scores_old_submissions_anew(typed: Typed) -> None:
    frame = predicted(rows_to_test(typed))
    submitted(typed, frame)
    typed.write(evaluation='bc.Evaluation(primary="brier", metrics=["roc_auc"], slices=["region"])')
    typed.runs("first")
    board = typed.types("leaderboard", "--json").document
    assert board["metric"] == "brier"
    assert {row["candidate"]: row["value"] is not None for row in board["rows"]}["vendor"]
    # And the other way round: a submission judges the runs that are there.
    typed.write(evaluation='bc.Evaluation(primary="log_loss")')
    submitted(typed, frame.assign(probability=0.4))
    board = typed.types("leaderboard", "--json").document
    assert all(row["value"] is not None for row in board["rows"])


def test_ids_alone_are_enough_where_each_row_is_tested_once(typed: Typed) -> None:
    frame = predicted(rows_to_test(typed))
    full = submitted(typed, frame, "--json").document["runs"][0]
    for columns in (["id", "probability"], ["id", "fold", "probability"], ["id", "repeat", "probability"]):
        assert submitted(typed, frame[columns], "--json").document["runs"][0]["run_id"] == full["run_id"]
    renamed = frame[["id", "probability"]].rename(columns={"id": "person"})
    assert submitted(typed, renamed, "--json").document["runs"][0]["run_id"] == full["run_id"]


def test_the_first_repeats_are_enough_and_are_compared_on_what_both_have(typed: Typed) -> None:
    typed.write(split=TWICE)
    frame = predicted(rows_to_test(typed))
    typed.runs("first")
    run = submitted(typed, frame[frame.repeat == 0], "--json").document["runs"][0]
    assert len(run["folds"]) == 3
    board = typed.types("leaderboard", "--json").document
    assert {row["candidate"]: row["n_folds"] for row in board["rows"]} == {"first": 6, "vendor": 3, "baseline": 6}
    assert typed.types("compare", "vendor", "first").code == 0
    # More of them later: another claim, and the folds that are there are taken.
    more = submitted(typed, frame, "--json").document["runs"][0]
    assert [fold["cached"] for fold in more["folds"]] == [True] * 3 + [False] * 3


@pytest.mark.parametrize(
    ("suffix", "separator"), [(".csv", ","), (".csv", ";"), (".tsv", "\t"), (".txt", "|"), (".csv.gz", ",")]
)
def test_text_files_of_any_separator_are_read(typed: Typed, suffix: str, separator: str) -> None:
    frame = predicted(rows_to_test(typed))
    path = typed.root / f"out{suffix}"
    frame.to_csv(path, index=False, sep=separator)
    told = typed.types("submit", path.name, "--as", "vendor", "--json")
    assert told.document["runs"][0]["status"] == "done"


def test_every_kind_of_frame_gives_one_and_the_same_run(typed: Typed) -> None:
    frame = predicted(rows_to_test(typed))
    feather.write_feather(frame, typed.root / "out.arrow", compression="uncompressed")
    frame.to_parquet(typed.root / "out.parquet")
    frame.to_csv(typed.root / "out.csv", index=False)
    frames: list[Any] = [
        frame,
        pl.DataFrame(frame),
        pa.Table.from_pandas(frame),
        {name: frame[name].to_numpy() for name in frame},
        pl.DataFrame(frame).to_arrow().to_reader(),
        *(typed.root / f"out.{suffix}" for suffix in ("arrow", "parquet", "csv")),
        str(typed.root / "out.csv"),
    ]
    typed.forget()
    given = [bc.submit(item, name="vendor") for item in frames]
    assert len({item.run_id for item in given}) == 1
    assert [item.status for item in given] == ["done"] + ["known"] * (len(frames) - 1)
    assert given[0].scores["roc_auc"] == pytest.approx(given[-1].scores["roc_auc"])
    assert "vendor (r-" in repr(given[0])
    assert "<table" in given[0]._repr_html_()


def test_a_problem_of_a_session_may_be_given_itself(typed: Typed) -> None:
    table = pd.DataFrame({"key": ["a", "b", "c", "d", "e", "f"], "x": range(6), "y": [0.0, 1, 2, 3, 4, 5]})
    dataset = bc.Dataset.from_frame(table, name="six", version="1", id="key")
    problem = bc.Problem(name="six", dataset=dataset, target="y", task=bc.tasks.Regression(), split=bc.splits.KFold(3))
    given = bc.submit({"id": table["key"], "value": np.arange(6)}, name="exact", problem=problem)
    assert given.scores["rmse"] == 0
    assert typed.stored()


def test_ids_are_compared_as_the_datas_own_type(typed: Typed) -> None:
    frame = predicted(rows_to_test(typed))
    runs = {
        submitted(typed, frame.assign(id=ids), "--json", file="out.parquet").document["runs"][0]["run_id"]
        for ids in (frame.id, frame.id.astype(str), frame.id.astype(float), frame.id.astype("int16"))
    }
    assert len(runs) == 1
    submitted(typed, frame.assign(id=frame.id + 0.5)).refuses("other ids", "0.5")
    submitted(typed, frame.assign(id=[f"0{n}" for n in frame.id])).refuses("other ids", "'00'")


def test_leading_zeros_that_a_tool_dropped_are_told(typed: Typed) -> None:
    typed.write_data("person,a,b,ill\n" + "".join(f"A{n:03},{n},{n},{n % 2}\n" for n in range(12)))
    ids = [f"{n:03}" for n in range(12)]
    columns = '"a": list(range(12)), "b": list(range(12)), "ill": [0, 1] * 6'
    dataset = f'bc.Dataset.from_frame({{"person": {ids!r}, {columns}}}, name="people", version="1", id="person")'
    typed.write(dataset=dataset)
    submitted(typed, pd.DataFrame({"id": range(12), "probability": 0.5}), file="o.parquet").refuses("keep them as text")
    assert submitted(typed, pd.DataFrame({"id": ids, "probability": 0.5})).code == 0


def test_a_fit_of_a_submission_is_refused(typed: Typed) -> None:
    submitted(typed, predicted(rows_to_test(typed)))
    typed.types("fit", "vendor").refuses("predictions that were submitted", "write it as a function")


def test_a_problem_without_a_baseline_is_told_how_to_get_one(typed: Typed) -> None:
    assert "run `bancada run baseline`" in submitted(typed, predicted(rows_to_test(typed))).err
    typed.runs("baseline")
    assert "baseline" not in submitted(typed, predicted(rows_to_test(typed))).err


def test_a_program_that_is_not_python_reads_the_split_and_submits(typed: Typed) -> None:
    (typed.root / "split.csv").write_text(typed.types("show", "--split", "--csv").out, encoding="utf-8")
    program = 'BEGIN {print "id,repeat,fold,probability"} $4 == "test" {print $1","$2","$3","($1 % 10) / 10}'
    with (typed.root / "out.csv").open("wb") as file:
        subprocess.run(["awk", "-F,", program, "split.csv"], cwd=typed.root, stdout=file, check=True, timeout=60)
    with typed.spawn("submit", "out.csv", "--as", "awk") as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, "awk" in out) == (0, True), err


# What is refused -----------------------------------------------------------------------------------------------------


def mangled(frame: pd.DataFrame, **columns: Any) -> pd.DataFrame:
    return frame.astype({"probability": object, "id": object}).assign(**columns)


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        (lambda f: f.iloc[3:], ("lacks 3 of", "repeat 0", "first id")),
        (lambda f: pd.concat([f, f.iloc[:2]]), ("2 lines for a row that another line predicts",)),
        (
            lambda f: f.assign(id=f.id.where(f.id != f.id.iloc[0], 999)),
            ("1 other ids, first '999'", "show --split --csv"),
        ),
        (lambda f: f.assign(id=f.id.astype(object).where(f.id != 4, None)), ("1 line without an id",)),
        (
            lambda f: f.assign(probability=f.probability.where(f.id != 4)),
            ("missing value or NaN in 1 of", "first id '4'"),
        ),
        (lambda f: f.assign(probability=f.probability + 3), ("a probability below 0 or above 1 in", "`score`")),
        (lambda f: f.assign(probability=np.inf), ("an infinite value",)),
        (lambda f: f.assign(probability="high"), ("'high'",)),
        (lambda f: f.assign(probability="0,5"), ("decimal comma", "decimal points")),
        (lambda f: f.assign(probability=True), ("number",)),
        (lambda f: f.assign(fold=(f.fold + 1) % 3), ("in another fold", "Train again on the folds")),
        (lambda f: f.assign(fold=7), ("The folds of `risk` are 0 to 2.", "fold 7")),
        (lambda f: f.assign(fold=0.5), ("`fold` holds whole numbers",)),
        (lambda f: f.assign(repeat=1), ("The repeats of `risk` are 0 to 0.",)),
        (lambda f: f.assign(repeat=-1), ("The repeats of `risk` are 0 to 0.",)),
        (lambda f: f.assign(part="train"), ("Predictions are for test rows.", "'train'")),
        (lambda f: f.iloc[:0], ("must have rows",)),
        (lambda f: f.rename(columns={"id": "ID"}), ("Rename `ID` to `id`.",)),
        (lambda f: f.drop(columns="id"), ("a column `id` or `person`",)),
        (lambda f: f.drop(columns="probability"), ("none", "Add one")),
        (lambda f: f.rename(columns={"probability": "probabilty"}), ("Rename `probabilty` to `probability`.",)),
        (lambda f: f.rename(columns={"probability": "proba"}), ("Rename `proba` to `probability`.",)),
        (lambda f: f.rename(columns={"probability": "Prob"}), ("Rename `Prob` to `probability`.",)),
        (lambda f: f.rename(columns={"probability": "y_pred"}), ("Rename `y_pred` to the one that it is",)),
        (lambda f: f.rename(columns={"probability": "label"}).assign(label=1), ("judged by `roc_auc`", "`score`")),
    ],
)
def test_wrong_submissions_are_refused_and_nothing_is_written(
    typed: Typed, change: Any, sentences: tuple[str, ...]
) -> None:
    frame = predicted(rows_to_test(typed))
    before = typed.stored()
    submitted(typed, change(frame)).refuses(*sentences)
    assert typed.stored() == before


def test_sealed_rows_are_refused_by_name(typed: Typed) -> None:
    typed.write(split="bc.splits.KFold(3, seed=1, holdout=0.3)")
    frame = predicted(rows_to_test(typed))
    sealed = sorted(set(range(30)) - set(frame.id))
    more = pd.DataFrame({"id": sealed, "repeat": 0, "fold": 0, "probability": 0.5})
    submitted(typed, pd.concat([frame, more])).refuses("sealed holdout", f"{len(sealed)} lines", f"first '{sealed[0]}'")


def test_several_repeats_must_be_told_apart_and_have_no_gap(typed: Typed) -> None:
    typed.write(split=TWICE)
    frame = predicted(rows_to_test(typed))
    submitted(typed, frame[frame.repeat == 0].drop(columns=["repeat", "fold"])).refuses("2 repeats", "repeat 0 alone")
    submitted(typed, frame[frame.repeat == 1]).refuses("lacks repeat 0 and has repeat 1")
    submitted(typed, frame[(frame.repeat == 0) | (frame.fold == 1)]).refuses("of repeat 1", "submitted whole")


def test_rows_that_no_fold_tests_are_refused(typed: Typed) -> None:
    typed.write(split="bc.splits.Single(test=0.3, seed=1)")
    frame = predicted(rows_to_test(typed))
    other = min(set(range(30)) - set(frame.id))
    more = pd.DataFrame({"id": [other], "repeat": 0, "fold": 0, "probability": 0.5})
    assert submitted(typed, frame).code == 0
    submitted(typed, pd.concat([frame, more])).refuses("never tested in repeat 0", f"first id '{other}'")


def test_unknown_columns_are_told_and_passed_over(typed: Typed) -> None:
    frame = predicted(rows_to_test(typed)).assign(notes="x", lable=1)
    told = submitted(typed, frame)
    assert told.code == 0
    assert "warning: column `notes` is not read." in told.err
    assert "warning: column `lable` is not read. Did you mean `label`?" in told.err


@pytest.mark.parametrize(
    ("words", "sentences"),
    [
        (("submit", "no.csv", "--as", "x"), ("There is no file", "`out.csv`")),
        (("submit", "out.csv"), ("A submission has a name", "--as NAME")),
        (("submit", "out.csv", "--as", "first"), ("is a candidate that this project defines", "first-outside")),
        (("submit", "out.csv", "--as", "best"), ("mean something else",)),
        (("submit", "out.csv", "--as", "r-12"), ("mean something else",)),
        (("submit", "out.csv", "--as", "a b"), ("'a b'",)),
        (("submit", "out.csv", "--as", "a=b"), ("'a=b'",)),
        (("submit", "out.xlsx", "--as", "x"), ("ends in none of",)),
        (("submit", "torn.parquet", "--as", "x"), ("must be readable as such",)),
        (("submit", "empty.csv", "--as", "x"), ("is empty",)),
        (("submit", "ragged.csv", "--as", "x"), ("as many fields in each line",)),
        (("submit", "twice.csv", "--as", "x"), ("`id` more than once",)),
        (("submit", "latin.csv", "--as", "x"), ("UTF-8",)),
        (("submit", "out.csv", "--as", "x", "-p", "rsk"), ("Did you mean `risk`?",)),
        (("submit",), ("needs `FILE`",)),
    ],
)
def test_a_mistyped_submission_is_answered_in_three_sentences(
    typed: Typed, words: tuple[str, ...], sentences: tuple[str, ...]
) -> None:
    for name, data in {
        "out.csv": b"id,probability\n1,0.5\n",
        "out.xlsx": b"PK",
        "torn.parquet": b"PAR1",
        "empty.csv": b"\n\n",
        "ragged.csv": b"id,probability\n1,0.5,3\n",
        "twice.csv": b"id,id,probability\n1,1,0.5\n",
        "latin.csv": "id,probability\né,0.5\n".encode("latin-1"),
    }.items():
        Path(name).write_bytes(data)
    typed.types(*words).refuses(*sentences)


def test_reading_a_submission_needs_no_scikit_learn(typed: Typed) -> None:
    predicted(rows_to_test(typed)).to_csv(typed.root / "out.csv", index=False)
    program = (
        "import os, sys\nfrom bancada.cli._main import program, run\n"
        "assert run(program(), ['submit', 'out.csv', '--as', 'x'], os.environ) == 0\n"
        "print('sklearn.ensemble' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=True)
    assert answer.stdout.splitlines()[-1] == "False"
