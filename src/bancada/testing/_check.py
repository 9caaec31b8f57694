"""A law, and the check that holds one block to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar
from unittest import SkipTest

from bancada.exceptions import BancadaError, LawBroken, NotFoundError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["Check", "Found", "Law", "Skip", "checks_of", "law"]

Case = TypeVar("Case")


@dataclass(frozen=True, slots=True)
class Skip:
    """What a law answers where it does not apply.

    Attributes:
        reason: Why, as half a sentence: "it reads no weights".
    """

    reason: str


# What is wrong, in one sentence; why the law does not apply; or None where it holds.
Found = str | Skip | None


@dataclass(frozen=True, slots=True)
class Law(Generic[Case]):
    """One law of a contract.

    Attributes:
        name: Name of the law, as an identifier.
        sentence: What must hold.
        look: What to look at where it does not.
        holds: Finds out whether a case keeps it.
    """

    name: str
    sentence: str
    look: str
    holds: Callable[[Case], Found]


def law(sentence: str, look: str) -> Callable[[Callable[[Case], Found]], Law[Case]]:
    """Make a law of the function below; its name is the law's."""

    def decorate(function: Callable[[Case], Found]) -> Law[Case]:
        return Law(function.__name__.strip("_"), sentence, look, function)

    return decorate


@dataclass(frozen=True)
class Check:
    """One law, to be held against one block; calling it finds out.

    Attributes:
        block: The block, as it is shown.
        name: Name of the law, with the sample in brackets where there are several.
        law: What must hold, in one sentence.
        look: What to look at where it does not.
    """

    block: str
    name: str
    law: str
    look: str
    holds: Callable[[], Found] = field(repr=False, compare=False)

    def __str__(self) -> str:
        """Return the name, which `pytest.mark.parametrize(..., ids=str)` shows."""
        return self.name

    def __call__(self) -> None:
        """Hold the block to the law.

        Raises:
            LawBroken: It breaks the law; the three sentences say which, what was found and what to look at.
            unittest.SkipTest: The law does not apply, and this is why; pytest shows it as a skip.
        """
        try:
            found = self.holds()
        except (KeyboardInterrupt, SystemExit, SkipTest):
            raise
        except Exception as error:
            told = str(error) if isinstance(error, BancadaError) else f"{type(error).__name__}: {error}"
            raise LawBroken(self.law, f"`{self.block}` raised {told.rstrip('.')}.", self.look) from error
        if isinstance(found, Skip):
            raise SkipTest(found.reason)
        if found is not None:
            raise LawBroken(self.law, f"`{self.block}`: {found}", self.look)


def checks_of(
    laws: Iterable[Law[Case]],
    case: Case,
    block: str,
    *,
    sample: str = "",
    waive: Mapping[str, str] | None = None,
) -> tuple[Check, ...]:
    """Return a check for each law.

    Args:
        laws: The laws.
        case: What each of them receives.
        block: The block, as it is shown.
        sample: Which of several samples the case holds; empty where there is one.
        waive: Laws that the block breaks knowingly, each with its reason; they are skipped for that reason.

    Raises:
        NotFoundError: `waive` names no law.
    """
    known = tuple(laws)
    for name in waive or {}:
        if name not in {each.name for each in known}:
            rule = "`waive` names laws of the contract, each with a reason."
            raise NotFoundError(rule, f"There is no law `{name}`.", nearest(name, (each.name for each in known)))
    end = f"[{sample}]" if sample else ""
    return tuple(
        Check(block, each.name + end, each.sentence, each.look, _bound(each, case, (waive or {}).get(each.name)))
        for each in known
    )


def _bound(each: Law[Case], case: Case, waived: str | None) -> Callable[[], Found]:
    if waived is not None:
        return lambda: Skip(f"waived: {waived}")
    return lambda: each.holds(case)
