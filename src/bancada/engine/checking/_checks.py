"""Every check, in the order in which they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.engine.checking._alone import find_alone
from bancada.engine.checking._classes import find_classes
from bancada.engine.checking._constant import find_constant
from bancada.engine.checking._drift import find_drift
from bancada.engine.checking._duplicates import find_duplicates
from bancada.engine.checking._enough import find_too_few
from bancada.engine.checking._entities import find_entities
from bancada.engine.checking._finding import SERIOUS, Outcome
from bancada.engine.checking._id_like import find_id_like
from bancada.engine.checking._missing import find_missing
from bancada.engine.checking._shift import find_shift

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bancada.engine.checking._finding import Looked
    from bancada.engine.checking._rows import CheckedRows

__all__ = ["CHECKS", "check_rows"]

CHECKS: Mapping[str, Callable[[CheckedRows], Looked]] = {
    "duplicates": find_duplicates,
    "entities": find_entities,
    "alone": find_alone,
    "missing": find_missing,
    "shift": find_shift,
    "drift": find_drift,
    "constant": find_constant,
    "id-like": find_id_like,
    "classes": find_classes,
    "rows": find_too_few,
}


def check_rows(rows: CheckedRows) -> Iterator[Outcome]:
    """Yield what comes of each check, as it ends; findings are told serious before notes.

    Args:
        rows: The rows, none of them sealed.
    """
    for name, look in CHECKS.items():
        looked = look(rows)
        findings = tuple(sorted(looked.findings, key=lambda finding: finding.severity != SERIOUS))
        status = "not applicable" if looked.skipped else "found" if findings else "passed"
        yield Outcome(check=name, status=status, reason=looked.skipped, sampled=looked.sampled, findings=findings)
