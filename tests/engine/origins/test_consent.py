"""Consent: what somebody else recorded executes when somebody here agrees, and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.engine.origins.conftest import PROBLEM, Person

from bancada.engine.origins import agreed
from bancada.exceptions import NotFoundError, UsageError

if TYPE_CHECKING:
    from bancada.engine.origins import WouldRun


class Answers:
    """Answers every question alike, and remembers what was shown."""

    def __init__(self, *, yes: bool) -> None:
        self.yes = yes
        self.shown: list[WouldRun] = []

    def __call__(self, document: WouldRun) -> bool:
        self.shown.append(document)
        return self.yes


def test_ones_own_run_asks_nothing(me: Person) -> None:
    run_id = me.wrote("a")
    asked = Answers(yes=False)
    stored = agreed("fit", me.store, me.project, PROBLEM, run_id, ask=asked)
    assert stored.record.run_id == run_id
    assert asked.shown == []


def test_a_foreign_run_is_shown_and_asked_about(me: Person, eve: Person) -> None:
    run_id = eve.wrote("a")
    no, yes = Answers(yes=False), Answers(yes=True)
    with pytest.raises(UsageError, match="You did not agree for `r-aaaaaa`; nothing was executed"):
        agreed("fit", me.store, me.project, PROBLEM, run_id, ask=no)
    assert agreed("fit", me.store, me.project, PROBLEM, run_id, ask=yes).record.run_id == run_id
    assert no.shown == yes.shown
    assert (no.shown[0].verb, no.shown[0].origin, no.shown[0].signer) == ("fit", "foreign", "")


def test_with_nobody_to_ask_it_is_refused(me: Person, knowing: Person, ana: Person) -> None:
    run_id = ana.wrote("a")
    with pytest.raises(UsageError, match=r"no terminal to ask on.* is foreign.*have its author sign it"):
        agreed("reproduce", me.store, me.project, PROBLEM, run_id)
    ana.signed(run_id)
    with pytest.raises(UsageError, match=r"signed by `ana@example\.org`.*add `--trust ana@example\.org`"):
        agreed("reproduce", knowing.store, knowing.project, PROBLEM, run_id)


def test_a_signer_is_trusted_by_name(knowing: Person, ana: Person, eve: Person) -> None:
    hers, theirs = ana.wrote("a"), eve.wrote("b")
    ana.signed(hers)
    eve.signed(theirs)
    ask = Answers(yes=True)
    agreed("fit", knowing.store, knowing.project, PROBLEM, hers, trust="ana@example.org")
    with pytest.raises(UsageError, match=r"signed by nobody in your file of allowed signers"):
        agreed("fit", knowing.store, knowing.project, PROBLEM, theirs, trust="eve@example.org", ask=ask)
    with pytest.raises(UsageError, match=r"`bob` is trusted.*is signed by `ana@example\.org`"):
        agreed("fit", knowing.store, knowing.project, PROBLEM, hers, trust="bob", ask=ask)
    assert ask.shown == []


@pytest.mark.parametrize("nobody", ["", " "])
def test_nobody_is_no_signer(me: Person, knowing: Person, eve: Person, nobody: str) -> None:
    run_id = eve.wrote("a")
    ask = Answers(yes=True)
    for person in (me, knowing):
        with pytest.raises(UsageError, match="It names nobody"):
            agreed("reproduce", person.store, person.project, PROBLEM, run_id, trust=nobody, ask=ask)
    assert ask.shown == []


def test_a_model_that_others_put_beside_ones_own_run_is_asked_about(me: Person, eve: Person) -> None:
    run_id = me.wrote("a")
    own, theirs = me.fitted(run_id, b"mine"), eve.fitted(run_id, b"theirs")
    agreed("load", me.store, me.project, PROBLEM, run_id, fit=own)
    asked = Answers(yes=False)
    with pytest.raises(UsageError, match="You did not agree"):
        agreed("load", me.store, me.project, PROBLEM, run_id, fit=theirs, ask=asked)
    assert asked.shown[0].model is not None
    assert asked.shown[0].model.said_by == "foreign"


def test_a_model_that_others_put_beside_a_colleagues_run_is_not_hers(knowing: Person, ana: Person, eve: Person) -> None:
    run_id = ana.wrote("a")
    hers = ana.fitted(run_id, b"hers")
    ana.signed(run_id)
    theirs = eve.fitted(run_id, b"theirs")
    trusted = "ana@example.org"
    agreed("load", knowing.store, knowing.project, PROBLEM, run_id, trust=trusted, fit=hers)
    with pytest.raises(UsageError, match="signed by nobody"):
        agreed("load", knowing.store, knowing.project, PROBLEM, run_id, trust=trusted, fit=theirs)


def test_what_was_judged_is_what_is_returned(me: Person, eve: Person) -> None:
    run_id = eve.wrote("a")
    place = me.store.runs.place(PROBLEM, run_id) / "run.json"
    before = place.read_bytes()

    def swap(_: WouldRun) -> bool:
        place.write_bytes(before.replace(b"boosting", b"explodes"))
        return True

    assert agreed("fit", me.store, me.project, PROBLEM, run_id, ask=swap).record.candidate == "boosting"


def test_a_run_that_is_not_finished_is_told(me: Person) -> None:
    with pytest.raises(NotFoundError, match="was begun and has no result"):
        agreed("fit", me.store, me.project, PROBLEM, "b" * 26)
