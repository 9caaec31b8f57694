"""The estimators and folds that `evaluation` and `cross_validation` share."""

from typing import Any

from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

FOLDS = StratifiedKFold(5, shuffle=True, random_state=0)


def estimators(count: int) -> dict[str, Any]:
    """Return the first few of five estimators, quick ones first."""
    every = {
        "logistic": make_pipeline(StandardScaler(), LogisticRegression(max_iter=1_000)),
        "bayes": GaussianNB(),
        "neighbours": make_pipeline(StandardScaler(), KNeighborsClassifier(15)),
        "forest": RandomForestClassifier(random_state=0),
        "boosting": HistGradientBoostingClassifier(max_depth=3, random_state=0),
    }
    return dict(list(every.items())[:count])
