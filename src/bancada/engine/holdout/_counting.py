"""How often a holdout was looked at, under whatever name and wherever that is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bancada.engine.holdout._file import LOOKS_NAME, read_looks
from bancada.exceptions import counted
from bancada.records.looks import same_rows

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.records.looks import HoldoutRows, Look
    from bancada.store import Index

__all__ = ["Looked", "looks_at"]


@dataclass(frozen=True, slots=True)
class Looked:
    """The looks at the rows of a holdout.

    Attributes:
        looks: In the order in which they were taken; those that a store tells with what was shown.
        unlisted: Those that `looks.toml` does not tell.
        warnings: What is wrong with `looks.toml`, a sentence each.
    """

    looks: tuple[Look, ...]
    unlisted: tuple[Look, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def next_number(self) -> int:
        """Number of the look that comes next: one more than there were, and than any that was given."""
        return max([len(self.looks), *(look.number for look in self.looks)]) + 1


def looks_at(rows: HoldoutRows, index: Index, root: Path) -> Looked:
    """Return every look at these rows: of all problems of the store, and of the lines of `looks.toml`.

    What others have written since the index was opened is seen after a `refresh`.

    Args:
        rows: The rows of the holdout.
        index: The index over the store.
        root: The project's root.

    Raises:
        ConfigurationError: `looks.toml` is there and cannot be read.
    """
    told = read_looks(root)
    known: dict[str, Look] = {}
    for problem in index.store.runs.problems():
        known |= {look.look_id: look for look in index.looks(problem)}
    listed = {look.look_id for look in told.looks}
    # A statement tells what was shown, and an editor alters no statement.
    every = {**{look.look_id: look for look in told.looks}, **known}
    looks = sorted(
        (look for look in every.values() if same_rows(rows, look.holdout)), key=lambda look: (look.looked, look.look_id)
    )
    unlisted = tuple(look for look in looks if look.look_id not in listed)
    missing = f"{counted(len(unlisted), 'look')} of the store not in `{LOOKS_NAME}`; the next look adds what is missing"
    warnings = (*told.warnings, *([missing] if unlisted else []))
    return Looked(tuple(looks), unlisted, warnings)
