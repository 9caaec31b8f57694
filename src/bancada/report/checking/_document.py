"""`bancada.data-check/1`, and the same in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bancada.display import count, plain
from bancada.exceptions import counted
from bancada.report._wording import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bancada.engine import Binding
    from bancada.engine.checking import DataCheck

__all__ = ["DataCheckDocument", "check_document", "check_text"]

_SERIOUS = "serious"
_INDENT = " " * 9


class DataCheckDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.data-check/1`.

    Attributes:
        problem: Name of the problem.
        problem_id: Its digest.
        dataset: Name of the dataset.
        version: Its version.
        data: Digest of the data.
        n_rows: Rows that were checked: those that are not sealed.
        n_sealed: Rows of the sealed holdout, of which nothing was read.
        serious: Count of serious findings.
        checks: What came of each check: `check`, `status` (passed | found | not applicable), `reason`, `sampled`,
            `findings[] {check, severity, columns, found, evidence, remedy, ids}`.
        accepted: Findings that were accepted by `--ignore`, of the same form.
    """

    schema: str = "bancada.data-check/1"
    problem: str
    problem_id: str
    dataset: str
    version: str
    data: str
    n_rows: int
    n_sealed: int
    serious: int
    checks: tuple[dict[str, Any], ...]
    accepted: tuple[dict[str, Any], ...]


def check_document(binding: Binding, check: DataCheck) -> DataCheckDocument:
    """Return what the checks found as a document.

    Args:
        binding: The problem with its data.
        check: What came of the checks.
    """
    return DataCheckDocument(
        problem=binding.problem.name,
        problem_id=binding.identity.digest,
        dataset=binding.data.name,
        version=binding.data.version,
        data=binding.data.table,
        n_rows=len(binding.positions),
        n_sealed=binding.n_sealed,
        serious=len(check.serious),
        checks=tuple(map(msgspec.to_builtins, check.outcomes)),
        accepted=tuple(map(msgspec.to_builtins, check.accepted)),
    )


def check_text(document: DataCheckDocument) -> str:
    """Return what the checks found as text: a finding with its numbers and remedy, then what passed."""
    findings = [finding for item in document.checks for finding in item["findings"]]
    findings.sort(key=lambda finding: finding["severity"] != _SERIOUS)
    lines = [_header(document, len(findings))]
    for finding in findings:
        lines += _lines(finding)
    by_status = {status: [item for item in document.checks if item["status"] == status] for status in _STATUS}
    if by_status["passed"]:
        lines.append("passed: " + ", ".join(item["check"] for item in by_status["passed"]))
    if by_status["not applicable"]:
        told = (f"{item['check']} ({plain(item['reason'])})" for item in by_status["not applicable"])
        lines.append("not applicable: " + ", ".join(told))
    if document.accepted:
        told = (f"{item['check']} ({', '.join(map(plain, item['columns'])) or 'all'})" for item in document.accepted)
        lines.append("accepted: " + ", ".join(told))
    sampled = [item for item in document.checks if item["sampled"] is not None]
    if sampled:
        names = ", ".join(item["check"] for item in sampled)
        lines.append(f"on {count(sampled[0]['sampled'])} rows drawn from all: {names}")
    return "\n".join(lines)


_STATUS = ("passed", "not applicable")


def _header(document: DataCheckDocument, n_findings: int) -> str:
    rows = counted(document.n_rows, "row")
    if document.n_sealed:
        rows += f" ({count(document.n_sealed)} sealed, left out)"
    if document.version:
        rows += f", version {plain(document.version)}"
    notes = n_findings - document.serious
    told = (
        f"{counted(document.serious, 'serious finding')}, {counted(notes, 'note')}" if n_findings else "nothing found"
    )
    return " · ".join([plain(document.problem), rows, told])


def _lines(finding: Mapping[str, Any]) -> Iterator[str]:
    yield f"{finding['severity']:<{len(_INDENT)}}{finding['check']}: {plain(sentence(finding['found']))}"
    if finding["ids"]:
        yield f"{_INDENT}For example: {', '.join(map(plain, finding['ids']))}."
    yield f"{_INDENT}{plain(sentence(finding['remedy']))}"
