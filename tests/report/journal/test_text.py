"""The journal on a screen."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.display import plain
from bancada.judgement.journal import Entry, Expected, Journal, JournalRun, Reference, RunOutcome, Seen
from bancada.report.journal import expected_text, journal_markdown, journal_text

TEXTS = st.text(max_size=40)


def run(run_id: str = "a" * 26, **fields: Any) -> JournalRun:
    told: dict[str, Any] = {"candidate": "boosting", "params": {}, "seed": 0, "status": "done", "metric": "roc_auc"}
    told |= {"value": 0.8, "low": 0.75, "high": 0.85}
    return JournalRun(run_id=run_id, **(told | fields))


def outcome(word: str, **fields: Any) -> RunOutcome:
    return RunOutcome(run_id="a" * 26, candidate="boosting", params={"depth": 3}, outcome=word, **fields)


def expected(*runs: RunOutcome, **fields: Any) -> Expected:
    told: dict[str, Any] = {"id": "x", "because": "", "expect": "roc_auc > 0.7", "reference": None, "declared": "2026"}
    told |= {"after_data": False, "seen": Seen(), "claims": len(runs), "level": 0.05, "outcome": "supported"}
    return Expected(**(told | fields), runs=runs)


def entry(kind: str = "runs", *runs: JournalRun, **fields: Any) -> Entry:
    when = "2026-03-01T09:30:00+00:00"
    return Entry(**({"when": when, "kind": kind, "author": "Ana <ana@x.org>", "runs": runs or (run(),)} | fields))


def journal(*entries: Entry, **fields: Any) -> Journal:
    told: dict[str, Any] = {"problem": "churn", "entries": entries, "shown": 1, "runs_in_all": 1}
    return Journal(**(told | fields))


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (entry(), "2026-03-01 09:30  Ana ran boosting r-aaaaaa: roc_auc 0.80 (0.75–0.85)"),
        (entry("tried", run(status="explored")), "Ana tried boosting r-aaaaaa: roc_auc 0.80 (0.75–0.85), explored"),
        (
            entry("runs", run(status="failed", value=None, low=None, high=None, error="ValueError: no")),
            "Ana ran boosting r-aaaaaa, failed: ValueError: no",
        ),
        (
            entry("runs", run(value=0.7), run(value=0.8, withdrawn=True), run(value=None, status="failed")),
            "Ana ran boosting × 3: roc_auc 0.700 to 0.800, 1 failed, 1 withdrawn",
        ),
        (entry("note", text="uses the future"), "Ana noted on r-aaaaaa boosting: uses the future"),
        (entry("look", text="look 2", author=""), "somebody looked at the holdout with r-aaaaaa boosting: look 2"),
        (entry("command"), "Ana ran the command boosting r-aaaaaa"),
    ],
)
def test_each_entry_is_a_sentence(told: Entry, line: str) -> None:
    assert line in journal_text(journal(told), width=200)


def test_a_hypothesis_is_told_with_its_reason_and_its_outcome() -> None:
    one = expected(outcome("supported", value=0.8, low=0.75, high=0.85), because="shallow trees travel")
    text = journal_text(journal(entry("hypothesis", expected=one)))
    assert text.splitlines()[2:] == [
        "2026-03-01 09:30  Ana expected roc_auc > 0.7",
        "    because shallow trees travel",
        "    supported: r-aaaaaa boosting depth=3 0.80 (0.75–0.85) · interval of 95 % · declared before any",
        "        result on these rows",
    ]


def test_of_several_runs_those_that_support_it_come_first_and_many_are_counted() -> None:
    reference = Reference(named="logistic", run_id="b" * 26, runs=("b" * 26,), candidate="logistic", value=0.7)
    runs = [outcome("refuted", note="x")] * 9 + [outcome("supported", value=0.8, delta=0.1, low=0.05, high=0.15)]
    seen = {"after_data": True, "seen": Seen(runs=12, claim=True), "level": 0.005, "reference": reference}
    lines = expected_text(expected(*runs, **seen)).splitlines()
    assert lines[:3] == [
        "expected: roc_auc > 0.7 (logistic r-bbbbbb had 0.700)",
        "supported by 1 of 10 runs · intervals of 99.5 % · after data: 12 runs on these rows, one of these very claims",
        "  supported: r-aaaaaa boosting depth=3 0.80, Δ +.10 (0.05–0.15)",
    ]
    assert lines[-1] == "  and 2 runs more: `bancada journal --json` has them all"


def test_what_is_not_shown_is_said() -> None:
    text = journal_text(journal(entry(), shown=50, runs_in_all=1_200, unreadable=("c" * 26,)))
    assert "The newest 50 of 1,200 runs; `--all` shows all.\nr-cccccc cannot be read" in text


def test_where_there_is_no_entry_it_is_not_said_that_nothing_was_ever_done() -> None:
    assert "No entry: `bancada run` makes one, and without `--since`" in journal_text(journal())


@given(st.lists(TEXTS, min_size=3, max_size=3), st.integers(20, 120))
def test_no_text_of_a_record_moves_the_cursor_or_leaves_its_line(texts: list[str], width: int) -> None:
    note, name, author = texts
    shown = journal_text(journal(entry("note", run(candidate=name), text=note, author=author)), width)
    assert all(plain(line) == line for line in shown.removesuffix("\n").split("\n"))


def test_markdown_shows_what_was_said_and_obeys_none_of_it() -> None:
    said = "<b>*now*</b> [x](javascript:1) `c` | #1 @ana &amp;\n# title"
    text = journal_markdown(journal(entry("note", run(candidate="a_b"), text=said)))
    assert text.startswith("# churn · journal, newest first · 1 entry\n\n## 2026-03-01\n\n- 09:30 **Ana** noted on")
    assert r"\<b\>\*now\*\</b\> \[x\](javascript:1) \`c\` \| \#1 \@ana \&amp;\\n\# title" in text
    assert r"a\_b" in text
