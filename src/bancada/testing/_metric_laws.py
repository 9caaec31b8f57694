"""The laws of `contracts.Metric`."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bancada.contracts import LossMetric
from bancada.exceptions import UsageError
from bancada.identity import canonical_json
from bancada.testing._check import Found, Skip, checks_of, law
from bancada.testing._examples import EXAMPLES, Example, example_of, same, taken
from bancada.testing._influence_laws import INFLUENCE_LAWS
from bancada.testing._metric_case import MetricCase
from bancada.testing._waivers import WAIVERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from bancada.contracts import Metric
    from bancada.samples import Sample
    from bancada.testing._check import Check

__all__ = ["LAWS", "checks_on", "metric_checks"]

_AGGREGATES = ("fold-mean", "pooled", "pairs-within-folds")
_NO_PERFECT = Skip("what a perfect prediction is was not said: give `perfect=`")
_SEED = 11
_CLOSE = 1e-9
_PERMUTATIONS = 20


def metric_checks(
    metric: Metric,
    sample: Sample | None = None,
    *,
    perfect: pa.Table | None = None,
    task: str | None = None,
    unlike: Sequence[Metric] = (),
    waive: Mapping[str, str] | None = None,
) -> tuple[Check, ...]:
    """Return a check for each law of a metric.

    Args:
        metric: The metric.
        sample: Rows that it can score, with predictions that are mostly right; made-up ones of every task that it can
            read without them. Row columns that it reads are then made-up positive numbers.
        perfect: Predictions that no others can surpass; where it is not given, those of a `sample` are known only where
            predictions have the columns of the truth.
        task: Name of the task whose made-up sample is taken, of all that the metric can read.
        unlike: Metrics that differ from it in a parameter.
        waive: Laws that the metric breaks knowingly, each with its reason; those that a built-in one breaks by what it
            is are waived already.

    Raises:
        UsageError: It can read none of the made-up samples, and no sample was given.
    """
    if sample is not None:
        return checks_on(metric, example_of(sample, perfect), unlike=unlike, waive=waive)
    made_up = {name: make() for name, make in EXAMPLES.items() if task in (None, name)}
    fitting = {
        name: example.with_columns(metric.columns)
        for name, example in made_up.items()
        if not metric.missing(example.truth.schema, example.noisy.schema)
    }
    if not fitting:
        rule = "A metric is checked on a sample that it can read."
        known = (
            ", ".join(f"`{name}`" for name in EXAMPLES if task in (None, name)) or f"`{task}`, of which there are none"
        )
        found = f"`{metric.name}` can read none of the made-up samples of {known}."
        raise UsageError(rule, found, "Give one: `metric_checks(metric, Sample(truth, predictions, rows))`.")
    return tuple(
        check
        for name, example in fitting.items()
        for check in checks_on(metric, example, sample=name, unlike=unlike, waive=waive)
    )


def checks_on(
    metric: Metric,
    example: Example,
    *,
    sample: str = "",
    unlike: Sequence[Metric] = (),
    waive: Mapping[str, str] | None = None,
) -> tuple[Check, ...]:
    """Return a check for each law of a metric on an example; what a built-in one breaks by what it is is waived."""
    known = WAIVERS.get(metric.name, WAIVERS.get(metric.name.partition("@")[0], {}))
    case = MetricCase(metric, example, tuple(unlike))
    return checks_of(LAWS, case, metric.name, sample=sample, waive=known | dict(waive or {}))


def _counts(n_rows: int) -> npt.NDArray[np.int64]:
    return np.random.default_rng(_SEED).integers(1, 4, n_rows)


@law("`score` is pure: equal rows give equal scores, and nothing that it was given changes.", "Look at `score`.")
def score_is_pure(case: MetricCase) -> Found:
    sample = case.example.sample()
    before = (sample.truth.to_pydict(), sample.predictions.to_pydict())
    first, second = float(case.metric.score(sample)), float(case.metric.score(sample))
    if not same(first, second):
        return f"It is {first!r} the first time and {second!r} the second."
    return None if (sample.truth.to_pydict(), sample.predictions.to_pydict()) == before else "The sample was changed."


@law("The order of the rows changes nothing.", "Sort nothing by position, and compare no row with its neighbour.")
def row_order_does_not_matter(case: MetricCase) -> Found:
    order = np.random.default_rng(_SEED).permutation(case.example.n_rows)
    first, second = case.score(), float(case.metric.score(taken(case.example.sample(), order)))
    return None if same(first, second) else f"It is {first!r}, and {second!r} in another order."


@law("The chunks in which Arrow holds the tables change nothing.", "Combine chunks before you index into them.")
def chunks_do_not_matter(case: MetricCase) -> Found:
    sample, middle = case.example.sample(), case.example.n_rows // 3
    truth, predictions = (
        pa.concat_tables([table.slice(0, middle), table.slice(middle)]) for table in (sample.truth, sample.predictions)
    )
    first, second = case.score(), float(case.metric.score(replace(sample, truth=truth, predictions=predictions)))
    return None if same(first, second) else f"It is {first!r}, and {second!r} in two chunks."


@law("Weights that are all equal change nothing.", "Divide by the sum of the weights.")
def constant_weights_change_nothing(case: MetricCase) -> Found:
    n_rows = case.example.n_rows
    plain = replace(case.example.sample(), weight=None)
    first = float(case.metric.score(plain))
    for constant in (1.0, 2.0):
        second = float(case.metric.score(replace(plain, weight=np.full(n_rows, constant))))
        if not same(first, second):
            return f"Without weights it is {first!r}, with weights of {constant} {second!r}."
    return None


@law("A row of weight 3 counts like three rows.", "Look at what `score` does with `sample.weight`.")
def weights_are_counts(case: MetricCase) -> Found:
    counts = _counts(case.example.n_rows)
    plain = replace(case.example.sample(), weight=None)
    weighted = float(case.metric.score(replace(plain, weight=counts.astype(np.float64))))
    repeated = float(case.metric.score(taken(plain, np.repeat(np.arange(len(counts)), counts))))
    if same(weighted, repeated):
        return None
    if same(weighted, float(case.metric.score(plain))):
        return Skip("it reads no weights")
    return f"With weights it is {weighted!r}, with repeated rows {repeated!r}."


@law("All rows twice score like all rows once.", "Divide by the count of rows; waive the law where it is a sum.")
def duplication_changes_nothing(case: MetricCase) -> Found:
    twice = np.tile(np.arange(case.example.n_rows), 2)
    first, second = case.score(), float(case.metric.score(taken(case.example.sample(), twice)))
    return None if same(first, second) else f"It is {first!r}, and {second!r} with every row twice."


@law("A score lies within the bounds, whatever the predictions.", "Look at `bounds`.")
def scores_lie_within_bounds(case: MetricCase) -> Found:
    low, high = case.metric.bounds
    example = case.example
    order = np.random.default_rng(_SEED).permutation(example.n_rows)
    for predictions in (example.noisy, example.perfect, example.exchanged(order)):
        score = case.score(predictions)
        if (low is not None and score < low - _CLOSE) or (high is not None and score > high + _CLOSE):
            return f"It is {score!r}, and the bounds are {case.metric.bounds!r}."
    return None


@law("Perfect predictions score best.", "Look at `greater_is_better`, and at what `score` reads.")
def perfect_is_best(case: MetricCase) -> Found:
    example = case.example
    if example.perfect is None:
        return _NO_PERFECT
    best = case.score(example.perfect)
    if math.isnan(best):
        return "Perfect predictions have no score."
    order = np.random.default_rng(_SEED).permutation(example.n_rows)
    constant = example.exchanged(np.zeros(example.n_rows, dtype=np.int64))
    others = {"noisy": example.noisy, "exchanged": example.exchanged(order), "constant": constant}
    for name, predictions in others.items():
        score = case.score(predictions)
        if case.worse(best, score):
            return f"Perfect predictions score {best!r}, {name} ones {score!r}."
    low, high = case.metric.bounds
    bound = high if case.metric.greater_is_better else low
    if bound is not None and not same(best, bound):
        return f"Perfect predictions score {best!r}, and the best that `bounds` promises is {bound!r}."
    return None


@law("Predictions given to the wrong rows score worse on average.", "Look at `greater_is_better`.")
def exchanged_predictions_are_worse(case: MetricCase) -> Found:
    draw = np.random.default_rng(_SEED)
    scores = [case.score(case.example.exchanged(draw.permutation(case.example.n_rows))) for _ in range(_PERMUTATIONS)]
    first, mean = case.score(), float(np.mean(scores))
    if case.worse(mean, first):
        return None
    return f"They score {first!r} where they belong, and {mean!r} on average where they do not."


@law("A better prediction never scores worse.", "Look for a mean that leaves rows out; waive the law where it is none.")
def better_is_never_worse(case: MetricCase) -> Found:
    example = case.example
    if example.perfect is None:
        return _NO_PERFECT
    order = np.random.default_rng(_SEED).permutation(example.n_rows)
    improved = np.zeros(example.n_rows, dtype=np.bool_)
    last = case.score()
    for position in order:
        improved[position] = True
        score = case.score(example.better(improved))
        if case.worse(score, last):
            return f"It went from {last!r} to {score!r} when the prediction of row {position} became perfect."
        last = last if math.isnan(score) else score
    return None


@law("Predictions that are all equal have a score, or none; they raise nothing.", "Return NaN for a zero denominator.")
def constant_predictions_are_scored(case: MetricCase) -> Found:
    score = case.score(case.example.exchanged(np.zeros(case.example.n_rows, dtype=np.int64)))
    return f"It is {score!r}." if math.isinf(score) else None


@law("A prediction that is NaN gives no number: the score is NaN, or an error.", "Let NaN through, or refuse it.")
def nan_gives_no_number(case: MetricCase) -> Found:
    example, read = case.example, False
    for name, columns in example.families.items():
        floating = [item for item in columns if pa.types.is_floating(example.noisy.schema.field(item).type)]
        fewer = pa.schema([item for item in example.noisy.schema if item.name not in columns])
        if not floating or not case.metric.missing(example.truth.schema, fewer):
            continue
        read = True
        predictions = example.noisy
        for item in floating:
            values = predictions.column(item).to_numpy().copy()
            values[example.n_rows // 2] = np.nan
            predictions = predictions.set_column(predictions.column_names.index(item), item, pa.array(values))
        try:
            score = case.score(predictions)
        except Exception:  # noqa: BLE001, S112 - any error refuses it
            continue
        if not math.isnan(score):
            return f"With NaN in `{name}` it is {score!r}."
    return None if read else Skip("it needs no column of floats")


@law("Without rows, and where it is undefined, a metric is NaN.", "Return NaN, never a value that stands in for it.")
def no_rows_have_no_score(case: MetricCase) -> Found:
    score = float(case.metric.score(taken(case.example.sample(), np.zeros(0, dtype=np.int64))))
    return None if math.isnan(score) else f"Without rows it is {score!r}."


@law("Any rows can be scored: a slice has a score within the bounds, or none.", "Return NaN where it is undefined.")
def slices_are_scored(case: MetricCase) -> Found:
    draw = np.random.default_rng(_SEED)
    low, high = case.metric.bounds
    for size in (1, 2, 3, 10):
        positions = np.sort(draw.choice(case.example.n_rows, size, replace=False))
        score = float(case.metric.score(taken(case.example.sample(), positions)))
        out = (low is not None and score < low - _CLOSE) or (high is not None and score > high + _CLOSE)
        if out or math.isinf(score):
            return f"On rows {positions.tolist()} it is {score!r}."
    return None


@law("`missing` is empty exactly where `score` can read the tables.", "Compare `missing` with what `score` reads.")
def missing_is_exact(case: MetricCase) -> Found:
    example, metric = case.example, case.metric
    lacking = metric.missing(example.truth.schema, example.noisy.schema)
    if lacking:
        return f"It says that {', '.join(lacking)} is missing from tables that it can read."
    for name, columns in example.families.items():
        fewer = example.noisy.drop_columns(columns)
        lacking = metric.missing(example.truth.schema, fewer.schema)
        try:
            case.score(fewer)
        except Exception as error:  # noqa: BLE001 - what counts is whether it can be read
            if not lacking:
                return f"Nothing is missing without `{name}`, and `score` raised {type(error).__name__}: {error}"
        else:
            if lacking:
                return f"`score` reads the tables without `{name}`, and {', '.join(lacking)} is said to be missing."
    return None


@law("A metric has a name, a known aggregate, and an identity that is stable and tells them.", "Look at `identity`.")
def identity_is_stable(case: MetricCase) -> Found:
    metric = case.metric
    identity = metric.identity()
    if not metric.name or metric.aggregate not in _AGGREGATES:
        return f"It is called {metric.name!r} and aggregates by {metric.aggregate!r}."
    told = (identity.name, identity.greater_is_better, tuple(identity.bounds))
    if told != (metric.name, metric.greater_is_better, tuple(metric.bounds)):
        return f"Its identity tells {told}."
    canonical_json(identity.ingredients)
    copy: Metric = pickle.loads(pickle.dumps(metric))  # noqa: S301 - bytes of the line itself
    for which, again in (("second call", metric.identity()), ("pickled copy", copy.identity())):
        if again.digest != identity.digest:
            return f"A {which} gave another digest."
    return None


@law("Another parameter is another identity.", "Put every parameter that changes scores into `identity`.")
def identity_tells_parameters(case: MetricCase) -> Found:
    if not case.unlike:
        return Skip("no metric that differs was given: `unlike=`")
    for other in case.unlike:
        if other.identity().digest == case.metric.identity().digest:
            return f"{other!r} has the same digest."
    return None


@law(
    "`pairs` weighs the pairs that `score` compared: in any order, and four times as many where all rows stand twice.",
    "Look at `pairs`; it is 0 where the score is undefined, and for a metric that compares no pairs.",
)
def pairs_agree_with_score(case: MetricCase) -> Found:
    sample = case.example.sample()
    pairs = float(case.metric.pairs(sample))
    if case.metric.aggregate != "pairs-within-folds" and pairs == 0:
        return Skip("it compares no pairs")
    order = np.random.default_rng(_SEED).permutation(case.example.n_rows)
    for told, positions, times in (("in another order", order, 1), ("with every row twice", np.tile(order, 2), 4)):
        other = float(case.metric.pairs(taken(sample, positions)))
        if not same(other, pairs * times):
            return f"There are {pairs!r} pairs, and {other!r} {told}."
    for position in range(3):
        single = taken(sample, np.array([position]))
        if math.isnan(case.metric.score(single)) and case.metric.pairs(single) != 0:
            return f"One row has no score, and {case.metric.pairs(single)!r} pairs."
    return None if pairs > 0 else f"There are {pairs!r} pairs."


@law(
    "The losses of the rows average to the score, a greater loss is worse, and none depends on another row.",
    "Look at `losses`; it is None where the metric is no mean over rows.",
)
def losses_average_to_score(case: MetricCase) -> Found:
    if not isinstance(case.metric, LossMetric):
        return Skip("it gives no losses")
    sample = replace(case.example.sample(), weight=_counts(case.example.n_rows).astype(np.float64))
    losses = case.metric.losses(sample)
    if losses is None:
        return Skip("it is no mean over rows")
    if losses.shape != (case.example.n_rows,):
        return f"There are {case.example.n_rows} rows, and losses of the shape {losses.shape}."
    told = _told(case.metric, float(np.average(losses, weights=sample.weight)))
    score = float(case.metric.score(sample))
    if not same(told, score):
        return f"The losses make {told!r}, and the score is {score!r}."
    alone = case.metric.losses(taken(sample, np.array([3])))
    if alone is None or not same(float(alone[0]), float(losses[3])):
        return f"The loss of row 3 is {losses[3]!r} among the others and {alone!r} by itself."
    return None


def _told(metric: Metric, mean: float) -> float:
    """Return the score that a mean of losses makes."""
    return (1.0 if metric.bounds[1] is None else metric.bounds[1]) - mean if metric.greater_is_better else mean


LAWS = (
    score_is_pure,
    row_order_does_not_matter,
    chunks_do_not_matter,
    constant_weights_change_nothing,
    weights_are_counts,
    duplication_changes_nothing,
    scores_lie_within_bounds,
    perfect_is_best,
    exchanged_predictions_are_worse,
    better_is_never_worse,
    constant_predictions_are_scored,
    nan_gives_no_number,
    no_rows_have_no_score,
    slices_are_scored,
    missing_is_exact,
    identity_is_stable,
    identity_tells_parameters,
    pairs_agree_with_score,
    losses_average_to_score,
    *INFLUENCE_LAWS,
)
