"""One split, one fit each: intervals over the rows, and a word on the two fitted models."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

from bancada.metrics import get
from bancada.samples import Sample
from bancada.scoring.rows import delong, estimate_rows, row_difference
from bancada.store import Store

if TYPE_CHECKING:
    import numpy.typing as npt
    from tests.acceptance.conftest import Typed

EVALUATION = 'bc.Evaluation(primary="roc_auc", metrics=["accuracy", "log_loss"], slices=["region"])'


def people(n_rows: int) -> dict[str, list[Any]]:
    draw = random.Random(3)
    a = [draw.gauss(0, 1) for _ in range(n_rows)]
    ill = [int(value + draw.gauss(0, 1) > 0) for value in a]
    b = [0.5 * value + draw.gauss(0, 1) for value in a]
    home = [person // 2 for person in range(n_rows)]
    region = ["north" if person % 3 else "south" for person in range(n_rows)]
    return {"person": list(range(n_rows)), "a": a, "b": b, "ill": ill, "region": region, "home": home}


@pytest.fixture
def split(typed: Typed) -> Typed:
    """Run two candidates and the baseline on one split of 400 people."""
    typed.write(split="bc.splits.Single(0.5, seed=1)", evaluation=EVALUATION)
    typed.rows(**people(400))
    assert typed.runs().code == 0
    return typed


def read(typed: Typed, *words: str) -> Any:
    answer = typed.types(*words, "--json")
    assert answer.code == 0, answer.err
    return answer.document


def predicted(typed: Typed, candidate: str) -> npt.NDArray[np.float64]:
    """Return the stored scores of a candidate by the person's number."""
    store = Store.open(typed.store, create=False)
    read_all = (store.runs.read("risk", run_id) for run_id in store.runs.ids("risk"))
    (run,) = [one.record for one in read_all if one is not None and one.record.candidate == candidate]
    table = store.folds.predictions(run.folds[0].key, run.folds[0].content or "")
    found = np.full(400, np.nan)
    found[table.column("id").to_numpy()] = table.column("score").to_numpy()
    return found


def test_the_board_of_one_split_has_intervals_over_rows(split: Typed) -> None:
    board = read(split, "leaderboard")
    assert board["procedure"].startswith("DeLong over rows, logit scale")
    assert any(note.startswith("one split: intervals are over its rows") for note in board["notes"])
    truth = np.array(people(400)["ill"], dtype=bool)
    for row in board["rows"][:2]:
        score = predicted(split, row["candidate"])
        tested = np.isfinite(score)
        sample = Sample(pa.table({"label": truth[tested]}), pa.table({"score": score[tested]}), pa.table({}))
        found = estimate_rows(get("roc_auc"), sample)
        assert (row["value"], row["low"], row["high"]) == pytest.approx((found.value, found.low, found.high))
        assert row["against_leader"] is None or row["against_leader"]["verdict"] == "none"
    assert "intervals are over its rows" in split.types("leaderboard").out


def test_two_fitted_models_are_compared_row_by_row_without_project_code(split: Typed) -> None:
    split.write_text("raise RuntimeError('never executed')")
    told = read(split, "compare", "first", "second")
    truth = np.array(people(400)["ill"], dtype=bool)
    first, second = (predicted(split, name) for name in ("first", "second"))
    tested = np.isfinite(first)
    parts = [
        get("roc_auc").influence(
            Sample(pa.table({"label": truth[tested]}), pa.table({"score": one[tested]}), pa.table({}))
        )
        for one in (first, second)
    ]
    assert parts[0] is not None
    assert parts[1] is not None
    found = row_difference(parts[0], parts[1], greater_is_better=True)
    assert (told["low"], told["high"]) == pytest.approx(found.ends())
    assert (told["verdict"], told["procedure"]) == ("better", "paired t over rows")
    assert told["statement"] == "the fitted models; training variation not measured"
    check = delong(truth[tested], first[tested], second[tested])
    assert told["checks"] == [{"name": "DeLong", "statistic": check.statistic, "p": check.p, "note": ""}]
    assert all(part["low"] < part["delta"] < part["high"] for part in (*told["slices"], *told["other_metrics"]))
    text = split.types("compare", "first", "second").out
    assert "row by row) on the test rows that both have" in text
    assert "Beside it, DeLong" in text


def test_another_metric_has_an_interval_and_no_word(split: Typed) -> None:
    told = read(split, "compare", "first", "second", "--metric", "accuracy")
    assert told["low"] < told["delta"] < told["high"]
    assert (told["verdict"], told["checks"][0]["name"]) == ("none", "McNemar, exact")
    assert told["note"] == "`accuracy` is not the primary metric: interval not adjusted, no word"


def test_without_the_data_the_estimates_stand_and_it_says_why(split: Typed) -> None:
    (split.root / "data.csv").unlink()
    for path in (split.root.parent / "cache").rglob("*.arrow"):
        path.unlink()
    told = read(split, "compare", "first", "second")
    assert (told["verdict"], told["low"]) == ("none", None)
    assert told["delta"] is not None
    assert "not compared row by row: They are in none of these" in told["note"]


def test_groups_are_the_units_of_one_split(typed: Typed) -> None:
    typed.write(split="bc.splits.Single(0.5, seed=1)", evaluation=EVALUATION, groups='"home"')
    typed.rows(**people(400))
    assert typed.runs().code == 0
    assert read(typed, "leaderboard")["procedure"].startswith("DeLong over groups")
    told = read(typed, "compare", "first", "second")
    assert (told["procedure"], told["checks"]) == ("paired t over groups", [])


def test_three_seeds_of_each_are_about_the_procedure_on_this_split(split: Typed) -> None:
    assert split.runs("first", "second", "--seeds", "2").code == 0
    two = read(split, "compare", "first", "second")
    assert (two["verdict"], two["low"]) == ("none", None)
    assert split.runs("first", "second", "--seeds", "3").code == 0
    three = read(split, "compare", "first", "second")
    assert (three["statement"], three["procedure"]) == ("the procedure on this split", "paired t over rows, and seeds")
    assert three["low"] < three["delta"] < three["high"]
    assert three["verdict"] == "better"
    assert "paired t over rows, and seeds" in split.types("compare", "first", "second").out


NOISY = """
class Noisy:
    def __init__(self, size):
        self.size = size

    def fit(self, X, y):
        self.noise = np.random.normal(0, self.size, 1_000)
        return self

    def predict_proba(self, X):
        high = 1 / (1 + np.exp(-X["a"].to_numpy() - self.noise[: len(X)]))
        return np.column_stack([1 - high, high])

    def predict(self, X):
        return (self.predict_proba(X)[:, 1] > 0.5).astype(int)


@bc.candidate
def first():
    return Noisy(0.5)


@bc.candidate
def second():
    return Noisy(0.6)
"""


def test_an_open_comparison_says_how_many_seeds_or_rows_would_settle_it(typed: Typed) -> None:
    typed.write(candidates=NOISY, split="bc.splits.Single(0.5, seed=1)", evaluation=EVALUATION)
    typed.rows(**people(400))
    assert typed.runs("first", "second", "--seeds", "3").code == 0
    told = read(typed, "compare", "first", "second")
    assert told["verdict"] == "inconclusive"
    settle = told["settle"]
    assert (settle["seeds"] is None) != (settle["rows"] is None)
    assert "seed" in settle["text"]
    assert settle["text"] in typed.types("compare", "first", "second").out
