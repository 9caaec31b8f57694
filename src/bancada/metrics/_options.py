"""What may be set of a built-in metric: one thing, written after `@` in its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bancada.exceptions import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Option", "choice", "count"]


@dataclass(frozen=True)
class Option:
    """A setting of a metric.

    Attributes:
        name: Its name, such as `k`.
        read: Takes a value, or the text after `@`, and returns the setting; it raises `ValueError` for any other.
        allowed: What the values are, for people.
        example: A value.
        unset: The setting that the bare name stands for; such a metric has no `@` in its name.
    """

    name: str
    read: Callable[[Any], Any]
    allowed: str
    example: Any
    unset: Any = None

    def value(self, given: Any) -> Any:
        """Return a setting.

        Raises:
            DefinitionError: It is none.
        """
        try:
            return self.read(given)
        except ValueError as error:
            rule = f"`{self.name}` of a metric is {self.allowed}."
            raise DefinitionError(
                rule, f"Found {given!r}.", f"Write, for example, `{self.name}={self.example!r}`."
            ) from error

    def named(self, base: str, setting: Any) -> str:
        """Return the name of the metric with a setting.

        Examples:
            >>> count("k").named("ndcg", 10), count("k").named("ndcg", None)
            ('ndcg@10', 'ndcg')
        """
        return base if setting == self.unset else f"{base}@{setting}"


def _whole(given: Any) -> int | None:
    if given is None:
        return None
    if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) < 10:
        given = int(given)
    if not isinstance(given, int) or isinstance(given, bool) or given < 1:
        raise ValueError
    return given


def _always_whole(given: Any) -> int:
    whole = _whole(given)
    if whole is None:
        raise ValueError
    return whole


def count(name: str, *, required: bool = False) -> Option:
    """Return an option that is a whole number from 1; unless it is required, None stands for all."""
    if required:
        return Option(name, _always_whole, "a whole number from 1", 10)
    return Option(name, _whole, "a whole number from 1, or None for all", 10)


@dataclass(frozen=True)
class _OneOf:
    names: tuple[str, ...]

    def __call__(self, given: Any) -> str:
        if not isinstance(given, str) or given not in self.names:
            raise ValueError
        return given


def choice(name: str, names: tuple[str, ...], unset: str) -> Option:
    """Return an option that is one of a few words."""
    listed = ", ".join(repr(known) for known in names[:-1]) + f" or {names[-1]!r}"
    return Option(name, _OneOf(names), listed, names[-1], unset)
