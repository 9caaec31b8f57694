"""The metric keeps every law of its contract, and gives what scikit-learn gives."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from bancada_example_plugin import poisson_deviance
from sklearn.metrics import mean_poisson_deviance

from bancada.metrics import as_metric
from bancada.samples import Sample
from bancada.testing import metric_checks


@pytest.mark.parametrize("check", metric_checks(poisson_deviance), ids=str)
def test_it_keeps_the_laws(check: Any) -> None:
    check()


def test_it_is_what_scikit_learn_computes() -> None:
    counts, rates = [0.0, 2.0, 5.0], [0.5, 1.5, 4.0]
    sample = Sample(pa.table({"value": counts}), pa.table({"value": rates}), pa.table({"row": [0, 1, 2]}))
    assert poisson_deviance.score(sample) == pytest.approx(mean_poisson_deviance(counts, rates))


def test_it_is_found_by_its_name() -> None:
    assert as_metric("poisson_deviance").name == "poisson_deviance"
