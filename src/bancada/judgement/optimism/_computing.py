"""From the claims of a board to the optimism of its best line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bancada.engine.examples import examples_of
from bancada.exceptions import UsageError
from bancada.judgement._documents import ChoosingOptimism
from bancada.judgement._lines import line_of
from bancada.judgement._standings import competitors
from bancada.judgement.optimism._values import row_values
from bancada.scoring.choosing import optimism_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.contracts import Metric
    from bancada.definitions import Project
    from bancada.engine.examples import Examples
    from bancada.judgement._standings import Competitors
    from bancada.store import Index

__all__ = ["MOST_CLAIMS", "correct"]

MOST_CLAIMS = 300
_FEWEST_CLAIMS = 2
_AT_ONCE = 20


class _Matrix(NamedTuple):
    """Values of the claims that have all rows of the best one, (n_rows, n_claims), the best one first."""

    values: npt.NDArray[np.float64]
    groups: npt.NDArray[np.int64] | None


def correct(index: Index, project: Project, problem: str, *, most: int = MOST_CLAIMS) -> ChoosingOptimism:
    """Return the winner's optimism of a problem's board by its primary metric; no project code is executed.

    Args:
        index: The index over the store.
        project: Where the data are looked for.
        problem: Name of the problem.
        most: Claims that are held against each other at most, the best ones; the others count in K.

    Raises:
        DataError: The data cannot be had any more, or the task is the project's own.
        NotFoundError: There is no run.
        StoreError: Predictions cannot be read.
        UsageError: Fewer than two claims can be held against each other, or the metric does not tell a row's part in
            it.
    """
    field = competitors(index, problem, most)
    if len(field.sides) < _FEWEST_CLAIMS:
        raise UsageError(
            "Choosing flatters the best of several claims.",
            f"`{problem}` has {len(field.sides)} with all of its folds.",
            "Run more candidates, and ask again.",
        )
    matrix = _matrix(field, project, index)
    value = line_of(field.sides[0], field.metric).estimate.value
    greater = field.metric.greater_is_better
    tried = max(field.tried, matrix.values.shape[1])
    found = optimism_of(matrix.values, greater_is_better=greater, groups=matrix.groups, tried=tried)
    if found.optimism is None or value is None:
        raise UsageError(
            "Rows are drawn again to see what choosing adds, at least ten of them, or ten groups.",
            f"The claims of `{problem}` have fewer in common.",
            "Read the interval of the best line with the number of claims tried in mind.",
        )
    change = max(found.optimism, 0.0)
    return ChoosingOptimism(
        run_id=field.sides[0][0].run_id,
        value=value,
        optimism=found.optimism,
        corrected=value - change if greater else value + change,
        compared=found.compared,
        tried=found.tried,
        resamples=found.resamples,
        problem_id=field.problem.digest,
        metric_id=field.metric.digest,
    )


def _matrix(field: Competitors, project: Project, index: Index) -> _Matrix:
    """Return the values of all claims that have every row of the best one."""
    columns: list[npt.NDArray[np.float64]] = []
    groups = ids = None
    # The best one is read again with each part, so that all parts stand on its rows.
    for start in range(1, len(field.sides), _AT_ONCE):
        sides = [field.sides[0], *field.sides[start : start + _AT_ONCE]]
        examples = examples_of(sides, project, index.store)
        metric = _metric(examples, field)
        values = [row_values(examples, side, metric) for side in range(len(sides))]
        best = values[0]
        if best is None:
            raise UsageError(
                "Choosing is corrected for by a metric that tells how much each row moves it.",
                f"`{metric.name}` does not on these predictions.",
                "Read the interval of the best line with the number of claims tried in mind.",
            )
        rows = np.isfinite(best)
        if ids is None:
            columns, groups, ids = [best[rows]], None if examples.groups is None else examples.groups[rows], rows.sum()
        columns += [one[rows] for one in values[1:] if one is not None and np.isfinite(one[rows]).all()]
    if len(columns) < _FEWEST_CLAIMS:
        raise UsageError(
            "Choosing flatters the best of several claims that were tested on the same rows.",
            "No other claim has all rows of the best one.",
            "Run the candidates on the same repeats.",
        )
    return _Matrix(np.stack(columns, axis=1), groups)


def _metric(examples: Examples, field: Competitors) -> Metric:
    """Return the metric that orders the board, as bancada itself can compute it."""
    for metric in examples.metrics:
        if metric.identity().digest == field.metric.digest:
            return metric
    raise UsageError(
        "Verbs that read execute no code of the project, so that the metric must be one of bancada's own.",
        f"`{field.metric.name}` is the project's, or of another version of bancada.",
        "Read the interval of the best line with the number of claims tried in mind.",
    )
