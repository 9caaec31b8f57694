"""Which rows are sealed by their time."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.exceptions import DataError, DefinitionError
from bancada.splits._times import moment, shown_moment

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.splits._times import Times

__all__ = ["Time", "check_time", "seal_from", "spelt_time"]

Time = str | dt.date | int | float

_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - moments are compared in UTC, without saying so in each
_SHARE = 0.2
_RULE = "`holdout` of a time-ordered split is the time from which on rows are sealed, never a share."


def check_time(value: object) -> None:
    """Raise `DefinitionError` unless `value` may be a time; whether it is one of the column's kind, the data tell."""
    value = _plain(value)
    if isinstance(value, str):
        try:
            moment(value)
        except (ValueError, OverflowError) as error:
            raise DefinitionError(
                _RULE, f"The text {value!r} is no time in ISO 8601.", "Say `holdout='2024-01-01'`."
            ) from error
        return
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not number and not isinstance(value, dt.date):
        raise DefinitionError(
            _RULE, f"It is {value!r}.", "Say `holdout='2024-01-01'`, or leave it out to seal nothing."
        )


def spelt_time(value: Time) -> str | int | float:
    """Return a time as JSON has it; equal moments are spelt alike.

    Examples:
        >>> spelt_time("2024-01-01T00:00Z"), spelt_time(2024.0)
        ('2024-01-01', 2024)
    """
    value = _plain(value)
    if isinstance(value, str | dt.date):
        return shown_moment(moment(value)[0])
    return int(value) if value == int(value) else value


def seal_from(value: Time, times: Times) -> npt.NDArray[np.bool_]:
    """Return True for rows at or after a time, (n_rows,).

    Membership depends on the row's own time alone, so a row once sealed stays sealed when others come or go.

    Raises:
        DefinitionError: The times are of another kind.
        DataError: All rows or none would be sealed.
    """
    value = _plain(value)
    numeric = times.tick_ns is None
    # Times that are numbers may lie between 0 and 1, but hardly where all are whole.
    share = _is_share(value) and times.values.dtype.kind == "i"
    if share or isinstance(value, str | dt.date) is numeric:
        kind = "numbers" if numeric else "dates or moments"
        raise DefinitionError(_RULE, f"It is {value!r}, and `{times.name}` holds {kind}.", _proposal(times, value))
    bound: Any = value
    if times.tick_ns is not None:
        since = (moment(value)[0] - _EPOCH) // dt.timedelta(microseconds=1)  # type: ignore[arg-type] # a moment here
        # The first tick at or after the moment.
        bound = -(-since * 1_000 // times.tick_ns)
    sealed = np.asarray(times.values >= bound, dtype=np.bool_)
    if sealed.all() or not sealed.any():
        first, last = (times.shown(edge) for edge in (times.values.min(), times.values.max()))
        raise DataError(
            "A holdout must seal some rows and leave some.",
            f"`{times.name}` goes from {first} to {last}, so `holdout={value!r}` seals "
            f"{'all' if sealed.all() else 'none'} of {len(sealed):,} rows.",
            _proposal(times, value),
        )
    return sealed


def _plain(value: Any) -> Any:
    """Return NumPy's moments and numbers as Python's."""
    if isinstance(value, np.datetime64) and not np.isnat(value):
        return value.astype("datetime64[us]").item()
    return value.item() if isinstance(value, np.generic) and not isinstance(value, np.datetime64) else value


def _is_share(value: Any) -> bool:
    return isinstance(value, float) and 0 < value < 1


def _proposal(times: Times, value: Any) -> str:
    """Return what to say instead: the time from which on a fifth of the rows, or the share given, would be sealed."""
    share = value if _is_share(value) else _SHARE
    ordered = np.sort(times.values)
    at = ordered[min(len(ordered) - 1, math.floor((1 - share) * len(ordered)))]
    if at == ordered[0]:
        return "Leave `holdout` out, or bring rows of more times."
    actual = float(np.mean(ordered >= at))
    return f"Say `holdout={times.shown(at)}`, which seals {actual:.0%} of these rows, or leave it out to seal nothing."
