"""A project: one pipeline with a parameter, 5 folds, small data."""

from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

import bancada as bc

tumours = bc.Problem(
    name="tumours",
    dataset=bc.Dataset.from_sklearn(load_breast_cancer, name="breast-cancer", version="1995"),
    target="target",
    task=bc.tasks.Binary(),
    split=bc.splits.KFold(5, stratify=True, seed=0),
    evaluation=bc.Evaluation(primary="roc_auc"),
)


@bc.candidate
def logistic(C: float = 1.0) -> Pipeline:  # noqa: N803 - as scikit-learn calls it
    """Scaled features, linear log-odds."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=C, max_iter=1_000))
