"""The peer of `evaluation`: `cross_validate` in a loop. Usage: cross_validation.py COUNT_OF_ESTIMATORS N_JOBS."""

import sys

from estimators import FOLDS, estimators
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import cross_validate

X, y = load_breast_cancer(return_X_y=True, as_frame=True)
scores = {
    name: cross_validate(model, X, y, cv=FOLDS, scoring="roc_auc", n_jobs=int(sys.argv[2]))["test_score"].mean()
    for name, model in estimators(int(sys.argv[1])).items()
}
print(max(scores.values()))
