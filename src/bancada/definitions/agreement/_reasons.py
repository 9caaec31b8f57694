"""Texts of an evaluation that people read and nothing computes: title, rationale, the reasons of its metrics."""

from __future__ import annotations

from collections.abc import Mapping

from bancada.exceptions import DefinitionError, counted

__all__ = ["check_reasons", "check_text"]

# A document that people approve is read by them: what is longer belongs to a page of its own.
_LONGEST = 10_000


def check_text(what: str, text: object, *, required: bool = False, one_line: bool = False) -> str:
    """Return a text after a look at it.

    Args:
        what: What it is, for the error.
        text: The text.
        required: True where it may not be empty.
        one_line: True where it is a heading.

    Raises:
        DefinitionError: It is no text, too long, or empty where it must say something.
    """
    if not isinstance(text, str) or len(text) > _LONGEST:
        found = f"{counted(len(text), 'character')}" if isinstance(text, str) else repr(text)
        raise DefinitionError(
            f"{what} is a text of up to {_LONGEST:,} characters.", f"Found {found}.", "Write it as a string."
        )
    if required and not text.strip():
        raise DefinitionError(f"{what} says something.", f"Found {text!r}.", "Say it in a sentence.")
    if one_line and len(text.splitlines()) > 1:
        raise DefinitionError(f"{what} is one line.", f"Found {text!r}.", "Put the rest into `rationale`.")
    return text


def check_reasons(reasons: object) -> dict[str, str]:
    """Return why each metric was chosen, by its name.

    Raises:
        DefinitionError: It is no such mapping.
    """
    if not isinstance(reasons, Mapping):
        raise DefinitionError(
            "`reasons` of an evaluation says why each metric was chosen, by the metric's name.",
            f"Found {reasons!r}.",
            'Write it like `reasons={"roc_auc": "how well the ill are told from the healthy"}`.',
        )
    checked = {}
    for name, reason in reasons.items():
        if not isinstance(name, str):
            raise DefinitionError("`reasons` is keyed by the metric's name.", f"Found {name!r}.", "Use its name.")
        checked[name] = check_text(f"The reason of metric `{name}`", reason, required=True)
    return checked
