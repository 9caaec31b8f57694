"""Breast tumours, benign or malignant: four candidates on the Wisconsin data that scikit-learn ships."""

from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

import bancada as bc

tumours = bc.Problem(
    name="tumours",
    dataset=bc.Dataset.from_sklearn(load_breast_cancer, name="breast-cancer", version="1995", labels=True),
    target="target",
    task=bc.tasks.Binary(positive="malignant"),
    split=bc.splits.KFold(5, repeats=3, stratify=True, seed=7, holdout=0.2),
    evaluation=bc.Evaluation(
        primary="roc_auc",
        metrics=["average_precision", "log_loss", "brier", "recall"],
        margin=0.005,
        slices=[bc.Slice("large", "`mean radius` > 15"), bc.Slice("small", "`mean radius` <= 15")],
        kpi=bc.Kpi(
            "cost of errors",
            unit="EUR per patient",
            costs={"false_positive": 1_000, "true_positive": 1_000, "false_negative": 50_000},
            ranges={"false_negative": (20_000, 200_000)},
            rationale="Whoever is told `malignant` has a biopsy; a tumour that is missed is treated late.",
        ),
        title="Which tumours to call malignant",
        rationale="""A pathologist looks first at the tumours that a model puts at the top of the list.

        So the order of the tumours must be right, and their probabilities good enough to decide by.""",
        reasons={
            "roc_auc": "rates the order of the list, wherever it is cut",
            "average_precision": "rates the top of the list, where the pathologist begins",
            "log_loss": "rates the probabilities, and punishes what is surely wrong",
            "brier": "rates the probabilities in a unit that is easy to read",
            "recall": "says how many tumours would be found at once",
        },
        alternatives=[
            bc.Alternative("accuracy", "63 % of the tumours are benign, and the two errors do not cost alike"),
            bc.Alternative("f1", "needs a cut, and forgets the benign ones that were left in peace"),
        ],
    ),
)


@bc.candidate
def logistic(C: float = 1.0) -> Pipeline:
    """Scaled features, linear log-odds."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=C, max_iter=1_000))


@bc.candidate
def boosting(learning_rate: float = 0.1, max_depth: int | None = 3) -> HistGradientBoostingClassifier:
    """Boosted trees."""
    return HistGradientBoostingClassifier(learning_rate=learning_rate, max_depth=max_depth)


@bc.candidate
def forest(trees: int = 100) -> RandomForestClassifier:
    """Averaged deep trees."""
    return RandomForestClassifier(n_estimators=trees)


@bc.candidate
def neighbours(k: int = 15) -> Pipeline:
    """Let the nearest vote."""
    return make_pipeline(StandardScaler(), KNeighborsClassifier(n_neighbors=k))
