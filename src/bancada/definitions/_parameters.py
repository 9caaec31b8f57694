"""The typed parameters of a candidate, read from its signature."""

from __future__ import annotations

import inspect
import typing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bancada.definitions._annotations import NoMatch, conform, spelled, supported
from bancada.exceptions import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Parameter", "read_parameters"]

_REFUSED = {
    inspect.Parameter.POSITIONAL_ONLY: "positional-only",
    inspect.Parameter.VAR_POSITIONAL: "written with `*`",
    inspect.Parameter.VAR_KEYWORD: "written with `**`",
}


@dataclass(frozen=True)
class Parameter:
    """One parameter of a candidate.

    Attributes:
        name: Its name.
        annotation: Its annotation as text; empty where there is none.
        default: Its default; None where it is required.
        required: True without a default.
        hint: The annotation itself; `Any` where there is none.
    """

    name: str
    annotation: str
    default: Any = field(hash=False)
    required: bool
    hint: Any = field(repr=False, compare=False)

    def conform(self, value: object, candidate: str) -> Any:
        """Return a value as the annotation has it.

        Args:
            value: What was given.
            candidate: Name of the candidate, for the error.

        Raises:
            DefinitionError: The value is not of the annotation.
        """
        try:
            return conform(value, self.hint)
        except NoMatch:
            rule = f"Parameter `{self.name}` of candidate `{candidate}` takes `{self.annotation or 'Any'}`."
            found = f"Found {value!r}, a `{type(value).__name__}`."
            raise DefinitionError(rule, found, "Give a value of that type, or change the annotation.") from None


def read_parameters(name: str, function: Callable[..., Any]) -> tuple[Parameter, ...]:
    """Return the parameters of a function, in the order of its signature.

    Args:
        name: Name of the candidate, for errors.
        function: Returns a fresh model.

    Raises:
        DefinitionError: A parameter is positional-only, `*` or `**`; an annotation cannot be resolved, stored or typed
            on a command line; a default is not of its annotation.
    """
    signature = inspect.signature(function)
    return tuple(_read(name, function, parameter) for parameter in signature.parameters.values())


def _read(name: str, function: Callable[..., Any], parameter: inspect.Parameter) -> Parameter:
    told = f"parameter `{parameter.name}` of candidate `{name}`"
    if parameter.kind in _REFUSED:
        rule = "Each parameter of a candidate has a name by which it is given."
        found = f"Found {told} {_REFUSED[parameter.kind]}."
        raise DefinitionError(rule, found, "Write the parameters out, each with an annotation and a default.")
    hint = _hint(told, function, parameter)
    required = parameter.default is inspect.Parameter.empty
    annotation = "" if parameter.annotation is inspect.Parameter.empty else spelled(hint)
    if required:
        return Parameter(parameter.name, annotation, None, required=True, hint=hint)
    try:
        default = conform(parameter.default, hint)
    except NoMatch:
        rule = f"The default of {told} is of its annotation `{annotation or 'Any'}`, or a value that JSON can say."
        remedy = (
            f"Annotate what the default is, such as `{annotation or 'int'} | None`, or build objects in the function."
        )
        raise DefinitionError(rule, f"Found {parameter.default!r}.", remedy) from None
    return Parameter(parameter.name, annotation, default, required=False, hint=hint)


def _hint(told: str, function: Callable[..., Any], parameter: inspect.Parameter) -> Any:
    if parameter.annotation is inspect.Parameter.empty:
        return Any
    rule = f"The annotation of {told} can be resolved where the candidate is defined, and a text can be read by it."
    remedy = "Use bool, int, float, str, None, Literal, an Enum, list[...] or tuple[...], or a union of them."
    scope = {"__annotations__": {parameter.name: parameter.annotation}, "__module__": function.__module__}
    try:
        holder = type("Holder", (), scope)
        hint = typing.get_type_hints(holder, globalns=getattr(function, "__globals__", {}))[parameter.name]
    except (NameError, TypeError, SyntaxError, AttributeError) as error:
        raise DefinitionError(rule, f"Found `{parameter.annotation}` ({error}).", remedy) from error
    if not supported(hint):
        raise DefinitionError(rule, f"Found `{spelled(hint)}`.", remedy)
    return hint
