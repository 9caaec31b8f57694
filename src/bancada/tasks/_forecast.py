"""A number at a later time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bancada.exceptions import DataError, DefinitionError
from bancada.tasks._last_season import LastSeason
from bancada.tasks._regression import Regression

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import numpy.typing as npt

    from bancada.contracts import Model, PlacedTask, Task
    from bancada.samples import FoldPart, Timeline

__all__ = ["Forecast"]

_PLACES = pa.schema(
    [
        pa.field("series", pa.string()),
        pa.field("time", pa.string()),
        pa.field("step", pa.int64()),
        pa.field("horizon", pa.int64()),
        pa.field("scale", pa.float64()),
    ]
)


@dataclass(frozen=True)
class Forecast:
    """Predict the values of series at times after those that are known.

    A row of the dataset is one series at one time: the problem names the column of times as `time`, and as `groups`
    that of the series where there are several. Folds are ordered in time, as those of `bc.splits.TimeOrdered` are: each
    one is an origin of a back-test, its test rows are the steps ahead.

    Truth and predictions are `value`, float64. A model gets the test rows of all series at once and returns one value
    for each, as any regressor does: one that works on lags needs features that are known at the origin, one that
    forecasts many steps returns them all. Where a value stands is told by bancada beside it, never by the model:

    * `series` and `time`, as text;
    * `step`: number of the time among those of its series, from 0;
    * `horizon`: steps of its series after the last one that was trained on (1, 2, …); of a series that is new, after
      the last training time of all;
    * `scale`: mean |y_t − y_(t−season)| over the training rows of the series, by which `mase` is scaled; NaN where
      there is none.

    Args:
        season: Steps in a season, of which the baseline repeats the last one; 1 repeats the last value.

    Raises:
        DefinitionError: The season is no whole number of at least 1.

    Examples:
        >>> Forecast(season=7).identity()
        {'name': 'forecast', 'season': 7}
    """

    season: int = 1

    def __post_init__(self) -> None:
        """Check the season."""
        season: object = self.season
        if isinstance(season, bool) or not isinstance(season, int | np.integer) or season < 1:
            raise DefinitionError(
                "`season` must be a whole number of steps of at least 1.",
                f"It is {season!r}.",
                "Say `season=7` for days with a weekly pattern, `season=1` for none.",
            )

    @property
    def name(self) -> str:
        """`forecast`."""
        return "forecast"

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the default metrics, the primary first."""
        return ("mae", "rmse", "mase", "smape", "wape")

    @property
    def has_classes(self) -> bool:
        """False: a split does not stratify."""
        return False

    def identity(self) -> dict[str, Any]:
        """Return name and season."""
        return {"name": self.name, "season": int(self.season)}

    def resolve(self, target: pa.Table) -> Task:
        """Return this task, once the target is known to be finite numbers.

        Raises:
            DataError: The target is no number, null, NaN or infinite.
        """
        self.truth(target)
        return self

    def truth(self, target: pa.Table) -> pa.Table:
        """Return `value`, (n_rows,).

        Raises:
            DataError: A target is no number, null, NaN or infinite.
        """
        return Regression().truth(target)

    def truth_schema(self) -> pa.Schema:
        """Return the schema of `truth`."""
        return Regression().truth_schema()

    def schema(self) -> pa.Schema:
        """Return the schema of what a model gives."""
        return Regression().schema()

    def read(self, model: Model, X: Any, n_rows: int, columns: Collection[str] | None = None) -> pa.Table:
        """Ask a fitted model for `value`.

        Raises:
            PredictionError: What it returned breaks a rule of this task.
        """
        return Regression().read(model, X, n_rows, columns)

    def flags(self, model: Model) -> tuple[str, ...]:  # noqa: ARG002 - the contract's signature
        """Return nothing: no training part lacks anything that this task could tell."""
        return ()

    def check(self, predictions: pa.Table, n_rows: int) -> None:
        """Raise `PredictionError` unless these are valid predictions for `n_rows` rows."""
        Regression().check(predictions, n_rows)

    def tolerances(self, truth: pa.Table, predictions: pa.Table) -> Mapping[str, float]:
        """Return a millionth of the standard deviation of the truth."""
        return Regression().tolerances(truth, predictions)

    def baseline(self) -> Model:
        """Return a model that repeats the last season of each series."""
        return LastSeason(int(self.season))

    def place_schema(self) -> pa.Schema:
        """Return the schema of `places`."""
        return _PLACES

    def places(self, timeline: Timeline, truth: pa.Table, parts: Sequence[FoldPart]) -> pa.Table:
        """Return where in time each row stands.

        Raises:
            DataError: A series has two rows of one time, or a fold trains on a later time of a series than it tests.
        """
        codes, step = timeline.codes, _steps(timeline)
        values = np.asarray(truth.column("value").to_numpy(), dtype=np.float64)
        horizon = np.zeros(len(codes), dtype=np.int64)
        scale = np.full(len(codes), np.nan)
        for number, part in enumerate(parts):
            last = _last_steps(timeline, step, part)
            ahead = step[part.test] - last[codes[part.test]]
            if (ahead < 1).any():
                raise DataError(
                    "A forecast is trained on times before those that it is tested on.",
                    f"Fold {number} tests {int((ahead < 1).sum()):,} rows that are not after the last training time "
                    "of their series.",
                    "Split by time, as in `split=bc.splits.TimeOrdered(5)`.",
                )
            horizon[part.test] = ahead
            scale[part.test] = _scales(timeline, values, part.train, int(self.season))[codes[part.test]]
        columns = [
            timeline.series.cast(pa.string()),
            timeline.time.cast(pa.string()),
            pa.array(step),
            pa.array(horizon, mask=horizon == 0),
            pa.array(scale),
        ]
        return pa.table(columns, schema=_PLACES)


def _steps(timeline: Timeline) -> npt.NDArray[np.int64]:
    """Return the number of each row's time among those of its series, from 0."""
    by_time = np.lexsort((timeline.order, timeline.codes))
    codes, order = timeline.codes[by_time], timeline.order[by_time]
    twice = np.flatnonzero((codes[1:] == codes[:-1]) & (order[1:] == order[:-1]))
    if len(twice):
        row = int(by_time[twice[0]])
        raise DataError(
            "A series has one row at each time.",
            f"Series {timeline.series[row].as_py()!r} has several at {timeline.time[row].as_py()}; "
            f"{len(twice):,} rows are too many.",
            "Name the column of the series as `groups`, or add the rows of one time up.",
        )
    starts = np.flatnonzero(np.append(True, codes[1:] != codes[:-1]))
    step = np.empty(len(codes), dtype=np.int64)
    step[by_time] = np.arange(len(codes)) - np.repeat(starts, np.diff(np.append(starts, len(codes))))
    return step


def _last_steps(timeline: Timeline, step: npt.NDArray[np.int64], part: FoldPart) -> npt.NDArray[np.int64]:
    """Return the last training step of each series; of one without training rows, its last up to the cut-off."""
    known = part.train if part.valid is None else np.concatenate([part.train, part.valid])
    n_series = int(timeline.codes.max()) + 1
    before = timeline.order <= timeline.order[known].max()
    last = np.bincount(timeline.codes[before], minlength=n_series).astype(np.int64) - 1
    trained = np.full(n_series, -1, dtype=np.int64)
    np.maximum.at(trained, timeline.codes[known], step[known])
    return np.where(trained >= 0, trained, last)


def _scales(
    timeline: Timeline, values: npt.NDArray[np.float64], train: npt.NDArray[np.int64], season: int
) -> npt.NDArray[np.float64]:
    """Return the mean |y_t − y_(t−season)| of the training rows of each series; NaN where there are none."""
    rows = train[np.lexsort((timeline.order[train], timeline.codes[train]))]
    codes, ordered = timeline.codes[rows], values[rows]
    same = codes[season:] == codes[:-season]
    change = np.abs(ordered[season:] - ordered[:-season])[same]
    n_series = int(timeline.codes.max()) + 1
    count = np.bincount(codes[season:][same], minlength=n_series)
    total = np.bincount(codes[season:][same], weights=change, minlength=n_series)
    scales: npt.NDArray[np.float64] = np.divide(total, count, out=np.full(n_series, np.nan), where=count > 0)
    return scales


if TYPE_CHECKING:
    _task: PlacedTask = Forecast()
