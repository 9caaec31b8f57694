"""Which rows a score is told for, beside all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bancada.definitions._expressions import columns, text
from bancada.definitions._grammar import parse
from bancada.definitions._names import check_column
from bancada.exceptions import DefinitionError

if TYPE_CHECKING:
    from bancada.definitions._expressions import Expression

__all__ = ["Slice", "canonical_slices", "check_slices", "slice_columns"]

_LONGEST = 80


@dataclass(frozen=True)
class Slice:
    """A named part of the rows.

    Args:
        name: What people call these rows; printable text, up to 80 characters.
        expression: Which rows they are, such as `tenure < 3 and region in ["north", "east"]`.

    Raises:
        DefinitionError: The name is empty or too long, or the expression is not in the grammar.

    Examples:
        >>> Slice("new customers", "tenure<3").canonical
        'tenure < 3'
    """

    name: str
    expression: str

    def __post_init__(self) -> None:
        """Refuse what cannot be shown or parsed."""
        name: object = self.name
        if not isinstance(name, str) or not name.strip() or not name.isprintable() or len(name) > _LONGEST:
            rule = f"The name of a slice is printable text of up to {_LONGEST} characters."
            raise DefinitionError(rule, f"Found {self.name!r}.", "Name the rows as people call them.")
        parse(self.expression)

    @property
    def tree(self) -> Expression:
        """The expression, parsed."""
        return parse(self.expression)

    @property
    def canonical(self) -> str:
        """The expression's canonical text, which is part of the evaluation's identity."""
        return text(self.tree)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that the expression reads, sorted."""
        return columns(self.tree)


def check_slices(slices: object) -> tuple[str | Slice, ...]:
    """Return slices after a look at their types and names.

    Raises:
        DefinitionError: One is neither a column's name nor a `Slice`, or two have one name.
    """
    if isinstance(slices, str) or not isinstance(slices, list | tuple):
        rule = "`slices` is a list of columns' names and `Slice(name, expression)`."
        raise DefinitionError(rule, f"Found {slices!r}.", "Put it in a list.")
    seen: set[str] = set()
    for item in slices:
        name = item.name if isinstance(item, Slice) else check_column("an evaluation", "slices", item)
        if name in seen:
            rule = "Each slice has a name of its own."
            raise DefinitionError(rule, f"Found `{name}` twice.", "Rename one, or take it out.")
        seen.add(name)
    return tuple(slices)


def slice_columns(slices: tuple[str | Slice, ...]) -> tuple[str, ...]:
    """Return the columns that slices read, sorted."""
    read = {name for item in slices for name in (item.columns if isinstance(item, Slice) else (item,))}
    return tuple(sorted(read))


def canonical_slices(slices: tuple[str | Slice, ...]) -> list[dict[str, str]]:
    """Return slices as canonical JSON; their order does not matter."""
    told = [
        {"name": item.name, "expression": item.canonical} if isinstance(item, Slice) else {"column": item}
        for item in slices
    ]
    return sorted(told, key=lambda item: item.get("name", item.get("column", "")))
