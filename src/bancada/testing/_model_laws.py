"""The laws of `contracts.Model`."""

from __future__ import annotations

import copy
import os
import pickle
import random
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from bancada import models
from bancada.testing._check import Found, Skip, checks_of, law

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import numpy.typing as npt

    from bancada.testing._check import Check

    Positions = npt.NDArray[np.int64]

__all__ = ["LAWS", "ModelCase", "model_checks"]

_N_ROWS = 60
_SEED = 4
_TOLERANCE = 1e-6
_NO_NAMES = Skip("the columns of X have no names")
_UNSEEN = "a category that training lacked"


@dataclass(frozen=True)
class ModelCase:
    """A way to make fresh models, and rows to fit them on.

    Attributes:
        make: Makes a fresh model.
        X: Features, (n_rows, n_features).
        y: Target, (n_rows,) or (n_rows, n_targets).
        seed: Seeds each fit.
    """

    make: Callable[[], Any]
    X: Any
    y: Any
    seed: int = 0

    @property
    def n_rows(self) -> int:
        """Count of rows."""
        return len(self.X)

    def rows(self, positions: Positions | slice) -> tuple[Any, Any]:
        """Return some rows of X and y."""
        return rows_of(self.X, positions), rows_of(self.y, positions)

    def fresh(self) -> Any:
        """Return a fresh model, seeded as in a fold."""
        models.seed_everything(self.seed)
        model = self.make()
        models.seed_model(model, self.seed)
        return model

    def fitted(self, X: Any = None, y: Any = None) -> Any:
        """Return a fresh model fitted on rows; on copies of all without any."""
        model = self.fresh()
        models.fit(model, copy.deepcopy(self.X) if X is None else X, copy.deepcopy(self.y) if y is None else y)
        return model


def model_checks(
    model: Any,
    X: Any = None,
    y: Any = None,
    *,
    seed: int = 0,
    name: str | None = None,
    waive: Mapping[str, str] | None = None,
) -> tuple[Check, ...]:
    """Return a check for each law of a model.

    Args:
        model: A fresh model, or a function without arguments that returns one, such as a candidate.
        X: Features, (n_rows, n_features), some tens or hundreds of rows; made-up numbers without them.
        y: Target, (n_rows,) or (n_rows, n_targets); 0 and 1 without it.
        seed: Seeds each fit, as a fold does.
        name: How the model is called; by its class without it.
        waive: Laws that the model breaks knowingly, each with its reason.
    """
    if X is None:
        draw = np.random.default_rng(_SEED)
        X = pd.DataFrame(draw.normal(size=(_N_ROWS, 3)), columns=["length", "width", "height"])
        y = (X["length"] + X["width"] > 0).astype(int).rename("target")
    is_model = callable(getattr(model, "fit", None)) and not isinstance(model, type)
    make = (lambda: models.fresh(copy.deepcopy(model))) if is_model else model
    shown = type(model).__name__ if is_model else getattr(model, "__name__", repr(model))
    return tuple(_guarded(check) for check in checks_of(LAWS, ModelCase(make, X, y, seed), name or shown, waive=waive))


def _guarded(check: Check) -> Check:
    """Return a check that leaves the generators of this process as it found them, for a fit seeds them.

    It runs in one thread: on rows as few as these, pools of threads wait for each other most of the time.
    """

    def holds() -> Found:
        python, numbers = random.getstate(), np.random.get_state()  # noqa: NPY002 - the state that a fit seeds
        try:
            with threadpool_limits(1):
                return check.holds()
        finally:
            random.setstate(python)
            np.random.set_state(numbers)  # noqa: NPY002 - as above

    return type(check)(check.block, check.name, check.law, check.look, holds)


def rows_of(table: Any, positions: Positions | slice) -> Any:
    """Return rows of a frame, a series, an array or an Arrow table, numbered anew."""
    if isinstance(table, pd.DataFrame | pd.Series):
        return table.iloc[positions].reset_index(drop=True)
    if hasattr(table, "take") and hasattr(table, "num_rows"):
        return table.take(np.arange(len(table))[positions])
    return table[positions]


def answers(model: Any, X: Any) -> npt.NDArray[Any]:
    """Return the most that a fitted model tells of rows, (n_rows,) or (n_rows, n_columns)."""
    for method in ("predict_proba", "decision_function", "predict"):
        if callable(getattr(model, method, None)):
            return np.asarray(getattr(model, method)(X))
    message = "a model has `predict` or `predict_proba`"
    raise AttributeError(message)


def alike(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> bool:
    """Tell whether two answers are equal, up to rounding where they are numbers."""
    if one.shape != other.shape:
        return False
    if one.dtype.kind in "fc" or other.dtype.kind in "fc":
        return bool(np.allclose(one, other, rtol=_TOLERANCE, atol=_TOLERANCE, equal_nan=True))
    return bool(np.array_equal(one, other))


def _halves(case: ModelCase) -> tuple[Positions, Positions]:
    """Return two parts of the rows, every other row in each, so that both have all classes that are not rare."""
    order = np.random.default_rng(_SEED).permutation(case.n_rows)
    return np.sort(order[: case.n_rows // 2]), np.sort(order[case.n_rows // 2 :])


@law("A model answers with one finite value, or one row of them, for each row of X.", "Look at the shapes.")
def rows_are_answered(case: ModelCase) -> Found:
    model = case.fitted()
    for method in ("predict", "predict_proba", "decision_function"):
        if not callable(getattr(model, method, None)):
            continue
        values = np.asarray(getattr(model, method)(case.X))
        if values.ndim == 0 or len(values) != case.n_rows:
            return f"`{method}` returned the shape {values.shape} for {case.n_rows} rows."
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            return f"`{method}` returned NaN or infinity."
    return None


@law("`predict_proba` gives probabilities: between 0 and 1, and 1 in sum over the classes.", "Normalise the rows.")
def probabilities_are_shares(case: ModelCase) -> Found:
    model = case.fitted()
    if not callable(getattr(model, "predict_proba", None)):
        return Skip("it has no `predict_proba`")
    values = np.asarray(model.predict_proba(case.X), dtype=np.float64)
    if values.min() < -_TOLERANCE or values.max() > 1 + _TOLERANCE:
        return f"They reach from {values.min():.6g} to {values.max():.6g}."
    if values.ndim == 1:
        return None
    worst = float(np.abs(values.sum(axis=1) - 1).max())
    return f"A row misses 1 by {worst:.3g}." if worst > np.sqrt(_TOLERANCE) else None


@law("The same seed gives the same answers.", "Let all randomness come from `random_state` or the global generators.")
def seeds_decide(case: ModelCase) -> Found:
    first, second = answers(case.fitted(), case.X), answers(case.fitted(), case.X)
    return None if alike(first, second) else f"{_n_different(first, second)} of {case.n_rows} rows differ."


@law("Asked twice, a fitted model answers the same.", "Let `predict` learn and draw nothing.")
def answers_are_repeatable(case: ModelCase) -> Found:
    model = case.fitted()
    first, second = answers(model, case.X), answers(model, case.X)
    return None if alike(first, second) else f"{_n_different(first, second)} of {case.n_rows} rows differ."


@law("What is answered for a row does not depend on the other rows.", "Compute nothing over the rows of `predict`.")
def rows_are_answered_alone(case: ModelCase) -> Found:
    model = case.fitted()
    whole = answers(model, case.X)
    order = np.random.default_rng(_SEED).permutation(case.n_rows)
    for what, positions in (("in another order", order), ("of the first half", np.arange(case.n_rows // 2))):
        part = answers(model, rows_of(case.X, positions))
        if not alike(part, whole[positions]):
            return f"{_n_different(part, whole[positions])} answers {what} differ."
    return None


@law("One row can be predicted.", "Look for `squeeze`, and for statistics over the rows that are predicted.")
def one_row_is_answered(case: ModelCase) -> Found:
    model = case.fitted()
    whole, single = answers(model, case.X), answers(model, rows_of(case.X, slice(0, 1)))
    if single.shape != whole[:1].shape:
        return f"It gave the shape {single.shape}, and {whole[:1].shape} among others."
    return None if alike(single, whole[:1]) else f"It is {single[0]!r} alone, and {whole[0]!r} among others."


@law("A second `fit` forgets the first.", "Reset in `fit` all that it learns; look for `warm_start`.")
def refitting_forgets(case: ModelCase) -> Found:
    one, other = _halves(case)
    model = case.fitted(*case.rows(one))
    models.seed_everything(case.seed)
    models.fit(model, *case.rows(other))
    again, anew = answers(model, case.X), answers(case.fitted(*case.rows(other)), case.X)
    return None if alike(again, anew) else f"{_n_different(again, anew)} of {case.n_rows} rows differ from a fresh fit."


@law("`fit` and `predict` leave X and y as they were.", "Copy before you write.")
def arguments_are_left_alone(case: ModelCase) -> Found:
    X, y = copy.deepcopy(case.X), copy.deepcopy(case.y)
    model = case.fitted(X, y)
    if _changed(X, case.X) or _changed(y, case.y):
        return f"`fit` changed {'X' if _changed(X, case.X) else 'y'}."
    answers(model, X)
    return "`predict` changed X." if _changed(X, case.X) else None


@law("Columns in another order are refused, or change nothing.", "Take columns by name.")
def column_order_is_not_ignored(case: ModelCase) -> Found:
    if not isinstance(case.X, pd.DataFrame):
        return _NO_NAMES
    if case.X.shape[1] < 2:
        return Skip("X has one column")
    model = case.fitted()
    whole = answers(model, case.X)
    try:
        moved = answers(model, case.X[case.X.columns[::-1]])
    except Exception:  # noqa: BLE001 - a model may refuse by any error
        return None
    return None if alike(whole, moved) else f"{_n_different(whole, moved)} of {case.n_rows} rows have other answers."


@law("A category that training lacked is answered.", "Say `handle_unknown='ignore'`, or keep a class for the rest.")
def unseen_categories_are_answered(case: ModelCase) -> Found:
    if not isinstance(case.X, pd.DataFrame):
        return _NO_NAMES
    names = [name for name in case.X.columns if _is_text(case.X[name])]
    if not names:
        return Skip("X has no column of texts or categories")
    model = case.fitted()
    n_columns = answers(model, case.X).shape[1:]
    for name in names:
        unseen = rows_of(case.X, slice(0, 1)).copy()
        is_category = isinstance(unseen[name].dtype, pd.CategoricalDtype)
        unseen[name] = pd.Series([_UNSEEN], dtype="category" if is_category else unseen[name].dtype)
        found = answers(model, unseen)
        if found.shape != (1, *n_columns):
            return f"With another category in `{name}` it gave the shape {found.shape}."
    return None


@law("Every fresh model is another object, and a copy answers like the original.", "Let nothing be shared by models.")
def models_share_nothing(case: ModelCase) -> Found:
    first, second = case.fresh(), case.fresh()
    if first is second:
        return "The same object was made twice."
    if not models.is_estimator(first):
        return None
    again = models.fresh(first)
    models.seed_everything(case.seed)
    models.fit(again, case.X, case.y)
    mine, theirs = answers(case.fitted(), case.X), answers(again, case.X)
    return None if alike(mine, theirs) else f"A clone answers {_n_different(mine, theirs)} rows in another way."


@law("A model changes nothing of its process: generators, environment, folder, NumPy's errors.", "Undo what you set.")
def the_process_is_left_alone(case: ModelCase) -> Found:
    model = case.fresh()
    if not models.is_estimator(model) or not any("random_state" in name for name in model.get_params(deep=True)):
        # It may draw from the global generators: that is what they are seeded for.
        watched = _surroundings
    else:
        watched = _everything
    with _own_folder():
        before = watched()
        models.fit(model, copy.deepcopy(case.X), copy.deepcopy(case.y))
        answers(model, case.X)
        changed = [name for name, value in watched().items() if value != before[name]]
    return f"It changed {', '.join(changed)}." if changed else None


@law("A fitted model can be pickled, and the copy answers the same.", "Keep no open file, lock or lambda in it.")
def fitted_models_travel(case: ModelCase) -> Found:
    import cloudpickle  # noqa: PLC0415 - for this law alone

    model = case.fitted()
    try:
        there = cloudpickle.dumps(model)
    except Exception as error:  # noqa: BLE001 - a part of the model may refuse by any error
        return f"It cannot be pickled: {error}"
    back = pickle.loads(there)  # noqa: S301 - bytes of the line above
    one, other = answers(model, case.X), answers(back, case.X)
    return None if alike(one, other) else f"Its copy answers {_n_different(one, other)} rows in another way."


def _n_different(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> int:
    if one.shape != other.shape:
        return max(len(one), len(other))
    if one.dtype.kind in "fc":
        differs = ~np.isclose(one, other, rtol=_TOLERANCE, atol=_TOLERANCE, equal_nan=True)
    else:
        differs = one != other
    return int(differs.reshape(len(one), -1).any(axis=1).sum())


def _changed(table: Any, before: Any) -> bool:
    if isinstance(table, pd.DataFrame | pd.Series):
        return not table.equals(before)
    if isinstance(table, np.ndarray):
        same: bool = np.array_equal(table, before, equal_nan=table.dtype.kind == "f")
        return not same
    return bool(pickle.dumps(table) != pickle.dumps(before))


def _is_text(column: Any) -> bool:
    kind = column.dtype
    return isinstance(kind, pd.CategoricalDtype) or bool(pd.api.types.is_string_dtype(kind))


def _surroundings() -> dict[str, Any]:
    return {"the environment": dict(os.environ), "the folder": Path.cwd(), "NumPy's errors": np.geterr()}


def _everything() -> dict[str, Any]:
    state: Any = np.random.get_state()  # noqa: NPY002 - the state of the global generator is what is watched
    numbers = (state[0], state[1].tobytes(), *state[2:])
    return _surroundings() | {"the generator of `random`": random.getstate(), "NumPy's generator": numbers}


@contextmanager
def _own_folder() -> Iterator[None]:
    """Come back, whatever a model does."""
    folder, environment, errors = Path.cwd(), dict(os.environ), np.geterr()
    try:
        yield
    finally:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        np.seterr(**errors)


LAWS = (
    rows_are_answered,
    probabilities_are_shares,
    seeds_decide,
    answers_are_repeatable,
    rows_are_answered_alone,
    one_row_is_answered,
    refitting_forgets,
    arguments_are_left_alone,
    column_order_is_not_ignored,
    unseen_categories_are_answered,
    models_share_nothing,
    the_process_is_left_alone,
    fitted_models_travel,
)
