"""Every error that bancada raises on purpose.

The tree::

    BancadaError
    ├── UsageError                 what was asked for cannot be done as it was asked
    │   ├── DefinitionError        a problem, evaluation, slice or candidate is not well formed
    │   ├── ConfigurationError     project files, options, environment variables
    │   ├── NotFoundError          a name, a reference or a file that does not exist
    │   ├── DataError              the data break a rule of their dataset, task or split
    │   ├── NotComparable          two runs did not answer the same question
    │   └── ProcedureRefused       a statistical procedure that would be wrong on this evidence
    ├── PredictionError            what a model returned cannot be read; fails its fold
    ├── EnvironmentNotRebuilt      an environment cannot be had again as it was recorded
    ├── WorkerLost                 a worker died or ran past its limit; fails its fold
    ├── LawBroken                  a block does not do what its contract states; `bancada.testing` alone raises it
    └── StoreError                 a record that cannot be read, or a store that cannot be written
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "BancadaError",
    "ConfigurationError",
    "DataError",
    "DefinitionError",
    "EnvironmentNotRebuilt",
    "LawBroken",
    "NotComparable",
    "NotFoundError",
    "PredictionError",
    "ProcedureRefused",
    "StoreError",
    "UsageError",
    "WorkerLost",
    "counted",
    "nearest",
]


class BancadaError(Exception):
    """An error in three sentences.

    Args:
        rule: What must hold.
        found: What was found instead. Names stand in backticks, values by `repr`.
        remedy: What to do next.
    """

    def __init__(self, rule: str, found: str, remedy: str) -> None:
        super().__init__(rule, found, remedy)
        self.rule = rule
        self.found = found
        self.remedy = remedy

    def __str__(self) -> str:
        """Return the three sentences on one line."""
        return f"{self.rule} {self.found} {self.remedy}"


class UsageError(BancadaError):
    """What was asked for cannot be done as it was asked; the command line answers with exit code 2."""


class DefinitionError(UsageError):
    """A problem, an evaluation, a slice or a candidate is not well formed."""


class ConfigurationError(UsageError):
    """A project file, an option or an environment variable is missing or wrong."""


class NotFoundError(UsageError):
    """A name, a reference or a file does not exist."""


class DataError(UsageError):
    """The data break a rule of their dataset, their task or their split."""


class NotComparable(UsageError):  # noqa: N818 - the name is a public word of the product
    """Two runs did not answer the same question.

    Args:
        rule: What must hold.
        found: What was found instead.
        remedy: What to do next.
        fields: The identity fields that differ, in dotted notation.
    """

    def __init__(self, rule: str, found: str, remedy: str, fields: Iterable[str] = ()) -> None:
        super().__init__(rule, found, remedy)
        self.fields = tuple(fields)

    def __reduce__(self) -> tuple[type, tuple[str, str, str, tuple[str, ...]]]:
        """Keep the fields when the error crosses a process."""
        return type(self), (self.rule, self.found, self.remedy, self.fields)


class ProcedureRefused(UsageError):  # noqa: N818 - the name is a public word of the product
    """A statistical procedure was asked for that would be wrong on this evidence."""


class PredictionError(BancadaError):
    """What a model returned cannot be read as predictions of its task; the fold fails, the sweep goes on."""


class EnvironmentNotRebuilt(BancadaError):  # noqa: N818 - what happened, in the words of its users
    """An environment cannot be had again as it was recorded.

    Args:
        rule: What must hold.
        found: What was found instead.
        remedy: What to do next.
        packages: Each package that could not be had, or came with other files, by its normalised name.
    """

    def __init__(self, rule: str, found: str, remedy: str, packages: Iterable[str] = ()) -> None:
        super().__init__(rule, found, remedy)
        self.packages = tuple(packages)

    def __reduce__(self) -> tuple[type, tuple[str, str, str, tuple[str, ...]]]:
        """Keep the packages when the error crosses a process."""
        return type(self), (self.rule, self.found, self.remedy, self.packages)


class WorkerLost(BancadaError):  # noqa: N818 - the name is a public word of the product
    """A worker died or ran past its limit; the fold that it ran fails, the sweep goes on.

    Args:
        rule: What must hold.
        found: What was found instead.
        remedy: What to do next.
        cause: `died`, `timeout` or `memory`.
        output: The end of what the job wrote, as far as it is known.
    """

    def __init__(self, rule: str, found: str, remedy: str, cause: str = "died", output: str = "") -> None:
        super().__init__(rule, found, remedy)
        self.cause = cause
        self.output = output

    def __reduce__(self) -> tuple[type, tuple[str, str, str, str, str]]:
        """Keep cause and output when the error crosses a process."""
        return type(self), (self.rule, self.found, self.remedy, self.cause, self.output)


class LawBroken(BancadaError, AssertionError):  # noqa: N818 - what was found out, in the words of its users
    """A block does not do what its contract states; a check of `bancada.testing` found it out."""


class StoreError(BancadaError):
    """A record cannot be read, or the store cannot be written."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a sentence that helps with a mistyped name.

    Args:
        name: What was typed.
        known: The names that exist.

    Returns:
        ``Did you mean `x`?`` where one is near, else ``Known are `a`, `b`.`` (at most 12), else ``None is known.``

    Examples:
        >>> nearest("bosting", ["boosting", "forest"])
        'Did you mean `boosting`?'
    """
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"Did you mean `{close[0]}`?"
    if not names:
        return "None is known."
    shown = ", ".join(f"`{item}`" for item in names[:12])
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return f"Known are {shown}{more}."


def counted(number: int, noun: str) -> str:
    """Return a count with its noun, in the plural unless it is one.

    Examples:
        >>> counted(1, "column"), counted(2_000, "row")
        ('1 column', '2,000 rows')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
