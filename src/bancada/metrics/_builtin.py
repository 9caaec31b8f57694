"""A metric of bancada's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.exceptions import DefinitionError
from bancada.identity import digest
from bancada.metrics._influence import of_mean, of_share, undefined
from bancada.metrics._readings import nearest_missing
from bancada.records import MetricIdentity

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt
    import pyarrow as pa

    from bancada.contracts import Metric
    from bancada.metrics._options import Option
    from bancada.metrics._readings import Reading
    from bancada.samples import Influence, LeftOut, Sample

    Floats = npt.NDArray[np.float64]

__all__ = ["FOLD_MEAN", "PAIRS", "POOLED", "BuiltIn", "Way"]

FOLD_MEAN = "fold-mean"
POOLED = "pooled"
PAIRS = "pairs-within-folds"


@dataclass(frozen=True)
class Way:
    """How a metric is computed from one kind of input.

    Attributes:
        reading: The input.
        kernel: Takes the arrays of `reading`; NaN where the metric is undefined on them.
        pairs: Takes the same arrays and counts the pairs of rows compared; None where the metric compares none.
        left_out: Takes the same arrays and counts what is left out; None where nothing ever is.
        has_option: True where the kernel takes the value of the metric's option after the arrays.
        each: Takes the arrays of single rows without the weights, and gives the value of each, (n_rows,), whose mean
            the metric is; None where it is no mean over rows.
        is_share: True where these values are 0 or 1, so that the metric is a proportion.
        influence: Takes the arrays of single rows, and gives how much each moves the metric; where it is None, that
            follows from `each`, if there is one.
    """

    reading: Reading
    kernel: Callable[..., float]
    pairs: Callable[..., float] | None = None
    left_out: Callable[..., LeftOut] | None = None
    has_option: bool = False
    each: Callable[..., Floats] | None = None
    is_share: bool = False
    influence: Callable[..., Influence] | None = None


@dataclass(frozen=True)
class BuiltIn:
    """A metric of bancada's own; `get` gives it by name.

    Attributes:
        name: Name under which scores are shown.
        greater_is_better: Direction.
        ways: One way for each kind of input, so that one name serves several tasks.
        formula: The definition, for people.
        bounds: Smallest and largest possible value; None where unbounded.
        aggregate: How fold values become one number.
        aggregates: What `aggregate` may be.
        version: Counts changes of the definition; part of the identity.
        option: What may be set; None where nothing may.
        setting: Its value.
    """

    name: str
    greater_is_better: bool
    ways: tuple[Way, ...]
    formula: str
    bounds: tuple[float | None, float | None] = (0.0, 1.0)
    aggregate: str = FOLD_MEAN
    aggregates: tuple[str, ...] = (FOLD_MEAN, POOLED)
    version: int = 1
    option: Option | None = None
    setting: Any = None

    @property
    def columns(self) -> tuple[str, ...]:
        """No row columns."""
        return ()

    @property
    def tasks(self) -> tuple[str, ...]:
        """Names of the built-in tasks that it can judge."""
        return tuple(task for way in self.ways for task in way.reading.tasks)

    def identity(self) -> MetricIdentity:
        """Return name, version, parameters and their digest."""
        parameters = {"aggregate": self.aggregate}
        if self.option is not None:
            parameters[self.option.name] = self.setting
        ingredients: dict[str, Any] = {"name": self.name, "version": self.version, "parameters": parameters}
        return MetricIdentity(
            name=self.name,
            digest=digest(ingredients),
            ingredients=ingredients,
            greater_is_better=self.greater_is_better,
            bounds=self.bounds,
        )

    def missing(self, truth: pa.Schema, predictions: pa.Schema) -> tuple[str, ...]:
        """Return what the schemas lack for the way that comes nearest to them."""
        return nearest_missing((way.reading for way in self.ways), truth, predictions)

    def score(self, sample: Sample) -> float:
        """Return the metric on these rows; NaN where undefined.

        Raises:
            DefinitionError: The sample lacks what the metric reads.
        """
        way = self._way(sample)
        if not sample.truth.num_rows:
            return float("nan")
        return float(way.kernel(*way.reading.arrays(sample), *self._options(way)))

    def pairs(self, sample: Sample) -> float:
        """Return the weight of all pairs of rows that were compared; 0 for a metric that compares none."""
        way = self._way(sample)
        return float(way.pairs(*way.reading.arrays(sample))) if way.pairs else 0.0

    def left_out(self, sample: Sample) -> LeftOut | None:
        """Return how many parts of these rows, such as queries, do not count; None where nothing is ever left out."""
        way = self._way(sample)
        return way.left_out(*way.reading.arrays(sample)) if way.left_out and sample.truth.num_rows else None

    def losses(self, sample: Sample) -> Floats | None:
        """Return the loss of each row, (n_rows,); None where the metric is no mean over these rows.

        Raises:
            DefinitionError: The sample lacks what the metric reads.
        """
        way = self._way(sample)
        if way.each is None:
            return None
        values = way.each(*way.reading.of_rows(sample)[:-1], *self._options(way))
        # A metric of which more is better is a mean of shares: what a row lacks of the whole is its loss.
        return 1.0 - values if self.greater_is_better else values

    def with_option(self, **options: Any) -> BuiltIn:
        """Return this metric with another setting, which its name and its identity tell.

        Raises:
            DefinitionError: The metric has no such option, or the option cannot have this value.

        Examples:
            >>> from bancada.metrics import get
            >>> get("ndcg").with_option(k=10).name
            'ndcg@10'
        """
        option = self.option
        if option is None or set(options) != {option.name}:
            rule = f"`{self.name}` has no option." if option is None else f"`{self.name}` has one option."
            found = ", ".join(f"`{name}={value!r}`" for name, value in options.items())
            remedy = "Leave it out." if option is None else f"Write `{option.name}={option.example!r}`."
            raise DefinitionError(rule, f"Found {found or 'none'}.", remedy)
        setting = option.value(options[option.name])
        name = option.named(self.name.partition("@")[0], setting)
        # Tasks on which the option means nothing are judged by the bare metric only.
        ways = self.ways if setting == option.unset else tuple(way for way in self.ways if way.has_option)
        return replace(self, name=name, setting=setting, ways=ways)

    def with_aggregate(self, aggregate: str) -> Metric:
        """Return this metric with another aggregate, which is part of its identity.

        Raises:
            DefinitionError: The metric does not allow it: scores of different models are never pooled into one ranking.
        """
        if aggregate not in self.aggregates:
            rule = f"`{self.name}` may be aggregated by {', '.join(repr(known) for known in self.aggregates)}."
            raise DefinitionError(rule, f"{aggregate!r} was asked for.", "Choose one of these.")
        return replace(self, aggregate=aggregate)

    def influence(self, sample: Sample) -> Influence | None:
        """Return the score and how much each row moves it; None where there is no closed form.

        Raises:
            DefinitionError: The sample lacks what the metric reads.
        """
        way = self._way(sample)
        if way.influence is None and way.each is None:
            return None
        if not sample.truth.num_rows:
            return undefined(0)
        arrays = way.reading.of_rows(sample)
        if way.influence is not None:
            return way.influence(*arrays, *self._options(way))
        values = way.each(*arrays[:-1], *self._options(way)) if way.each else np.zeros(0)
        if way.is_share:
            return of_share(values, np.ones(values.size), arrays[-1])
        return of_mean(values, arrays[-1])

    def _options(self, way: Way) -> tuple[Any, ...]:
        return (self.setting,) if way.has_option else ()

    def _way(self, sample: Sample) -> Way:
        truth, predictions = sample.truth.schema, sample.predictions.schema
        for way in self.ways:
            if not way.reading.missing(truth, predictions):
                return way
        rule = f"`{self.name}` needs its columns of truth and predictions."
        found = f"There is no {', '.join(f'`{name}`' for name in self.missing(truth, predictions))}."
        raise DefinitionError(rule, found, "Ask `missing` before `score`, or choose a metric that fits the task.")
