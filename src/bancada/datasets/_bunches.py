"""What scikit-learn's `load_…` and `fetch_…` functions return, as one Arrow table."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import numpy as np
import pandas as pd

from bancada.datasets._arrays import features_table, joined, target_table
from bancada.exceptions import DataError, DefinitionError

__all__ = ["bunch_name", "bunch_table"]


def bunch_name(bunch: Any) -> str:
    """Return how a bunch is called: after its loader, or after the file it came from.

    Raises:
        DefinitionError: If neither tells.

    Examples:
        >>> from sklearn.datasets import load_breast_cancer
        >>> bunch_name(load_breast_cancer)
        'breast_cancer'
    """
    if callable(bunch):
        name = str(getattr(bunch, "__name__", ""))
        name = name.removeprefix("load_").removeprefix("fetch_")
    else:
        name = PurePath(str(getattr(bunch, "filename", ""))).name.split(".")[0]
    if not name.isidentifier():
        raise DefinitionError(
            "A dataset must have a name.",
            "What was given to `from_sklearn` has none of its own.",
            "Say `name='churn'`.",
        )
    return name


def bunch_table(bunch: Any, target: str, *, labels: bool) -> Any:
    """Return the table of a bunch, features first.

    Args:
        bunch: A bunch with `data` and `target`, or a function that returns one.
        target: Name of the target column; several are called by their `target_names`.
        labels: True writes the class names of `target_names` for the integer codes.

    Raises:
        DataError: If it is no bunch, its data are sparse, or class names are asked for and there are none.
    """
    loaded = bunch() if callable(bunch) else bunch
    if not hasattr(loaded, "data") or not hasattr(loaded, "target"):
        raise DataError(
            "`from_sklearn` takes what scikit-learn's loaders return: a bunch with `data` and `target`.",
            f"It is of type `{type(loaded).__qualname__}`.",
            "Pass the loader, as in `bc.Dataset.from_sklearn(load_breast_cancer)`.",
        )
    named = getattr(loaded, "feature_names", None)
    features = features_table(loaded.data, None if named is None else [str(name) for name in named])
    values = _class_names(loaded) if labels else loaded.target
    targets = target_table(
        values.rename(target) if isinstance(values, pd.Series) else values, target, features.column_names
    )
    names = getattr(loaded, "target_names", None)
    if targets.num_columns > 1 and names is not None and len(names) == targets.num_columns:
        targets = targets.rename_columns([str(name) for name in names])
    return joined(features, targets)


def _class_names(bunch: Any) -> Any:
    """Return the class name of each row, (n_rows,)."""
    codes, names = np.asarray(bunch.target), getattr(bunch, "target_names", ())
    coded = codes.ndim == 1 and np.issubdtype(codes.dtype, np.integer)
    if not coded or not len(codes) or codes.min() < 0 or codes.max() >= len(names):
        raise DataError(
            "`labels=True` needs a target of integer codes and a name for each in `target_names`.",
            f"The target is of type {codes.dtype} and `target_names` is {names!r}.",
            "Say `labels=False`.",
        )
    return np.asarray(names, dtype=object)[codes]
