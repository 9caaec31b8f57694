"""`bancada errors` and the rows of `bancada compare`, typed in a project."""

from __future__ import annotations

import csv
import io
import random
import shutil
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from bancada.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from tests.acceptance.conftest import Typed

SLICES = 'bc.Evaluation(primary="roc_auc", metrics=["accuracy"], slices=["region", bc.Slice("nobody", "a > 99")])'
REGRESSION = """
class Line:
    def fit(self, X, y):
        return self

    def predict(self, X):
        return 2 * X["a"].to_numpy()


@bc.candidate
def line():
    return Line()
"""


def rows_of(n_rows: int, *, hard: str = "south") -> dict[str, list[Any]]:
    """Draw people of whom those of one region cannot be told by `a`; person 7's label is plainly wrong."""
    draw = random.Random(3)
    a = [draw.gauss(0, 2) for _ in range(n_rows)]
    region = ["north" if draw.random() < 0.6 else "south" for _ in range(n_rows)]
    ill = [
        int(draw.random() < 0.5) if where == hard else int(value + draw.gauss(0, 0.3) > 0)
        for value, where in zip(a, region, strict=True)
    ]
    a[7], region[7], ill[7] = 6.0, "north", 0
    return {
        "person": list(range(n_rows)),
        "a": a,
        "b": [draw.gauss(0, 1) for _ in range(n_rows)],
        "ill": ill,
        "region": region,
    }


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lend a folder for what the first test has run: the others read it, and reading is what they are about."""
    return tmp_path_factory.mktemp("ran")


@pytest.fixture
def ran(typed: Typed, kept: Path) -> Typed:
    """Run two candidates on 600 people."""
    typed.write(evaluation=SLICES, split="bc.splits.KFold(3, repeats=2, seed=1, holdout=0.2)")
    typed.rows(**rows_of(600))
    places = {kept / "store": typed.store, kept / "cache": typed.root.parent / "cache"}
    if not (kept / "store").exists():
        assert typed.runs().code == 0
        for copy, place in places.items():
            shutil.copytree(place, copy)
    else:
        for copy, place in places.items():
            shutil.copytree(copy, place, dirs_exist_ok=True)
    return typed


def test_the_errors_of_a_run_are_told_without_its_code(ran: Typed) -> None:
    ran.write_text("raise RuntimeError('never executed')")
    answer = ran.types("errors", "first", "--json")
    assert answer.code == 0, answer.err
    told = answer.document
    assert told["schema"] == "bancada.errors/1"
    assert (told["loss"]["name"], told["loss"]["metric"]) == ("log loss", None)
    assert told["loss"]["why"] == "the primary metric, `roc_auc`, has no value for a row"
    losses = [row["loss"] for row in told["rows"]]
    assert losses == sorted(losses, reverse=True)
    assert {row["tests"] for row in told["rows"]} == {2}
    assert all(row["right"] in {0, 0.5, 1} for row in told["rows"])
    cells = told["confusion"]["cells"]
    assert sum(map(sum, cells)) == pytest.approx(told["n_rows"])
    assert told["confusion"]["classes"] == ["0", "1"]


def test_declared_slices_are_flagged_and_small_ones_are_not_judged(ran: Typed) -> None:
    told = ran.types("errors", "first", "--json").document
    assert told["slices_by"] == "roc_auc"
    parts = {part["slice"]: part for part in told["slices"]}
    assert parts["region=south"]["flagged"]
    assert parts["region=south"]["high"] < 0
    by_loss = ran.types("errors", "first", "--metric", "log_loss", "--json").document
    assert by_loss["slices_by"] == "log_loss"
    assert {part["slice"]: part for part in by_loss["slices"]}["region=south"]["low"] > 0
    assert parts["region=south"]["delta"] == pytest.approx(-parts["region=north"]["delta"])
    assert parts["nobody"]["n_rows"] == 0
    assert (parts["nobody"]["inside"], parts["nobody"]["flagged"], parts["nobody"]["note"]) == (None, False, "no rows")
    text = ran.types("errors", "first").out
    assert "differs" in text
    assert "not judged: no rows" in text
    assert "no verdict" in text


def test_a_slice_that_nobody_declared_is_found(ran: Typed) -> None:
    found = [part for part in ran.types("errors", "first", "--json").document["found"] if part["confirmed"]]
    assert found
    assert all("region" in part["columns"] or "a" in part["columns"] for part in found)
    assert any("region == 'south'" in part["slice"] for part in found)
    assert ran.types("errors", "first", "--no-search", "--json").document["searched"] == 0


def test_a_label_that_is_plainly_wrong_is_suspected_first(ran: Typed) -> None:
    told = ran.types("errors", "first", "--json").document
    sealed = sealed_people(ran)
    if 7 not in sealed:
        assert told["suspects"][0]["id"] == 7
        assert (told["suspects"][0]["truth"], told["suspects"][0]["suggested"]) == ("0", "1")
    assert told["n_suspects"] >= len(told["suspects"])


def sealed_people(ran: Typed) -> set[int]:
    """Return the people that no fold has tested."""
    store = Store.open(ran.store, create=False)
    tested: set[int] = set()
    for run_id in store.runs.ids("risk"):
        record = store.runs.read("risk", run_id)
        assert record is not None
        for use in record.record.folds:
            tested |= set(store.folds.predictions(use.key, use.content or "").column("id").to_pylist())
    return set(range(600)) - tested


def test_sealed_rows_never_appear(ran: Typed) -> None:
    sealed = sealed_people(ran)
    assert len(sealed) > 80
    file = ran.root / "rows.csv"
    told = ran.types("errors", "first", "second", "--rows", "600", "--features", "all", "--csv", str(file), "--json")
    assert told.code == 0, told.err
    document = told.document
    assert document["n_rows"] == 600 - len(sealed)
    shown = {row["id"] for row in [*document["rows"], *document["versus"]["gained"], *document["versus"]["lost"]]}
    shown |= {one["id"] for one in document["suspects"]}
    shown |= {int(row["id"]) for row in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))}
    changed = ran.types("compare", "first", "second", "--rows", "--json").document["rows"]
    shown |= {row["id"] for row in changed}
    assert not shown & sealed
    bins = [part for binned in document["residuals"] for part in [sum(one["n_rows"] for one in binned["bins"])]]
    assert set(bins) == {600 - len(sealed)}


def test_two_models_stand_side_by_side(ran: Typed) -> None:
    versus = ran.types("errors", "first", "second", "--json").document["versus"]
    again = ran.types("errors", "second", "first", "--json").document["versus"]
    assert versus["difference"] == pytest.approx(-again["difference"])
    assert (versus["rows_fixed"], versus["rows_broken"]) == (again["rows_broken"], again["rows_fixed"])
    assert versus["low"] < versus["difference"] < versus["high"]
    assert all(row["difference"] > 0 for row in versus["gained"])
    assert all(row["difference"] < 0 for row in versus["lost"])
    compared = ran.types("compare", "first", "second", "--json").document
    assert (compared["rows_fixed"], compared["rows_broken"]) == (versus["rows_fixed"], versus["rows_broken"])
    assert "verdict is that of `bancada compare`" in ran.types("errors", "first", "second").out
    alike = ran.types("errors", "first", "first", "--no-search").out
    assert all(line.count("(r-") == 1 for line in alike.splitlines() if ": mean " in line)


def test_compare_lists_the_rows_that_change_and_says_where_it_differs(ran: Typed) -> None:
    told = ran.types("compare", "first", "second", "--rows", "--features", "region", "--json").document
    changes = [row["change"] for row in told["rows"]]
    assert (changes.count("fixed"), changes.count("broken")) == (told["rows_fixed"], told["rows_broken"])
    assert set(told["rows"][0]["features"]) == {"region"}
    parts = {part["slice"]: part for part in told["slices"]}
    assert parts["region=south"]["differs"] is True
    assert parts["region=south"]["contrast_high"] < 0
    assert parts["nobody"]["differs"] is None
    text = ran.types("compare", "first", "second").out
    assert "Differs by slice, in roc_auc: region=north" in text
    assert "first fixes" in text
    file = ran.root / "changes.csv"
    assert ran.types("compare", "first", "second", "--csv", str(file)).code == 0
    written = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    assert len(written) == len(changes)
    assert {"change", "id", "truth", "first", "second", "a", "b", "region"} <= set(written[0])


def test_rows_are_taken_away_as_csv_and_as_parquet(ran: Typed) -> None:
    answer = ran.types("errors", "first", "--csv", "x.csv", "--parquet", "x.parquet", "--features", "region,a")
    assert answer.code == 0
    table = pq.read_table(ran.root / "x.parquet")
    rows = list(csv.DictReader(io.StringIO((ran.root / "x.csv").read_text(encoding="utf-8"))))
    assert table.column_names == list(rows[0])
    assert {"id", "truth_label", "predicted_probability", "loss", "right", "tests", "fold_0", "fold_1"} <= set(rows[0])
    assert {"slice_region=south", "feature_region", "feature_a"} <= set(rows[0])
    assert table.column("loss").to_pylist() == pytest.approx([float(row["loss"]) for row in rows])
    assert f"wrote {len(rows)} rows to x.csv" in answer.err


def test_a_text_of_the_data_that_a_spreadsheet_would_compute_is_guarded(typed: Typed) -> None:
    rows = rows_of(60)
    rows["region"] = ["=1+1", "\x1b[31mred\u202e"] * 30
    typed.rows(**rows)
    assert typed.runs().code == 0
    shown = typed.types("errors", "first", "--features", "region")
    assert shown.code == 0, shown.err
    assert "\x1b" not in shown.out
    assert "\u202e" not in shown.out
    assert typed.types("errors", "first", "--csv", "x.csv", "--features", "region").code == 0
    written = (typed.root / "x.csv").read_text(encoding="utf-8")
    assert "'=1+1" in written
    assert ",=1+1" not in written
    assert "\x1b" not in written


def test_a_regression_has_residuals_and_odd_ones(typed: Typed) -> None:
    draw = random.Random(2)
    a = [draw.gauss(0, 1) for _ in range(200)]
    target = [2 * value + draw.gauss(0, 0.1) for value in a]
    target[11] += 9
    typed.write(
        candidates=REGRESSION,
        task="bc.tasks.Regression()",
        target='"ill"',
        evaluation='bc.Evaluation(primary="rmse", slices=[bc.Slice("above", "a > 0")])',
        features='["a"]',
    )
    typed.rows(person=list(range(200)), a=a, ill=target)
    assert typed.runs().code == 0
    told = typed.types("errors", "line", "--json").document
    assert told["loss"]["name"] == "absolute error"
    assert told["rows"][0]["id"] == 11
    assert told["suspects"][0]["id"] == 11
    assert told["confusion"] is None
    assert [part["by"] for part in told["residuals"]] == ["value", "a"]
    text = typed.types("errors", "line").out
    assert "Truth − prediction against the prediction" in text
    assert "The interval is of 95 %; `differs` where it excludes 0." in text
    compared = typed.types("compare", "line", "baseline", "--csv", "x.csv")
    compared.refuses("right or wrong", "by degrees", "bancada errors A B --csv FILE")


@pytest.mark.parametrize(
    ("words", "sentences"),
    [
        (("nobody",), ("`nobody` is none of these",)),
        (("first", "--metric", "roc_auc"), ("a value for each row", "`roc_auc` has none", "log_loss")),
        (("first", "--metric", "mae"), ("`mae` reads `truth.value`", "`probability`")),
        (("first", "--metric", "brir"), ("Did you mean `brier`?",)),
        (("first", "--features", "regoin"), ("Found no column `regoin`", "Did you mean `region`?")),
        (("first", "--csv", "nowhere/x.csv"), ("folder that exists", "`nowhere/x.csv`")),
    ],
)
def test_what_cannot_be_done_is_said_in_three_sentences(
    typed: Typed, words: tuple[str, ...], sentences: tuple[str, ...]
) -> None:
    assert typed.runs("first").code == 0
    typed.types("errors", *words).refuses(*sentences)


def test_data_that_are_gone_are_named_and_compare_goes_on_without_rows(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert typed.runs().code == 0
    (typed.root / "data.csv").unlink()
    monkeypatch.setenv("BANCADA_CACHE", str(typed.root / "empty"))
    typed.types("errors", "first").refuses("The truth of each row is read", "`data.csv`", "bancada data lock")
    told = typed.types("compare", "first", "second", "--json").document
    assert told["rows_fixed"] is None
    assert "data.csv" in told["rows_note"]
    assert "Rows fixed and broken are not known" in typed.types("compare", "first", "second").out
