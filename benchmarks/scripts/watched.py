"""A project whose module imports heavy libraries, and whose candidate is edited."""

import contextlib

import numpy as np
import pandas as pd
import scipy.stats  # noqa: F401 - loaded because it is heavy
import sklearn.ensemble  # noqa: F401 - loaded because it is heavy
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

import bancada as bc

with contextlib.suppress(ImportError):
    import torch  # noqa: F401 - loaded because it is heavy, where it is installed

SCALE = 1.0


def members() -> pd.DataFrame:
    """Return made-up data, the same each time."""
    draw = np.random.default_rng(7)
    frame = pd.DataFrame(draw.normal(size=(5_000, 20)), columns=[f"x{number}" for number in range(20)])
    return frame.assign(ill=frame.x0 + frame.x1 * frame.x2 + draw.normal(size=len(frame)) > 0)


def features(X: pd.DataFrame) -> pd.DataFrame:
    """Return the features that are edited."""
    return X.assign(product=X.x1 * X.x2 * SCALE)


risk = bc.Problem(
    name="risk",
    dataset=bc.Dataset.from_function(members, name="members", version="1", id=bc.ROW),
    target="ill",
    task=bc.tasks.Binary(positive=True),
    split=bc.splits.KFold(5, repeats=3, stratify=True),
)


@bc.candidate
def logistic() -> Pipeline:
    """Scaled features, linear log-odds."""
    return make_pipeline(FunctionTransformer(features), StandardScaler(), LogisticRegression())
