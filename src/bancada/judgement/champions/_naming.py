"""Who the champion is, and whether it was named before a candidate was scored.

Each run records the champion that its problem named when the run began. So what a record says is enough to tell, and it
cannot be changed afterwards by editing the problem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.exceptions import DefinitionError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bancada.records import RunRecord

__all__ = ["answers_to", "champion_of", "in_advance", "named_in", "refuse_unknown"]

_FIELD = "champion"
_SHORTEST = 6


def named_in(run: RunRecord) -> str | None:
    """Return the champion that the problem named when a run began; None where it named none."""
    named = run.provenance.get(_FIELD)
    return named if isinstance(named, str) and named else None


def champion_of(runs: Iterable[RunRecord]) -> str | None:
    """Return the champion that the newest of some runs knew; None where that knew none."""
    newest = max(runs, key=lambda run: (run.started, run.run_id), default=None)
    return None if newest is None else named_in(newest)


def answers_to(runs: Sequence[RunRecord], named: str) -> bool:
    """Tell whether the runs behind a line are the champion's: by candidate, or by `r-` and how an id begins."""
    if named.startswith("r-") and len(named) >= len("r-") + _SHORTEST:
        return any(run.run_id.startswith(named.removeprefix("r-")) for run in runs)
    return any(named in {run.candidate, run.claim_id} for run in runs)


def in_advance(runs: Sequence[RunRecord], named: str) -> bool:
    """Tell whether each of these runs began when the champion was named already."""
    return bool(runs) and all(named_in(run) == named for run in runs)


def refuse_unknown(problem: str, named: str | None, known: Iterable[str], run_ids: Iterable[str] = ()) -> None:
    """Refuse a champion that nobody is.

    Args:
        problem: Name of the problem.
        named: What it calls its champion; None where it names none.
        known: Names of candidates, those that were run or submitted included.
        run_ids: Ids of its runs.

    Raises:
        DefinitionError: No candidate and no run is called so.
    """
    if named is None:
        return
    if named.startswith("r-"):
        begun = [run_id for run_id in run_ids if run_id.startswith(named.removeprefix("r-"))]
        if len(begun) == 1 and len(named) >= len("r-") + _SHORTEST:
            return
        found = f"`{named}` means {len(begun)} runs."
        remedy = "Give the id of one run, as `bancada list --json` prints it, or the name of a candidate."
    else:
        names = set(known)
        if named in names:
            return
        found, remedy = f"There is no `{named}`.", nearest(named, names)
    raise DefinitionError(f"The champion of problem `{problem}` is one of its candidates or runs.", found, remedy)
