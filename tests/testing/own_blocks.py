"""Every block of bancada's own, to be held to its contract: a new block adds a line to the table of its kind.

Each entry is what the generator of checks takes: the block, and what goes with it (rows to split, a sample, laws that
it breaks knowingly with the reason).
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.compose import make_column_transformer
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import GradientBoostingRegressor, HistGradientBoostingRegressor, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, Ridge, SGDClassifier
from sklearn.model_selection import (
    GroupKFold,
    LeaveOneGroupOut,
    RepeatedStratifiedKFold,
    ShuffleSplit,
    TimeSeriesSplit,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from bancada import metrics, splits, tasks
from bancada.datasets import ROW, Dataset
from bancada.exceptions import UsageError
from bancada.executors import InProcessExecutor, ProcessExecutor
from bancada.models import QuantileBundle
from bancada.samples import SplitRows
from bancada.testing import InlineExecutor, MeanDeviation, Memoriser, MemoryDataset, NumberTask, RoundRobin

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.testing import Check

__all__ = ["DATASETS", "EXECUTORS", "FILES", "METRICS", "MODELS", "SPLITS", "TABLE", "TASKS", "Own", "every_check"]


@dataclass(frozen=True)
class Own:
    """A block, and what its generator of checks takes beside it."""

    block: Any
    options: dict[str, Any] = field(default_factory=dict)


def every_check(blocks: dict[str, Own], checks: Callable[..., tuple[Check, ...]]) -> list[Any]:
    """Return the checks of blocks as parameters; a block that has none, for want of a sample, is one that fails."""
    found = []
    for name, own in blocks.items():
        try:
            found += [pytest.param(check, id=f"{name}-{check}") for check in checks(own.block, **own.options)]
        except UsageError as error:
            found.append(pytest.param(functools.partial(_fail, error), id=f"{name}-has-a-sample"))
    return found


def _fail(error: Exception) -> None:
    raise error


# Datasets: each entry makes one of a table ---------------------------------------------------------------------------

_DAY = dt.date(2024, 2, 29)
TABLE = pa.table(
    {
        "key": ["c", "a", "b", "e", "d"],
        "count": [1, 2, None, 4, 5],
        "share": [1.5, 2.0, 3.0, None, 0.1],
        "kept": [True, False, None, True, True],
        "text": ["a", None, "ü", "c", ""],
        "day": [_DAY, _DAY + dt.timedelta(1), None, _DAY, _DAY],
        "seen": [dt.datetime(2024, 1, 2, 3, 4, 5, 6)] * 4 + [None],  # noqa: DTZ001 - a column without a zone
        "kind": pa.array(["u", "v", "u", None, "v"]).dictionary_encode(),
    }
)


def _frame(kind: str, table: pa.Table) -> Any:
    return table.to_pandas() if kind == "pandas" else table


DATASETS: dict[str, Callable[[pa.Table], Any]] = {
    "double": lambda table: MemoryDataset(table, id="key"),
    "double-numbered": MemoryDataset,
    "arrow": lambda table: Dataset.from_frame(table, name="arrow", id="key"),
    "arrow-numbered": lambda table: Dataset.from_frame(table, name="arrow", id=ROW),
    "pandas": lambda table: Dataset.from_frame(table.to_pandas(), name="pandas", id="key"),
    "function": lambda table: Dataset.from_function(functools.partial(_frame, "arrow", table), name="made", id="key"),
}

# Datasets of files: how to write one, and the name of the file --------------------------------------------------------


def _parquet(table: pa.Table, path: str) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415 - for this entry alone

    pq.write_table(table, path)


def _arrow(table: pa.Table, path: str) -> None:
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)


FILES: dict[str, Callable[[pa.Table, str], None]] = {
    "table.parquet": _parquet,
    "table.arrow": _arrow,
    "table.csv": lambda table, path: table.to_pandas().to_csv(path, index=False),
}

# Splits ---------------------------------------------------------------------------------------------------------------


def _rows(n_rows: int = 120, **columns: list[Any]) -> SplitRows:
    ids, target = pa.array(np.arange(n_rows)), np.arange(n_rows) % 2
    return SplitRows(ids, pa.table({name: values[:n_rows] for name, values in columns.items()}), target, None, True)


def _series(count: int) -> SplitRows:
    rows, position = _rows(), np.arange(120)
    day = pa.table({"day": position // count})
    return SplitRows(rows.ids, rows.columns, rows.target, position % count, True, day)


SPLITS: dict[str, Own] = {
    "double": Own(RoundRobin()),
    "kfold": Own(splits.KFold(5, repeats=3, holdout=0.2)),
    "kfold-plain": Own(splits.KFold(4, stratify=False)),
    "kfold-by-column": Own(splits.KFold(3, stratify="region"), {"rows": _rows(region=["n", "s", "e"] * 40)}),
    "single": Own(splits.Single(0.25, holdout=0.3)),
    "single-with-validation": Own(splits.Single(0.2, 0.2, stratify=False)),
    "predefined-site": Own(splits.Predefined("site", kind="site"), {"rows": _rows(site=["a", "b", "c", "d"] * 30)}),
    "predefined-time": Own(splits.Predefined("year", kind="time"), {"rows": _rows(year=[2020, 2021, 2022] * 40)}),
    "predefined-single": Own(
        splits.Predefined("part", test="test", valid="valid"), {"rows": _rows(part=["test", "valid", "train"] * 40)}
    ),
    "time-ordered": Own(splits.TimeOrdered(5, test=3, gap=1, holdout=50)),
    "time-ordered-window": Own(splits.TimeOrdered(3, test=0.1, window=12)),
    "time-ordered-series": Own(splits.TimeOrdered(3, test=2), {"rows": _series(4)}),
    "sklearn-repeated": Own(splits.as_split(RepeatedStratifiedKFold(n_splits=3, n_repeats=2, random_state=1))),
    "sklearn-shuffle": Own(splits.as_split(ShuffleSplit(3, test_size=0.2, random_state=1))),
    "sklearn-time": Own(splits.as_split(TimeSeriesSplit(3))),
    "sklearn-groups": Own(splits.as_split(GroupKFold(3))),
    "sklearn-one-group": Own(splits.as_split(LeaveOneGroupOut())),
}


class Bands(Memoriser):
    """Two quantiles around what it knows by heart."""

    def predict(self, X: Any) -> Any:
        values = super().predict(X)
        return np.column_stack([values - 1.0, values + 1.0])


# Tasks ----------------------------------------------------------------------------------------------------------------

TASKS: dict[str, Own] = {
    "double": Own(NumberTask()),
    "binary": Own(tasks.Binary()),
    "binary-texts": Own(tasks.Binary(positive="no"), {"target": pa.table({"churned": ["no", "yes", "yes"] * 10})}),
    "multiclass": Own(tasks.Multiclass()),
    "multiclass-numbers": Own(tasks.Multiclass(), {"target": pa.table({"kind": [3, 1, 2, 3] * 10})}),
    "multiclass-listed": Own(tasks.Multiclass(classes=["a", "b", "c", "never"])),
    "forecast": Own(tasks.Forecast(season=7)),
    "multilabel": Own(tasks.Multilabel()),
    "quantile": Own(tasks.Quantile((0.1, 0.9)), {"model": Bands}),
    "ranking": Own(tasks.Ranking("query")),
    "text": Own(tasks.Text()),
    "regression": Own(tasks.Regression()),
    "regression-integers": Own(tasks.Regression(), {"target": pa.table({"price": [3, 1, 2, 7] * 10})}),
}

# Metrics --------------------------------------------------------------------------------------------------------------


def _within_ten_percent(y_true: Any, y_pred: Any) -> float:
    return float(np.mean(abs(y_pred - y_true) <= 0.1 * abs(y_true)))


def _cost(y_true: Any, y_pred: Any, rows: Any, sample_weight: Any) -> float:
    return float(np.average(np.abs(y_true - y_pred) * rows["amount"], weights=sample_weight))


_ONE_CLASS = {"waive": {"slices_are_scored": "scikit-learn refuses rows of one class"}}
_OPTIONS: dict[str, dict[str, Any]] = {
    "r2": {"unlike": [metrics.get("r2").with_aggregate("fold-mean")]},
    "roc_auc": {"unlike": [metrics.get("roc_auc").with_aggregate("pairs-within-folds")]},
}

# Every built-in metric is here by itself; what it needs beside it stands in `_OPTIONS`.
METRICS: dict[str, Own] = {
    "double": Own(MeanDeviation(), {"unlike": [MeanDeviation(2.0)]}),
    "function": Own(
        metrics.from_function(_within_ten_percent, greater_is_better=True, bounds=(0.0, 1.0)), {"task": "regression"}
    ),
    "function-of-rows": Own(
        metrics.from_function(_cost, greater_is_better=False, columns=["amount"]), {"task": "regression"}
    ),
    "pairs": Own(metrics.get("roc_auc").with_aggregate("pairs-within-folds")),
    "scorer": Own(metrics.from_scorer("neg_log_loss"), _ONE_CLASS),
    "scorer-of-values": Own(metrics.from_scorer("neg_mean_absolute_error"), {"task": "regression"}),
    **{name: Own(metrics.get(name), _OPTIONS.get(name, {})) for name in metrics.names()},
}

# Models: what comes with bancada, and estimators through its adapters -------------------------------------------------

_MIXED = pd.DataFrame(
    {"size": np.linspace(0, 1, 60), "shop": ["a", "b", "c"] * 20, "kind": pd.Categorical(["u", "v"] * 30)}
)
_ONE_HOT = make_column_transformer(
    (OneHotEncoder(handle_unknown="ignore"), ["shop", "kind"]), remainder="passthrough", verbose_feature_names_out=False
)
_TEXTS = {"X": _MIXED, "y": pd.Series(np.arange(60) % 3 == 0, name="target").astype(int)}

MODELS: dict[str, Own] = {
    "double": Own(Memoriser(), {"X": _MIXED, "y": _TEXTS["y"]}),
    "baseline-binary": Own(tasks.Binary().baseline),
    "baseline-multiclass": Own(tasks.Multiclass().baseline),
    "baseline-regression": Own(tasks.Regression().baseline),
    "dummy": Own(
        DummyClassifier(strategy="stratified"),
        {
            "waive": {
                "rows_are_answered_alone": "it draws an answer for each place, whatever the row",
            }
        },
    ),
    "dummy-regressor": Own(DummyRegressor()),
    "logistic": Own(LogisticRegression()),
    "forest": Own(RandomForestClassifier(5)),
    "boosting": Own(HistGradientBoostingRegressor(max_iter=5)),
    "quantile-bundle": Own(
        QuantileBundle(GradientBoostingRegressor(loss="quantile", n_estimators=3, random_state=0), (0.1, 0.9))
    ),
    "pipeline": Own(make_pipeline(StandardScaler(), SGDClassifier())),
    "categories": Own(make_pipeline(_ONE_HOT, LogisticRegression()), _TEXTS),
    "arrays": Own(Ridge(), {"X": np.arange(60.0).reshape(30, 2) % 7, "y": np.arange(30.0)}),
}

# Executors: each entry makes one of a target, and says whether jobs run in processes of their own ---------------------

EXECUTORS: dict[str, tuple[Callable[[str], Any], bool]] = {
    "double": (InlineExecutor, False),
    "in-process": (InProcessExecutor, False),
    "forked": (functools.partial(ProcessExecutor, workers=2, threads=1, fresh=False), True),
    "fresh": (functools.partial(ProcessExecutor, workers=1, threads=1, fresh=True), True),
}
