"""The documents of `--json`, field by field, and the exit codes: what scripts rely on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.acceptance.conftest import Told, Typed

RUN_ID = re.compile("[0-9a-z]{26}")
DIGEST = re.compile("[0-9a-f]{64}")
BROKEN = """
@bc.candidate
def broken():
    raise ValueError("no")
"""


def _fields(document: dict[str, Any], names: Iterable[str]) -> None:
    """Hold a document to having these fields; more may come."""
    assert set(names) <= set(document)


def _answered(told: Told, schema: str, code: int = 0) -> Any:
    assert told.code == code, told.err
    document = told.document
    assert document["schema"] == schema
    return document


def test_run_answers_with_every_claim_in_the_order_asked_for(typed: Typed) -> None:
    document = _answered(typed.runs("--json", "second", "first", "cut=0.5,0.25"), "bancada.run/1")
    assert document["problem"] == "risk"
    runs = document["runs"]
    assert [(run["candidate"], run["params"].get("cut")) for run in runs] == [
        ("second", 0.0),
        ("first", 0.5),
        ("first", 0.25),
        ("baseline", None),
    ]
    for run in runs:
        names = ("run_id", "claim_id", "candidate", "params", "status", "folds", "scores", "evidence", "seconds")
        _fields(run, names)
        assert RUN_ID.fullmatch(run["run_id"])
        assert DIGEST.fullmatch(run["claim_id"])
        assert run["status"] == "done"
        assert run["seconds"] > 0
        assert set(run["evidence"]) == {"grade", "missing"}
        assert set(run["scores"]) == {"roc_auc", "accuracy"}
        assert all(set(score) == {"value", "low", "high"} for score in run["scores"].values())
        assert [(fold["repeat"], fold["fold"]) for fold in run["folds"]] == [(0, 0), (0, 1), (0, 2)]
        for fold in run["folds"]:
            _fields(fold, ("repeat", "fold", "key", "status", "cached", "fit_s", "predict_s", "error"))
            assert DIGEST.fullmatch(fold["key"])
            assert (fold["status"], fold["cached"], fold["error"]) == ("done", False, None)
            assert fold["fit_s"] >= 0
            assert fold["predict_s"] >= 0


def test_what_is_stored_is_known_with_every_fold_cached(typed: Typed) -> None:
    first = _answered(typed.runs("--json"), "bancada.run/1")["runs"]
    again = _answered(typed.runs("--json"), "bancada.run/1")["runs"]
    assert [run["candidate"] for run in first] == ["first", "second", "baseline"]
    assert [run["status"] for run in again] == ["known"] * 3
    assert all(fold["cached"] for run in again for fold in run["folds"])
    for name in ("run_id", "claim_id", "params", "scores"):
        assert [run[name] for run in again] == [run[name] for run in first]


def test_more_repeats_compute_only_the_new_ones(typed: Typed) -> None:
    assert typed.runs("first").code == 0
    (run,) = _answered(typed.runs("--json", "first", "--repeats", "2"), "bancada.run/1")["runs"][:1]
    assert [fold["cached"] for fold in run["folds"]] == [True] * 3 + [False] * 3


def test_again_computes_every_fold_in_a_run_of_its_own(typed: Typed) -> None:
    first = _answered(typed.runs("--json", "first"), "bancada.run/1")["runs"][0]
    again = _answered(typed.runs("--json", "first", "--again"), "bancada.run/1")["runs"][0]
    assert again["claim_id"] == first["claim_id"]
    assert again["run_id"] != first["run_id"]
    assert not any(fold["cached"] for fold in again["folds"])


def test_seeds_make_a_claim_each(typed: Typed) -> None:
    runs = _answered(typed.runs("--json", "first", "--seed", "3", "--seeds", "2"), "bancada.run/1")["runs"]
    mine = [run for run in runs if run["candidate"] == "first"]
    assert [run["seed"] for run in mine] == [3, 4]
    assert len({run["claim_id"] for run in mine}) == 2


def test_a_grid_and_a_range_span_every_combination(typed: Typed) -> None:
    runs = _answered(typed.runs("--json", "second", "cut=0..1 3", "column=a,b"), "bancada.run/1")["runs"]
    asked = [(run["params"]["cut"], run["params"]["column"]) for run in runs if run["candidate"] == "second"]
    assert sorted(asked) == [(cut, column) for cut in (0.0, 0.5, 1.0) for column in "ab"]


@pytest.mark.parametrize(("words", "code"), [(("broken",), 1), (("first",), 0), ((), 1)])
def test_run_is_one_if_a_claim_asked_for_failed(typed: Typed, words: tuple[str, ...], code: int) -> None:
    typed.write(after=BROKEN)
    _answered(typed.runs("--json", *words), "bancada.run/1", code)


def test_an_error_with_json_leaves_stdout_empty(typed: Typed) -> None:
    typed.runs("--json", "frist").refuses("Did you mean `first`?")


def test_plan_says_what_would_run_and_runs_nothing(typed: Typed) -> None:
    assert typed.runs("first").code == 0
    before = typed.stored()
    typed.write(
        after="\nfrom pathlib import Path\n\ntouched = Path('touched')\n",
        candidates=BROKEN + "\n@bc.candidate\ndef first(cut: float = 0.0):\n    return Curve(cut)\n",
    )
    document = _answered(typed.types("run", "--plan", "--json"), "bancada.plan/1")
    assert typed.stored() == before
    assert (document["folds"], document["known"]) == (9, 6)
    assert [(claim["candidate"], claim["folds"], claim["known"]) for claim in document["claims"]] == [
        ("broken", 3, 0),
        ("first", 3, 3),
        ("baseline", 3, 3),
    ]
    assert document["features"] == ["a", "b"]
    assert (document["n_rows"], document["n_sealed"]) == (30, 0)
    told = typed.types("run", "--plan")
    assert "risk · 9 folds, 6 known, 3 to compute" in told.out
    assert "X: 2 columns: a, b" in told.out


def test_plan_says_what_is_sealed(typed: Typed) -> None:
    typed.write_data(n_rows=60)
    typed.write(split="bc.splits.KFold(3, seed=1, holdout=0.3)")
    document = _answered(typed.types("run", "--plan", "--json"), "bancada.plan/1")
    assert 0 < document["n_sealed"] < 60
    assert f"of which {document['n_sealed']} are sealed" in typed.types("run", "--plan").out


def test_leaderboard_answers_with_a_row_for_each_candidate(typed: Typed) -> None:
    typed.write(after=BROKEN, split="bc.splits.KFold(3, repeats=2, seed=1)")
    assert typed.runs().code == 1
    document = _answered(typed.types("leaderboard", "--json"), "bancada.leaderboard/1")
    _fields(
        document, ("problem", "metric", "direction", "problem_id", "evaluation_id", "tried", "rows", "incomparable")
    )
    assert (document["problem"], document["metric"], document["direction"]) == ("risk", "roc_auc", "higher")
    assert DIGEST.fullmatch(document["problem_id"])
    assert DIGEST.fullmatch(document["evaluation_id"])
    assert document["incomparable"] == []
    assert {row["candidate"]: row["status"] for row in document["rows"]} == {
        "first": "done",
        "second": "done",
        "baseline": "done",
        "broken": "failed",
    }
    for row in document["rows"]:
        names = ("rank_low", "rank_high", "run_id", "candidate", "params", "status", "value", "low", "high")
        _fields(row, (*names, "against_leader", "evidence"))
        assert RUN_ID.fullmatch(row["run_id"])
    leader, follower = document["rows"][:2]
    assert leader["against_leader"] is None
    _fields(follower["against_leader"], ("delta", "low", "high", "mde", "procedure", "verdict"))


def test_a_board_lists_what_cannot_be_compared_with_the_fields_that_differ(typed: Typed) -> None:
    first = _answered(typed.runs("--json", "first"), "bancada.run/1")["runs"][0]
    typed.write(split="bc.splits.KFold(5, seed=1)")
    assert typed.runs("second").code == 0
    incomparable = _answered(typed.types("leaderboard", "--json"), "bancada.leaderboard/1")["incomparable"]
    assert {"run_id": first["run_id"], "candidate": "first", "differs": ["split.k"]} in incomparable


def test_a_board_can_be_ordered_by_another_metric_and_cut(typed: Typed) -> None:
    assert typed.runs().code == 0
    document = _answered(
        typed.types("leaderboard", "--json", "--metric", "accuracy", "--top", "1"), "bancada.leaderboard/1"
    )
    assert document["metric"] == "accuracy"
    ranked = [row for row in document["rows"] if not row["baseline"]]
    assert len(ranked) == 1
    assert document["not_shown"] == 1


def test_compare_answers_with_the_difference_and_the_procedure(typed: Typed) -> None:
    typed.write(
        split="bc.splits.KFold(3, repeats=2, seed=1)", evaluation='bc.Evaluation(primary="roc_auc", slices=["region"])'
    )
    assert typed.runs().code == 0
    document = _answered(typed.types("compare", "first", "second", "--json"), "bancada.comparison/1")
    names = ("a", "b", "metric", "procedure", "delta", "low", "high", "p", "mde", "verdict", "checks", "slices")
    _fields(document, names)
    assert (document["a"]["candidate"], document["b"]["candidate"]) == ("first", "second")
    assert document["verdict"] in {"better", "worse", "equivalent", "inconclusive", "identical", "none"}
    assert document["delta"] == pytest.approx(document["a"]["value"] - document["b"]["value"])
    assert {item["slice"] for item in document["slices"]} == {"region=north", "region=south"}
    turned = _answered(typed.types("compare", "second", "first", "--json"), "bancada.comparison/1")
    assert turned["delta"] == pytest.approx(-document["delta"])


def test_a_run_compared_with_itself_is_identical(typed: Typed) -> None:
    assert typed.runs("first").code == 0
    assert (
        _answered(typed.types("compare", "best", "first", "--json"), "bancada.comparison/1")["verdict"] == "identical"
    )


def test_show_answers_with_the_run_as_it_is_stored(typed: Typed) -> None:
    run = _answered(typed.runs("--json", "first"), "bancada.run/1")["runs"][0]
    for reference in ("first", "best", f"r-{run['run_id'][:6]}", f"r-{run['run_id']}"):
        document = _answered(typed.types("show", reference, "--json"), "bancada.show/1")
        assert document["run"]["run_id"] == run["run_id"]
        assert document["run"]["params"] == {"cut": 0.0}


def test_show_code_lists_the_definitions_of_a_candidate_that_never_ran(typed: Typed) -> None:
    document = _answered(typed.types("show", "second", "--code", "--json"), "bancada.code/1")
    assert not typed.store.exists()
    assert document["candidate"] == "second"
    assert {"Curve", "second"} <= {item["name"] for item in document["definitions"]}
    assert "first" not in {item["name"] for item in document["definitions"]}


def test_show_split_counts_and_its_csv_holds_every_row(typed: Typed) -> None:
    document = _answered(typed.types("show", "--split", "--json"), "bancada.split/1")
    assert [(fold["train"], fold["test"]) for fold in document["folds"]] == [(20, 10)] * 3
    lines = typed.types("show", "--split", "--csv").out.splitlines()
    assert lines[0].replace('"', "") == "id,repeat,fold,part"
    assert len(lines) == 1 + 3 * 30
    tested = [line.split(",")[0] for line in lines[1:] if "test" in line]
    assert sorted(tested, key=int) == [str(person) for person in range(30)]


def test_list_answers_with_problems_candidates_and_runs(typed: Typed) -> None:
    assert typed.runs().code == 0
    document = _answered(typed.types("list", "--json", "--runs", "2"), "bancada.list/1")
    assert [item["name"] for item in document["problems"]] == ["risk"]
    assert [item["name"] for item in document["candidates"]] == ["first", "second"]
    assert len(document["runs"]) == 2
    assert document["runs_in_all"] == 3
    assert all(RUN_ID.fullmatch(run["run_id"]) for run in document["runs"])


def test_fit_answers_as_a_known_run_with_its_model(typed: Typed) -> None:
    run = _answered(typed.runs("--json", "first"), "bancada.run/1")["runs"][0]
    document = _answered(typed.types("fit", "best", "--json"), "bancada.run/1")
    (fitted,) = document["runs"]
    assert (fitted["run_id"], fitted["status"]) == (run["run_id"], "known")
    assert all(fold["cached"] for fold in fitted["folds"])
    assert DIGEST.fullmatch(fitted["model"]["object"])
    assert fitted["model"]["n_rows"] == 30
    assert fitted["model"]["executes_code"] is True
    assert (typed.store / "objects").is_dir()


def test_verify_finds_a_byte_that_was_altered(typed: Typed) -> None:
    assert typed.runs().code == 0
    document = _answered(typed.types("store", "verify", "--json"), "bancada.store/1")
    assert (document["verb"], document["runs"], document["findings"]) == ("verify", 3, [])
    path = next(typed.store.rglob("predictions.arrow"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    document = _answered(typed.types("store", "verify", "--json"), "bancada.store/1", 1)
    assert len(document["findings"]) == 1
    told = typed.types("store", "verify")
    assert told.code == 1
    assert "1 finding" in told.out


@pytest.mark.parametrize("pattern", ["run.json", "fold.json", "predictions.arrow", "store.json"])
def test_verify_survives_every_kind_of_file_being_cut_short(typed: Typed, pattern: str) -> None:
    assert typed.runs("first").code == 0
    path = next(typed.store.rglob(pattern))
    path.write_bytes(path.read_bytes()[:7])
    told = typed.types("store", "verify")
    assert told.code == (2 if pattern == "store.json" else 1), told.err
    assert "mistake in bancada" not in told.err


def test_a_record_that_cannot_be_read_stops_nothing(typed: Typed) -> None:
    assert typed.runs().code == 0
    path = next(path for path in typed.store.rglob("run.json") if b'"baseline":true' not in path.read_bytes())
    path.write_bytes(b'{"schema": "store.run/9"}')
    for verb in [("list",), ("leaderboard",), ("run", "--in-process")]:
        assert typed.types("store", "rebuild").code == 0
        told = typed.types(*verb)
        assert told.code == 0, told.err
    assert typed.types("store", "verify").code == 1


def test_rebuild_makes_the_index_anew_and_every_view_is_as_before(typed: Typed) -> None:
    assert typed.runs().code == 0
    views = [("leaderboard", "--json"), ("list", "--json"), ("show", "best", "--json")]
    before = [typed.types(*view).out for view in views]
    for path in (typed.root.parent / "cache").rglob("*.sqlite*"):
        path.write_bytes(b"no database")
    assert _answered(typed.types("store", "rebuild", "--json"), "bancada.store/1")["runs"] == 3
    assert [typed.types(*view).out for view in views] == before
