"""Several estimators scored by `bc.evaluate`. Usage: evaluation.py COUNT_OF_ESTIMATORS."""

import sys
import tempfile

from estimators import FOLDS, estimators
from sklearn.datasets import load_breast_cancer

import bancada as bc

X, y = load_breast_cancer(return_X_y=True, as_frame=True)
with tempfile.TemporaryDirectory() as store:
    board = bc.evaluate(estimators(int(sys.argv[1])), X, y, split=FOLDS, primary="roc_auc", store=store)
    print(max(line.value for line in board))
