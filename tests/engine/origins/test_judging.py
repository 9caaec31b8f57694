"""Whose the runs of a store are, for one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.engine.origins.conftest import PROBLEM, Person

from bancada.engine.origins import Judge
from bancada.store import Index

if TYPE_CHECKING:
    from pathlib import Path


def test_each_sees_who_made_what(knowing: Person, ana: Person, eve: Person, tmp_path: Path) -> None:
    mine, hers, theirs = knowing.wrote("a"), ana.wrote("b"), eve.wrote("c")
    ana.signed(hers)
    eve.signed(theirs)
    judge = Judge(knowing.store, knowing.project)
    assert [str(judge.run(PROBLEM, run)) for run in (mine, hers, theirs)] == [
        "own",
        "colleague (ana@example.org)",
        "foreign",
    ]
    index = Index(knowing.store, tmp_path / "cache")
    shown = judge.shown(PROBLEM, [hers, mine, theirs], index)
    assert shown == {mine: "own", hers: "colleague (ana@example.org)", theirs: "foreign"}
    assert judge.shown(PROBLEM, [hers, mine, theirs], index) == shown
    assert Judge(ana.store, ana.project).shown(PROBLEM, [mine, hers], index) == {mine: "foreign", hers: "own"}
    index.close()


def test_a_board_without_a_run_has_nobody_to_show(me: Person, tmp_path: Path) -> None:
    judge, index = Judge(me.store, me.project), Index(me.store, tmp_path / "cache")
    assert [judge.shown(PROBLEM, [], index) for _ in range(2)] == [{}, {}]
    index.close()


def test_what_is_shown_follows_what_is_signed_later(knowing: Person, ana: Person, tmp_path: Path) -> None:
    hers = ana.wrote("b")
    judge, index = Judge(knowing.store, knowing.project), Index(knowing.store, tmp_path / "cache")
    assert judge.shown(PROBLEM, [hers], index) == {hers: "foreign"}
    ana.signed(hers)
    assert judge.shown(PROBLEM, [hers], index) == {hers: "colleague (ana@example.org)"}
    index.close()


def test_a_record_in_the_place_of_another_is_nobodys(me: Person) -> None:
    run_id = me.wrote("a")
    source = me.store.runs.place(PROBLEM, run_id)
    for problem, name in ((PROBLEM, "b" * 26), ("other", run_id)):
        copy = me.store.runs.place(problem, name)
        copy.mkdir(parents=True)
        (copy / "run.json").write_bytes((source / "run.json").read_bytes())
        assert Judge(me.store, me.project).run(problem, name).kind == "foreign"


def test_a_verdict_that_nobody_knows_is_told(knowing: Person, ana: Person, eve: Person) -> None:
    mine, hers, theirs = knowing.wrote("a"), ana.wrote("b"), eve.wrote("c")
    judge = Judge(knowing.store, knowing.project)
    for run_id in (mine, hers, theirs):
        knowing.concluded(run_id)
    ana.signed(hers)
    words = [judge.word(PROBLEM, run_id) for run_id in (mine, hers, theirs)]
    assert words == ["own", "colleague (ana@example.org)", "foreign"]
    eve.concluded(mine)
    assert judge.word(PROBLEM, mine) == "own, verdict foreign"
    knowing.concluded(mine)
    assert judge.word(PROBLEM, mine) == "own"
    ana.concluded(hers)
    assert judge.word(PROBLEM, hers) == "colleague (ana@example.org), verdict foreign"
    ana.signed(hers)
    assert judge.word(PROBLEM, hers) == "colleague (ana@example.org)"


@pytest.mark.parametrize(
    "content",
    [
        {"verdict": "identical", "current": ["code"]},
        {"verdict": "impossible"},
        {"verdict": "unheard of"},
        {"verdict": 3},
    ],
)
def test_what_counts_for_nothing_takes_no_mark_off(me: Person, eve: Person, content: dict[str, Any]) -> None:
    run_id = me.wrote("a")
    judge = Judge(me.store, me.project)
    eve.concluded(run_id)
    me.concluded(run_id, **content)
    assert judge.word(PROBLEM, run_id) == "own, verdict foreign"
    me.concluded(run_id)
    eve.concluded(run_id, **content)
    assert judge.word(PROBLEM, run_id) == "own"


def test_what_others_say_of_determinism_is_marked_where_it_decides(me: Person, eve: Person) -> None:
    run_id = me.wrote("a")
    judge = Judge(me.store, me.project)
    eve.concluded(run_id, "determinism", folds=3)
    assert judge.word(PROBLEM, run_id) == "own"
    me.concluded(run_id, "determinism", folds=3, differing_folds=1)
    assert judge.word(PROBLEM, run_id) == "own"
    eve.concluded(run_id, "determinism", folds=3)
    assert judge.word(PROBLEM, run_id) == "own, verdict foreign"


def test_an_altered_record_is_nobodys(me: Person) -> None:
    run_id = me.wrote("a")
    path = me.store.runs.place(PROBLEM, run_id) / "run.json"
    content = msgspec.json.decode(path.read_bytes())
    content["provenance"]["sources"]["models.py"] = "1" * 64
    path.write_bytes(msgspec.json.encode(content))
    assert Judge(me.store, me.project).run(PROBLEM, run_id).kind == "foreign"


def test_a_run_that_is_not_there_or_unreadable_is_nobodys(me: Person, tmp_path: Path) -> None:
    run_id = me.wrote("a")
    judge, index = Judge(me.store, me.project), Index(me.store, tmp_path / "cache")
    assert judge.run(PROBLEM, "b" * 26).kind == "foreign"
    (me.store.runs.place(PROBLEM, run_id) / "run.json").write_bytes(b"{")
    assert judge.shown(PROBLEM, [run_id], index) == {run_id: "foreign"}
    index.close()


def test_reading_makes_no_key(me: Person) -> None:
    assert Judge(me.store, me.project).run(PROBLEM, "b" * 26).kind == "foreign"
    assert not me.project.personal.exists()
