"""Binary predictions for the tests of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bancada.samples import Sample

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["binary", "numbers"]


def binary(seed: int, n: int, *, shift: float = 1.5, weight: npt.NDArray[np.float64] | None = None) -> Sample:
    """Return n rows with scores, probabilities and labels."""
    draw = np.random.default_rng(seed)
    truth = draw.random(n) < 0.4
    truth[:2] = [True, False]
    score = draw.normal(size=n) + shift * truth
    predictions = {"score": score, "probability": 1 / (1 + np.exp(-score)), "label": score > shift / 2}
    return Sample(pa.table({"label": truth}), pa.table(predictions), pa.table({"row": np.arange(n)}), weight)


def numbers(truth: npt.NDArray[np.float64], value: npt.NDArray[np.float64]) -> Sample:
    """Return true and predicted values."""
    return Sample(pa.table({"value": truth}), pa.table({"value": value}), pa.table({"row": np.arange(truth.size)}))
