"""Iris, setosa or not: a project that is edited."""

import pandas as pd
import tinylibrary
from features import scaled
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer

import bancada as bc


def flowers() -> pd.DataFrame:
    """Return the data with two targets."""
    frame = load_iris(as_frame=True).frame
    return frame.assign(early=frame.target == 0, late=frame.target == 2).drop(columns="target")


iris = bc.Problem(
    name="iris",
    dataset=bc.Dataset.from_function(flowers, name="iris", version="1", id=bc.ROW),
    target="early",
    exclude=["early", "late"],
    task=bc.tasks.Binary(positive=True),
    split=bc.splits.KFold(3, stratify=True),
    evaluation=bc.Evaluation(primary="roc_auc", metrics=[]),
)


@bc.candidate
def model(strength: float = 1.0) -> Pipeline:
    """Features by the helper, a constant by the library."""
    return make_pipeline(FunctionTransformer(scaled), LogisticRegression(C=strength * tinylibrary.FACTOR))
