"""Tests of giving an approval and taking it back."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest
from tests.judgement.approvals.approval_samples import ANA, NOW, RUI, git_says, project_in, told

from bancada.exceptions import BancadaError, ConfigurationError, NotFoundError, UsageError
from bancada.judgement.approvals import approve, approver_of, status_of, withdraw
from bancada.judgement.approvals._entries import entry_of
from bancada.judgement.approvals._file import FILE_NAME, read_approvals, write_approvals

if TYPE_CHECKING:
    from pathlib import Path

    from tests.provenance.origin.origin_samples import Signer

    from bancada.definitions import Project
    from bancada.judgement.approvals import Told


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = tmp_path / "root"
    root.mkdir()
    git_says(root, "Ana", ANA)
    return project_in(root, home=tmp_path)


def give(project: Project, *subjects: str, role: str | None = None, **options: Any) -> None:
    given: dict[str, Any] = {"now": NOW, "sign": False, "ask": False} | options
    approve(told(), subjects or ("evaluation",), approver_of(role, project), project, **given)


def test_an_approval_is_written_bound_and_counted(project: Project) -> None:
    give(project, "evaluation", "alternatives")
    entries = [entry.said for entry in read_approvals(project.root) if entry.said is not None]
    assert [(said.subject, said.role, said.who, said.when) for said in entries] == [
        ("alternatives", "product", ANA, NOW),
        ("evaluation", "product", ANA, NOW),
    ]
    assert entries[1].digest == told().evaluation
    assert status_of(told(), project).subject("evaluation").given == 1


def test_whoever_approves_again_has_one_entry_and_those_of_others_are_kept(project: Project) -> None:
    git_says(project.root, "Rui", RUI)
    give(project, role="data")
    other = entry_of({"ticket": "not of ours"})
    write_approvals(project.root, [*read_approvals(project.root), other])
    git_says(project.root, "Ana", ANA)
    give(project)
    give(project, now="2026-11-24T12:00:00+00:00")
    found = [entry.raw for entry in read_approvals(project.root)]
    assert [(raw.get("who"), raw.get("when")) for raw in found] == [
        (None, None), (RUI, NOW), (ANA, "2026-11-24T12:00:00+00:00"),
    ]  # fmt: skip
    assert {"ticket": "not of ours"} in found


def test_who_approves_is_a_member_of_the_role(project: Project) -> None:
    with pytest.raises(NotFoundError, match=rf"Git says that you are `{ANA}` or `Ana`; its members are `{RUI}`"):
        approver_of("data", project)
    with pytest.raises(NotFoundError, match=r"Found no role `prodct`\. Did you mean `product`\?"):
        approver_of("prodct", project)
    git_says(project.root, "Eve", "eve@example.org")
    with pytest.raises(NotFoundError, match=r"Git says that you are `eve@example\.org` or `Eve`"):
        approver_of(None, project)


def test_the_role_is_only_asked_for_where_there_are_several(project: Project) -> None:
    assert approver_of(None, project).role == "product"
    (project.root / "bancada.toml").write_text(f'[team]\nroles = {{ a = ["{ANA}"], b = ["Ana"] }}\n')
    both = dataclasses.replace(project, team=dataclasses.replace(project.team, roles={"a": (ANA,), "b": ("Ana",)}))
    with pytest.raises(UsageError, match=r"You have `a`, `b`\. Add `--role a`"):
        approver_of(None, both)
    assert approver_of("b", both).who == "Ana"


def test_without_a_team_nobody_approves(project: Project) -> None:
    alone = dataclasses.replace(project, team=type(project.team)())
    with pytest.raises(ConfigurationError, match=r"bancada\.toml` names no team\. Write `roles = "):
        approver_of(None, alone)


@pytest.mark.parametrize(
    ("subject", "message"),
    [
        ("evaluatoin", r"What is approved is `evaluation`, .*Did you mean `evaluation`\?"),
        ("guide", r"What is approved is there\. No guide is named"),
        ("code", r"The evaluation has no code of its own"),
    ],
)
def test_what_is_not_there_cannot_be_approved(subject: str, message: str, project: Project) -> None:
    with pytest.raises(BancadaError, match=message):
        give(project, "evaluation", subject)
    assert not (project.root / FILE_NAME).exists()


def test_a_signed_approval_is_verified(project: Project, ana: Signer, signers: Path) -> None:
    with pytest.raises(UsageError, match=r"An approval is signed by the SSH key .* names none"):
        give(project, sign=True)
    signing = dataclasses.replace(project, key=ana.key, signers=signers)
    give(signing, sign=True)
    assert status_of(told(), signing).subject("evaluation").in_words == "approved 1 of 2, 1 signed"


def test_an_approval_is_taken_back_by_who_gave_it(project: Project) -> None:
    give(project)
    git_says(project.root, "Rui", RUI)
    give(project)
    with pytest.raises(NotFoundError, match=rf"has none of `guide` by `{RUI}` as `data`"):
        withdraw(told(), ["guide"], approver_of(None, project), project)
    assert withdraw(told(), ["evaluation"], approver_of(None, project), project) == 1
    assert [entry.raw["who"] for entry in read_approvals(project.root)] == [ANA]


CODE = "def cost(a):\n    return a\n"
SLOW = "from pathlib import Path\nimport judged\n\n\ndef test_cost():\n    assert judged.cost(1) == 1\n    {does}\n"


def tested(project: Project, does: str) -> Told:
    (project.root / "judged.py").write_text(CODE)
    (project.root / "test_judged.py").write_text(SLOW.format(does=does))
    (project.root / "pytest.ini").write_text("[pytest]\n")
    return told(code=[{"what": "metric cost", "module": "judged", "qualname": "cost"}])


def test_what_others_wrote_while_tests_ran_is_kept(project: Project) -> None:
    git_says(project.root, "Rui", RUI)
    give(project)
    written = project.root / FILE_NAME
    others = written.rename(project.root / "others.toml")
    judged = tested(project, f"Path({str(others)!r}).rename({str(written)!r})")
    git_says(project.root, "Ana", ANA)
    approve(judged, ["code"], approver_of(None, project), project, now=NOW, sign=False, ask=False)
    assert [entry.raw["who"] for entry in read_approvals(project.root)] == [ANA, RUI]


def test_code_that_changes_while_its_tests_run_is_not_approved(project: Project) -> None:
    judged = tested(project, "Path('judged.py').write_text('def cost(a):\\n    return 2 * a\\n')")
    with pytest.raises(UsageError, match="It changed while its tests ran"):
        approve(judged, ["code"], approver_of(None, project), project, now=NOW, sign=False, ask=False)
    assert not (project.root / FILE_NAME).exists()


def test_a_file_that_cannot_be_read_is_left_as_it_is(project: Project) -> None:
    (project.root / FILE_NAME).write_text("<<<<<<< HEAD\n")
    with pytest.raises(ConfigurationError, match="which a merge has left"):
        give(project)
    assert (project.root / FILE_NAME).read_text() == "<<<<<<< HEAD\n"
