"""Assignments of the command line: `learning_rate=0.03,0.1 max_depth=none,3` becomes a grid."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

from bancada.definitions._annotations import NoMatch
from bancada.definitions._literals import read, split
from bancada.definitions._ranges import MOST, expand, is_range
from bancada.exceptions import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.definitions._candidate import Candidate
    from bancada.definitions._parameters import Parameter

__all__ = ["parse_assignments"]


def parse_assignments(candidate: Candidate, assignments: Sequence[str]) -> list[dict[str, Any]]:
    """Return every combination of the values that assignments give, read by the annotations.

    Args:
        candidate: Whose parameters they are.
        assignments: `name=VALUES` each. Commas separate values; `none` is None, quotes make a text, `[1,2]` is a
            sequence, `1..5`, `0..1 5` and `0.01..1 log 10` are ranges. A value said twice counts once.

    Returns:
        Mappings of the parameters named, in the order of the assignments; the last one varies fastest. Without
        assignments one empty mapping.

    Raises:
        NotFoundError: The candidate has no such parameter.
        ConfigurationError: An assignment has no `=`, a parameter is assigned twice, a value is not of its annotation,
            or the grid has more than 10,000 combinations.
    """
    values: dict[str, list[Any]] = {}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        name = name.strip()
        if not equals:
            rule = "An assignment is written `name=value`."
            raise ConfigurationError(rule, f"Found {assignment!r}.", f"Write it like `{name or 'name'}=0.1,0.3`.")
        parameter = candidate.parameter(name)
        if name in values:
            rule = "A parameter is assigned once."
            found = f"Found `{name}` of candidate `{candidate.name}` twice."
            raise ConfigurationError(rule, found, "Separate its values by commas.")
        values[name] = _values(candidate.name, parameter, text)
    size = math.prod(map(len, values.values()))
    if size > MOST:
        rule = f"A grid has up to {MOST:,} combinations."
        found = f"Found {size:,} for candidate `{candidate.name}`."
        raise ConfigurationError(rule, found, "Give fewer values, or run the parameters one after the other.")
    return [dict(zip(values, combination, strict=True)) for combination in itertools.product(*values.values())]


def _values(candidate: str, parameter: Parameter, text: str) -> list[Any]:
    try:
        parts = split(text)
    except NoMatch:
        raise _refused(candidate, parameter, text, "Close the quote or the bracket.") from None
    found: list[Any] = []
    for part in parts:
        for value in _one(candidate, parameter, part):
            if not any(type(value) is type(other) and value == other for other in found):
                found.append(value)
    return found


def _one(candidate: str, parameter: Parameter, part: str) -> Sequence[Any]:
    if is_range(part, parameter):
        return expand(part, parameter)
    remedy = "Give a value of that type; `none` is None, and quotes make a text."
    if not part:
        raise _refused(candidate, parameter, part, remedy)
    try:
        return [read(part, parameter.hint)]
    except NoMatch:
        raise _refused(candidate, parameter, part, remedy) from None


def _refused(candidate: str, parameter: Parameter, text: str, remedy: str) -> ConfigurationError:
    rule = f"Parameter `{parameter.name}` of candidate `{candidate}` takes `{parameter.annotation or 'Any'}`."
    return ConfigurationError(rule, f"Found {text!r}.", remedy)
