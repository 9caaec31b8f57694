"""A user's function that says what each row is worth."""

from __future__ import annotations

import inspect
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bancada.exceptions import DataError, DefinitionError, counted, nearest
from bancada.metrics._arguments import KINDS, arguments, lacking
from bancada.metrics._function import HINTS
from bancada.metrics._readings import is_number
from bancada.metrics._source import carried, code_digest, name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from bancada.samples import Sample

    Floats = npt.NDArray[np.float64]

__all__ = ["AmountFunction", "amount_function"]


@dataclass(frozen=True)
class AmountFunction:
    """A function of truth, prediction and columns of amounts that returns one amount per row.

    Attributes:
        function: The function; it gets arrays.
        takes: Its parameters that are columns, each with the column's name.
        assumptions: Its parameters that are numbers, each with the value that is assumed.
        reads: Kind or columns of predictions that it reads.
        hint: The kind that `auto` reads where the task has classes.
        code: Digest of its code; while it is None, that of what the function and all that it uses say now.
    """

    function: Callable[..., Any]
    takes: tuple[tuple[str, str], ...] = ()
    assumptions: tuple[tuple[str, float], ...] = ()
    reads: str | tuple[str, ...] = "auto"
    hint: str = "label"
    code: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Row columns that it reads, each once."""
        return tuple(dict.fromkeys(column for _, column in self.takes))

    def ingredients(self) -> dict[str, Any]:
        """Return what belongs to the identity.

        Raises:
            DefinitionError: The code cannot be identified.
        """
        return {
            "code": self.code or code_digest(self.function),
            "parameters": {
                "amounts": dict(self.takes),
                "assumptions": dict(self.assumptions),
                "carried": carried(self.function),
                "reads": self.reads if isinstance(self.reads, str) else list(self.reads),
            },
        }

    def missing(self, truth: pa.Schema, predictions: pa.Schema) -> tuple[str, ...]:
        """Return what the function reads and the schemas lack."""
        return lacking(self.reads, self.hint, truth, predictions)

    def amounts(self, sample: Sample) -> Floats:
        """Return what the function gives for each row, (n_rows,).

        Raises:
            DefinitionError: It returned no amount per row.
            DataError: An amount that it returned is no number.
        """
        n_rows = sample.truth.num_rows
        y_true, y_pred = arguments(self.reads, self.hint, sample)
        if isinstance(y_pred, np.ndarray) and y_pred.dtype.kind == "f" and np.isnan(y_pred).any():
            # A comparison inside the function would take NaN for a wrong answer, or for a right one.
            return np.full(n_rows, np.nan)
        columns = {parameter: _plain(sample.rows.column(column)) for parameter, column in self.takes}
        returned = self.function(y_true, y_pred, **columns, **dict(self.assumptions))
        return _per_row(name_of(self.function), returned, n_rows)

    def check(self, rows: pa.Table) -> None:
        """Do nothing: which amounts make sense, the function alone knows."""

    def moved(self, assumption: str, value: float) -> AmountFunction:
        """Return this function under another value of an assumption."""
        return replace(self, assumptions=tuple((n, value if n == assumption else v) for n, v in self.assumptions))


def amount_function(
    function: Callable[..., Any],
    *,
    amounts: Mapping[str, str] | None = None,
    assumptions: Mapping[str, float] | None = None,
    reads: str | tuple[str, ...] = "auto",
) -> AmountFunction:
    """Return a function as what it reads and assumes.

    The first two parameters are truth and prediction. Each further one without a default is a column of the data; each
    with a number as its default is an assumption.

    Args:
        function: The function.
        amounts: Column by parameter, where they are not called the same.
        assumptions: Values of assumptions, where they are not the defaults.
        reads: Kind of prediction, or names of prediction columns.

    Raises:
        DefinitionError: It takes no truth and prediction, a parameter is unknown, or a value is no number.
    """
    parameters = _parameters(function)
    free = [name for name, default in parameters[2:] if default is inspect.Parameter.empty]
    numbers = {name: float(default) for name, default in parameters[2:] if _is_number(default)}
    named, assumed = dict(amounts or {}), dict(assumptions or {})
    _refuse_unknown("amounts", named, [name for name, _ in parameters[2:]])
    _refuse_unknown("assumptions", assumed, [name for name in (*free, *numbers) if name not in named])
    for name, value in assumed.items():
        if not _is_number(value):
            rule = "An assumption of a KPI is a number."
            raise DefinitionError(rule, f"`{name}` is {value!r}.", "Give a number, or name a column in `amounts`.")
    numbers |= {name: float(value) for name, value in assumed.items()}
    takes = {name: named.get(name, name) for name in free if name not in assumed} | named
    return AmountFunction(
        function=function,
        takes=tuple(takes.items()),
        assumptions=tuple((name, value) for name, value in numbers.items() if name not in takes),
        reads=_checked(reads),
        hint=HINTS.get(parameters[1][0], "label"),
    )


def _parameters(function: Callable[..., Any]) -> list[tuple[str, Any]]:
    """Return the parameters with their defaults, once it is known that the first two are truth and prediction."""
    rule = "A KPI's function takes truth and prediction, then columns of amounts by name."
    remedy = "Define it as `def margin(y_true, y_pred, invoice, offer=20.0)`."
    name_of(function)
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError) as error:
        raise DefinitionError(rule, f"{function!r} tells no parameters ({error}).", remedy) from error
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    if sum(item.kind in kinds for item in found) < 2:
        raise DefinitionError(rule, f"{function!r} takes fewer than two arguments by position.", remedy)
    starred = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [(item.name, item.default) for item in found if item.kind not in starred]


def _refuse_unknown(role: str, given: Mapping[str, Any], known: list[str]) -> None:
    for name in given:
        if name not in known:
            rule = f"`{role}` of a KPI names parameters of its function, after truth and prediction."
            raise DefinitionError(rule, f"Found `{name}`.", nearest(str(name), known))


def _checked(reads: Any) -> str | tuple[str, ...]:
    if not isinstance(reads, str):
        return tuple(reads)
    if reads not in KINDS and reads != "auto":
        rule = "`reads` must be a kind of prediction, or a list of column names."
        remedy = f"{nearest(reads, [*KINDS, 'auto'])} A column is `reads=({reads!r},)`."
        raise DefinitionError(rule, f"It is {reads!r}.", remedy)
    return reads


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _plain(column: pa.ChunkedArray) -> Any:
    """Return numbers as float64, NaN where one is missing, and all else as objects, (n_rows,)."""
    if is_number(column.type) or pa.types.is_decimal(column.type):
        return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)
    return np.asarray(column.to_pandas())


def _per_row(name: str, returned: Any, n_rows: int) -> Floats:
    rule = "A KPI's function returns one amount per row."
    remedy = "Compute with the arrays that it gets, and return an array as long as they are."
    try:
        amounts = np.asarray(returned, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DefinitionError(rule, f"`{name}` returned a {type(returned).__name__}.", remedy) from error
    if amounts.shape != (n_rows,):
        shape = "one number" if amounts.ndim == 0 else f"an array of shape {amounts.shape}"
        raise DefinitionError(rule, f"`{name}` returned {shape} for {counted(n_rows, 'row')}.", remedy)
    bad = int(np.count_nonzero(~np.isfinite(amounts)))
    if bad:
        found = f"`{name}` returned no number for {counted(bad, 'row')} of {n_rows:,}."
        raise DataError("Each amount that a KPI's function returns is a number.", found, "Look at these rows.")
    return amounts
