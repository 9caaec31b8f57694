"""A project whose fits take about a millisecond, so that what is kept of them shows."""

from sklearn.datasets import load_breast_cancer
from sklearn.naive_bayes import GaussianNB

import bancada as bc


def problem(name: str, split: object) -> bc.Problem:
    """Return the problem under one split."""
    return bc.Problem(
        name=name,
        dataset=bc.Dataset.from_sklearn(load_breast_cancer, name="breast-cancer", version="1995"),
        target="target",
        task=bc.tasks.Binary(),
        split=split,
        evaluation=bc.Evaluation(primary="roc_auc"),
    )


one_fold = problem("one-fold", bc.splits.Single(0.2, seed=0))
five_folds = problem("five-folds", bc.splits.KFold(5, stratify=True, seed=0))


@bc.candidate
def bayes(smoothing: float = 1e-9) -> GaussianNB:
    """Take features for normal and independent."""
    return GaussianNB(var_smoothing=smoothing)
