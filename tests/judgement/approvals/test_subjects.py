"""Tests of what can be approved: its digest changes with each part of it, and with nothing else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from tests.judgement.approvals.approval_samples import INGREDIENTS, project_in, told

from bancada.judgement.approvals._subjects import subject_of

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.judgement.approvals import Told

CODE = '''\
import math

EUR = 5.0


def _cost(wrong):
    return EUR * wrong


def cost(y_true, y_pred):
    """What errors cost."""
    return _cost(y_true != y_pred)


def other():
    return 1
'''
JUDGED = [{"what": "metric cost", "module": "judged", "qualname": "cost"}]


@pytest.fixture(autouse=True)
def no_import(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing import the project."""
    monkeypatch.setitem(sys.modules, "judged", None)


def test_an_evaluation_is_bound_to_its_identity_and_each_part_is_told(tmp_path: Path) -> None:
    found = subject_of("evaluation", told(), project_in(tmp_path))
    assert found.digest == told().evaluation
    assert set(found.parts or ()) == {
        "dataset", "margin", "metric cost", "metric roc_auc", "primary", "slice old", "slice region", "split",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"margin": 0.02}, "margin"),
        ({"primary": "cost"}, "primary"),
        ({"metrics": [INGREDIENTS["metrics"][0], {"name": "cost", "digest": "c"}]}, "metric cost"),
        ({"slices": [{"column": "region"}, {"name": "old", "expression": "age > 70"}]}, "slice old"),
        ({"split": INGREDIENTS["split"] | {"k": 10}}, "split"),
        ({"kpi": [{"name": "kept margin", "digest": "d"}]}, "KPI kept margin"),
    ],
)
def test_what_changes_in_an_evaluation_is_that_part_alone(change: dict[str, Any], part: str, tmp_path: Path) -> None:
    project = project_in(tmp_path)
    then, now = subject_of("evaluation", told(), project), subject_of("evaluation", told(change), project)
    assert then.digest != now.digest
    parts = {**(now.parts or {})}
    assert {name for name in parts if parts[name] != (then.parts or {}).get(name)} == {part}


def test_titles_and_reasons_are_no_part_of_an_evaluation(tmp_path: Path) -> None:
    changed = told(title="Who falls ill", rationale="x", reasons={"cost": "y"}, alternatives=[])
    assert subject_of("evaluation", changed, project_in(tmp_path)) == subject_of(
        "evaluation", told(), project_in(tmp_path)
    )


def test_alternatives_have_their_own_digest_in_any_order(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    one, two = {"name": "f1", "why": "needs a cut"}, {"name": "accuracy", "why": "most stay"}
    digests = [
        subject_of("alternatives", told(**judged), project).digest
        for judged in (
            {"alternatives": [one, two]},
            {"alternatives": [two, one]},
            {"alternatives": [two]},
            {"alternatives": [two, one | {"why": "other"}]},
            {"alternatives": [one, two], "reasons": {"cost": "what it costs"}},
        )
    ]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 4


def test_without_alternatives_there_is_nothing_to_approve(tmp_path: Path) -> None:
    found = subject_of("alternatives", told(alternatives=[]), project_in(tmp_path))
    assert (found.digest, found.lacking) == ("", "No alternative is told.")
    assert "bc.Alternative" in found.remedy


def test_an_evaluation_that_depends_on_the_data_cannot_be_approved(tmp_path: Path) -> None:
    unknown = told()
    unknown = type(unknown)(name="risk", dataset={}, roles={})
    for name in ("evaluation", "code", "alternatives"):
        found = subject_of(name, unknown, project_in(tmp_path))
        assert (found.digest, found.lacking) == ("", "The evaluation is not known without the data.")


def code(text: str, root: Path, judged: list[dict[str, Any]] | None = None) -> Any:
    (root / "judged.py").write_text(text, encoding="utf-8")
    return subject_of("code", told(code=JUDGED if judged is None else judged), project_in(root))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("EUR = 5.0", "# what one error costs\nEUR = 5.0"),
        ("    return EUR * wrong", "    return (\n        EUR\n        * wrong\n    )"),
        ("What errors cost.", "The mean cost of errors."),
        ("    return 1\n", "    return 2\n"),
    ],
    ids=["a comment", "another layout", "a docstring", "another function"],
)
def test_what_does_not_change_the_code_lapses_nothing(old: str, new: str, tmp_path: Path) -> None:
    assert old in CODE
    assert code(CODE.replace(old, new), tmp_path) == code(CODE, tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("EUR = 5.0", "EUR = 6.0", "judged:EUR"),
        ("return EUR * wrong", "return wrong", "judged:_cost"),
        ("y_true != y_pred", "y_true == y_pred", "judged:cost"),
    ],
)
def test_a_change_of_the_code_is_told_by_the_definition(old: str, new: str, part: str, tmp_path: Path) -> None:
    then, now = code(CODE, tmp_path), code(CODE.replace(old, new), tmp_path)
    assert then.digest != now.digest
    assert part in {name for name in then.parts if then.parts[name] != now.parts.get(name)}


def test_without_code_of_its_own_nothing_need_be_approved(tmp_path: Path) -> None:
    found = code(CODE, tmp_path, [])
    assert (found.applies, found.digest) == (False, "")


@pytest.mark.parametrize(
    ("text", "judged", "lacking"),
    [
        (CODE, [{"what": "metric x", "module": "judged", "qualname": None}], "The code of metric x in `judged` has no"),
        ("", JUDGED, "Found no `cost` in `judged`"),
        ("def cost(:", JUDGED, "The project's modules are Python that this interpreter can read"),
    ],
)
def test_code_that_cannot_be_told_says_why(text: str, judged: list[Any], lacking: str, tmp_path: Path) -> None:
    found = code(text, tmp_path, judged)
    assert (found.digest, found.applies) == ("", True)
    assert lacking in found.lacking


def guide(root: Path, setting: str = 'guide = ["a.md", "b.md"]') -> Any:
    return subject_of("guide", told(), project_in(root, setting))


def test_a_guide_is_its_pages_and_line_ends_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"# A\nuse it\n")
    (tmp_path / "b.md").write_bytes(b"# B\n")
    then = guide(tmp_path)
    assert set(then.parts) == {"page a.md", "page b.md"}
    (tmp_path / "a.md").write_bytes(b"# A\r\nuse it\r\n")
    assert guide(tmp_path) == then
    (tmp_path / "a.md").write_bytes(b"# A\nuse it well\n")
    now = guide(tmp_path)
    assert (now.digest != then.digest, now.parts["page b.md"]) == (True, then.parts["page b.md"])


@pytest.mark.parametrize(
    ("setting", "lacking"),
    [
        ("", "No guide is named"),
        ('guide = "gone.md"', "`guide` names `gone.md`. It cannot be read: No such file"),
        ('guide = "../gone.md"', "Found '../gone.md': it has a part '..'"),
        ('guide = "/etc/hostname"', "Found '/etc/hostname'"),
        ('guide = "out.md"', "It leads out of it"),
        ('guide = "."', "`guide` names `.`"),
    ],
)
def test_a_guide_is_below_the_root(setting: str, lacking: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret.md").write_text("x")
    (root / "out.md").symlink_to(tmp_path / "secret.md")
    found = guide(root, setting)
    assert found.digest == ""
    assert lacking in found.lacking


def test_of_an_evaluation_only_what_the_snapshot_told_is_used(tmp_path: Path) -> None:
    unknown: Told = told(code=JUDGED)
    assert subject_of("evaluation", unknown, project_in(tmp_path)).digest == unknown.evaluation
