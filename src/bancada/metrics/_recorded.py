"""A metric as a record tells it, without the code that defined it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.exceptions import UsageError
from bancada.metrics._registry import get

if TYPE_CHECKING:
    from bancada.contracts import Metric
    from bancada.records import MetricIdentity

__all__ = ["recorded"]


def recorded(identity: MetricIdentity) -> Metric | None:
    """Return the built-in metric whose identity stands in a record; None for one of somebody's own.

    One that was recorded in another version of its definition is not the built-in of today.

    Args:
        identity: The metric as it was recorded.

    Examples:
        >>> recorded(get("ndcg@10").identity()).name
        'ndcg@10'
    """
    parameters = identity.ingredients.get("parameters")
    aggregate = parameters.get("aggregate") if isinstance(parameters, dict) else None
    if not isinstance(aggregate, str):
        return None
    try:
        metric = get(identity.name).with_aggregate(aggregate)
    except UsageError:
        return None
    return metric if metric.identity().digest == identity.digest else None
