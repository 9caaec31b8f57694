"""Labels, rankings and texts from project files to the board and a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed

LABELS = """
import numpy as np

import bancada as bc


def table():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(90, 3))
    flags = (x + rng.normal(size=(90, 3)) / 4 > 0.3).astype(int)
    flags[:, 2] = 0
    flags[0, 2] = 1
    columns = {f"x{j}": x[:, j] for j in range(3)} | {name: flags[:, j] for j, name in enumerate(["tax", "war", "tea"])}
    return {"row": np.arange(90), **columns, "region": np.where(np.arange(90) % 3 == 0, "north", "south")}


class Cut:
    def __init__(self, at):
        self.at = at

    def fit(self, X, y):
        assert list(y.columns) == ["tax", "war", "tea"] and set(np.unique(y)) <= {0, 1}
        self.usual = y.to_numpy().mean(axis=0) > 0.1
        return self

    def predict_proba(self, X):
        return self.usual / (1 + np.exp(self.at - X.to_numpy()))

    def predict(self, X):
        return (self.predict_proba(X) > 0.5).astype(int)


topics = bc.Problem(
    name="topics",
    dataset=bc.Dataset.from_function(table, name="topics", version="1", id="row"),
    target=["tax", "war", "tea"],
    features=["x0", "x1", "x2"],
    task=bc.tasks.Multilabel(),
    split=bc.splits.KFold(5, seed=1),
    evaluation=bc.Evaluation(primary="hamming_loss", metrics=["f1_macro", "roc_auc_macro"], slices=["region"]),
)


@bc.candidate
def cut(at: float = 0.3):
    return Cut(at)
"""
RANKS = """
import numpy as np

import bancada as bc


def table():
    rng = np.random.default_rng(1)
    query = np.repeat(np.arange(40), 6)
    x = rng.normal(size=240)
    grade = np.where(query == 7, 0, np.clip(x + rng.normal(size=240) / 2, 0, 3).round())
    order = rng.permutation(240)
    return {"row": np.arange(240), "query_id": [f"q{n}" for n in query[order]], "x": x[order], "grade": grade[order]}


class Ranker:
    def fit(self, X, y, GROUP):
        check
        return self

    def predict(self, X):
        return X["x"].to_numpy()


search = bc.Problem(
    name="search",
    dataset=bc.Dataset.from_function(table, name="search", version="1", id="row"),
    target="grade",
    GROUPS
    task=bc.tasks.Ranking(query="query_id"),
    split=bc.splits.KFold(5, seed=1),
    evaluation=bc.Evaluation(primary="ndcg@3", metrics=["map", "precision@2"]),
)


@bc.candidate
def by_x():
    return Ranker()
"""
TEXTS = """
import bancada as bc


def table():
    colours = ["red", "green", "blue", "grey"]
    said = [f"the {colours[n * n % 4]} one" for n in range(60)]
    return {"row": list(range(60)), "said": said, "answer": [ANSWER for text in said]}


class Middle:
    def fit(self, X, y):
        return self

    def predict(self, X):
        return X["said"].str.split().str[1].tolist()


colours = bc.Problem(
    name="colours",
    dataset=bc.Dataset.from_function(table, name="colours", version="1", id="row"),
    target="answer",
    task=bc.tasks.Text(),
    split=bc.splits.KFold(5, seed=1),
    evaluation=bc.Evaluation(primary="exact_match@fold", metrics=["token_f1", "char_error_rate", "chrf"]),
)


@bc.candidate
def middle():
    return Middle()
"""


def searching(check: str, argument: str = "qid", groups: str = 'groups="query_id",') -> str:
    return RANKS.replace("GROUPS", groups).replace("GROUP", argument).replace("check", check)


def board(typed: Typed) -> list[dict[str, Any]]:
    told = typed.types("leaderboard", "--json")
    assert told.code == 0, told.err
    rows: list[dict[str, Any]] = told.document["rows"]
    return rows


def verdict(typed: Typed, a: str) -> str:
    told = typed.types("compare", a, "baseline", "--json")
    assert told.code == 0, told.err
    word: str = told.document["verdict"]
    return word


def test_labels_go_from_columns_to_a_verdict(typed: Typed) -> None:
    typed.write_text(LABELS)
    told = typed.runs()
    assert told.code == 0, told.err
    assert [row["candidate"] for row in board(typed)] == ["cut", "baseline"]
    assert verdict(typed, "cut") == "better"
    shown = typed.types("show", "cut").out
    assert "region=north" in shown
    assert "`roc_auc_macro` leaves out 4 of 15 labels (counted fold by fold): all rows have it, or none has" in shown
    flags = board(typed)[1]["flags"]
    assert "label 'tea' was absent in training" in flags


CHECKS = {
    "qid": "assert (np.diff(qid) >= 0).all() and len(qid) == len(X) and X['x'].is_unique",
    "group": "assert group.sum() == len(X) and set(group) == {6}",
    "groups": "assert len(set(groups)) == 32",
}


@pytest.mark.parametrize("argument", sorted(CHECKS))
def test_rankings_go_from_queries_to_a_verdict(argument: str, typed: Typed) -> None:
    typed.write_text(searching(CHECKS[argument], argument))
    told = typed.runs()
    assert told.code == 0, told.err
    rows = board(typed)
    assert [row["candidate"] for row in rows] == ["by_x", "baseline"]
    assert rows[0]["value"] > 0.8 > rows[1]["value"] > 0.2
    assert verdict(typed, "by_x") == "better"
    assert "`ndcg@3` leaves out 9 of 40 queries (counted fold by fold): no row of them is relevant" in rows[0]["flags"]


def test_a_ranking_without_groups_is_refused(typed: Typed) -> None:
    typed.write_text(searching("pass", groups=""))
    typed.runs().refuses(
        "Rows with the same `query_id` must stay on one side of a fold",
        "Problem `search` has no `groups`.",
        "Write `groups='query_id'`.",
    )


def test_groups_that_tear_a_query_apart_are_refused(typed: Typed) -> None:
    typed.write_text(searching("pass", groups='groups="x", features=["x"],'))
    typed.runs().refuses("The groups are `x`, of which some `query_id` has several.")


def test_a_mistyped_query_is_answered_with_the_nearest(typed: Typed) -> None:
    typed.write_text(searching("pass").replace('query="query_id"', 'query="query"'))
    typed.runs().refuses("Found no column `query`.", "Did you mean `query_id`?")


@pytest.mark.parametrize("answer", ["text.split()[1].upper()", "[text, text.split()[1]]"])
def test_texts_go_from_answers_to_a_verdict(answer: str, typed: Typed) -> None:
    typed.write_text(TEXTS.replace("ANSWER", answer))
    told = typed.runs()
    assert told.code == 0, told.err
    rows = board(typed)
    assert [row["candidate"] for row in rows] == ["middle", "baseline"]
    assert rows[0]["value"] == 1.0
    assert verdict(typed, "middle") == "better"


def test_a_missing_text_fails_its_folds_and_says_why(typed: Typed) -> None:
    typed.write_text(
        TEXTS.replace("ANSWER", "text").replace("str[1].tolist()", 'str[1].where(X["said"] != "").shift().tolist()')
    )
    told = typed.runs("middle")
    assert told.code == 1
    assert "one text for each row" in told.out + told.err


def test_a_metric_of_another_task_is_refused_before_anything_runs(typed: Typed) -> None:
    typed.write_text(TEXTS.replace("ANSWER", "text").replace('"exact_match@fold"', '"ndcg@3"'))
    typed.runs().refuses(
        "Metric `ndcg@3` reads `truth.relevance`, `predictions.score`", "such as `token_f1` or `exact_match`"
    )
