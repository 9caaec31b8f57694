"""`bancada kpi`: a product owner's questions, typed."""

from __future__ import annotations

import pytest
from tests.acceptance.conftest import CANDIDATES, HEAD, Typed

EVALUATION = 'bc.Evaluation(primary="roc_auc", metrics=["accuracy", "brier"], kpi=[bc.Kpi("cost", unit="EUR per 100 rows", costs={"c10": 2, "c01": 9}, rationale="why.md", ranges={"c01": (5, 20)}), bc.Kpi("gain", unit="EUR", function=gain)])'  # noqa: E501 - one text of a module
FUNCTION = """

def gain(y_true, y_pred, offer: float = 0.5):
    return y_pred * (y_true - offer)

"""
NINE = "".join(f'\n@bc.candidate\ndef c{n}():\n    return Curve({n} / 4 - 1, "{"ab"[n % 2]}")\n' for n in range(9))


@pytest.fixture
def judged(typed: Typed) -> Typed:
    """Return a project with two KPIs and nine candidates, run."""
    typed.write(candidates=NINE, head=HEAD + FUNCTION, evaluation=EVALUATION)
    assert typed.runs().code == 0
    return typed


def test_the_questions_of_a_product_owner_are_answered(judged: Typed) -> None:
    (judged.root / "why.md").write_text("A missed case costs nine.\n")
    shown = judged.types("kpi")
    assert shown.code == 0
    for part in (
        "risk · cost ↓ · EUR per 100 rows · 30 rows",
        "Why this is what counts: see why.md.",
        "it pays to decide positive from a probability of 0.182 on (p*, Elkan 2001)",
        "How far each assumption of cost moves before the ranking by it changes",
        "The values are exact",
        "What each metric says about cost, over 9 candidates, on other rows",
        "A function gives the amount of each row.",
        "The values were searched for",
    ):
        assert part in shown.out
    document = judged.types("kpi", "gain", "--json").document
    assert (document["schema"], [kpi["name"] for kpi in document["kpis"]]) == ("bancada.kpi/1", ["gain"])
    report = document["kpis"][0]
    assert [part["metric"] for part in report["relations"]] == ["roc_auc", "accuracy", "brier"]
    assert [part["assumption"] for part in report["sensitivity"]] == ["offer"]
    assert report["lines"][-1]["baseline"]
    assert (report["names"], report["names_needed"], report["costs"]) == (9, 8, None)


def test_what_is_asked_wrongly_is_told(judged: Typed) -> None:
    judged.types("kpi", "cots").refuses("There is no 'cots'", "Did you mean `cost`")
    judged.write(candidates=CANDIDATES)
    judged.types("kpi").refuses("That of `risk` has none", "bc.Evaluation(kpi=")


def test_kpi_before_a_run_says_what_to_do(typed: Typed) -> None:
    typed.write(head=HEAD + FUNCTION, evaluation=EVALUATION)
    answer = typed.types("kpi")
    assert answer.code != 0
    assert "bancada run" in answer.err


def test_few_candidates_show_nothing_about_metrics(typed: Typed) -> None:
    typed.write(head=HEAD + FUNCTION, evaluation=EVALUATION)
    assert typed.runs().code == 0
    assert "This needs at least 8 candidates by different names, the baseline apart; there are 2." in (
        typed.types("kpi").out
    )


def test_asking_writes_nothing(judged: Typed) -> None:
    before = judged.stored()
    assert judged.types("kpi").code == 0
    assert judged.stored() == before


def test_a_kpi_without_its_column_is_refused_before_anything_runs(typed: Typed) -> None:
    typed.write(
        evaluation=EVALUATION.replace('"c10": 2', '"c10": "invoce"').replace(
            "function=gain", 'costs={"c10": 1, "c01": 1}'
        )
    )
    typed.runs().refuses("The KPI `cost` of problem `risk` reads columns", "Found no column `invoce`")
