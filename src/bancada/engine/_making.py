"""Fresh models from what a job says."""

from __future__ import annotations

import importlib
import pickle
from typing import TYPE_CHECKING, Any

from bancada import models
from bancada.definitions import Candidate
from bancada.engine._extracted import import_extracted
from bancada.exceptions import DefinitionError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bancada.contracts import Model, Task
    from bancada.engine._jobs import ModelSpec
    from bancada.store import Store

__all__ = ["find_candidate", "make"]


def make(spec: ModelSpec, params: Mapping[str, Any], task: Task, store: Store) -> Model:
    """Return a fresh, unfitted model.

    Args:
        spec: Reference, value or baseline.
        params: Resolved parameters of a reference, as JSON.
        task: The resolved task, whose baseline may be asked for.
        store: Where the text of what was extracted from a session is kept.

    Raises:
        DefinitionError: The candidate returned something that cannot be fitted.
        NotFoundError: The reference leads nowhere.
    """
    module = import_extracted(spec, store) if spec.extracted else None
    if spec.baseline:
        model: Any = task.baseline()
    elif spec.value:
        model = models.fresh(pickle.loads(spec.value))  # noqa: S301 - bytes of this process's own driver
    elif module is not None:
        function = getattr(module, spec.qualname)
        candidate = function if isinstance(function, Candidate) else Candidate("extracted", function)
        model = candidate.function(**candidate.resolve(dict(params)))
    else:
        candidate = find_candidate(spec.module, spec.qualname)
        model = candidate.function(**candidate.resolve(dict(params)))
    if isinstance(model, Candidate):
        # A function of a script or a notebook travels by value.
        model = model.function(**model.resolve(dict(params)))
    predicts = callable(getattr(model, "predict", None)) or callable(getattr(model, "predict_proba", None))
    if isinstance(model, type) or not callable(getattr(model, "fit", None)) or not predicts:
        raise DefinitionError(
            "A candidate returns a model with `fit` and `predict` or `predict_proba`.",
            f"`{spec.qualname or 'the value'}` gave a `{type(model).__name__}`.",
            "Return the unfitted model at the end of the function.",
        )
    made: Model = model
    return made


def find_candidate(module: str, qualname: str) -> Candidate:
    """Return a candidate by its reference, importing its module if need be.

    Raises:
        NotFoundError: There is no candidate of that name.
    """
    found: Any = importlib.import_module(module)
    for name in qualname.split("."):
        found = getattr(found, name, None)
    if not isinstance(found, Candidate):
        raise NotFoundError(
            "A reference must lead to a function under `@bc.candidate`.",
            f"`{module}:{qualname}` does not.",
            "Keep the decorated function at the top level of its module.",
        )
    return found
