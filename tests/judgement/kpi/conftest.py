"""Candidates made by hand: truth, probabilities and amounts in folds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa
import pytest

from bancada.engine.scored import TestedFold
from bancada.judgement.kpi._candidates import Candidate
from bancada.samples import Sample
from bancada.scoring import FoldSample

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.records import RunRecord


class Make(Protocol):
    """Make a candidate of probabilities for the same rows in the same folds."""

    def __call__(self, label: str, probability: Any, weight: Any = None) -> Candidate: ...


@pytest.fixture
def candidate_of(run_of: Callable[..., RunRecord]) -> Callable[[Any, Any, int], Make]:
    """Return a maker of makers: truth, amounts and the count of folds are shared by all candidates."""

    def shared(truth: Any, amount: Any, n_folds: int) -> Make:
        positive, amounts = np.asarray(truth, dtype=bool), np.asarray(amount, dtype=np.float64)

        def make(label: str, probability: Any, weight: Any = None) -> Candidate:
            p = np.asarray(probability, dtype=np.float64)
            weights = None if weight is None else np.asarray(weight, dtype=np.float64)
            folds = []
            for number in range(n_folds):
                places = np.arange(number, len(positive), n_folds)
                predictions = pa.table({"score": p[places], "probability": p[places], "label": p[places] >= 0.5})
                sample = Sample(
                    pa.table({"label": positive[places]}),
                    predictions,
                    pa.table({"invoice": amounts[places]}),
                    None if weights is None else weights[places],
                )
                folds.append(TestedFold(FoldSample(0, number, sample), places))
            return Candidate(label, run_of(label), tuple(folds))

        return make

    return shared
