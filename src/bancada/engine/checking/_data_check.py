"""A problem's data, checked, and what was serious kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from bancada.engine.checking._checks import CHECKS, check_rows
from bancada.engine.checking._finding import SERIOUS
from bancada.engine.checking._reading import checked_rows
from bancada.exceptions import NotFoundError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.engine._binding import Binding
    from bancada.engine.checking._finding import Finding, Outcome
    from bancada.store import Store

__all__ = ["DataCheck", "check_data"]


@dataclass(frozen=True, slots=True)
class DataCheck:
    """What came of all checks.

    Attributes:
        outcomes: Of each check, in their order; findings that were accepted are left out.
        accepted: Findings that were found and accepted.
    """

    outcomes: tuple[Outcome, ...]
    accepted: tuple[Finding, ...] = ()

    @property
    def serious(self) -> tuple[Finding, ...]:
        """Findings because of which scores on these data mislead."""
        return tuple(
            finding for outcome in self.outcomes for finding in outcome.findings if finding.severity == SERIOUS
        )


def check_data(binding: Binding, store: Store, said: str, ignored: Sequence[str] = ()) -> DataCheck:
    """Check the rows of a problem that are not sealed, and keep what is serious for the board.

    Args:
        binding: The problem with its data, at least one repeat drawn.
        store: Where serious findings are kept, without ids.
        said: UTC time, ISO 8601.
        ignored: Findings that are known and accepted: a check (`shift`), or a check in one column (`alone:tenure`).

    Raises:
        NotFoundError: There is no such check or column.
        StoreError: The store cannot be written.
    """
    known = [_meant(word, binding) for word in ignored]
    accepted: list[Finding] = []
    outcomes = []
    for outcome in check_rows(checked_rows(binding)):
        standing: list[Finding] = []
        for finding in outcome.findings:
            is_known = any(name == finding.check and column in {"", *finding.columns} for name, column in known)
            (accepted if is_known else standing).append(finding)
        status = "passed" if outcome.status == "found" and not standing else outcome.status
        outcomes.append(msgspec.structs.replace(outcome, status=status, findings=tuple(standing)))
    check = DataCheck(tuple(outcomes), tuple(accepted))
    store.checks.say(binding.identity.digest, binding.data.table, said, check.serious)
    return check


def _meant(word: str, binding: Binding) -> tuple[str, str]:
    """Return the check and the column, empty for all, of what is accepted."""
    check, _, column = word.partition(":")
    if check not in CHECKS:
        raise NotFoundError(
            f"What is accepted is one of the checks ({', '.join(CHECKS)}), alone or with a column (`alone:tenure`).",
            f"There is no check {check!r}.",
            nearest(check, CHECKS),
        )
    names = [item.name for item in binding.data.columns]
    if column and column not in names:
        raise NotFoundError(
            f"What is accepted of a check names a column of `{binding.data.name}`.",
            f"Found no column `{column}`.",
            nearest(column, names),
        )
    return check, column
