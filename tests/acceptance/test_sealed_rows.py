"""Sealed rows reach nobody before a look: every public door is walked, with values in them that cannot be overseen."""

from __future__ import annotations

import json
import os
import re
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import bancada as bc
from bancada.cli._verbs import VERBS
from bancada.samples import SplitRows

if TYPE_CHECKING:
    from tests.acceptance.conftest import Told, Typed

# Of a sealed row target and features are so large: of no other row are they above 1,000.
SEALED = 5
TARGET, FEATURE = 987_654_321_000, 864_209_753_000
BOTH = (TARGET, FEATURE)
HIDDEN = re.compile("|".join("[.,_ ]?".join(digits) for digits in ("987654321", "864209753")))
MODULE = """
import json
import os

import numpy as np

import bancada as bc
from bancada.samples import FoldPart


def saw(door, *values):
    found = [np.asarray(value, dtype=float).ravel() for value in values if value is not None]
    top = max((float(np.nanmax(value)) for value in found if value.size), default=0.0)
    with open(os.environ["SEEN"], "a") as file:
        file.write(json.dumps([door, top]) + "\\n")


class Line:
    def fit(self, X, y):
        saw("fit", X, y)
        self.mean = float(np.mean(y))
        return self

    def predict(self, X):
        saw("predict", X)
        return np.full(len(X), self.mean) + 0.01 * np.asarray(X)[:, 0]


class Dealt:
    repeats, columns, kind = 1, ("amount",), "random"

    def resolve(self, *, has_classes, has_groups):
        return self

    def identity(self):
        return {"design": "dealt", "kind": "random"}

    def sealed(self, rows):
        saw("split sealed", rows.target)
        return np.asarray(rows.ids) % 5 == 0

    def folds(self, rows, repeat):
        saw("split folds", rows.target, rows.columns.column("amount"))
        place = np.arange(len(rows.ids)) % 3
        return tuple(FoldPart(np.flatnonzero(place != fold), np.flatnonzero(place == fold)) for fold in range(3))


def spread(y_true, y_pred):
    saw("metric", y_true, y_pred)
    return float(np.mean(np.abs(y_true - y_pred)))


def gain(y_true, y_pred, amount):
    saw("kpi", y_true, y_pred, amount)
    return amount - np.abs(y_true - y_pred)


problem = bc.Problem(
    name="price",
    dataset=bc.Dataset.from_file("data.csv", name="houses", version="1", id="house"),
    target="price",
    features=["a"],
    task=bc.tasks.Regression(),
    split=Dealt(),
    evaluation=bc.Evaluation(
        primary="mae",
        metrics=[bc.metrics.from_function(spread, greater_is_better=False, columns=["amount"])],
        slices=[bc.Slice("dear", "amount > 3")],
        kpi=bc.Kpi("gain", unit="EUR", function=gain),
    ),
)


@bc.candidate
def line():
    return Line()


@bc.candidate
def raises():
    class Broken(Line):
        def fit(self, X, y):
            raise ValueError(f"largest of {len(y)}: {np.max(y)} {np.max(np.asarray(X))}")

    return Broken()
"""
SCRIPT = """
import os
import bancada as bc
told = {name: value for name, value in os.environ.items() if name.startswith("BANCADA")}
print(sorted(told.items()))
bc.log(step=1, loss=0.5)
"""


def sealed(number: int) -> bool:
    return number % SEALED == 0


def write(typed: Typed) -> None:
    rows = ["house,a,amount,price"]
    for number in range(60):
        a, amount, price = number % 7, number % 6, number % 11
        if sealed(number):
            a, amount, price = FEATURE + number, FEATURE + number, TARGET + number
        rows.append(f"{number},{a},{amount},{price}")
    typed.write_data("\n".join(rows) + "\n")
    typed.write_text(MODULE)


def doors(seen: Path) -> dict[str, float]:
    """Return the largest value that the user's own code was shown, by where it was shown."""
    found: dict[str, float] = {}
    for text in seen.read_text().splitlines():
        door, top = json.loads(text)
        found[door] = max(found.get(door, 0.0), top)
    return found


def tells_nothing(told: Told, *codes: int) -> None:
    assert told.code in (codes or (0,)), told.err
    for text in (told.out, told.err):
        assert not HIDDEN.search(text), HIDDEN.findall(text)


@pytest.fixture
def price(typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    monkeypatch.setenv("SEEN", str(tmp_path / "seen"))
    write(typed)
    return typed


# Every verb, and how it is asked for all that it tells. What is none of these must be added here.
WALK: dict[str, tuple[tuple[str, ...], ...]] = {
    "run": (("run", "--in-process", "--json"), ("run", "--plan", "--json"), ("run", "--in-process", "line", "--again")),
    "try": (("try", "line", "--json"),),
    "leaderboard": (("leaderboard", "--all"), ("leaderboard", "--json"), ("leaderboard", "--metric", "spread")),
    "compare": (("compare", "line", "baseline"), ("compare", "line", "baseline", "--json")),
    "reproduce": (),
    "across": (("across", "line", "baseline", "--json"),),
    "kpi": (("kpi",), ("kpi", "--json")),
    "diff": (("diff", "line", "baseline", "--json"),),
    "show": (
        ("show", "line", "--json"),
        ("show", "line", "--code", "--json"),
        ("show", "line", "--log", "--json"),
        ("show", "raises", "--log"),
        ("show", "--split", "--json"),
        ("show", "--split", "--csv"),
    ),
    "errors": (
        ("errors", "line", "--json"),
        ("errors", "line", "--features", "all", "--csv", "errors.csv"),
        ("errors", "line"),
    ),
    "evaluation": (("evaluation", "show"), ("evaluation", "show", "--json"), ("evaluation", "status")),
    "journal": (("journal",), ("journal", "--json")),
    "list": (("list",), ("list", "--json")),
    "rescore": (("rescore", "--json"),),
    "fit": (("fit", "line", "--json"),),
    "holdout": (("holdout", "show"), ("holdout", "show", "--json")),
    "data": (("data", "lock"), ("data", "status", "--json"), ("data", "check", "--json")),
    "note": (("note", "line", "a note", "--json"),),
    "rm": (("rm", "raises", "--json"),),
    "gc": (("gc", "--json"),),
    "store": (("store", "verify", "--json"),),
}
# These tell of no rows of a problem, or are walked by hand below.
OTHERS = {"submit", "exec", "sign", "forget", "demo", "completion"}


def test_no_verb_shows_anything_of_a_sealed_row_before_a_look(price: Typed) -> None:
    names = {verb.name for verb in VERBS}
    ours = WALK.keys() | OTHERS
    assert names <= ours, f"say how {names - ours} are asked for all that they tell"
    for words in (words for name, walk in WALK.items() if name in names for words in walk):
        code = {
            "run": (0, 1),
            "try": (0, 1),
            "data": (0, 1, 2),
            "evaluation": (0, 1),
            "across": (0, 2),
            "kpi": (0, 2),
        }.get(words[0], (0,))
        tells_nothing(price.types(*words), *code)
    ids = [number for number in range(60) if not sealed(number)]
    taken_away = price.root / "errors.csv"
    assert not taken_away.exists() or not HIDDEN.search(taken_away.read_text())
    good = price.root / "good.csv"
    good.write_text("id,value\n" + "".join(f"{number},5.5\n" for number in ids))
    tells_nothing(price.types("submit", "good.csv", "--as", "vendor", "--json"))
    bad = price.root / "bad.csv"
    bad.write_text("id,value\n" + "".join(f"{number},5.5\n" for number in range(60)))
    told = price.types("submit", "bad.csv", "--as", "vendor")
    told.refuses("Rows of the sealed holdout are predicted by nobody before it is opened.")
    tells_nothing(told, 2)
    (price.root / "train.py").write_text(SCRIPT)
    tells_nothing(price.types("exec", "--as", "script", "--", "python", "train.py"), 0, 1)
    split = price.types("show", "--split", "--csv").out.splitlines()[1:]
    assert {int(line.split(",")[0]) for line in split} == set(ids)


def test_the_users_own_code_is_handed_no_sealed_row_before_a_look(price: Typed) -> None:
    price.runs()
    price.types("fit", "line")
    price.types("rescore")
    seen = doors(price.root.parent / "seen")
    assert {"fit", "predict", "split sealed", "split folds", "metric", "kpi"} <= seen.keys()
    # Models, metrics, KPIs and splits saw values, and none of a sealed row; what seals saw no target at all.
    assert max(seen.values()) < 1_000, seen
    assert min(seen[door] for door in seen.keys() - {"split sealed"}) > 0
    assert seen["split sealed"] == 0


def test_no_file_of_the_store_holds_the_truth_or_a_prediction_of_a_sealed_row(price: Typed) -> None:
    price.runs()
    price.types("fit", "line")
    hidden = [number for number in range(60) if sealed(number)]
    needles = [struct.pack(form, value + number) for number in hidden for value in BOTH for form in ("<d", "<q")]
    data = (price.root / "data.csv").read_bytes()
    for path in price.store.rglob("*"):
        if path.is_file() and (content := path.read_bytes()) != data:
            assert not HIDDEN.search(content.decode("latin-1")), path
            assert not any(needle in content for needle in needles), path


def test_what_a_dataset_hands_to_a_candidate_has_no_place_for_a_sealed_row(price: Typed) -> None:
    price.runs("line")
    price.types("fit", "line")
    told = price.types("holdout", "score", "line", "--yes", "--json")
    assert told.code == 0, told.err
    seen = doors(price.root.parent / "seen")
    # A look shows a model the features, never the target; the truth is for metrics.
    assert seen["predict"] >= FEATURE
    assert seen["fit"] < 1_000
    assert seen["metric"] >= TARGET
    assert seen["split folds"] < 1_000


# Each name of the front door, and why no sealed row leaves by it.
NAMES = {
    "ROW": "a constant",
    "Alternative": "a definition",
    "BancadaError": "an error; its texts are walked above",
    "Board": "what `evaluate` returns",
    "Candidate": "a function of the user's",
    "Dataset": "constructors: whoever holds the data opens them, and a candidate gets frames",
    "Evaluation": "a definition",
    "Kpi": "a definition; its function is walked above",
    "NotComparable": "an error",
    "Problem": "a definition",
    "Slice": "a definition",
    "across": "reads scores",
    "candidate": "a decorator",
    "compare": "reads scores",
    "evaluate": "walked below",
    "load": "loads the model of `fit`",
    "log": "writes",
    "log_artifact": "writes",
    "metrics": "definitions; walked above",
    "models": "adapters of models",
    "splits": "definitions; walked above",
    "submit": "refuses sealed rows, above",
    "tasks": "definitions",
}


def test_every_name_of_the_front_door_is_known_to_this_walk() -> None:
    assert set(bc.__all__) == set(NAMES)


class Noting:
    """A model that writes down the largest value that it was shown."""

    def _note(self, *values: Any) -> None:
        with Path(os.environ["SEEN"]).open("a") as file:
            file.write(json.dumps(["model", max(float(np.max(np.asarray(value))) for value in values)]) + "\n")

    def fit(self, X: Any, y: Any) -> Noting:
        self._note(X, y)
        return self

    def predict(self, X: Any) -> Any:
        self._note(X)
        return np.zeros(len(X))


def test_evaluate_hands_no_sealed_row_to_models_and_its_board_shows_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BANCADA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("SEEN", str(tmp_path / "seen"))
    split = bc.splits.KFold(3, seed=1, holdout=0.2)
    ids = np.arange(60)
    hidden = split.sealed(SplitRows(pa.array(ids), pa.table({})))
    X = pd.DataFrame({"a": np.where(hidden, float(FEATURE) + ids, ids % 7)})
    y = pd.Series(np.where(hidden, float(TARGET) + ids, ids % 11))
    board = bc.evaluate({"noting": Noting()}, X, y, split=split, task=bc.tasks.Regression(), workers=1)
    assert 0 < doors(tmp_path / "seen")["model"] < 1_000
    assert not HIDDEN.search(str(board) + board._repr_html_())
