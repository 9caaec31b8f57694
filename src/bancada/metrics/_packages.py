"""Metrics that installed packages add, by entry points of the group `bancada.metrics`.

The entry points are looked for when a name is asked for that no built-in metric has, and then only.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from bancada.exceptions import DefinitionError, NotFoundError, nearest
from bancada.metrics._registry import has, names

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["GROUP", "PackagedMetric", "packaged"]

GROUP = "bancada.metrics"


@dataclass(frozen=True)
class PackagedMetric:
    """What an entry point leads to.

    Attributes:
        value: A metric, a function or a scorer.
        origin: Name and version of its distribution.
    """

    value: Any
    origin: str


def packaged(name: str) -> PackagedMetric:
    """Return what an installed package offers under a name that no built-in metric has.

    Args:
        name: The name.

    Raises:
        NotFoundError: No package offers it.
        DefinitionError: Several do, or the package that does cannot be imported.
    """
    offered = tuple(entry_points(group=GROUP))
    for entry in offered:
        if has(entry.name):
            message = f"`{_origin(entry)}` offers a metric `{entry.name}`, which is bancada's own; that one is used."
            warnings.warn(message, UserWarning, stacklevel=2)
    # One folder can be on the path twice.
    found = {(_origin(entry), entry.value): entry for entry in offered if entry.name == name}
    if not found:
        rule = "A metric named by text must be a built-in one, or one that an installed package offers."
        known = [*names(), *(entry.name for entry in offered)]
        remedy = f"{nearest(name, known)} A scikit-learn scorer is `bc.metrics.from_scorer({name!r})`."
        raise NotFoundError(rule, f"There is no metric `{name}`.", remedy)
    if len(found) > 1:
        rule = f"One installed package offers the metric `{name}`."
        told = ", ".join(f"`{origin}`" for origin, _ in sorted(found))
        raise DefinitionError(rule, f"Found it in {told}.", "Uninstall all but one of them.")
    (entry,) = found.values()
    return PackagedMetric(_loaded(entry), _origin(entry))


def _loaded(entry: EntryPoint) -> Any:
    try:
        return entry.load()
    except Exception as error:
        rule = "A metric that an installed package offers can be imported."
        found = f"`{entry.value}` of `{_origin(entry)}` raised {type(error).__name__}: {error}."
        remedy = "Upgrade or uninstall that package; `pip check` may say what it lacks."
        raise DefinitionError(rule, found, remedy) from error


def _origin(entry: EntryPoint) -> str:
    """Return name and version of the distribution of an entry point."""
    return "an unknown package" if entry.dist is None else f"{entry.dist.name} {entry.dist.version}"
