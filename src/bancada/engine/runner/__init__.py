"""The runner: a program that fits and predicts the folds of one claim, from a file, in whatever environment it is.

`python -m bancada.engine.runner JOB` reads `job/1` and writes `result/1` and one Arrow file of predictions per fold.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.engine.runner._describing import describe_binding
    from bancada.engine.runner._protocol import (
        Job,
        JobCandidate,
        JobFold,
        Result,
        ResultFold,
        ResultScore,
        Template,
        read_job,
        read_result,
        read_template,
    )

__all__ = [
    "Job",
    "JobCandidate",
    "JobFold",
    "Result",
    "ResultFold",
    "ResultScore",
    "Template",
    "describe_binding",
    "read_job",
    "read_result",
    "read_template",
]

_WHERE = {"describe_binding": "_describing"}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{_WHERE.get(name, '_protocol')}"), name)
