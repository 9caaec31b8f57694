"""Candidates: named functions with typed parameters that return a fresh model."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from types import FunctionType
from typing import TYPE_CHECKING, Any, overload

from bancada.definitions._annotations import plain
from bancada.definitions._names import check_name
from bancada.definitions._parameters import Parameter, read_parameters
from bancada.exceptions import DefinitionError, NotFoundError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["Candidate", "candidate"]

_TAKEN = ("baseline", "best")
FRAMES = ("arrow", "numpy", "pandas", "polars")


@dataclass(frozen=True)
class Candidate:
    """A named function that returns a fresh model; it is called like the function.

    Attributes:
        name: Label of the candidate.
        function: What was decorated.
        frame: What the model receives as X: `arrow`, `numpy`, `pandas` or `polars`.
        reads: Files and folders below the root that the model reads beside its data, relative to the root.
        module: Module of the function.
        qualname: Qualified name of the function in its module.
        parameters: Typed parameters, in the order of the signature.
    """

    name: str
    function: Callable[..., Any] = field(repr=False)
    frame: str = "pandas"
    reads: tuple[str, ...] = ()
    module: str = field(init=False)
    qualname: str = field(init=False)
    parameters: tuple[Parameter, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Read the signature; look like the function to those who ask for its name, text or signature."""
        check_name("candidate", self.name)
        if self.name in _TAKEN or self.name.startswith("r-"):
            raise DefinitionError(
                "A candidate has a name that means nothing else where runs are named.",
                f"Found {self.name!r}: `best` leads the board, `baseline` is the task's own, `r-…` is a run.",
                "Give the candidate another name with `name=`.",
            )
        _check_frame(self.name, self.frame)
        object.__setattr__(self, "reads", _check_reads(self.name, self.reads))
        function = self.function
        object.__setattr__(self, "module", function.__module__)
        object.__setattr__(self, "qualname", function.__qualname__)
        object.__setattr__(self, "parameters", read_parameters(self.name, function))
        for attribute in ("__module__", "__name__", "__qualname__", "__doc__"):
            object.__setattr__(self, attribute, getattr(function, attribute))
        object.__setattr__(self, "__wrapped__", function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return a fresh model."""
        return self.function(*args, **kwargs)

    def __reduce__(self) -> str | tuple[Any, ...]:
        """Travel by name where the module can be imported, by value from a script or a notebook."""
        found: Any = sys.modules.get(self.module) if self.module != "__main__" else None
        for part in self.qualname.split("."):
            found = getattr(found, part, None)
        if found is self:
            return str(self.qualname)
        return Candidate, (self.name, self.function, self.frame, self.reads)

    def resolve(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return all parameters in the order of the signature, defaults written out.

        Args:
            params: Values by name; each is checked against the annotation of its parameter.

        Raises:
            NotFoundError: The candidate has no such parameter.
            DefinitionError: A value is not of its annotation, or one without a default is missing.
        """
        for name in params:
            self.parameter(name)
        missing = [f"`{item.name}`" for item in self.parameters if item.required and item.name not in params]
        if missing:
            rule = f"Each parameter of candidate `{self.name}` without a default is given."
            remedy = "Give it as `name=value`, or write a default into the signature."
            raise DefinitionError(rule, f"Found no value for {', '.join(missing)}.", remedy)
        return {
            # A default is conformed again, so that a list among them is never shared between two models.
            item.name: item.conform(params.get(item.name, item.default), self.name)
            for item in self.parameters
        }

    def plain(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return resolved parameters as JSON says them, for identities and records.

        Raises:
            NotFoundError: The candidate has no such parameter.
            DefinitionError: A value is not of its annotation, or one without a default is missing.
        """
        return {name: plain(value) for name, value in self.resolve(params).items()}

    def parameter(self, name: str) -> Parameter:
        """Return the parameter of a name.

        Raises:
            NotFoundError: There is none.
        """
        for item in self.parameters:
            if item.name == name:
                return item
        rule = f"Parameters are those of the signature of candidate `{self.name}`."
        raise NotFoundError(rule, f"Found no `{name}`.", nearest(name, (item.name for item in self.parameters)))


@overload
def candidate(function: Callable[..., Any], /) -> Candidate: ...


@overload
def candidate(
    *, name: str | None = None, frame: str = "pandas", reads: Sequence[str] = ()
) -> Callable[[Callable[..., Any]], Candidate]: ...


def candidate(
    function: Callable[..., Any] | None = None,
    /,
    *,
    name: str | None = None,
    frame: str = "pandas",
    reads: Sequence[str] = (),
) -> Candidate | Callable[[Callable[..., Any]], Candidate]:
    """Make a function that returns a fresh model a candidate; nothing is registered.

    Args:
        function: The function, where the decorator stands without parentheses.
        name: Label of the candidate; the function's name without one.
        frame: What the model receives as X: `arrow`, `numpy`, `pandas` or `polars`.
        reads: Files and folders below the root that the model reads beside its data, relative to the root.

    Returns:
        A `Candidate`, or a decorator that returns one.

    Raises:
        DefinitionError: It is no function, its name or signature cannot be used, or an option is wrong.

    Examples:
        >>> @candidate
        ... def forest(trees: int = 100):
        ...     return ("a forest of", trees)
        >>> forest.resolve({})
        {'trees': 100}
    """

    def decorate(decorated: Callable[..., Any]) -> Candidate:
        if not isinstance(decorated, FunctionType):
            rule = "A candidate is a function that returns a fresh model."
            found = f"Found {decorated!r}, a `{type(decorated).__name__}`."
            raise DefinitionError(rule, found, "Write a function around it: `def name(): return Model()`.")
        label = decorated.__name__ if name is None else name
        return Candidate(label, decorated, frame, _check_reads(label, reads))

    return decorate if function is None else decorate(function)


def _check_frame(name: str, frame: str) -> None:
    if frame not in FRAMES:
        rule = f"`frame` of candidate `{name}` is one of {', '.join(f'`{item}`' for item in FRAMES)}."
        raise DefinitionError(rule, f"Found {frame!r}.", nearest(str(frame), FRAMES))


def _check_reads(name: str, reads: object) -> tuple[str, ...]:
    rule = f"`reads` of candidate `{name}` lists files and folders below the root, relative to it."
    remedy = 'Write it like `reads=["data/lookup.csv"]`.'
    if isinstance(reads, str) or not isinstance(reads, list | tuple):
        raise DefinitionError(rule, f"Found {reads!r}.", remedy)
    for item in reads:
        path = PurePosixPath(item) if isinstance(item, str) and item else None
        if path is None or path.is_absolute() or ".." in path.parts:
            raise DefinitionError(rule, f"Found {item!r}.", remedy)
    return tuple(reads)
