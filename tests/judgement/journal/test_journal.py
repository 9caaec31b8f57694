"""The journal: what was done, newest first."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import msgspec
import pytest

from bancada.exceptions import NotFoundError, UsageError
from bancada.judgement.journal import journal, parse_since
from bancada.records import Statement
from bancada.store import random_name

if TYPE_CHECKING:
    from tests.judgement.journal.conftest import Lab

    from bancada.judgement.journal import Journal
    from bancada.records import RunRecord

NOW = dt.datetime(2026, 3, 9, 12, tzinfo=dt.UTC)


def told(lab: Lab, **options: str | bool) -> Journal:
    """Read the journal anew."""
    index = lab.folder.index
    try:
        return journal(index, "noisy", **options)  # type: ignore[arg-type] # each test gives options of the right types
    finally:
        index.close()


def say(lab: Lab, run: RunRecord, kind: str, **content: str | int) -> None:
    """Say something about a run, now."""
    said = dt.datetime.now(dt.UTC).isoformat()
    lab.folder.store.runs.say("noisy", run.run_id, Statement(kind=kind, said=said, content=content, author="Ana"))


def again(lab: Lab, run: RunRecord, many: int, first: int = 0, **changed: str) -> list[RunRecord]:
    """Write copies of a run, a minute apart, from 2027 on: later than all others."""
    start = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    copies = [
        msgspec.structs.replace(
            run,
            run_id=random_name(),
            started=(start + dt.timedelta(minutes=number)).isoformat(),
            provenance={name: value for name, value in run.provenance.items() if name != "hypothesis"},
            **changed,
        )
        for number in range(first, first + many)
    ]
    for copy in copies:
        lab.folder.store.runs.finish(copy, durable=False)
    return copies


def test_it_tells_who_tried_what_why_and_what_came_of_it_newest_first(lab: Lab) -> None:
    first = lab.run("bayes")[1].answers[0].record
    lab.run("logistic", "C=0.1,1", because="less shrinkage", expect="roc_auc > bayes - 1")
    lab.run("bayes", because="once more")
    say(lab, first, "note", text="reads the wrong column")
    say(lab, first, "withdrawn", because="it does")
    say(lab, first, "look", number=2)
    found = told(lab)
    assert [entry.kind for entry in found.entries] == [
        "look",
        "withdrawn",
        "note",
        "hypothesis",
        "hypothesis",
        "runs",
        "runs",
    ]
    assert [entry.when for entry in found.entries] == sorted((entry.when for entry in found.entries), reverse=True)
    assert [entry.text for entry in found.entries[:3]] == ["look 2", "it does", "reads the wrong column"]
    known, grid = found.entries[3:5]
    assert known.expected is not None
    assert (known.expected.because, known.expected.outcome) == ("once more", "")
    assert grid.expected is not None
    assert (grid.expected.because, grid.expected.outcome, len(grid.runs)) == ("less shrinkage", "supported", 2)
    assert {entry.runs[0].candidate for entry in found.entries[5:]} == {"bayes", "baseline"}
    assert all(run.withdrawn == (run.run_id == first.run_id) for entry in found.entries for run in entry.runs)


def test_runs_of_one_candidate_that_follow_each_other_are_one_entry(lab: Lab) -> None:
    run = lab.run("bayes")[1].answers[0].record
    again(lab, run, 3)
    again(lab, run, 1, first=3, status="explored")
    entries = told(lab).entries
    assert [(entry.kind, len(entry.runs)) for entry in entries[:2]] == [("tried", 1), ("runs", 3)]


def test_it_shows_the_newest_runs_the_whole_of_their_hypotheses_and_what_was_said_meanwhile(lab: Lab) -> None:
    run = lab.run("bayes")[1].answers[0].record
    again(lab, run, 60)
    index = lab.folder.index
    index.refresh("noisy")
    index.close()
    found = told(lab)
    assert (found.shown, found.runs_in_all, len(found.entries)) == (50, 62, 1)
    late = (dt.datetime(2027, 1, 2, tzinfo=dt.UTC)).isoformat()
    lab.folder.store.runs.say("noisy", run.run_id, Statement(kind="note", said=late, content={"text": "an old one"}))
    found = told(lab)
    assert [entry.text for entry in found.entries] == ["an old one", ""]
    assert told(lab, every=True).shown == 62


def test_it_is_narrowed_by_candidate_and_by_time(lab: Lab) -> None:
    lab.run("bayes", because="a reason")
    lab.run("logistic")
    assert {run.candidate for entry in told(lab, candidate="bayes").entries for run in entry.runs} == {"bayes"}
    assert told(lab, since="2999-01-01").entries == ()
    with pytest.raises(NotFoundError, match=r"Found no run of `bays`. Did you mean `bayes`\?"):
        told(lab, candidate="bays")


def test_a_broken_record_stops_nothing(lab: Lab) -> None:
    run = lab.run("bayes")[1].answers[0].record
    told(lab)
    path = lab.folder.store.runs.place("noisy", run.run_id) / "run.json"
    path.write_text("{")
    assert "bayes" not in {run.candidate for entry in told(lab).entries for run in entry.runs}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("12h", "2026-03-09T00:00:00+00:00"),
        ("2w", "2026-02-23T12:00:00+00:00"),
        ("2026-03-01", "2026-03-01T00:00:00+00:00"),
        ("2026-03-01T09:30+02:00", "2026-03-01T07:30:00+00:00"),
    ],
)
def test_a_moment_is_a_date_or_how_long_ago(text: str, moment: str) -> None:
    assert parse_since(text, NOW) == moment


@pytest.mark.parametrize("text", ["", "yesterday", "7", "2026-13-01", "0001-01-01T00:00+14:00"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="`--since` is a date, or how long ago"):
        parse_since(text, NOW)
