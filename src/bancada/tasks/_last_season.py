"""The seasonal naive forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

__all__ = ["LastSeason"]


class LastSeason:
    """The baseline of a forecast: the value one season before, repeated as far ahead as is asked for.

    ŷ(T + h) = y(T − m + 1 + (h − 1) mod m), m the season and T the last training step (Hyndman & Athanasopoulos 2021,
    *Forecasting: principles and practice*, §5.2). A series shorter than a season repeats its last value; one that was
    not trained on gets the mean of the others' last values. Training rows get the value one season before them, those
    of the first season the series' first value.

    Args:
        season: Steps in a season.
    """

    def __init__(self, season: int) -> None:
        self.season = season

    def fit(self, X: pa.Table, y: Any, sample_weight: Any = None) -> LastSeason:  # noqa: ARG002 - a last value has no weight
        """Keep the values of each series in order of time.

        Args:
            X: The places of a `PlacedTask`, of which `series` and `step` are read.
            y: Values, (n_rows,).
            sample_weight: Ignored.
        """
        series, step = _columns(X)
        values = np.asarray(y, dtype=np.float64)
        self.series_: dict[str, tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]] = {}
        for name, rows in _by_series(series):
            ordered = rows[np.argsort(step[rows])]
            self.series_[name] = step[ordered], values[ordered]
        self.new_ = float(np.mean([known[-1] for _, known in self.series_.values()]))
        return self

    def predict(self, X: pa.Table) -> npt.NDArray[np.float64]:
        """Return a value for each row, (n_rows,)."""
        series, step = _columns(X)
        found = np.full(len(step), self.new_)
        for name, rows in _by_series(series):
            if name in self.series_:
                found[rows] = self._ahead(*self.series_[name], step[rows])
        return found

    def _ahead(
        self, steps: npt.NDArray[np.int64], values: npt.NDArray[np.float64], asked: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.float64]:
        n_known, season = len(steps), self.season
        horizon = asked - steps[-1]
        later = np.full(len(asked), n_known - 1)
        if n_known >= season:
            later = n_known - season + (horizon - 1) % season
        earlier = np.maximum(np.searchsorted(steps, asked) - season, 0)
        return values[np.where(horizon > 0, later, earlier)]


def _columns(X: pa.Table) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
    return X.column("series").to_numpy(), np.asarray(X.column("step").to_numpy(), dtype=np.int64)


def _by_series(series: npt.NDArray[Any]) -> list[tuple[str, npt.NDArray[np.int64]]]:
    """Return the positions of each series' rows."""
    names, codes = np.unique(series.astype(str), return_inverse=True)
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(names)))
    return list(zip(names.tolist(), np.split(order, ends[:-1]), strict=True)) if len(names) else []
