"""Any splitter that has scikit-learn's shape."""

from __future__ import annotations

import copy
import inspect
import itertools
import numbers
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.model_selection import (
    BaseShuffleSplit,
    LeaveOneGroupOut,
    LeavePGroupsOut,
    PredefinedSplit,
    TimeSeriesSplit,
)
from sklearn.model_selection import _split as sklearn_split

from bancada.exceptions import DataError, DefinitionError, nearest
from bancada.samples import FoldPart
from bancada.splits._laws import check_repeat, lawful
from bancada.splits._rows import count, groups
from bancada.splits._source import code_digest, is_sklearn

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from bancada.contracts import Split
    from bancada.samples import SplitRows

__all__ = ["Splitter", "from_splitter"]

_KINDS = ("random", "site", "time")


def from_splitter(splitter: Any, *, kind: str | None = None) -> Splitter:
    """Return a split that draws with a splitter of scikit-learn's shape.

    `Repeated…` splitters become repeats; of `ShuffleSplit` and its kin, whose test parts overlap, each draw is a repeat
    of one fold. The splitter sees rows in id order, so `TimeSeriesSplit` needs ids that ascend in time. Its identity is
    class name and parameters, the count of repeats left out; for a class outside scikit-learn also its code.

    Args:
        splitter: It has `split` and `get_n_splits`, and its draws are fixed by a whole number as `random_state`.
        kind: What the folds are, which fixes the statistical procedure: `random`, `site` or `time`. Known for
            scikit-learn's own splitters; others must say it.

    Raises:
        DefinitionError: If it is no splitter, its draws cannot be repeated, or what its folds are is not known.

    Examples:
        >>> from sklearn.model_selection import RepeatedKFold
        >>> split = from_splitter(RepeatedKFold(n_splits=5, n_repeats=3, random_state=7))
        >>> split.repeats, split.identity()
        (3, {'design': 'sklearn.RepeatedKFold', 'parameters': {'n_splits': 5, 'random_state': 7}, 'kind': 'random'})
    """
    shaped = callable(getattr(splitter, "split", None)) and hasattr(splitter, "get_n_splits")
    if isinstance(splitter, type) or not shaped:
        raise DefinitionError(
            "A splitter must be an object with `split` and `get_n_splits`, as scikit-learn's are.",
            f"{splitter!r} is none.",
            "Pass an instance, such as `sklearn.model_selection.StratifiedKFold(5, shuffle=True, random_state=0)`.",
        )
    name = type(splitter).__name__
    if isinstance(splitter, PredefinedSplit):
        raise DefinitionError(
            "Prescribed folds must be told by a column of the dataset, so that they stay with their rows.",
            f"`{name}` counts rows by position.",
            "Put the fold of each row into a column and say `Predefined(column, kind=...)`.",
        )
    _refuse_unseeded(splitter, name)
    kind = kind or _known_kind(splitter)
    if kind not in _KINDS:
        raise DefinitionError(
            "`kind` must say what the folds are, for it decides the procedure: `random`, `site` or `time`.",
            f"It is {kind!r}." if kind else f"It is not known for `{name}`.",
            nearest(kind, _KINDS) if kind else "Say `from_splitter(splitter, kind='random')`, or `'site'` or `'time'`.",
        )
    return Splitter(copy.deepcopy(splitter), kind)


@dataclass(frozen=True)
class Splitter:
    """A splitter of scikit-learn's shape as a split; made by `from_splitter`.

    Attributes:
        splitter: The splitter.
        kind: What its folds are.
        code: Digest of its class's code; None until someone knows better than the text of the class alone.
    """

    splitter: Any
    kind: str
    code: str | None = None

    @property
    def repeats(self) -> int:
        """Repeats of a `Repeated…` splitter, draws of a shuffling one, else 1."""
        if isinstance(self.splitter, BaseShuffleSplit):
            return int(self.splitter.get_n_splits())
        return int(getattr(self.splitter, "n_repeats", 1))

    @property
    def columns(self) -> tuple[str, ...]:
        """None: a splitter sees target and groups."""
        return ()

    def resolve(self, *, has_classes: bool, has_groups: bool) -> Splitter:  # noqa: ARG002 - the contract's signature
        """Return this design: nothing of it depends on the problem."""
        return self

    def identity(self) -> Mapping[str, Any]:
        """Return class name, parameters and kind as canonical JSON, the count of repeats left out.

        A class outside scikit-learn is known by its code too.

        Raises:
            DefinitionError: If a parameter has no canonical form, or such a class no text.
        """
        cls = type(self.splitter)
        module = "sklearn" if is_sklearn(cls) else cls.__module__
        left_out = {"n_repeats"} | ({"n_splits"} if isinstance(self.splitter, BaseShuffleSplit) else set())
        parameters = {name: value for name, value in _parameters(self.splitter).items() if name not in left_out}
        design = {"design": f"{module}.{cls.__qualname__}", "parameters": parameters, "kind": self.kind}
        return design if is_sklearn(cls) else design | {"code": self.code or code_digest(cls)}

    def with_code(self, code: str) -> Splitter:
        """Return this split identified by another digest of its code, such as one over all that the class calls."""
        return replace(self, code=code)

    def sealed(self, rows: SplitRows) -> npt.NDArray[np.bool_]:
        """Return False for all rows, (n_rows,): a splitter has no holdout."""
        return np.zeros(count(rows), dtype=np.bool_)

    def folds(self, rows: SplitRows, repeat: int) -> tuple[FoldPart, ...]:
        """Return the folds of one repeat, counted from 0.

        Raises:
            DataError: If the splitter cannot split these rows, or its folds break a law of `contracts.Split`.
            DefinitionError: If there is no such repeat.
        """
        check_repeat(repeat, self.repeats)
        n_rows, owners = count(rows), groups(rows)
        splitter = copy.deepcopy(self.splitter)
        arguments = (np.zeros((n_rows, 1)), rows.target, rows.groups if _reads_groups(splitter) else None)
        try:
            k, rest = divmod(int(splitter.get_n_splits(*arguments)), self.repeats)
            drawn = [] if rest else list(itertools.islice(splitter.split(*arguments), repeat * k, (repeat + 1) * k))
        except ValueError as error:
            raise DataError(
                "The splitter must be able to split the rows.",
                f"`{type(splitter).__name__}` said: {error}",
                "Use other parameters; where it needs groups, name their column as `groups=` of the problem.",
            ) from error
        if rest:
            raise DataError(
                "Each repeat of a splitter must have the same count of folds.",
                f"`{type(splitter).__name__}` has {k * self.repeats + rest} folds in {self.repeats} repeats.",
                "Correct `get_n_splits` of the splitter.",
            )
        folds = [FoldPart(train=_positions(train), test=_positions(test)) for train, test in drawn]
        return lawful(folds, n_rows, owners)


def _refuse_unseeded(splitter: Any, name: str) -> None:
    """Raise `DefinitionError` if two calls of the splitter may differ."""
    draws = bool(getattr(splitter, "shuffle", True)) and hasattr(splitter, "random_state")
    state = getattr(splitter, "random_state", None)
    if draws and (isinstance(state, bool) or not isinstance(state, numbers.Integral)):
        raise DefinitionError(
            "A splitter that shuffles must do it the same way each time.",
            f"`{name}` has `random_state={state!r}`.",
            "Give it a whole number, as in `random_state=0`.",
        )


def _known_kind(splitter: Any) -> str | None:
    """Return what the folds of scikit-learn's own splitters are."""
    if isinstance(splitter, TimeSeriesSplit):
        return "time"
    if isinstance(splitter, LeaveOneGroupOut | LeavePGroupsOut):
        return "site"
    known = (sklearn_split.BaseCrossValidator, sklearn_split._RepeatedSplits, BaseShuffleSplit)  # noqa: SLF001 - the one base of the Repeated splitters
    named = any(cls.__module__.startswith("sklearn.") and cls not in known for cls in type(splitter).__mro__)
    return "random" if named and isinstance(splitter, known) else None


def _reads_groups(splitter: Any) -> bool:
    """Return False for splitters of scikit-learn that warn when they are given groups."""
    return not is_sklearn(type(splitter)) or isinstance(splitter, sklearn_split.GroupsConsumerMixin)


def _parameters(splitter: Any) -> dict[str, Any]:
    """Return the constructor's parameters as JSON has them.

    Raises:
        DefinitionError: If one has no such form.
    """
    stored = getattr(splitter, "cvargs", {})
    parameters = {}
    for name, parameter in inspect.signature(type(splitter).__init__).parameters.items():
        if name == "self" or parameter.kind in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}:
            continue
        value = getattr(splitter, name, stored.get(name))
        value = value.item() if isinstance(value, np.generic) else value
        if value is not None and not isinstance(value, bool | int | float | str):
            raise DefinitionError(
                "The parameters of a splitter must be numbers, texts, bools or None, for they are its identity.",
                f"`{name}` of `{type(splitter).__name__}` is {value!r}.",
                "Put what it prescribes into a column and say `Predefined(column, kind=...)`.",
            )
        parameters[name] = value
    return parameters


def _positions(part: Any) -> npt.NDArray[np.int64]:
    """Return positions, ascending, of positions or of a mask."""
    array = np.asarray(part)
    if array.dtype == np.bool_:
        return np.flatnonzero(array)
    return np.sort(array.astype(np.int64))


if TYPE_CHECKING:
    _: Split = Splitter(None, "random")
