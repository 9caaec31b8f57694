"""Stretches of time: so many distinct time stamps, a share of them, or a duration."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import numpy as np

from bancada.exceptions import DataError, DefinitionError

if TYPE_CHECKING:
    from bancada.splits._times import Times

__all__ = ["Span", "check_span", "duration_ns", "duration_ticks", "spelt"]

Span = int | float | str | dt.timedelta

_UNITS_NS = {
    "w": 7 * 86_400 * 1_000_000_000,
    "d": 86_400 * 1_000_000_000,
    "h": 3_600 * 1_000_000_000,
    "min": 60 * 1_000_000_000,
    "s": 1_000_000_000,
}
_DURATION = re.compile(r"\s*(\d+)\s*(w|d|h|min|s)\s*", re.IGNORECASE)


def check_span(name: str, value: object, *, least: int, share: bool = False) -> None:
    """Raise `DefinitionError` unless a setting is a stretch of time.

    Args:
        name: Name of the setting.
        value: What was given.
        least: Smallest count of time stamps.
        share: True where a share of all distinct times will do too.
    """
    if isinstance(value, str | dt.timedelta):
        duration_ns(name, value)
        return
    number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if number and isinstance(value, int | np.integer) and value >= least:
        return
    if number and share and 0 < value < 1:  # type: ignore[operator] # it is a number where this is reached
        return
    shares = ", a share of them between 0 and 1" if share else ""
    raise DefinitionError(
        f"`{name}` must be a whole number of distinct times of at least {least}{shares}, or a duration.",
        f"It is {value!r}.",
        f"Say `{name}={max(least, 7)}` for seven time stamps, or `{name}='7D'` for seven days.",
    )


def duration_ns(name: str, value: str | dt.timedelta) -> int:
    """Return a duration in nanoseconds.

    Args:
        name: Name of the setting, for the message.
        value: A `timedelta`, or a whole number with a unit: `4W`, `28D`, `12h`, `30min`, `10s`.

    Raises:
        DefinitionError: It is no duration, or not above 0.

    Examples:
        >>> duration_ns("test", "4W") == duration_ns("test", "28D")
        True
    """
    found = 0
    if isinstance(value, dt.timedelta):
        found = value // dt.timedelta(microseconds=1) * 1_000
    elif match := _DURATION.fullmatch(value):
        found = int(match[1]) * _UNITS_NS[match[2].lower()]
    if found <= 0:
        raise DefinitionError(
            f"`{name}` as a duration is a whole number above 0 with a unit: `W`, `D`, `h`, `min` or `s`.",
            f"It is {value!r}.",
            f"Say `{name}='28D'`; months and years differ in length, so give days or a number of time stamps.",
        )
    return found


def duration_ticks(name: str, value: str | dt.timedelta, times: Times) -> int:
    """Return a duration in the ticks of a time column.

    Raises:
        DataError: The times are numbers, or too coarse for the duration.
    """
    found = duration_ns(name, value)
    if times.tick_ns is None:
        raise DataError(
            "A duration needs times that are dates or moments.",
            f"`{times.name}` holds numbers, and `{name}` is {value!r}.",
            f"Say how many time stamps, as in `{name}=7`, or convert the column.",
        )
    ticks, rest = divmod(found, times.tick_ns)
    if rest:
        raise DataError(
            "A duration must be a multiple of what the time column can tell apart.",
            f"`{name}` is {value!r}, and `{times.name}` is stored in steps of {spelt(times.tick_ns)}.",
            "Use a longer duration, or a time column of finer steps.",
        )
    return ticks


def spelt(nanoseconds: int) -> str:
    """Return a duration in its largest whole unit, so that equal ones are spelt alike.

    Examples:
        >>> spelt(4 * 7 * 86_400 * 10**9), spelt(90 * 60 * 10**9), spelt(1_500_000)
        ('28D', '90min', '1500000ns')
    """
    for unit, size in (("D", "d"), ("h", "h"), ("min", "min"), ("s", "s")):
        if nanoseconds % _UNITS_NS[size] == 0:
            return f"{nanoseconds // _UNITS_NS[size]}{unit}"
    return f"{nanoseconds}ns"
