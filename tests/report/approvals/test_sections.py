"""Tests of the document of an evaluation: as text, Markdown and HTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from tests.judgement.approvals.approval_samples import INGREDIENTS, project_in, told

from bancada.display import page, to_text
from bancada.display.markdown import to_markdown
from bancada.judgement.approvals import status_of
from bancada.report.approvals import (
    KnownRows,
    document_title,
    evaluation_document,
    evaluation_sections,
    page_fragments,
)

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.report.approvals import EvaluationDocument

EVIL = "<script>alert(1)</script>\x1b[31m|`x`"


def document(root: Path, ingredients: dict[str, Any] | None = None, **judged: Any) -> EvaluationDocument:
    (root / "judged.py").write_text("def cost(a, b):\n    return 1.0\n")
    project = project_in(root)
    found = told(ingredients, **judged)
    return evaluation_document(
        found, status_of(found, project), project, rows=KnownRows(80, 20, 1), changed=("judged.py",)
    )


def text(found: EvaluationDocument) -> str:
    return "\n".join(to_text(section) for section in evaluation_sections(found))


def test_the_document_says_all_that_people_approve(tmp_path: Path) -> None:
    shown = text(
        document(
            tmp_path,
            title="Who falls ill",
            rationale="Nurses call a hundred people.\n\nThe order\nmatters.",
            reasons={"roc_auc": "the order of the list"},
            code=[{"what": "metric cost", "module": "judged", "qualname": "cost"}],
            kpi=[
                {
                    "name": "saved",
                    "unit": "EUR",
                    "rationale": "we pay",
                    "function": None,
                    "ranges": {"price": [1, 20_000]},
                }
            ],
        )
    )
    for expected in (
        "Who falls ill\nproblem risk · evaluation ",
        "approved 0 of 2",
        "Nurses call a hundred people.\nThe order matters.",
        "Changed since this was read, and not in it: judged.py.",
        "people, version 1: 80 rows, and 20 that are sealed",
        "target  ill",
        "kfold: folds drawn by chance",
        "roc_auc ↑  decides         the order of the list",
        "No reason is given for cost.",
        "accuracy  most stay",
        "region  each of its values",
        "old     age > 60",
        "A difference of roc_auc below 0.010 does not matter.",
        "KPI\nsaved, in EUR: more is better\nwe pay\n",
        "range of price    1 to 20,000",
        "20 % of the rows, or of their groups, are sealed",
        "Each look, by `bancada holdout score RUN`, is written down",
        "So far there was 1 look.",
        "metric cost  judged:cost  1 definition",
        "Nobody has approved anything yet.",
    ):
        assert expected in shown


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"margin": None}, "None is declared: no two candidates can be called equivalent by roc_auc."),
        ({"slices": []}, "Scores are told over all rows only."),
        ({"split": INGREDIENTS["split"] | {"holdout": 0.0}}, "No rows are sealed"),
        ({"split": {"design": "time-ordered", "kind": "time", "holdout": "2024-01-01"}}, "Rows from 2024-01-01 on are"),
    ],
)
def test_what_is_not_declared_is_said(change: dict[str, Any], expected: str, tmp_path: Path) -> None:
    assert expected in text(document(tmp_path, change))


def test_without_a_title_the_problem_is_named(tmp_path: Path) -> None:
    assert document_title(document(tmp_path)) == "How risk is judged"
    assert "None are told." in text(document(tmp_path, alternatives=[]))
    assert "Nothing that judges is of this project's own making." in text(document(tmp_path))


def test_an_evaluation_that_depends_on_the_data_is_shown_as_far_as_it_is_known(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    unknown = type(told())(name="risk", dataset={"name": "people"}, roles={"id": None})
    shown = text(evaluation_document(unknown, status_of(unknown, project), project, rows=KnownRows()))
    assert "the evaluation depends on the data" in shown
    assert "They depend on the data." in shown


def test_what_somebody_wrote_is_text_everywhere(tmp_path: Path) -> None:
    found = document(
        tmp_path, title=EVIL, rationale=EVIL, reasons={"roc_auc": EVIL}, alternatives=[{"name": EVIL, "why": EVIL}]
    )
    sections = evaluation_sections(found)
    html = page(document_title(found), page_fragments(sections))
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 6
    assert "default-src &#39;none&#39;" in html
    assert len(re.findall("<h1>", html)) == 1
    assert "\x1b" not in text(found) + to_markdown(sections) + html
    assert "\\<script\\>" in to_markdown(sections)
