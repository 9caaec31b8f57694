"""All checks together: silent on rows without a fault."""

from __future__ import annotations

from tests.engine.checking.conftest import Clean

from bancada.engine.checking import CHECKS, check_rows

SIZES = (60, 150, 300, 600)


def test_two_hundred_tables_without_a_fault_raise_no_more_than_ten_alarms() -> None:
    alarms, serious = set(), set()
    for seed in range(200):
        clean = Clean(n_rows=SIZES[seed % len(SIZES)], seed=seed, numbers=seed % 2 == 1)
        for outcome in check_rows(clean.rows()):
            alarms |= {seed for _ in outcome.findings}
            serious |= {seed for finding in outcome.findings if finding.severity == "serious"}
    assert len(alarms) <= 10
    assert serious == set()


def test_each_check_answers_once_in_order(clean: Clean) -> None:
    outcomes = tuple(check_rows(clean.rows()))
    assert [outcome.check for outcome in outcomes] == list(CHECKS)
    assert {outcome.status for outcome in outcomes} == {"passed", "not applicable"}
    assert all(bool(outcome.reason) == (outcome.status == "not applicable") for outcome in outcomes)


def test_serious_findings_are_told_first(clean: Clean) -> None:
    clean.columns |= {"close": clean.y + 0.326 * clean.draw.normal(size=clean.n_rows), "leak": clean.y}
    found = {outcome.check: outcome.findings for outcome in check_rows(clean.rows())}["alone"]
    assert [finding.severity for finding in found] == sorted((f.severity for f in found), reverse=True)
    assert found[0].columns == ("leak",)


def test_tables_of_no_columns_one_row_or_odd_types_break_nothing(clean: Clean) -> None:
    tiny = Clean(n_rows=5)
    tiny.y[:] = [0, 1, 0, 1, 0]
    tiny.fold[:] = [0, 1, 2, 3, 4]
    assert len(tuple(check_rows(tiny.rows()))) == len(CHECKS)
    clean.columns = {"list": [[1, 2]] * clean.n_rows, "nested": [{"a": 1}] * clean.n_rows}
    assert len(tuple(check_rows(clean.rows(target=None)))) == len(CHECKS)
