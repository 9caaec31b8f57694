"""Phrases that the views share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MDE_MEANS", "SIGN_MEANS", "arrow", "halfwidth", "listed", "percent", "sentence", "times"]

MDE_MEANS = "the smallest difference that these folds would find in 4 of 5 cases (MDE)"
SIGN_MEANS = "Differences are signed so that + is better."


def arrow(direction: str) -> str:
    """Return the sign that stands behind a metric's name: `↑` where higher is better."""
    return "↑" if direction == "higher" else "↓"


def sentence(text: str) -> str:
    """Return the text as a sentence, with a capital and a full stop.

    Examples:
        >>> sentence("one repeat: wide")
        'One repeat: wide.'
    """
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def percent(share: float) -> str:
    """Write a share in percent, with as many digits as tell it from 0 and 1.

    Examples:
        >>> percent(0.95), percent(1 - 0.05 / 1891), percent(0.05 / 1891)
        ('95 %', '99.9974 %', '0.00264 %')
    """
    return f"{100 * share:.6g} %" if share > 0.5 else f"{100 * share:.3g} %"  # noqa: PLR2004 - half of all


def listed(items: Iterable[str], most: int) -> str:
    """Join items by commas and say how many are left out.

    Examples:
        >>> listed("abcde", 3)
        'a, b, c and 2 more'
    """
    every = list(items)
    more = len(every) - most
    return ", ".join(every[:most]) + (f" and {more} more" if more > 0 else "")


def times(number: int) -> str:
    """Say how often: `once`, `twice`, `3 times`."""
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def halfwidth(low: float | None, high: float | None) -> float | None:
    """Return half the width of an interval; None where there is none."""
    return None if low is None or high is None else (high - low) / 2
