"""What the checks found, as text that a terminal can show."""

from __future__ import annotations

from typing import Any

from bancada.report.checking import DataCheckDocument, check_text


def finding(**changes: Any) -> dict[str, Any]:
    told = {
        "check": "alone",
        "severity": "serious",
        "columns": ["x"],
        "found": "`x` alone predicts",
        "evidence": {"value": 1.0},
        "remedy": "Exclude it",
        "ids": [],
    }
    return told | changes


def outcome(check: str, *findings: dict[str, Any], reason: str = "", sampled: int | None = None) -> dict[str, Any]:
    status = "not applicable" if reason else "found" if findings else "passed"
    return {"check": check, "status": status, "reason": reason, "sampled": sampled, "findings": list(findings)}


def document(*checks: dict[str, Any], **changes: Any) -> DataCheckDocument:
    serious = sum(item["severity"] == "serious" for check in checks for item in check["findings"])
    fields: dict[str, Any] = {
        "problem": "churn",
        "problem_id": "a" * 64,
        "dataset": "churn",
        "version": "",
        "data": "d" * 64,
        "n_rows": 4_225,
        "n_sealed": 0,
        "serious": serious,
        "checks": checks,
        "accepted": (),
    }
    return DataCheckDocument(**(fields | changes))


def test_serious_findings_come_first_with_their_remedy() -> None:
    text = check_text(
        document(
            outcome("constant", finding(check="constant", severity="note", found="`y` is constant", ids=["3", "4"])),
            outcome("alone", finding(), sampled=50_000),
            outcome("shift"),
            outcome("drift", reason="no `time`"),
            version="2024-05",
            n_sealed=1_409,
            accepted=(finding(check="rows", columns=[]), finding(check="missing")),
        )
    )
    assert text.splitlines() == [
        "churn · 4,225 rows (1,409 sealed, left out), version 2024-05 · 1 serious finding, 1 note",
        "serious  alone: `x` alone predicts.",
        "         Exclude it.",
        "note     constant: `y` is constant.",
        "         For example: 3, 4.",
        "         Exclude it.",
        "passed: shift",
        "not applicable: drift (no `time`)",
        "accepted: rows (all), missing (x)",
        "on 50,000 rows drawn from all: alone",
    ]


def test_nothing_found_is_said() -> None:
    assert check_text(document(outcome("alone"))).splitlines()[0].endswith("· nothing found")


def test_what_data_hold_moves_no_cursor() -> None:
    hostile = "\x1b[2J\x9b\u202e"
    told = finding(found=f"`{hostile}` predicts", remedy=f"exclude {hostile}", ids=[hostile], columns=[hostile])
    text = check_text(document(outcome("alone", told), problem="p", version=hostile, accepted=(told,)))
    assert not any(character in text for character in hostile if character not in "[2J")
