"""How numbers are written.

The minus is the mathematical sign, a range has an en dash, and what is missing is an en dash alone.
"""

from __future__ import annotations

import math

__all__ = ["count", "delta", "interval", "score", "seconds", "short_digest", "short_id"]

_MINUS = "\N{MINUS SIGN}"
_DASH = "\N{EN DASH}"
_MISSING = "\N{EN DASH}"
# The last digit shown is worth at most this share of the interval's half-width: more digits would be noise.
_LAST_DIGIT_SHARE = 0.2
_MAX_DECIMALS = 9
_USUAL_DECIMALS = 3
_SCIENTIFIC_FROM = 1e12
# Seconds below which a unit serves, its name, how many there are in a second; each bound is where rounding ends.
_SUBMINUTE = ((0.0995e-3, "µs", 1e6), (0.9995, "ms", 1e3), (59.5, "s", 1.0))
_ONE_DECIMAL_BELOW = 9.95


def score(value: float | None, halfwidth: float | None = None) -> str:
    """Write a score with as many digits as its interval supports.

    Args:
        value: The score; None and NaN are missing.
        halfwidth: Half the width of the interval that goes with it, in the same unit; None where there is none.

    Returns:
        The number; `–` where it is missing.

    Examples:
        >>> score(0.84761, 0.0085), score(-12.3456, 0.7), score(5634.21, 300), score(None, None)
        ('0.848', '−12.3', '5,634', '–')
    """
    if value is None or math.isnan(value):
        return _MISSING
    return _written(value, _decimals(value, halfwidth))


def interval(low: float | None, high: float | None, halfwidth: float | None = None) -> str:
    """Write an interval from its lower to its upper end.

    Args:
        low: Lower end; None and NaN are missing.
        high: Upper end.
        halfwidth: What chooses the digits; the interval's own half-width where None.

    Returns:
        The two ends; `–` where one is missing.

    Examples:
        >>> interval(0.8391, 0.8559), interval(-0.022, 0.004)
        ('0.839–0.856', '−0.022 to 0.004')
    """
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return _MISSING
    own = (high - low) / 2 if halfwidth is None else halfwidth
    decimals = _decimals(max(abs(low), abs(high)), own)
    ends = [_written(end, decimals) for end in (low, high)]
    return (" to " if ends[0].startswith(_MINUS) or ends[1].startswith(_MINUS) else _DASH).join(ends)


def delta(value: float | None, halfwidth: float | None = None, *, signed: bool = True) -> str:
    """Write a difference with its sign and without the zero before the point.

    Args:
        value: The difference; None and NaN are missing.
        halfwidth: Half the width of its interval, which chooses the digits; None where there is none.
        signed: False for sizes that have no direction, such as the smallest difference that can be detected.

    Returns:
        The number; `–` where it is missing.

    Examples:
        >>> delta(-0.0221), delta(0.0059, signed=False), delta(1.25, 0.4), delta(0.0)
        ('−.022', '.006', '+1.25', '0')
        >>> delta(-0.0001, 0.01)
        '.000'
    """
    if value is None or math.isnan(value):
        return _MISSING
    if value == 0:
        return "0"
    text = _written(abs(value), _decimals(value, halfwidth))
    text = text.removeprefix("0") if text.startswith("0.") else text
    # What is rounded to nothing has no direction either.
    signed = signed and not _is_nothing(text)
    return text if not signed else f"{'+' if value > 0 else _MINUS}{text}"


def seconds(duration_s: float | None) -> str:
    """Write a duration in the units that people use.

    Args:
        duration_s: Seconds; None and NaN are missing.

    Returns:
        One or two units; `–` where it is missing.

    Examples:
        >>> [seconds(s) for s in (0.0008, 0.25, 3.21, 45, 110, 7500, 180_000)]
        ['0.8 ms', '250 ms', '3.2 s', '45 s', '1 min 50 s', '2 h 5 min', '2 d 2 h']
    """
    if duration_s is None or math.isnan(duration_s):
        return _MISSING
    if math.isinf(duration_s) or duration_s < 0:
        return f"{_written(duration_s, 0)} s"
    if duration_s == 0:
        return "0 s"
    for below, unit, scale in _SUBMINUTE:
        if duration_s < below:
            amount = duration_s * scale
            return f"{amount:.1f} {unit}" if amount < _ONE_DECIMAL_BELOW else f"{amount:.0f} {unit}"
    return _two_units(duration_s)


def count(number: int) -> str:
    """Write a count with commas between thousands.

    Examples:
        >>> count(5634)
        '5,634'
    """
    return f"{number:,}".replace("-", _MINUS)


def short_id(run_id: str, length: int = 6) -> str:
    """Write a run's id as it is shown and may be typed.

    Args:
        run_id: The full id, with or without `r-`.
        length: Characters that make it unique in its store.

    Returns:
        `r-` and the first characters.

    Examples:
        >>> short_id("k3v9qa7m2x4c5b6n8d0f1g2h3j")
        'r-k3v9qa'
    """
    return f"r-{run_id.removeprefix('r-')[:length]}"


def short_digest(digest: str) -> str:
    """Write a digest by its first six digits.

    Examples:
        >>> short_digest("9f3a61" + 58 * "0")
        '9f3a61'
    """
    return digest[:6]


def _decimals(value: float, halfwidth: float | None) -> int:
    """Choose the decimals: by the interval where there is one, else about four significant digits."""
    if halfwidth is not None and math.isfinite(halfwidth) and halfwidth > 0:
        wanted = math.ceil(-math.log10(halfwidth * _LAST_DIGIT_SHARE) - 1e-9)
        return min(max(wanted, 0), _MAX_DECIMALS)
    if value == 0 or not math.isfinite(value):
        return _USUAL_DECIMALS
    magnitude = math.floor(math.log10(abs(value)))
    if magnitude < -_USUAL_DECIMALS:
        return min(1 - magnitude, _MAX_DECIMALS)
    return min(max(_USUAL_DECIMALS - magnitude, 0), _USUAL_DECIMALS)


def _written(value: float, decimals: int) -> str:
    if math.isinf(value):
        text = "∞"
    elif abs(value) >= _SCIENTIFIC_FROM or (decimals == _MAX_DECIMALS and 0 < abs(value) < 10**-_MAX_DECIMALS):
        text = f"{abs(value):.3g}"
    else:
        text = f"{abs(value):,.{decimals}f}"
    return _MINUS + text if value < 0 and not _is_nothing(text) else text


def _is_nothing(text: str) -> bool:
    """Tell whether a written number shows no digit but zeros."""
    return not any(digit in "123456789∞" for digit in text)


def _two_units(duration_s: float) -> str:
    minutes, left_s = divmod(round(duration_s), 60)
    if minutes < 60:
        return f"{minutes} min {left_s} s" if left_s else f"{minutes} min"
    hours, minutes = divmod(round(duration_s / 60), 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(round(duration_s / 3600), 24)
    return f"{days} d {hours} h" if hours else f"{days} d"
