"""All checks that fit a block, run and told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest import SkipTest

from bancada import contracts
from bancada.exceptions import LawBroken, UsageError
from bancada.testing._dataset_laws import dataset_checks
from bancada.testing._metric_laws import metric_checks
from bancada.testing._model_laws import model_checks
from bancada.testing._split_laws import split_checks
from bancada.testing._task_laws import task_checks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bancada.testing._check import Check

__all__ = ["Report", "check", "run"]

# The first contract that a block satisfies is taken: the later ones ask for less.
_CONTRACTS: tuple[tuple[type, Callable[..., tuple[Check, ...]]], ...] = (
    (contracts.Dataset, dataset_checks),
    (contracts.Task, task_checks),
    (contracts.Metric, metric_checks),
    (contracts.Split, split_checks),
    (contracts.Model, model_checks),
)


@dataclass(frozen=True)
class Report:
    """What the checks of a block found.

    Attributes:
        block: The block, as it is shown.
        passed: Laws that it keeps, by name.
        broken: The error of each law that it breaks, by name.
        skipped: The reason of each law that does not apply, by name.
    """

    block: str
    passed: tuple[str, ...]
    broken: dict[str, LawBroken]
    skipped: dict[str, str]

    def __str__(self) -> str:
        """Return a line for the block and a line for each law that was broken or skipped."""
        head = f"{self.block}: {len(self.passed)} laws kept, {len(self.broken)} broken, {len(self.skipped)} skipped"
        lines = [f"  broken   {name}: {error}" for name, error in self.broken.items()]
        return "\n".join([head, *lines, *(f"  skipped  {name}: {reason}" for name, reason in self.skipped.items())])


def check(block: Any, **samples: Any) -> Report:
    """Hold a block to every law of its contract.

    Args:
        block: A dataset, split, task, metric or model.
        samples: What the generator of its checks takes beside it, such as `rows=` of `split_checks`.

    Returns:
        What was found; printed, it names the laws that were skipped, and why.

    Raises:
        LawBroken: A law is broken; every one that is stands in the message.
        UsageError: The block is of no contract.
    """
    for contract, checks in _CONTRACTS:
        if isinstance(block, contract) and not isinstance(block, type):
            return run(checks(block, **samples))
    rule = "A block that is checked satisfies one of bancada's contracts."
    known = ", ".join(f"`{contract.__name__}`" for contract, _ in _CONTRACTS)
    found = f"{block!r} has the methods of none of {known}."
    raise UsageError(rule, found, "Give an instance; an executor is checked by `executor_checks(make)`.")


def run(checks: Iterable[Check]) -> Report:
    """Run checks of one block.

    Raises:
        LawBroken: A law is broken.
    """
    passed: list[str] = []
    broken: dict[str, LawBroken] = {}
    skipped: dict[str, str] = {}
    block = ""
    for each in checks:
        block = each.block
        try:
            each()
        except SkipTest as reason:
            skipped[each.name] = str(reason)
        except LawBroken as error:
            broken[each.name] = error
        else:
            passed.append(each.name)
    report = Report(block, tuple(passed), broken, skipped)
    if broken:
        rule = f"`{block}` must keep every law of its contract."
        raise LawBroken(rule, f"It breaks {len(broken)}.\n{report}\n", "Begin with the first.")
    return report
