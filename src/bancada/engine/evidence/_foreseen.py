"""What evidence of a run would lack, known before anything is fitted, and what would mend it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bancada.exceptions import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Foreseen", "refuse_incomplete", "remedy_of"]

MOST_SHOWN = 12
MOST_NAMED = 3
OUTSIDE = "outside the project"
_AGAIN = "what was recorded stays as it is: run it anew with `--again`"
_REMEDIES = tuple(
    (re.compile(pattern), remedy)
    for pattern, remedy in (
        (
            r"in editable form",
            "install it from a wheel, as `uv pip install .` makes one, or move its code into the project",
        ),
        (r"was withheld|held a secret|holds a secret", "take the secret out, and read it from the environment instead"),
        (r"^the (code of|model's code)", "write it as a function under `@bc.candidate` in a module of the project"),
        (OUTSIDE, "keep it below the root, or make it part of the dataset"),
        (r"is larger than", "make it part of the dataset"),
        (r"is gone|changed while|cannot be read", "leave the file where it is and as it is, and run again"),
        (
            r"snapshot|data\.lock|not locked|\bdata\b",
            "`bancada data lock` notes them for git, and a snapshot keeps them",
        ),
        (r"\bpackage|installed|environment", "install it from an index, or from a wheel"),
        (r"not deterministic", "fix `random_state`, and what else is drawn, and run it with `--check-determinism`"),
        (r"^origin", "see `bancada sign --help`"),
        (r"^the task", "define the task in a module of the project"),
    )
)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A claim whose evidence would be incomplete.

    Attributes:
        label: Name of the candidate.
        missing: What would be missing, a phrase each.
        known: True where a run answers it already, whose evidence is what it is.
    """

    label: str
    missing: tuple[str, ...]
    known: bool = False


def refuse_incomplete(foreseen: Sequence[Foreseen]) -> None:
    """Refuse to start where evidence would be incomplete.

    Args:
        foreseen: The claims with incomplete evidence.

    Raises:
        UsageError: There is one; every missing piece is named, with what would mend it.
    """
    if not foreseen:
        return
    pieces: dict[str, list[str]] = {}
    for item in foreseen:
        for phrase in item.missing:
            pieces.setdefault(phrase, []).append(item.label)
    lines = [f"  {_named(labels)}: {phrase}" for phrase, labels in pieces.items()]
    more = [f"  and {len(lines) - MOST_SHOWN} more"] if len(lines) > MOST_SHOWN else []
    remedies = dict.fromkeys(remedy_of(phrase) for phrase in pieces)
    if any(item.known for item in foreseen):
        remedies |= {_AGAIN: None}
    raise UsageError(
        "With `--strict` a run starts where its evidence will be complete.",
        "These would be missing:\n" + "\n".join([*lines[:MOST_SHOWN], *more]),
        "\n".join(_sentence(remedy) for remedy in remedies),
    )


def remedy_of(phrase: str) -> str:
    """Return what would mend a missing piece of evidence, as a clause.

    Args:
        phrase: What is missing, as a record names it.

    Examples:
        >>> remedy_of("`/srv/terms.txt` was read, outside the project")
        'keep it below the root, or make it part of the dataset'
    """
    return next((remedy for pattern, remedy in _REMEDIES if pattern.search(phrase)), "see `bancada show --code`")


def _named(labels: Iterable[str]) -> str:
    found = list(dict.fromkeys(labels))
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return ", ".join(f"`{label}`" for label in found[:MOST_NAMED]) + more


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
