"""Which task a target asks for, where the user did not say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Never

import pyarrow as pa
import pyarrow.compute as pc

from bancada.exceptions import DataError
from bancada.tasks._binary import Binary
from bancada.tasks._multiclass import Multiclass
from bancada.tasks._regression import Regression
from bancada.tasks._target import shown, target_column

if TYPE_CHECKING:
    from bancada.contracts import Task

__all__ = ["infer"]

MANY = 20
MANY_SHARE = 0.05


def infer(target: pa.Table) -> Task:
    """Return the task that a target asks for; what is not plain is refused, never guessed.

    The rule, in this order:

    1. Booleans, and exactly the numbers 0 and 1: `Binary()`.
    2. Floats of which one is not an integer: `Regression()`.
    3. Two other values: refused, for the positive class must be said.
    4. Many distinct values, that is more than 20 and more than 5 % of the rows: `Regression()` for numbers, and text is
       refused.
    5. Other text, categories and numbers: `Multiclass()`.

    Args:
        target: Arrow table of one target column, (n_rows, 1).

    Returns:
        The task, not yet resolved.

    Raises:
        DataError: The target is broken, holds one value only, or the rule above refuses it.

    Examples:
        >>> infer(pa.table({"y": [0, 1, 1]})).name, infer(pa.table({"y": [0.5, 1.0]})).name
        ('binary', 'regression')
    """
    column, name = target_column(target), target.column_names[0]
    kind = column.type
    numeric = pa.types.is_integer(kind) or pa.types.is_floating(kind)
    if not (numeric or pa.types.is_boolean(kind) or pa.types.is_string(kind)):
        _refuse(
            name, f"is {kind}", "Say it: `task=bc.tasks.Multiclass()`, `task=bc.tasks.Regression()` or one of your own"
        )
    values = pc.unique(column)
    if len(values) == 1:
        rule = "A target must hold at least two different values."
        raise DataError(
            rule, f"`{name}` holds {shown(values.to_pylist())} only.", "Check which rows the dataset holds."
        )
    if pa.types.is_boolean(kind) or (numeric and len(values) == 2 and set(values.to_pylist()) == {0, 1}):
        return Binary()
    if pa.types.is_floating(kind) and not _whole(values):
        return Regression()
    if len(values) == 2:
        _ask_positive(name, sorted(values.to_pylist()))
    if len(values) > max(MANY, MANY_SHARE * len(column)):
        if numeric:
            return Regression()
        found = f"holds {len(values):,} different texts in {len(column):,} rows"
        _refuse(
            name,
            found,
            "Say `task=bc.tasks.Multiclass()` if they are classes, `task=bc.tasks.Text()` if a model writes them",
        )
    return Multiclass()


def _whole(values: pa.Array) -> bool:
    return bool(pc.all(pc.equal(pc.floor(values), values)).as_py())


def _ask_positive(name: str, values: list[Any]) -> Never:
    rule = "A target of two values needs its positive class."
    remedy = (
        f"Say `task=bc.tasks.Binary(positive={values[1]!r})` or `task=bc.tasks.Binary(positive={values[0]!r})`; "
        "without a positive class, `task=bc.tasks.Multiclass()`."
    )
    raise DataError(rule, f"`{name}` holds {shown(values)}.", remedy)


def _refuse(name: str, found: str, remedy: str) -> Never:
    raise DataError("The task must be plain from the target, or be said.", f"`{name}` {found}.", f"{remedy}.")
