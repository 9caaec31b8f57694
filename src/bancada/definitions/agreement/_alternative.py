"""What was considered and rejected, and why."""

from __future__ import annotations

from dataclasses import dataclass

from bancada.definitions.agreement._reasons import check_text
from bancada.exceptions import DefinitionError

__all__ = ["Alternative", "check_alternatives"]


@dataclass(frozen=True)
class Alternative:
    """A method or metric that was considered for an evaluation and rejected.

    It changes no score and no identity; it is part of the document that people approve.

    Args:
        name: What was considered, such as a metric's name.
        why: Why it was rejected.

    Raises:
        DefinitionError: One of the two is empty or no text.

    Examples:
        >>> Alternative("accuracy", "93 % of the customers stay: always saying so would score 0.93").name
        'accuracy'
    """

    name: str
    why: str

    def __post_init__(self) -> None:
        """Refuse what says nothing."""
        check_text("The name of an alternative", self.name, required=True, one_line=True)
        check_text(f"The reason for which `{self.name}` was rejected", self.why, required=True)


def check_alternatives(alternatives: object) -> tuple[Alternative, ...]:
    """Return the alternatives of an evaluation after a look at them.

    Raises:
        DefinitionError: It is no list of them, or two have one name.
    """
    rule = "`alternatives` of an evaluation is a list of `bc.Alternative(name, why)`."
    if isinstance(alternatives, str) or not isinstance(alternatives, list | tuple):
        raise DefinitionError(rule, f"Found {alternatives!r}.", "Put it in a list.")
    seen: set[str] = set()
    for item in alternatives:
        if not isinstance(item, Alternative):
            raise DefinitionError(rule, f"Found {item!r}.", "Say why it was rejected, too.")
        if item.name in seen:
            raise DefinitionError(
                "Each alternative is told once.", f"Found `{item.name}` twice.", "Join the two reasons."
            )
        seen.add(item.name)
    return tuple(alternatives)
