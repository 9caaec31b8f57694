"""The peer of `small_grid`: the same pipeline, data and folds by `GridSearchCV`. Usage: grid_search.py N_JOBS COUNT."""

import sys

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

X, y = load_breast_cancer(return_X_y=True, as_frame=True)
search = GridSearchCV(
    make_pipeline(StandardScaler(), LogisticRegression(max_iter=1_000)),
    {"logisticregression__C": np.geomspace(0.001, 100, int(sys.argv[2]))},
    scoring="roc_auc",
    cv=StratifiedKFold(5, shuffle=True, random_state=0),
    n_jobs=int(sys.argv[1]),
    refit=False,
).fit(X, y)
print(max(search.cv_results_["mean_test_score"]))
