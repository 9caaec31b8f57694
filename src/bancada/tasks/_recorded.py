"""A task as a record tells it, without the code that defined it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bancada.exceptions import DataError, DefinitionError
from bancada.tasks._binary import Binary
from bancada.tasks._forecast import Forecast
from bancada.tasks._multiclass import Multiclass
from bancada.tasks._multilabel import Multilabel
from bancada.tasks._quantile import Quantile
from bancada.tasks._ranking import Ranking
from bancada.tasks._regression import Regression
from bancada.tasks._text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pyarrow as pa

    from bancada.contracts import Task

__all__ = ["recorded", "recorded_columns"]


def recorded(identity: Mapping[str, Any], target: pa.Table) -> Task | None:
    """Return the task of bancada's own whose identity stands in a record, resolved.

    Args:
        identity: What `identity` of the resolved task returned when it was recorded.
        target: The columns from which the task reads truth, of *all* rows.

    Returns:
        None where the identity is that of a task of somebody's own, or these are other data.

    Examples:
        >>> import pyarrow as pa
        >>> target = pa.table({"ill": [0, 1]})
        >>> recorded(Binary().resolve(target).identity(), target).name
        'binary'
    """
    for make in _makers(identity):
        try:
            task = make().resolve(target)
        except (DataError, DefinitionError, TypeError, ValueError, KeyError):
            continue
        if dict(task.identity()) == dict(identity):
            return task
    return None


def recorded_columns(identity: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the columns that the task of a record reads beside the target."""
    query = identity.get("query") if identity.get("name") == "ranking" else None
    return (query,) if isinstance(query, str) else ()


def _makers(identity: Mapping[str, Any]) -> Iterator[Callable[[], Task]]:
    """Yield what may make the task: a list of classes that the data tell themselves is kept as text for some types."""
    match identity.get("name"):
        case "binary":
            yield lambda: Binary(positive=identity["positive"])
            # A class that is a truth value is recorded as the number that it equals.
            yield lambda: Binary(positive=bool(identity["positive"]))
            yield Binary
        case "multiclass":
            yield lambda: Multiclass(classes=identity["classes"])
            yield Multiclass
        case "multilabel":
            yield lambda: Multilabel(labels=identity["labels"])
            yield Multilabel
        case "regression":
            yield Regression
        case "quantile":
            yield lambda: Quantile(tuple(identity["levels"]))
        case "ranking":
            yield lambda: Ranking(identity["query"])
        case "forecast":
            yield lambda: Forecast(season=identity["season"])
        case "text":
            yield lambda: Text(references=identity["references"])
            yield Text
