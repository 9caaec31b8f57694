"""What every worker needs before its first fold, made once where workers are forked from.

Importing this module is what it is for: a zygote does it after the project's modules, while the driver still plans, and
workers inherit what came of it. It imports what only workers load, and looks the libraries through, which would
otherwise take each worker a tenth of a second. It fits and predicts nothing: after that no process is forked safely.
"""

from __future__ import annotations

import contextlib
import importlib
import sys

from bancada import models
from bancada.engine import _worker
from bancada.engine._restoring import LibraryState

__all__ = ["LIBRARIES"]


def _import_what_folds_load() -> None:
    """Import what a fold would load first; what is not there is done without."""
    for name in ("sklearn.dummy", "sklearn.pipeline") if "sklearn" in sys.modules else ():
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    if {"sklearn", "pandas"} <= sys.modules.keys():
        # scikit-learn reads frames by a library of its own choice, which it loads with the first one.
        with contextlib.suppress(Exception):
            frame = importlib.import_module("pandas").DataFrame({"x": [0.0]})
            importlib.import_module("sklearn.utils").check_array(frame)


# Both load by being named.
_NEEDED = (models.fit, _worker.worker)
_import_what_folds_load()
LIBRARIES = LibraryState()
LIBRARIES.look()
