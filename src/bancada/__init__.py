"""bancada: machine-learning model experimentation, comparable, reproducible and shippable.

In a notebook or a script::

    import bancada as bc

    board = bc.evaluate({"logistic": LogisticRegression(), "forest": RandomForestClassifier()}, X, y)
    model = board.best.fit()

In a project, a module defines a `bc.Problem` and functions under `@bc.candidate`, and `bancada run` scores them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada import metrics, models, splits, tasks
    from bancada._comparing import across, compare
    from bancada._evaluating import evaluate
    from bancada._loading import load
    from bancada._submitting import submit
    from bancada.datasets import ROW, Dataset
    from bancada.definitions import Candidate, Evaluation, Problem, Slice, candidate
    from bancada.definitions.agreement import Alternative
    from bancada.definitions.kpi import Kpi
    from bancada.engine import log, log_artifact
    from bancada.exceptions import BancadaError, NotComparable
    from bancada.report import Board

__all__ = [
    "ROW",
    "Alternative",
    "BancadaError",
    "Board",
    "Candidate",
    "Dataset",
    "Evaluation",
    "Kpi",
    "NotComparable",
    "Problem",
    "Slice",
    "across",
    "candidate",
    "compare",
    "evaluate",
    "load",
    "log",
    "log_artifact",
    "metrics",
    "models",
    "splits",
    "submit",
    "tasks",
]

_WHERE = {
    "ROW": "bancada.datasets",
    "Alternative": "bancada.definitions.agreement",
    "BancadaError": "bancada.exceptions",
    "Board": "bancada.report",
    "Candidate": "bancada.definitions",
    "Dataset": "bancada.datasets",
    "Evaluation": "bancada.definitions",
    "Kpi": "bancada.definitions.kpi",
    "NotComparable": "bancada.exceptions",
    "Problem": "bancada.definitions",
    "Slice": "bancada.definitions",
    "across": "bancada._comparing",
    "candidate": "bancada.definitions",
    "compare": "bancada._comparing",
    "evaluate": "bancada._evaluating",
    "load": "bancada._loading",
    "log": "bancada.engine",
    "log_artifact": "bancada.engine",
    "submit": "bancada._submitting",
}
_PACKAGES = ("metrics", "models", "splits", "tasks")


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name in _PACKAGES:
        return importlib.import_module(f"{__name__}.{name}")
    if name not in _WHERE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(importlib.import_module(_WHERE[name]), name)
    # The next use finds it without this detour; `bc.log` is called in loops.
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Name what can be had, for completion in notebooks."""
    return sorted(__all__)
