"""Ranges of a parameter: `1..5`, `0..1 5`, `0.01..1 log 10`."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from bancada.definitions._annotations import members
from bancada.definitions._literals import INTEGER, NUMBER
from bancada.exceptions import ConfigurationError, counted

if TYPE_CHECKING:
    from bancada.definitions._parameters import Parameter

__all__ = ["MOST", "expand", "is_range"]

MOST = 10_000
_RANGE = re.compile(rf"(?P<low>{NUMBER})\.\.(?P<high>{NUMBER})(?:\s+(?P<log>log))?(?:\s+(?P<count>[0-9]{{1,9}}))?")
_DIGITS = 12


def is_range(text: str, parameter: Parameter) -> bool:
    """Return whether a text is a range for a parameter that takes numbers."""
    return bool(_RANGE.fullmatch(text)) and _takes(parameter.hint, int, float)


def _takes(hint: Any, *kinds: type) -> bool:
    return bool({Any, object, *kinds}.intersection(part for part in members(hint) if part.__hash__ is not None))


def expand(text: str, parameter: Parameter) -> list[int] | list[float]:
    """Return the values of a range, ascending.

    The ends are as they are written; what lies between is rounded to 12 significant digits, so that `0.1` of a range
    and `0.1` of a person are one value. A parameter that takes no float gets whole numbers, each once.

    Args:
        text: `low..high` (whole numbers), `low..high COUNT` (evenly spaced) or `low..high log COUNT` (evenly in the
            logarithm).
        parameter: Whose values they are.

    Raises:
        ConfigurationError: The ends are not in order, the count is missing, below 2 or above 10,000, or a logarithm has
            a low end that is not above 0.
    """
    match = _RANGE.fullmatch(text)
    if match is None:
        raise _refused(text, parameter, "no range")
    low, high = float(match["low"]), float(match["high"])
    whole = bool(re.fullmatch(INTEGER, match["low"]) and re.fullmatch(INTEGER, match["high"]))
    if not low < high or math.isinf(high) or math.isinf(low):
        raise _refused(text, parameter, "ends that are not in ascending order")
    if match["log"] and low <= 0:
        raise _refused(text, parameter, "a logarithm that begins at or below 0")
    if match["count"] is None:
        if match["log"] or not whole or not _takes(parameter.hint, int):
            raise _refused(text, parameter, "no count of values")
        _check_count(text, parameter, int(match["high"]) - int(match["low"]) + 1)
        return list(range(int(match["low"]), int(match["high"]) + 1))
    _check_count(text, parameter, int(match["count"]))
    values = _spaced(low, high, int(match["count"]), log=bool(match["log"]))
    integral = whole and all(value.is_integer() for value in values)
    if not _takes(parameter.hint, float) or (integral and float not in members(parameter.hint)):
        if not whole:
            raise _refused(text, parameter, "ends that are no whole numbers")
        return sorted({round(value) for value in values})
    return values


def _check_count(text: str, parameter: Parameter, count: int) -> None:
    if not 2 <= count <= MOST:
        raise _refused(text, parameter, counted(count, "value"))


def _spaced(low: float, high: float, count: int, *, log: bool) -> list[float]:
    begin, end = (math.log(low), math.log(high)) if log else (low, high)
    shares = [step / (count - 1) for step in range(1, count - 1)]
    inner = [begin * (1 - share) + end * share for share in shares]
    rounded = [float(f"{math.exp(value) if log else value:.{_DIGITS}g}") for value in inner]
    return [low, *rounded, high]


def _refused(text: str, parameter: Parameter, found: str) -> ConfigurationError:
    rule = (
        "A range is `low..high` for whole numbers, `low..high COUNT`, or `low..high log COUNT` with `low` above 0, "
        f"of 2 to {MOST:,} values."
    )
    told = f"Found `{parameter.name}={text}` with {found}, where the parameter takes `{parameter.annotation or 'Any'}`."
    return ConfigurationError(
        rule, told, f"Write it like `{parameter.name}=1..5` or `{parameter.name}=0.01..1 log 10`."
    )
