"""Made-up truth and predictions of each kind of task, from perfect to useless."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bancada.samples import Sample

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Positions = npt.NDArray[np.int64]

__all__ = ["EXAMPLES", "Example", "example_of", "same", "taken"]

_N_ROWS = 60
_SEED = 5
_CLOSE = 1e-9


@dataclass(frozen=True)
class Example:
    """Truth and predictions of one kind of task.

    Attributes:
        truth: Truth, (n_rows,).
        noisy: Predictions that are mostly right, (n_rows,).
        perfect: Predictions that no others can surpass, (n_rows,); None where that is not known.
        rows: Row columns, (n_rows,).
        keys: Prediction columns that say which row a prediction is of, and so stay when predictions are exchanged.
        weight: Weights, (n_rows,); None where all weigh the same.
    """

    truth: pa.Table
    noisy: pa.Table
    perfect: pa.Table | None
    rows: pa.Table
    keys: tuple[str, ...] = ()
    weight: npt.NDArray[np.float64] | None = None
    families: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        """Sort prediction columns into families: `probability_a` and `probability_b` are one, and stay together."""
        families: dict[str, list[str]] = {}
        for name in self.noisy.column_names:
            families.setdefault(name if name in self.keys else name.partition("_")[0], []).append(name)
        object.__setattr__(self, "families", families)

    @property
    def n_rows(self) -> int:
        """Count of rows."""
        return int(self.truth.num_rows)

    def sample(self, predictions: pa.Table | None = None) -> Sample:
        """Return what a metric receives, with the noisy predictions unless others are given."""
        return Sample(self.truth, self.noisy if predictions is None else predictions, self.rows, self.weight)

    def better(self, improved: npt.NDArray[np.bool_]) -> pa.Table:
        """Return the noisy predictions with those under the mask made perfect."""
        n_rows = self.n_rows
        both = pa.concat_tables([self.noisy, self.perfect]).combine_chunks()
        return both.take(pa.array(np.where(improved, np.arange(n_rows) + n_rows, np.arange(n_rows))))

    def exchanged(self, order: Positions) -> pa.Table:
        """Return the noisy predictions, each given to another row; the keys stay."""
        moved = self.noisy.take(pa.array(order))
        for name in self.keys:
            moved = moved.set_column(moved.column_names.index(name), name, self.noisy.column(name))
        return moved

    def with_columns(self, names: tuple[str, ...]) -> Example:
        """Return this example with positive amounts in the row columns that it lacks."""
        draw, rows = np.random.default_rng(_SEED), self.rows
        for name in names:
            if name not in rows.column_names:
                rows = rows.append_column(name, pa.array(draw.uniform(1, 9, self.n_rows)))
        return dataclasses.replace(self, rows=rows)


def same(one: float, other: float) -> bool:
    """Tell whether two scores are equal up to rounding, or both undefined."""
    return (math.isnan(one) and math.isnan(other)) or math.isclose(one, other, rel_tol=_CLOSE, abs_tol=_CLOSE)


def taken(sample: Sample, positions: Positions) -> Sample:
    """Return rows by position, some of them several times."""
    rows = pa.array(positions)
    weight = None if sample.weight is None else sample.weight[positions]
    # A table without columns forgets how many rows it has when they are taken.
    beside = sample.rows.take(rows) if sample.rows.num_columns else pa.table({"row": positions}).select([])
    return Sample(sample.truth.take(rows), sample.predictions.take(rows), beside, weight)


def example_of(sample: Sample, perfect: pa.Table | None) -> Example:
    """Return a user's sample as an example; predictions with the truth's columns are perfect where they equal it."""
    shared = [field.name for field in sample.predictions.schema if field in list(sample.truth.schema)]
    if perfect is None and set(shared) == set(sample.predictions.column_names):
        perfect = sample.truth.select(sample.predictions.column_names)
    return Example(sample.truth, sample.predictions, perfect, sample.rows, weight=sample.weight)


def _no_columns() -> pa.Table:
    return pa.table({"row": np.arange(_N_ROWS)}).select([])


def _binary() -> Example:
    draw = np.random.default_rng(_SEED)
    truth = draw.permutation(np.arange(_N_ROWS) % 5 < 2)
    sign = np.where(truth, 1.0, -1.0)
    return Example(
        pa.table({"label": truth}),
        _binary_predictions(sign + draw.normal(size=_N_ROWS)),
        _binary_predictions(sign * 50.0),
        _no_columns(),
    )


def _binary_predictions(score: npt.NDArray[np.float64]) -> pa.Table:
    return pa.table({"score": score, "probability": 1 / (1 + np.exp(-score)), "label": score > 0})


def _multiclass() -> Example:
    draw = np.random.default_rng(_SEED)
    truth = draw.permutation(np.arange(_N_ROWS) % 3).astype(np.int32)
    right = np.eye(3)[truth]
    strength = np.exp(1.2 * right + draw.normal(size=(_N_ROWS, 3)) / 2)
    classes = pa.array(["a", "b", "c"])
    label = pa.DictionaryArray.from_arrays(truth, classes)
    noisy = strength / strength.sum(axis=1, keepdims=True)
    return Example(
        pa.table({"label": label}),
        _class_predictions(noisy, classes),
        _class_predictions(right, classes),
        _no_columns(),
    )


def _class_predictions(matrix: npt.NDArray[np.float64], classes: pa.Array) -> pa.Table:
    columns: dict[str, Any] = {f"probability_{name}": matrix[:, index].copy() for index, name in enumerate("abc")}
    columns["label"] = pa.DictionaryArray.from_arrays(matrix.argmax(axis=1).astype(np.int32), classes)
    return pa.table(columns)


def _regression() -> Example:
    draw = np.random.default_rng(_SEED)
    truth = draw.uniform(2.0, 9.0, _N_ROWS)
    noisy = truth + draw.uniform(-1.5, 1.5, _N_ROWS)
    return Example(pa.table({"value": truth}), pa.table({"value": noisy}), pa.table({"value": truth}), _no_columns())


def _multilabel() -> Example:
    draw = np.random.default_rng(_SEED)
    truth = draw.random((_N_ROWS, 3)) < [0.3, 0.5, 0.6]
    sign = np.where(truth, 1.0, -1.0)
    return Example(
        pa.table({f"label_{name}": truth[:, index].copy() for index, name in enumerate("abc")}),
        _label_predictions(sign + draw.normal(size=sign.shape)),
        _label_predictions(sign * 50.0),
        _no_columns(),
    )


def _label_predictions(score: npt.NDArray[np.float64]) -> pa.Table:
    kinds = {"probability": 1 / (1 + np.exp(-score)), "score": score, "label": score > 0}
    return pa.table(
        {
            f"{kind}_{name}": values[:, index].copy()
            for kind, values in kinds.items()
            for index, name in enumerate("abc")
        }
    )


def _quantile() -> Example:
    draw = np.random.default_rng(_SEED)
    truth = draw.uniform(2.0, 9.0, _N_ROWS)
    noisy = truth + draw.uniform(-1.5, 1.5, _N_ROWS)
    levels = {"q_0.1": noisy - 1.0, "q_0.5": noisy, "q_0.9": noisy + 1.0}
    return Example(pa.table({"value": truth}), pa.table(levels), pa.table(dict.fromkeys(levels, truth)), _no_columns())


def _forecast() -> Example:
    example, n_half = _regression(), _N_ROWS // 2
    places = {
        "series": pa.array(["north"] * n_half + ["south"] * n_half),
        "horizon": pa.array(np.tile(np.arange(n_half) + 1, 2)),
        "scale": pa.array(np.repeat([0.8, 1.3], n_half)),
    }
    perfect, noisy = (pa.table({"value": table.column("value"), **places}) for table in (example.truth, example.noisy))
    return Example(example.truth, noisy, perfect, example.rows, keys=tuple(places))


def _ranking() -> Example:
    draw = np.random.default_rng(_SEED)
    size = _N_ROWS // 3
    relevance = np.concatenate([draw.permutation(np.arange(size) % 4) for _ in range(3)]).astype(np.float64)
    truth = {"query": [f"query {number // size}" for number in range(_N_ROWS)], "relevance": relevance}
    noisy = relevance + draw.normal(size=_N_ROWS) / 2
    return Example(pa.table(truth), pa.table({"score": noisy}), pa.table({"score": relevance}), _no_columns())


def _text() -> Example:
    draw = np.random.default_rng(_SEED)
    words = np.array(["river", "stone", "cloud", "bread", "glass", "night", "paper", "green"])
    true = [draw.choice(words, 5, replace=False) for _ in range(_N_ROWS)]
    said = [np.where(draw.integers(0, 7, 5) == 0, draw.choice(words, 5), each) for each in true]
    truth, noisy = (pa.table({"text": [" ".join(each) for each in texts]}) for texts in (true, said))
    return Example(truth, noisy, truth, _no_columns())


# By name of the task; a new kind of task adds a line.
EXAMPLES: dict[str, Callable[[], Example]] = {
    "binary": _binary,
    "forecast": _forecast,
    "multiclass": _multiclass,
    "multilabel": _multilabel,
    "quantile": _quantile,
    "ranking": _ranking,
    "regression": _regression,
    "text": _text,
}
