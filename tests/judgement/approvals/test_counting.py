"""Tests of which approvals count."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.judgement.approvals.approval_samples import ANA, EVA, NOW, RUI, project_in

from bancada.definitions.agreement import Team
from bancada.judgement.approvals._counting import SubjectState, count_approvals, unreadable_entries
from bancada.judgement.approvals._entries import entry_of
from bancada.judgement.approvals._signing import Verdicts, signed_by
from bancada.judgement.approvals._subject import Subject

if TYPE_CHECKING:
    from pathlib import Path

    from tests.provenance.origin.origin_samples import Signer

    from bancada.definitions import Project

TEAM = Team({"product": (ANA,), "data": (RUI, EVA)})
PARTS = {"margin": "0" * 16, "split": "1" * 16}
NOWADAYS = Subject("evaluation", "a" * 64, PARTS)
CODE = Subject("code", "c" * 64, {})


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return dataclasses.replace(project_in(tmp_path), cache=tmp_path / "cache")


def raw(who: str, role: str, **said: Any) -> dict[str, Any]:
    whole = {"problem": "risk", "subject": "evaluation", "role": role, "who": who, "when": NOW, "digest": "a" * 64}
    return whole | {"parts": PARTS} | said


def counted(project: Project, *entries: dict[str, Any], subject: Subject = NOWADAYS) -> SubjectState:
    return count_approvals(subject, "risk", map(entry_of, entries), TEAM, Verdicts(project))


def why(state: SubjectState) -> list[tuple[str, str]]:
    return [(entry.state, entry.note) for entry in state.entries]


def test_one_member_of_each_role_approves_an_evaluation(project: Project) -> None:
    none, one = counted(project), counted(project, raw(RUI, "data"))
    assert (none.in_words, none.missing, none.approved) == ("approved 0 of 2", ("product", "data"), False)
    assert (one.in_words, one.missing, one.approved) == ("approved 1 of 2", ("product",), False)
    both = counted(project, raw(RUI, "data"), raw(EVA, "data"), raw(ANA, "product"))
    assert (both.in_words, both.missing, both.approved) == ("approved 2 of 2", (), True)


def test_every_member_approves_code_and_with_evidence(project: Project) -> None:
    def about(who: str, role: str, **said: Any) -> dict[str, Any]:
        tested = {"tests": 3, "statements": 9}
        return raw(who, role, subject="code", digest="c" * 64, parts={}, evidence=tested) | said

    state = counted(project, about(RUI, "data"), about(ANA, "product"), subject=CODE)
    assert (state.in_words, state.missing) == ("approved 2 of 3", (EVA,))
    whole = counted(project, *(about(who, "data") for who in (RUI, EVA)), about(ANA, "product"), subject=CODE)
    assert whole.approved
    bare = counted(project, about(RUI, "data", evidence={}), subject=CODE)
    assert why(bare) == [("refused", "it has no evidence that the tests pass and cover the code")]


def test_a_lapse_says_which_part_changed(project: Project) -> None:
    now = Subject("evaluation", "b" * 64, {"margin": "2" * 16, "split": "1" * 16, "kpi": "3" * 16})
    state = counted(project, raw(ANA, "product", parts=PARTS | {"slice old": "4" * 16}), subject=now)
    assert [(entry.state, entry.changed) for entry in state.entries] == [
        ("lapsed", ("margin changed", "kpi is new", "slice old is gone"))
    ]
    assert state.given == 0


def test_what_is_gone_is_not_approved(project: Project) -> None:
    gone = Subject("evaluation", "", lacking="No alternative is told.")
    state = counted(project, raw(ANA, "product"), subject=gone)
    assert [(entry.state, entry.changed) for entry in state.entries] == [("lapsed", ("No alternative is told",))]
    assert not state.approved


@pytest.mark.parametrize(
    ("entry", "note"),
    [
        (raw(ANA, "owner"), "the team has no role `owner`"),
        (raw(ANA, "data"), "they are no member of `data`"),
        (raw("eve@example.org", "product"), "they are no member of `product`"),
        (raw(ANA, "product", digest="b" * 64), "its digest is not that of its parts"),
        (raw(ANA, "product", parts=PARTS | {"margin": "f" * 16}), "its parts are not those of its digest"),
        (raw(ANA, "product", parts={}), "its parts are not those of its digest"),
        (raw(ANA, "product", signature="AAAA"), "its signature is not one of what it says"),
    ],
)
def test_what_was_tampered_with_is_refused_and_told(entry: dict[str, Any], note: str, project: Project) -> None:
    state = counted(project, entry)
    assert [item.state for item in state.entries] == ["refused"]
    assert note in state.flagged[0].note
    assert (state.given, state.in_words) == (0, "approved 0 of 2")


def test_who_stands_twice_counts_once_and_is_told(project: Project) -> None:
    state = counted(project, raw(ANA, "product"), raw(ANA.upper(), "product"), raw(RUI, "data", digest="b" * 64))
    assert state.given == 1
    assert ("refused", "it stands in the file twice") in why(state)


def test_entries_about_other_things_are_no_matter(project: Project) -> None:
    others = [raw(ANA, "product", problem="other"), raw(ANA, "product", subject="guide"), {"who": ANA}]
    assert counted(project, *others).entries == ()


def test_signatures_count_where_they_are_verified(project: Project, ana: Signer, eve: Signer, signers: Path) -> None:
    said = raw(ANA, "product")
    good = said | {"signature": signed_by(said, ana.key, ask=False)}
    forged = said | {"signature": signed_by(said, eve.key, ask=False)}
    unknown = counted(project, good)
    assert (unknown.in_words, why(unknown)) == (
        "approved 1 of 2",
        [("counted", "signed, and your allowed signers hold no key of theirs for approvals")],
    )
    trusting = dataclasses.replace(project, signers=signers)
    assert counted(trusting, good).in_words == "approved 1 of 2, 1 signed"
    assert why(counted(trusting, forged)) == [("refused", "its signature is by a key that is not theirs")]
    moved = why(counted(trusting, good | {"when": "2027-01-01"}))
    assert moved[0][0] == "refused"


def test_entries_that_are_none_are_told_by_their_number() -> None:
    entries = [entry_of(item) for item in (raw(ANA, "product"), 3, raw(ANA, "product", digest="x"))]
    told = unreadable_entries(entries)
    assert told == ("entry 2: it is 3 and no entry", "entry 3: its digest is 'x', not 64 hexadecimal digits")


@given(
    entries=st.lists(
        st.builds(
            raw,
            st.sampled_from([ANA, RUI, EVA, "eve@example.org"]),
            st.sampled_from(["product", "data", "owner"]),
            digest=st.sampled_from(["a" * 64, "b" * 64]),
            signature=st.sampled_from(["", "AAAA"]),
        ),
        max_size=8,
    )
)
def test_only_true_members_with_the_true_digest_ever_count(
    entries: list[dict[str, Any]], tmp_path_factory: Any
) -> None:
    folder = tmp_path_factory.getbasetemp() / "counting"
    folder.mkdir(exist_ok=True)
    state = counted(dataclasses.replace(project_in(folder), cache=folder / "cache"), *entries)
    true = {
        entry["role"]
        for entry in entries
        if entry["digest"] == "a" * 64 and not entry["signature"] and TEAM.has(entry["role"], entry["who"])
    }
    assert (state.given, set(TEAM.roles) - set(state.missing)) == (len(true), true)
