"""Programs as models: fit and predict through files, and what is said when they do not answer."""

from __future__ import annotations

import json
import pickle
import stat
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.linear_model import LinearRegression

from bancada.exceptions import (
    ConfigurationError,
    DataError,
    DefinitionError,
    NotFoundError,
    PredictionError,
    UsageError,
)
from bancada.models import Command, describe, dump, fresh, load
from bancada.samples import FitFacts

if TYPE_CHECKING:
    from pathlib import Path

# Least squares on the first column; the target is the last one.
LINE = """
BEGIN { FS = ","; OFMT = CONVFMT = "%.17g" }
step == "predict" && NR == 1 { getline line < (model "/line.txt"); split(line, known, " "); print "value" > out; next }
step == "predict" { printf "%.17g\\n", known[1] + known[2] * $1 > out; next }
NR > 1 { n++; x += $1; y += $NF; xx += $1 * $1; xy += $1 * $NF }
END { if (step == "fit") { b = (n * xy - x * y) / (n * xx - x * x); print (y - b * x) / n, b > (model "/line.txt") } }
"""
ARGUMENTS = ["-v", "step={step}", "-v", "model={model}", "-v", "out={predictions}", "-f", "line.awk", "{data}"]
X = pd.DataFrame({"size": [1.0, 2.0, 4.0, 7.0], "rooms": [1, 1, 2, 3]})
Y = pd.Series([3.0, 5.0, 9.5, 14.0], name="price")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "line.awk").write_text(LINE)
    return tmp_path


def shell(text: str, **options: Any) -> Command:
    """Return a command of the shell, whose `$1` to `$5` are step, data, model, predictions and job."""
    return Command(["sh", "-c", text, "sh", "{step}", "{data}", "{model}", "{predictions}", "{job}"], **options)


def answering(text: str, **options: Any) -> Command:
    """Return a fitted command that answers with a text, whatever it is asked."""
    return shell(f"[ $1 = fit ] || printf '{text}' > $4", **options).fit(X, Y)


@settings(max_examples=10)
@given(
    st.lists(
        st.tuples(st.floats(-100, 100), st.floats(-100, 100)), min_size=3, max_size=20, unique_by=lambda p: int(p[0])
    )
)
def test_a_line_of_awk_predicts_what_a_line_of_python_does(points: list[tuple[float, float]]) -> None:
    x, y = pd.DataFrame({"x": [a for a, _ in points]}), pd.Series([b for _, b in points], name="y")
    command = Command(["awk", *ARGUMENTS]).fit(x, y)
    expected = LinearRegression().fit(x, y).predict(x)
    np.testing.assert_allclose(command.predict(x), expected, rtol=1e-6, atol=1e-6)


def test_a_fitted_command_travels_with_what_it_has_learnt(here: Path) -> None:
    command = Command(["awk", *ARGUMENTS]).fit(X, Y)
    kept = dump(command)
    copy = pickle.loads(pickle.dumps(command))  # noqa: S301 - what was written just now
    expected = command.predict(X)
    for travelled in (copy, load(kept.data, kept.format, trusted=True)):
        np.testing.assert_array_equal(travelled.predict(X), expected)


def test_the_data_come_in_every_format() -> None:
    for form in ("csv", "parquet", "arrow"):
        script = (
            "import sys, pyarrow as pa\nfrom pyarrow import csv, parquet, ipc\n"
            "step, data, out, form = sys.argv[1:]\n"
            "read = {'csv': csv.read_csv, 'parquet': parquet.read_table}\n"
            "read['arrow'] = lambda path: ipc.open_file(path).read_all()\n"
            "table = read[form](data)\n"
            "if step == 'fit': sys.exit(table.column_names != ['size', 'rooms', 'price'])\n"
            "found = pa.table({'value': table['size']})\n"
            "if form == 'csv': csv.write_csv(found, out)\n"
            "elif form == 'parquet': parquet.write_table(found, out)\n"
            "else:\n    with ipc.new_file(out, found.schema) as sink: sink.write_table(found)\n"
        )
        command = Command([sys.executable, "-c", script, "{step}", "{data}", "{predictions}", form], format=form)
        assert command.fit(X, Y).predict(X).tolist() == X["size"].tolist()


@pytest.mark.parametrize("kind", ["pandas", "polars", "arrow", "numpy"])
def test_any_frame_becomes_the_same_file(kind: str, here: Path) -> None:
    frames: dict[str, Any] = {
        "pandas": X, "polars": pl.from_pandas(X), "arrow": pa.Table.from_pandas(X), "numpy": X.to_numpy(),
    }  # fmt: skip
    facts = FitFacts(
        root=here, task={}, features=("size", "rooms"), target=("price",), predictions=("value",), params={}, seed=1
    )
    target: Any = {"polars": pl.Series("price", Y), "arrow": pa.chunked_array([Y])}.get(kind, Y.to_numpy())
    shell(f"cat $2 > {kind}.csv").told(facts).fit(frames[kind], target)
    read = pd.read_csv(here / f"{kind}.csv")
    pd.testing.assert_frame_equal(read.astype(float), X.assign(price=Y).astype(float))


def test_texts_dates_truths_and_nulls_are_read_back_as_they_were(here: Path) -> None:
    frame = pd.DataFrame(
        {
            "text": ['a, "b"\nc', None, "é"],
            "kind": pd.Categorical(["x", None, "y"]),
            "day": pd.to_datetime(pd.Series(["2024-01-31", None, "2024-02-01"])),
            "on": pd.array([True, None, False], dtype="boolean"),
            'na,me "x"': [1.5, None, -0.0],
        }
    )
    shell("cat $2 > seen.csv").fit(frame, [1, 2, 3])
    read = pd.read_csv(here / "seen.csv", parse_dates=["day"])
    assert read.columns.tolist() == [*frame.columns, "target"]
    assert read["text"].tolist()[::2] == ['a, "b"\nc', "é"]
    assert read["on"].tolist()[::2] == [True, False]
    assert read["day"].tolist()[::2] == frame["day"].tolist()[::2]
    assert read.isna().sum().tolist() == [1, 1, 1, 1, 1, 0]


def test_a_program_is_told_all_that_it_cannot_see(here: Path) -> None:
    facts = FitFacts(
        root=here, task={"name": "regression"}, features=("size", "rooms"), target=("price",),
        predictions=("value",), params={"depth": 3}, seed=11,
    )  # fmt: skip
    shell("cat $5 > job.json").told(facts).fit(X, Y, sample_weight=np.ones(4))
    job = json.loads((here / "job.json").read_text())
    assert (job["schema"], job["step"], job["seed"], job["params"]) == ("job/1", "fit", 11, {"depth": 3})
    assert (job["features"], job["target"], job["columns"]) == (["size", "rooms"], ["price"], ["value"])
    assert job["types"]["sample_weight"] == "double"
    assert job["paths"]["root"] == str(here)


def test_one_run_may_train_and_predict(here: Path) -> None:
    text = "echo $1 >> steps; tail -n +2 $2 | wc -l >> rows; { echo value; tail -n +2 $3 | cut -d, -f1; } > $4"
    command = Command(["sh", "-c", text, "sh", "{step}", "{train}", "{test}", "{predictions}"], at_once=True)
    assert command.fit(X, Y).predict(X[:2]).tolist() == [1, 2]
    assert (here / "steps").read_text() == "fit_predict\n"
    assert (here / "rows").read_text().split() == ["4"]


def test_a_column_of_rows_brings_answers_into_order() -> None:
    command = answering("row,value\\n2,20\\n1,10\\n4,40\\n3,30\\n")
    assert command.predict(X).tolist() == [10, 20, 30, 40]


def test_probabilities_and_labels_come_back_as_such() -> None:
    assert answering("probability\\n0.1\\n0.2\\n0.3\\n1\\n").predict_proba(X).tolist() == [0.1, 0.2, 0.3, 1]
    assert answering("label\\na\\nb\\na\\nb\\n").predict(X).tolist() == ["a", "b", "a", "b"]
    two = answering("probability_a,probability_b\\n0.5,0.5\\n1,0\\n0,1\\n0,1\\n").predict_proba(X)
    assert two.tolist() == [[0.5, 0.5], [1, 0], [0, 1], [0, 1]]
    with pytest.raises(PredictionError, match="It wrote `value`"):
        answering("value\\n1\\n2\\n3\\n4\\n").predict_proba(X)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("value\\n1\\n2\\n", "has 2 lines for 4 rows"),
        ("", "cannot be read as one"),
        ("value\\n1\\n2\\n3\\n4,5\\n", "cannot be read as one"),
        ("value\\n\\377\\n2\\n3\\n4\\n", "cannot be read as one"),
        ("row,value\\n1,1\\n1,2\\n3,3\\n4,4\\n", "`row` of predictions counts the rows"),
        ("row,value\\n0,1\\n1,2\\n2,3\\n3,4\\n", "`row` of predictions counts the rows"),
        ("row,value\\na,1\\nb,2\\nc,3\\nd,4\\n", "`row` of predictions counts the rows"),
    ],
)
def test_an_answer_that_does_not_fit_is_named(text: str, told: str) -> None:
    command = answering(text)
    with pytest.raises(PredictionError, match=told):
        command.predict(X)


def test_an_answer_that_is_not_there_is_named() -> None:
    command = shell("true").fit(X, Y)
    with pytest.raises(
        PredictionError, match=r"there is no `predictions.csv`; its folder holds `data.csv`, `job.json`"
    ):
        command.predict(X)


def test_a_failure_tells_code_and_last_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PredictionError, match=r"`sh` ended with exit code 3, after printing:\n    no such thing"):
        shell("echo no such thing >&2; exit 3").fit(X, Y)
    assert capsys.readouterr().out == "no such thing\n"
    with pytest.raises(PredictionError, match="ended by the signal SIGKILL, after printing nothing"):
        shell("kill -9 $$").fit(X, Y)


def test_only_the_end_of_much_output_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PredictionError, match=r"printing:\n    99981\n") as told:
        shell("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); echo $i; done; exit 1").fit(X, Y)
    assert len(str(told.value)) < 1_000
    assert len(capsys.readouterr().out.splitlines()) == 100_000


def test_what_a_program_leaves_behind_is_not_waited_for() -> None:
    shell("sleep 30 & [ $1 = fit ]").fit(X, Y)


def test_input_is_closed() -> None:
    shell("! read line").fit(X, Y)


def test_a_program_that_is_not_there_is_named_with_where_to_get_it(here: Path) -> None:
    with pytest.raises(NotFoundError, match=r"Found no `julia`. Install Julia, with `juliaup`"):
        Command(["julia"]).fit(X, Y)
    with pytest.raises(NotFoundError, match=r"Found no `no-such-program`\. Install it, or give its whole path"):
        Command(["no-such-program"]).fit(X, Y)
    with pytest.raises(NotFoundError, match=r"Did you mean `line.awk`\?"):
        Command(["./line.akw"]).fit(X, Y)
    with pytest.raises(NotFoundError, match=r"Say `./line.awk` for the file of the project"):
        Command(["line.awk"]).fit(X, Y)
    with pytest.raises(ConfigurationError, match=r"cannot be run: Permission denied. Make it executable"):
        Command(["./line.awk"]).fit(X, Y)
    (here / "line.awk").chmod(stat.S_IRWXU)
    with pytest.raises(ConfigurationError, match="begin a script with a line such as"):
        Command(["./line.awk"]).fit(X, Y)


@pytest.mark.parametrize(
    ("arguments", "options", "told"),
    [
        ("Rscript model.R", {}, r"Write `\['Rscript', 'model.R'\]`: no shell reads it"),
        ([], {}, r"Found \[\]"),
        (["awk", 3], {}, "Found 3"),
        (None, {}, "Found None"),
        (["awk"], {"format": "cvs"}, "Did you mean `csv`"),
        (["awk", "{predicitons}"], {}, "Did you mean `{predictions}`"),
        (["awk", "{train}"], {}, "or say `at_once=True`"),
        (["awk", "{data}"], {"at_once": True}, "or say `at_once=False`"),
    ],
)
def test_a_command_that_cannot_be_meant_is_refused_at_once(arguments: Any, options: Any, told: str) -> None:
    with pytest.raises(DefinitionError, match=told):
        Command(arguments, **options)


def test_braces_of_the_program_itself_stay() -> None:
    program = "{print} {x} { y = 1 }"
    assert Command(["awk", program, "{data}"]).argv[1] == program
    command = Command(["sh", "-c", 'test "$1" = "{print}"', "sh", "{print}"])
    command.fit(X, Y)


def test_a_command_is_a_value_like_an_estimator() -> None:
    command = Command(["awk", *ARGUMENTS], params={"depth": 2})
    assert describe(command) == describe(clone(command)) == describe(fresh(command))
    assert describe(command) != describe(Command(["gawk", *ARGUMENTS], params={"depth": 2}))
    assert "line.awk" in repr(command)
    assert command.set_params(format="arrow").get_params()["format"] == "arrow"
    with pytest.raises(DefinitionError, match="Did you mean `format`"):
        command.set_params(fromat="csv")


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(DataError, match="`size` is both"):
        shell("true").fit(X, Y.rename("size"))
    with pytest.raises(DataError, match="Say `format='parquet'`"):
        shell("true").fit(pd.DataFrame({"x": [[1], [2]]}), [1, 2])
    with pytest.raises(UsageError, match="Call `fit"):
        shell("true").predict(X)
