"""Signatures: of one's own runs, one for a sweep, and never in the way of a run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.engine.origins.conftest import PROBLEM, Person

from bancada.engine.origins import Judge, sign_quietly
from bancada.exceptions import StoreError, UsageError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_sweep_is_signed_once(ana: Person, knowing: Person) -> None:
    runs = [ana.wrote(letter) for letter in "abc"]
    sign_quietly(ana.store, ana.project, [(PROBLEM, run) for run in runs])
    judge = Judge(knowing.store, knowing.project)
    assert {judge.run(PROBLEM, run).who for run in runs} == {"ana@example.org"}
    said = [stored.statements[0] for run in runs if (stored := ana.store.runs.read(PROBLEM, run))]
    assert {item.kind for item in said} == {"signature"}
    assert len({item.content["signature"] for item in said}) == 1


def test_only_own_runs_are_signed(ana: Person, me: Person) -> None:
    theirs, hers = me.wrote("a"), ana.wrote("b")
    with pytest.raises(UsageError, match="You sign your own runs"):
        ana.signed(hers, theirs)
    sign_quietly(ana.store, ana.project, [(PROBLEM, theirs), (PROBLEM, hers)])
    counts = [len(stored.statements) for run in (theirs, hers) if (stored := ana.store.runs.read(PROBLEM, run))]
    assert counts == [0, 1]


def test_what_others_said_is_not_vouched_for(ana: Person, eve: Person, knowing: Person) -> None:
    hers = ana.wrote("a")
    own, theirs = ana.fitted(hers, b"hers"), eve.fitted(hers, b"theirs")
    ana.signed(hers)
    stored = ana.store.runs.read(PROBLEM, hers)
    assert stored is not None
    judge = Judge(knowing.store, knowing.project)
    assert judge.said(own, stored).who == "ana@example.org"
    assert judge.said(theirs, stored).kind == "foreign"


def test_without_a_key_it_is_said_where_to_name_one(me: Person) -> None:
    run_id = me.wrote("a")
    with pytest.raises(UsageError, match=r"config\.toml` names none\. Write `key = "):
        me.signed(run_id)
    sign_quietly(me.store, me.project, [(PROBLEM, run_id)])


def test_a_key_of_ones_own_that_cannot_tell_is_named(ana: Person) -> None:
    run_id = ana.wrote("a")
    (ana.project.personal / "origin.key").chmod(0o644)
    with pytest.raises(UsageError, match=r"can be read by others \(mode 0644\): run `chmod 600` on it"):
        ana.signed(run_id)


def test_a_run_that_is_not_finished_is_not_signed(ana: Person) -> None:
    ana.wrote("a")
    with pytest.raises(StoreError, match="A run is signed once it is finished"):
        ana.signed("b" * 26)


def test_a_key_that_cannot_be_used_is_a_warning(me: Person, tmp_path: Path) -> None:
    run_id = me.wrote("a")
    project = replace(me.project, key=tmp_path / "gone")
    with pytest.warns(UserWarning, match="not signed: There is no file"):
        sign_quietly(me.store, project, [(PROBLEM, run_id)])
