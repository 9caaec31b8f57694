"""Tests of what approvals mean for the outcomes that a team needs."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.judgement.approvals.approval_samples import ANA, EVA, NOW, RUI, project_in, told

from bancada.judgement.approvals import Status, status_of
from bancada.judgement.approvals._entries import SUBJECTS, entry_of
from bancada.judgement.approvals._file import FILE_NAME, read_approvals, write_approvals
from bancada.judgement.approvals._subjects import subject_of

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.definitions import Project
    from bancada.judgement.approvals import Told

JUDGED = told(code=[{"what": "metric cost", "module": "judged", "qualname": "cost"}])


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "guide.md").write_text("# How to judge\n")
    (tmp_path / "judged.py").write_text("def cost(a):\n    return a\n")
    return dataclasses.replace(project_in(tmp_path, 'guide = "guide.md"'), cache=tmp_path / "cache")


def approve_all(project: Project, judged: Told, members: tuple[tuple[str, str], ...]) -> None:
    entries = list(read_approvals(project.root))
    for name in SUBJECTS:
        subject = subject_of(name, judged, project)
        for role, who in members:
            said: dict[str, Any] = {"problem": "risk", "subject": name, "role": role, "who": who, "when": NOW}
            said |= {"digest": subject.digest, "parts": dict(subject.parts or {}), "evidence": {"tests": 1}}
            entries.append(entry_of(said))
    write_approvals(project.root, entries)


def states(status: Status) -> dict[str, str]:
    return {outcome.id: outcome.status for outcome in status.outcomes}


def findings(status: Status) -> dict[str, str]:
    return {outcome.id: outcome.finding for outcome in status.outcomes}


def test_nothing_is_reached_before_anybody_approves(project: Project) -> None:
    status = status_of(JUDGED, project)
    assert set(states(status).values()) == {"failed"}
    remedies = {outcome.id: outcome.remedy for outcome in status.outcomes}
    assert remedies["V1"] == "`bancada evaluation approve --subject evaluation` by product, data."
    assert remedies["V4"] == f"`bancada evaluation approve --subject code` by {ANA}, {EVA}, {RUI}."


def test_all_roles_reach_all_but_the_code_which_needs_all_members(project: Project) -> None:
    approve_all(project, JUDGED, (("product", ANA), ("data", RUI)))
    expected = dict.fromkeys(["V1", "V6", "V7", "V9"], "passed") | dict.fromkeys(["V4", "V8"], "failed")
    assert states(status_of(JUDGED, project)) == expected
    assert findings(status_of(JUDGED, project))["V4"] == "approved 2 of 3"
    approve_all(project, JUDGED, (("data", EVA),))
    assert set(states(status_of(JUDGED, project)).values()) == {"passed"}


def test_built_ins_need_no_review(project: Project) -> None:
    assert states(status_of(told(), project))["V4"] == "not-applicable"
    assert "built-ins" in findings(status_of(told(), project))["V8"]


def test_each_change_lapses_what_it_is_about_and_says_so(project: Project) -> None:
    approve_all(project, JUDGED, (("product", ANA), ("data", RUI), ("data", EVA)))
    moved = told({"margin": 0.05}, code=[{"what": "metric cost", "module": "judged", "qualname": "cost"}])
    (project.root / "guide.md").write_text("# How to judge, anew\n")
    found = status_of(moved, project)
    assert states(found) == dict.fromkeys(["V1", "V6", "V9"], "failed") | dict.fromkeys(["V4", "V7", "V8"], "passed")
    assert findings(found)["V1"] == "approved 0 of 2; lapsed, since margin changed"
    assert findings(found)["V9"] == "approved 0 of 2; lapsed, since page guide.md changed"
    (project.root / "judged.py").write_text("def cost(a):\n    return 2 * a\n")
    assert findings(status_of(JUDGED, project))["V4"] == "approved 0 of 3; lapsed, since judged:cost changed"


def test_a_new_version_of_the_data_lapses_nothing(project: Project) -> None:
    approve_all(project, JUDGED, (("product", ANA), ("data", RUI)))
    later = msgspec.structs.replace(JUDGED, dataset={"name": "people", "version": "2"})
    assert states(status_of(later, project))["V1"] == "passed"


def test_without_a_team_it_says_how_to_name_one(project: Project) -> None:
    alone = dataclasses.replace(project, team=type(project.team)())
    found = status_of(JUDGED, alone)
    assert findings(found)["V1"] == "nobody is named who approves"
    assert "[tool.bancada.team]" in found.outcomes[0].remedy


def test_entries_that_are_none_are_flagged_and_hide_no_others(project: Project) -> None:
    approve_all(project, JUDGED, (("product", ANA), ("data", RUI)))
    place = project.root / FILE_NAME
    place.write_text(place.read_text().replace("approvals = [", 'approvals = [\n  3, { who = "x" },'))
    found = status_of(JUDGED, project)
    assert found.flagged[0] == "entry 1: it is 3 and no entry"
    assert "entry 2: it is no whole entry" in found.flagged[1]
    assert states(found)["V1"] == "passed"
