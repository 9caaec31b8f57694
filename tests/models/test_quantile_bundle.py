"""One estimator for each quantile."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import GradientBoostingRegressor, HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression, QuantileRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer, StandardScaler

from bancada.exceptions import DefinitionError
from bancada.models import QuantileBundle, describe, fresh, seed_model

X = np.random.default_rng(1).normal(size=(300, 2))
Y = X[:, 0] + np.random.default_rng(2).normal(size=300)


@pytest.mark.parametrize(
    ("estimator", "name"),
    [
        (QuantileRegressor(alpha=0), "quantile"),
        (HistGradientBoostingRegressor(loss="quantile", max_iter=20), "quantile"),
        (GradientBoostingRegressor(loss="quantile", n_estimators=20), "alpha"),
        (DummyRegressor(strategy="quantile"), "quantile"),
        (make_pipeline(QuantileTransformer(n_quantiles=10), QuantileRegressor(alpha=0)), "quantileregressor__quantile"),
        (
            make_pipeline(StandardScaler(), GradientBoostingRegressor(loss="quantile", n_estimators=20)),
            "gradientboostingregressor__alpha",
        ),
    ],
    ids=["linear", "histogram", "boosting", "dummy", "pipeline", "pipeline of alpha"],
)
def test_each_copy_predicts_its_level(estimator: Any, name: str) -> None:
    bundle = QuantileBundle(estimator, levels=(0.2, 0.8)).fit(X, Y)
    assert [model.get_params()[name] for model in bundle.estimators_] == [0.2, 0.8]
    found = bundle.predict(X)
    assert found.shape == (300, 2)
    below = (Y[:, np.newaxis] <= found).mean(axis=0)
    assert below == pytest.approx([0.2, 0.8], abs=0.07)


def test_the_parameter_may_be_named() -> None:
    forced = QuantileBundle(GradientBoostingRegressor(loss="huber", n_estimators=2), (0.2, 0.9), "alpha").fit(X, Y)
    assert [model.alpha for model in forced.estimators_] == [0.2, 0.9]


@pytest.mark.parametrize(
    ("bundle", "match"),
    [
        (QuantileBundle(LinearRegression()), r"`LinearRegression` has none\. Set `loss='quantile'`"),
        (QuantileBundle(GradientBoostingRegressor()), r"`GradientBoostingRegressor` has none\. Set `loss='quantile'`"),
        (QuantileBundle(HistGradientBoostingRegressor()), r"`HistGradientBoostingRegressor` has none"),
        (QuantileBundle(QuantileRegressor(), parameter="tau"), r"has no `tau`"),
    ],
)
def test_an_estimator_of_the_mean_is_refused(bundle: QuantileBundle, match: str) -> None:
    with pytest.raises(DefinitionError, match=match):
        bundle.fit(X, Y)


def test_weights_reach_every_copy() -> None:
    weight = (np.arange(300) < 10).astype(float)
    bundle = QuantileBundle(DummyRegressor(strategy="quantile"), (0.01, 0.99)).fit(X, Y, sample_weight=weight)
    assert set(bundle.predict(X[:1])[0]) <= set(Y[:10])


def test_it_is_an_estimator_to_the_engine() -> None:
    bundle = QuantileBundle(GradientBoostingRegressor(loss="quantile"), (0.1, 0.9))
    copy: Any = fresh(bundle)
    assert copy is not bundle
    assert describe(copy) == describe(bundle) != describe(QuantileBundle(GradientBoostingRegressor(), (0.1, 0.9)))
    seed_model(copy, 7)
    assert copy.estimator.random_state == 7
