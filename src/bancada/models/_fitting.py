"""Fitting a model by the signature it has, with every source of chance seeded."""

from __future__ import annotations

import hashlib
import inspect
import random
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.exceptions import DefinitionError
from bancada.models._values import is_estimator

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.contracts import Model

__all__ = ["fit", "fold_seed", "fresh", "seed_everything", "seed_model", "wants_groups", "wants_validation"]

SEED_BOUND = 2**32
# As the rankers of XGBoost, CatBoost and LightGBM call it; `group` takes counts, the others a value for each row.
GROUP_NAMES = ("qid", "group_id", "group", "groups")


def fold_seed(seed: int, repeat: int, fold: int) -> int:
    """Return the seed of one fold, in [0, 2³²): the first four bytes of SHA-256 over `seed/repeat/fold`."""
    text = f"{seed}/{repeat}/{fold}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:4], "big")


def seed_everything(seed: int) -> None:
    """Seed `random`, NumPy's global generator, and torch where it is loaded."""
    random.seed(seed)
    np.random.seed(seed % SEED_BOUND)  # noqa: NPY002 - estimators with random_state=None draw from the global generator
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(seed)


def seed_model(model: Model, seed: int) -> tuple[str, ...]:
    """Fill each `random_state=None` of an estimator and of what it contains.

    Returns:
        Names of the parameters that were fixed by the user and are respected.
    """
    if not is_estimator(model):
        return ()
    params = model.get_params(deep=True)  # type: ignore[attr-defined]  # guarded by is_estimator
    names = [name for name in params if name == "random_state" or name.endswith("__random_state")]
    empty = {name: seed for name in names if params[name] is None}
    if empty:
        model.set_params(**empty)  # type: ignore[attr-defined]  # estimators have it beside get_params
    return tuple(name for name in names if params[name] is not None)


def fresh(model: Model) -> Model:
    """Return an unfitted copy of an estimator; anything else as it is."""
    from sklearn.base import clone  # noqa: PLC0415 - scikit-learn is loaded only where an estimator is copied

    if is_estimator(model):
        copy: Model = clone(model)
        return copy
    return model


def fit(
    model: Model,
    X: Any,
    y: Any,
    *,
    sample_weight: Any = None,
    validation: tuple[Any, Any] | None = None,
    groups: npt.NDArray[np.int64] | None = None,
) -> None:
    """Fit a model, handing over what its signature asks for.

    Args:
        model: A fresh model.
        X: Training rows, (n_train, n_features).
        y: Training target, (n_train,) or (n_train, n_targets).
        sample_weight: Weights, (n_train,); None where the problem does not weigh the fit.
        validation: `(X_valid, y_valid)`; handed over only where `fit` names `validation`.
        groups: Number of the query or the like that each row belongs to, ascending, (n_train,); handed over only where
            `fit` names `qid`, `group_id`, `groups` (these values) or `group` (the count of rows of each).

    Raises:
        DefinitionError: Weights are given and the model's `fit` cannot take them.
    """
    extra: dict[str, Any] = {}
    if validation is not None and wants_validation(model):
        extra["validation"] = validation
    if sample_weight is not None:
        extra[_weight_name(model, inspect.signature(model.fit).parameters)] = sample_weight
    if groups is not None:
        extra |= _group_argument(model, groups)
    model.fit(X, y, **extra)


def wants_validation(model: Model) -> bool:
    """Return True where the signature of `fit` names `validation`."""
    return "validation" in inspect.signature(model.fit).parameters


def wants_groups(model: Model) -> bool:
    """Return True where the signature of `fit`, or of a pipeline's last step, names what groups are called there."""
    return _group_name(model) is not None


def _group_name(model: Any) -> tuple[str, str] | None:
    """Return what groups are called in the signature of `fit`, and the argument's full name; None without one."""
    names = inspect.signature(model.fit).parameters
    prefix = ""
    steps = getattr(model, "steps", None)
    if steps and hasattr(steps[-1][1], "fit"):
        names, prefix = inspect.signature(steps[-1][1].fit).parameters, f"{steps[-1][0]}__"
    name = next((name for name in GROUP_NAMES if name in names), None)
    return None if name is None else (name, prefix + name)


def _group_argument(model: Any, groups: npt.NDArray[np.int64]) -> dict[str, Any]:
    found = _group_name(model)
    if found is None:
        return {}
    name, argument = found
    return {argument: np.unique(groups, return_counts=True)[1] if name == "group" else groups}


def _weight_name(model: Any, names: Any) -> str:
    if "sample_weight" in names:
        return "sample_weight"
    steps = getattr(model, "steps", None)
    if steps and "sample_weight" in inspect.signature(steps[-1][1].fit).parameters:
        return f"{steps[-1][0]}__sample_weight"
    raise DefinitionError(
        "With `fit_weight=True` a model's `fit` must take `sample_weight`.",
        f"`{type(model).__name__}.fit` takes {', '.join(f'`{name}`' for name in names)}.",
        "Choose a model that weighs rows, or drop `fit_weight=True`: the metrics weigh them all the same.",
    )
