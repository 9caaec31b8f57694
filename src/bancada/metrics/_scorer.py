"""Any scikit-learn scorer as a metric."""

from __future__ import annotations

import inspect
import re
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bancada.exceptions import DefinitionError, NotFoundError, nearest
from bancada.identity import digest
from bancada.metrics._builtin import FOLD_MEAN
from bancada.metrics._function import checked_aggregate, number
from bancada.metrics._replay import METHODS, probe, replay
from bancada.metrics._source import carried, code_digest, innermost, name_of
from bancada.records import MetricIdentity

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from bancada.samples import Sample

__all__ = ["ScorerMetric", "from_scorer"]


@dataclass(frozen=True)
class ScorerMetric:
    """A callable `scorer(estimator, X, y)` as a metric; `from_scorer` makes it.

    Attributes:
        name: Name under which scores are shown.
        scorer: The callable.
        bounds: Smallest and largest possible value; None where unbounded.
        aggregate: How fold values become one number.
        code: Digest of the user's code in it; while it is None, that of what it and all that it uses say now.
    """

    name: str
    scorer: Callable[..., Any]
    bounds: tuple[float | None, float | None] = (None, None)
    aggregate: str = FOLD_MEAN
    code: str | None = None

    @property
    def greater_is_better(self) -> bool:
        """True, by the convention of scorers; errors are negated and named `neg_…`."""
        return True

    @property
    def columns(self) -> tuple[str, ...]:
        """No row columns."""
        return ()

    def identity(self) -> MetricIdentity:
        """Return name, scorer, the code of a user's function in it, parameters and their digest.

        Raises:
            DefinitionError: The code cannot be identified.
        """
        function = _score_function(self.scorer)
        is_own = not getattr(innermost(function), "__module__", "").startswith("sklearn.")
        ingredients: dict[str, Any] = {
            "name": self.name,
            "scorer": _described(self.scorer),
            "code": self.code or (code_digest(function) if is_own else None),
            "parameters": {"aggregate": self.aggregate, "carried": carried(function)},
        }
        return MetricIdentity(
            name=self.name,
            digest=digest(ingredients),
            ingredients=ingredients,
            greater_is_better=True,
            bounds=self.bounds,
        )

    def with_code(self, code: str) -> ScorerMetric:
        """Return this metric identified by another text for its code: a digest, or a version that its author keeps."""
        return replace(self, code=code)

    def missing(self, truth: pa.Schema, predictions: pa.Schema) -> tuple[str, ...]:
        """Return what the scorer asks for and the schemas lack, found by asking it about a few made-up rows."""
        trial = probe(truth, predictions)
        if trial is None:
            return ("truth.label", "truth.value")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                self.scorer(trial, trial.X, trial.y_true)
            except Exception:  # noqa: BLE001 - a scorer may raise anything; what counts is what it asked for in vain
                asked = dict.fromkeys(trial.asked)
                if not hasattr(trial, "classes_"):
                    return tuple("predictions.value" for _ in asked)[:1]
                return tuple(f"predictions.{METHODS[method]}" for method in asked)
        return ()

    def score(self, sample: Sample) -> float:
        """Return what the scorer gives on these rows; NaN without rows.

        Raises:
            DefinitionError: The sample lacks what the scorer asks for, or it returned no number.
        """
        if not sample.truth.num_rows:
            return float("nan")
        estimator = replay(sample)
        options = {"sample_weight": sample.weight} if sample.weight is not None and _takes_weight(self.scorer) else {}
        try:
            value = self.scorer(estimator, estimator.X, estimator.y_true, **options)
        except AttributeError as error:
            if not estimator.asked:
                raise
            rule = f"`{self.name}` needs predictions that answer it."
            found = f"It asked for `{estimator.asked[-1]}`, which these predictions cannot answer."
            raise DefinitionError(rule, found, "Choose a metric that fits what the models return.") from error
        return number(self.name, value)

    def pairs(self, sample: Sample) -> float:  # noqa: ARG002 - the contract's signature
        """Return 0: it is not known to compare pairs."""
        return 0.0


def from_scorer(
    scorer: Any,
    *,
    name: str | None = None,
    bounds: tuple[float | None, float | None] = (None, None),
    aggregate: str = FOLD_MEAN,
) -> ScorerMetric:
    """Make a metric of a scikit-learn scorer, or of any callable `scorer(estimator, X, y)`.

    The scorer is asked about an estimator that replays the stored predictions. It sees the classes of a binary task as
    0 and 1, 1 being the positive one, and no features: X is the position of each row. Greater is always better; scorers
    of errors are negative, as scikit-learn shows them, and where they are undefined they give what scikit-learn gives.

    Args:
        scorer: A name that `sklearn.metrics.get_scorer` knows, what `make_scorer` returns, or a function.
        name: Name under which scores are shown; by default the scorer's.
        bounds: Smallest and largest possible value; None where unbounded.
        aggregate: `fold-mean` or `pooled`.

    Raises:
        NotFoundError: scikit-learn knows no scorer of that name.
        DefinitionError: It is no such callable, has no name, or an option is unknown.

    Examples:
        >>> from_scorer("neg_log_loss").name
        'neg_log_loss'
    """
    if isinstance(scorer, str):
        return from_scorer(_by_name(scorer), name=name or scorer, bounds=bounds, aggregate=aggregate)
    if not callable(scorer):
        rule = "A scorer is a name that scikit-learn knows, or a callable of estimator, X and y."
        raise DefinitionError(rule, f"{scorer!r} is neither.", "Give what `sklearn.metrics.make_scorer` returns.")
    shown = name or _name(scorer)
    return ScorerMetric(shown, scorer, bounds=bounds, aggregate=checked_aggregate(aggregate))


def _by_name(name: str) -> Callable[..., Any]:
    from sklearn.metrics import get_scorer, get_scorer_names  # noqa: PLC0415 - half a second, for scorers only

    known = get_scorer_names()
    if name not in known:
        raise NotFoundError(
            "A scorer named by text must be one of scikit-learn's.",
            f"There is no scorer `{name}`.",
            nearest(name, known),
        )
    scorer: Callable[..., Any] = get_scorer(name)
    return scorer


def _score_function(scorer: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function inside what `make_scorer` returned, to which there is no public way; else the scorer."""
    function: Callable[..., Any] = getattr(scorer, "_score_func", scorer)
    return function


def _described(scorer: Callable[..., Any]) -> str:
    """Return what the scorer is, parameters included, without the addresses of this process."""
    function = innermost(scorer)
    if hasattr(function, "__qualname__"):
        return str(function.__qualname__)
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(scorer))


def _name(scorer: Callable[..., Any]) -> str:
    negated = _described(scorer).startswith("make_scorer(") and "greater_is_better=False" in _described(scorer)
    return f"{'neg_' if negated else ''}{name_of(_score_function(scorer))}"


def _takes_weight(scorer: Callable[..., Any]) -> bool:
    """Tell whether weights can be passed on: by the metadata of scikit-learn's scorers, else by the signature."""
    if hasattr(scorer, "get_metadata_routing"):
        return "sample_weight" in scorer.get_metadata_routing().score.requests
    return "sample_weight" in inspect.signature(scorer).parameters
