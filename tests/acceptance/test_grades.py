"""Grades: what a run's evidence lacks is refused before with --strict, named after, and told on board and run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.acceptance.conftest import HEAD

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed

TOKEN = "ghp_" + "Z7" * 18


def reading(path: str) -> str:
    return HEAD.replace(
        "        self.known = len(X)", f"        self.known = __import__('pathlib').Path({path!r}).read_text()"
    )


def test_strict_runs_where_nothing_will_be_missing(typed: Typed) -> None:
    told = typed.runs("first", "--strict", "--json")
    assert told.code == 0, told.err
    assert told.document["runs"][0]["evidence"] == {"grade": "complete", "missing": []}
    assert typed.runs("first", "--strict").code == 0  # known, and complete


def test_strict_refuses_before_anything_is_fitted(typed: Typed) -> None:
    typed.write(head=HEAD + f"KEY = 'token = {TOKEN}'\n", candidates="""
        @bc.candidate
        def first(cut: float = 0.0):
            return Curve(cut + len(KEY))
    """)  # fmt: skip
    told = typed.runs("--strict")
    told.refuses("With `--strict` a run starts", f"`{typed.module}.py` was withheld: it holds", "Take the secret out")
    assert [path for path in typed.stored() if path.startswith(("folds", "runs"))] == []
    assert typed.runs().code == 0
    typed.runs("--strict").refuses("was withheld", "run it anew with `--again`")


def test_what_turns_out_to_be_missing_afterwards_is_the_exit_code_and_refused_the_next_time(typed: Typed) -> None:
    outside = Path(__file__).resolve().parents[2] / "pyproject.toml"
    typed.write(head=reading(str(outside)))
    told = typed.runs("first", "--strict")
    assert told.code == 1
    assert f"incomplete: first cut=0.0 seed=0: `{outside}` was read, outside the project" in told.err
    typed.runs("first", "cut=0.5", "--strict").refuses("outside the project", "Keep it below the root")


def test_each_claim_of_a_candidate_is_held_to_completeness(typed: Typed) -> None:
    outside = Path(__file__).resolve().parents[2] / "pyproject.toml"
    text = reading(str(outside)).replace("        self.known = ", "        if self.cut < 1:\n            self.known = ")
    typed.write(head=text)
    told = typed.runs("first", "cut=0.5,2.0", "--strict", "--seeds", "2")
    assert told.code == 1, told.err
    lines = [line for line in told.err.splitlines() if line.startswith("incomplete: ")]
    for seed in (0, 1):
        assert f"incomplete: first cut=0.5 seed={seed}: `{outside}` was read, outside the project" in lines


def test_a_parameter_that_held_a_secret_is_missing(typed: Typed) -> None:
    candidate = """
        @bc.candidate
        def first(cut: float = 0.0, api_key: str = ""):
            return Curve(cut)
    """
    typed.write(candidates=candidate)
    key = f"api_key=sk-{'a1B2' * 8}"
    typed.runs("first", key, "--strict").refuses("`api_key` held a secret, which is not kept", "Take the secret out")
    told = typed.runs("first", key, "--json")
    assert told.code == 0, told.err
    evidence = told.document["runs"][0]["evidence"]
    assert evidence == {"grade": "incomplete", "missing": ["`api_key` held a secret, which is not kept"]}
    digest = told.document["runs"][0]["params"]["api_key"]
    listed = typed.types("list").out
    assert digest[:13] in listed
    assert digest[:14] not in listed
    assert typed.runs("first", "api_key=none-yet", "--strict").code == 0


def test_run_and_board_tell_what_is_missing(typed: Typed) -> None:
    typed.write(head=reading("conf.ini"))
    (typed.root / "conf.ini").write_text(f"token = {TOKEN}\n")
    assert typed.runs("first").code == 0
    board = typed.types("leaderboard").out
    assert "incomplete (1)" in board
    assert "`bancada show first` tells it" in board
    shown = typed.types("show", "first").out
    assert "evidence: incomplete, 1 thing missing:" in shown
    assert "  file `conf.ini` was withheld: it holds" in shown


UNSEEDED = HEAD.replace(
    "high = 1 / (1 + np.exp(self.cut - X[self.column].to_numpy()))",
    "high = 1 / (1 + np.exp(self.cut - X[self.column].to_numpy() + np.random.default_rng().normal(size=len(X))))",
)


def test_a_claim_that_comes_out_the_same_is_marked_so(typed: Typed) -> None:
    told = typed.runs("first", "--check-determinism", "--json")
    assert told.code == 0, told.err
    found = told.document["runs"][0]["determinism"]
    assert (found["folds"], found["differing_folds"], found["predictions"], found["differing"]) == (3, 0, 30, 0)
    assert found["schema"] == "bancada.determinism/1"
    assert "complete" in typed.types("leaderboard").out
    assert "computed twice: 3 folds, 30 predictions, 0 differ" in typed.types("show", "first").out
    # Known folds are computed once more as well, each time.
    shown = typed.runs("first", "--check-determinism")
    assert shown.code == 0
    assert "first: computed twice, 3 folds: 0 of 30 predictions differ." in shown.out


def test_a_claim_that_comes_out_otherwise_is_marked_on_run_and_board(typed: Typed) -> None:
    typed.write(head=UNSEEDED)
    told = typed.runs("first", "--check-determinism")
    assert told.code == 1
    assert (
        "first: computed twice, not deterministic: 3 of 3 folds differ, 30 of 30 predictions, by up to 0." in told.out
    )
    assert "not deterministic (1)" in typed.types("leaderboard").out
    [row] = [row for row in typed.types("leaderboard", "--json").document["rows"] if row["candidate"] == "first"]
    assert row["evidence"]["grade"] == "incomplete"
    [phrase] = row["evidence"]["missing"]
    assert phrase.startswith(
        "not deterministic: computed twice, 3 of 3 folds came out otherwise (30 of 30 predictions,"
    )
    assert "not deterministic" in typed.types("show", "first").out
    told = typed.runs("first", "--check-determinism", "--json")
    assert told.code == 1
    assert told.document["runs"][0]["determinism"]["differing_folds"] == 3
