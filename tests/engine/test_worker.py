"""The engine assumes nothing of a task: one with lists as truth and predictions goes from `fit` to the board."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from tests.engine.conftest import PROBLEM

from bancada.judgement import compare, leaderboard

if TYPE_CHECKING:
    from tests.engine.conftest import Folder

    from bancada.engine import Answer

TAGS_HEAD = """
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

import bancada as bc
from bancada.exceptions import PredictionError

LISTS = pa.list_(pa.string())

def table():
    rng = np.random.default_rng(5)
    length = rng.integers(1, 9, size=90)
    tags = [["long"] * bool(n > 4) + ["even"] * bool(n % 2 == 0) for n in length]
    return pa.table({"doc": np.arange(90), "length": length, "tags": pa.array(tags, LISTS)})

@dataclass(frozen=True)
class Tagging:
    name: str = "tagging"
    metrics: tuple = ("jaccard",)
    has_classes: bool = False

    def identity(self):
        return {"name": self.name}

    def resolve(self, target):
        return self

    def truth(self, target):
        return pa.table({"tags": target.column(0)})

    def truth_schema(self):
        return pa.schema({"tags": LISTS})

    def schema(self):
        return pa.schema({"tags": LISTS})

    def read(self, model, X, n_rows, columns=None):
        return pa.table({"tags": pa.array([list(tags) for tags in model.predict(X)], LISTS)})

    def flags(self, model):
        return ()

    def check(self, predictions, n_rows):
        if predictions.num_rows != n_rows or predictions.column("tags").null_count:
            raise PredictionError("One list per row.", "Found others.", "Return lists.")

    def baseline(self):
        return Silent()

def jaccard(y_true, y_pred):
    shared = [len(set(a) & set(b)) / max(len(set(a) | set(b)), 1) for a, b in zip(y_true, y_pred)]
    return float(np.mean([1.0 if not len(a) and not len(b) else s for a, b, s in zip(y_true, y_pred, shared)]))

class Silent:
    def fit(self, X, y):
        return self

    def predict(self, X):
        return [[] for _ in range(len(X))]

class Lengths:
    def fit(self, X, y):
        self.known = dict(zip(X["length"], y))
        return self

    def predict(self, X):
        return [list(self.known.get(n, [])) for n in X["length"]]
"""
TAGS_PROBLEM = """
problem = bc.Problem(
    name="tags",
    dataset=bc.Dataset.from_function(table, name="tags", id="doc"),
    target="tags",
    task=Tagging(),
    split=bc.splits.KFold(3, repeats=2),
    evaluation=bc.Evaluation(
        primary=bc.metrics.from_function(jaccard, greater_is_better=True, reads=("tags",), bounds=(0, 1)),
        slices=[bc.Slice("short", "length < 4")],
    ),
)
"""
TAGS_CANDIDATES = """
@bc.candidate
def lengths():
    return Lengths()
"""


@pytest.mark.parametrize("in_process", [True, False])
def test_a_task_of_lists_goes_from_fit_to_the_board(folder: Folder, *, in_process: bool) -> None:
    folder.write(head=TAGS_HEAD, problem=TAGS_PROBLEM, candidates=TAGS_CANDIDATES)
    answers = folder.run(in_process=in_process)
    assert [(answer.record.candidate, answer.status) for answer in answers] == [
        ("lengths", "done"),
        ("baseline", "done"),
    ]
    record = answers[0].record
    assert {(score.metric, score.slice) for score in record.scores} == {("jaccard", None), ("jaccard", "short")}
    predictions = folder.store.folds.predictions(record.folds[0].key, record.folds[0].content or "")
    assert predictions.schema.field("tags").type.value_type == pa.string()
    board = leaderboard(folder.index.runs("tags"))
    assert [row.candidate for row in board.rows] == ["lengths", "baseline"]
    assert board.rows[0].value == pytest.approx(1.0)
    assert compare(record, answers[1].record).verdict == "better"
    assert folder.run(in_process=in_process)[0].status == "known"


def test_every_kind_of_task_runs(folder: Folder) -> None:
    for target, task, metric in (
        ("noisy", "Binary()", "f1"),
        ("region_code", "Multiclass()", "log_loss"),
        ("a", "Regression()", "rmse"),
    ):
        folder.write(
            problem=f"""
            problem = bc.Problem(
                name="p{target}",
                dataset=bc.Dataset.from_function(table, name="noisy", id="row"),
                target={target!r},
                task=bc.tasks.{task},
                split=bc.splits.KFold(3),
                evaluation=bc.Evaluation(primary={metric!r}),
                exclude=["region"],
            )
            """,
            candidates="""
            from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

            @bc.candidate
            def tree():
                kind = DecisionTreeRegressor if problem.target == "a" else DecisionTreeClassifier
                return kind(max_depth=2)
            """,
        )
        answers = folder.run()
        assert [answer.status for answer in answers] == ["done", "done"], target
        assert all(
            score.estimate.value is not None
            for answer in answers
            for score in answer.record.scores
            if not answer.record.baseline
        )


WITH_ROWS_TO_VALIDATE = """
class Watching(GaussianNB):
    def fit(self, X, y, validation=None):
        assert validation is not None
        return super().fit(X, y)

@bc.candidate
def plain():
    return GaussianNB()

@bc.candidate
def watching():
    return Watching()

@bc.candidate
def smooth():
    return GaussianNB(var_smoothing=0.1)
"""


def test_what_a_worker_keeps_for_the_next_candidate_changes_no_fold(folder: Folder, tmp_path: Path) -> None:
    weighed = PROBLEM.replace("target=", 'weight="weight", target=')
    for split in ("Single(0.3, valid=0.2)", "KFold(3, repeats=2)"):
        candidates = WITH_ROWS_TO_VALIDATE if "valid" in split else WITH_ROWS_TO_VALIDATE.replace("is not", "is")
        folder.write(problem=re.sub(r"KFold.*(?=,)", split, weighed), candidates=candidates)
        names = ("plain", "watching", "smooth")
        shutil.rmtree(tmp_path / ".bancada", ignore_errors=True)
        together = {answer.record.candidate: kept(folder, answer) for answer in folder.run(*names)}
        shutil.rmtree(tmp_path / ".bancada")
        apart = {name: kept(folder, next(iter(folder.run(name)))) for name in names}
        assert {name: together[name] for name in names} == apart


def kept(folder: Folder, answer: Answer) -> list[tuple[object, ...]]:
    """Return the contents of a run's folds with their training scores."""
    return [(use.content, folder.store.folds.train_scores(use.key, use.content or "")) for use in answer.record.folds]


READING = """
import functools
from pathlib import Path

class Shifted:
    def __init__(self, path):
        self.path = path

    def fit(self, X, y):
        self.rate = float(y.mean())
        return self

    def predict_proba(self, X):
        high = np.full(len(X), self.rate) * 0.5 + (0.1 if self.path and remembered(self.path) else 0.0)
        return np.column_stack([1 - high, high])

    def predict(self, X):
        return self.predict_proba(X)[:, 1] > 0.5

@functools.cache
def remembered(path):
    return Path(path).read_text()

@bc.candidate
def reader():
    return Shifted({outside!r})

@bc.candidate
def second_reader():
    model = Shifted({outside!r})
    return model

@bc.candidate
def plain():
    return Shifted("")
"""


def test_what_a_candidate_reads_is_its_own_and_what_another_remembers_is_read_anew(
    folder: Folder,
) -> None:
    outside = Path(__file__).resolve().parents[2] / "pyproject.toml"
    folder.write(candidates=READING.replace("{outside!r}", repr(str(outside))))
    answers = {answer.record.candidate: answer.record for answer in folder.run(in_process=False, workers=1)}
    said = (f"`{outside}` was read, outside the project",)
    assert {name: record.evidence.missing for name, record in answers.items()} == {
        "reader": said,
        "second_reader": said,
        "plain": (),
        "baseline": (),
    }


def test_a_file_that_one_candidate_reads_does_not_decide_the_folds_of_another(folder: Folder) -> None:
    folder.write(candidates=READING.replace("{outside!r}", "str(Path(__file__).with_name('terms.txt'))"))
    (folder.root / "terms.txt").write_text("a")
    folder.run(in_process=False, workers=1)
    (folder.root / "terms.txt").write_text("b")
    statuses = {answer.record.candidate: answer.status for answer in folder.run(in_process=False, workers=1)}
    assert statuses == {"reader": "done", "second_reader": "done", "plain": "known", "baseline": "known"}
