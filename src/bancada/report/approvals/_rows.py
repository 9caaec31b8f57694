"""How many rows a problem has, and how often those that are sealed were looked at, as far as its runs tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bancada.exceptions import ConfigurationError
from bancada.judgement import holdout

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.store import Index

__all__ = ["KnownRows", "known_rows"]


@dataclass(frozen=True, slots=True)
class KnownRows:
    """What the newest run on all rows tells; None for what is not known.

    Attributes:
        n_rows: Rows that are not sealed.
        n_sealed: Rows that are.
        n_looks: How often somebody looked at these.
    """

    n_rows: int | None = None
    n_sealed: int | None = None
    n_looks: int | None = None


def known_rows(index: Index, problem: str, root: Path) -> KnownRows:
    """Return what the newest run of a problem on all rows tells of them.

    Args:
        index: The index over the store.
        problem: Name of the problem.
        root: The project's root, where `looks.toml` lies.
    """
    if problem not in index.store.runs.problems():
        return KnownRows()
    index.refresh(problem)
    listed = index.listing(problem)
    newest = [run for run in listed if run.status != "explored"] or listed
    for run in newest[-1:]:
        record = index.records(problem, [run.run_id])[0]
        if record.row_limit is not None:
            break
        sealed = record.provenance.get("n_sealed")
        sealed = sealed if isinstance(sealed, int) else None
        try:
            looked = holdout.looked_at(record, index, root) if sealed else None
        except ConfigurationError:  # the board and `bancada holdout` say what is wrong with the file
            looked = None
        looks = None if looked is None else len(looked.looks)
        return KnownRows(record.problem.dataset.n_rows - (sealed or 0), sealed, looks)
    return KnownRows()
