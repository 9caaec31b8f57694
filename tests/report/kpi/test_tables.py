"""The tables of a KPI."""

from __future__ import annotations

from tests.report.kpi.test_sentences import line, report

from bancada.display import to_csv, to_html, to_text
from bancada.judgement.kpi import KpiDocument, MetricRelation, Sensitivity, Swap
from bancada.report.kpi import kpi_tables

RELATION = MetricRelation(
    metric="roc_auc",
    rho=0.72,
    low=0.1,
    high=1.0,
    reliability_metric=0.9,
    reliability_kpi=0.2,
    regret=-12.5,
    regret_low=-30.0,
    regret_high=8.0,
    word="too alike to tell",
)
PART = Sensitivity(
    assumption="invoice",
    value=1.0,
    column="invoice",
    exact=True,
    leader_below=None,
    leader_above=Swap(value=1.25, ahead="a", behind="b"),
    order_below=None,
    order_above=Swap(value=1.25, ahead="a", behind="b"),
    range_low=0.5,
    range_high=2.0,
    leader_holds=False,
)


def shown(**fields: object) -> str:
    document = KpiDocument(problem="p", problem_id="i", evaluation_id="e", n_rows=1_200, kpis=(report(**fields),))
    tables = kpi_tables(document)
    assert all(to_html(table) and to_csv(table) for table in tables)
    return "\n".join(to_text(table, width=None, color=False) for table in tables)


def test_every_number_has_its_place() -> None:
    text = shown(sensitivity=(PART,), relations=(RELATION,), names=9)
    for part in (
        "p · cost ↓ · EUR · 1,200 rows",
        "amounts of invoice",
        "above × 1.25 (b before a)",
        "0.5 to 2: the leader changes",
        "+.72",
        "0.90 · 0.20",
        "too alike to tell",
    ):
        assert part in text


def test_what_is_missing_is_no_number() -> None:
    lines = (line("a", at_best=0.0, best_threshold=None), line("b", value=None, low=None, high=None, flags=("broken",)))
    text = shown(lines=lines)
    assert "never" in text
    assert "b: broken." in text
