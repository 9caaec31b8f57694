"""How many rows a problem has, as far as its runs tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bancada.store import Index

__all__ = ["known_rows"]


def known_rows(index: Index, problem: str) -> tuple[int | None, int | None]:
    """Return the rows that are not sealed, and those that are, of the newest run on all rows; None where not known.

    Args:
        index: The index over the store.
        problem: Name of the problem.
    """
    if problem not in index.store.runs.problems():
        return None, None
    index.refresh(problem)
    listed = index.listing(problem)
    newest = [run for run in listed if run.status != "explored"] or listed
    for run in newest[-1:]:
        record = index.records(problem, [run.run_id])[0]
        if record.row_limit is None:
            sealed = record.provenance.get("n_sealed")
            sealed = sealed if isinstance(sealed, int) else None
            return record.problem.dataset.n_rows - (sealed or 0), sealed
    return None, None
