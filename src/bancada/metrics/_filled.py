"""A function with its first arguments filled in, equal to another such one: a metric is a value, a partial is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Filled", "filled"]

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Filled(Generic[Answer]):
    """A function and its first arguments.

    Attributes:
        function: The function.
        first: Its first arguments.
    """

    function: Callable[..., Answer]
    first: tuple[Any, ...]

    def __call__(self, *arguments: Any) -> Answer:
        """Call the function with what is still missing."""
        return self.function(*self.first, *arguments)


def filled(function: Callable[..., Answer], *first: Any) -> Filled[Answer]:
    """Return a function with its first arguments filled in.

    Examples:
        >>> filled(max, 3)(1, 2) == 3 and filled(max, 3) == filled(max, 3)
        True
    """
    return Filled(function, first)
