"""Who leads a board, for a candidate that is tried against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bancada import judgement
from bancada.exceptions import NotFoundError
from bancada.identity import canonical_json

if TYPE_CHECKING:
    from bancada.engine import Binding, Workbench
    from bancada.engine._plan import ClaimPlan
    from bancada.judgement._documents import Leaderboard
    from bancada.records import RunRecord

__all__ = ["Leader", "leader_of"]


@dataclass(frozen=True, slots=True)
class Leader:
    """The claim that leads the board.

    Attributes:
        runs: The runs behind its line, newest first.
        tried: K of the board with the candidate counted: its pairs are the family.
        alpha: Level of the family.
        same: `claim` where the candidate asserts the very same, `seed` where it differs in nothing but the seed; else
            empty.
    """

    runs: tuple[RunRecord, ...]
    tried: int
    alpha: float
    same: str = ""

    @property
    def run(self) -> RunRecord:
        """The newest run behind the line."""
        return self.runs[0]


def leader_of(bench: Workbench, binding: Binding, item: ClaimPlan) -> Leader | None:
    """Return the claim that leads the board of a problem as it is now; None where nobody does.

    Args:
        bench: The store with its index.
        binding: The problem with its data.
        item: The claim that is tried.
    """
    board = _board(bench, binding)
    ranked = [row for row in board.rows if row.rank_low is not None] if board is not None else []
    if board is None or not ranked:
        return None
    name = binding.problem.name
    stored = [bench.store.runs.read(name, run_id) for run_id in ranked[0].runs]
    runs = tuple(one.scored() for one in stored if one is not None)
    claim = item.claim
    key, metric_id = _key(item), binding.metrics[0].identity().digest
    counted = claim.baseline or bench.index.counts(name, key, metric_id)
    same = "claim" if any(run.claim_id == claim.claim_id for run in runs) else ""
    if not same and any(run.claim_key == key for run in runs):
        same = "seed"
    return Leader(runs, board.tried + (0 if counted or same else 1), board.alpha, same)


def _board(bench: Workbench, binding: Binding) -> Leaderboard | None:
    """Return the board of these data and this evaluation: the one that is kept where it is of them, else one made."""
    name = binding.problem.name
    try:
        board = judgement.current_board(bench.index, name)
        if board.evaluation_id != binding.evaluation.digest:
            bench.renew(binding)
            board = judgement.current_board(bench.index, name)
        if (board.problem_id, board.evaluation_id) == (binding.identity.digest, binding.evaluation.digest):
            return board
        runs = bench.index.runs(name)
        return judgement.leaderboard(runs, reference=binding.identity, evaluation=binding.evaluation)
    except NotFoundError:
        return None


def _key(item: ClaimPlan) -> bytes:
    """Return what the claim shares with those that differ from it in nothing but the seed."""
    if "seed" not in item.claim.ingredients:
        return item.claim.claim_id.encode()
    return canonical_json({name: value for name, value in item.claim.ingredients.items() if name != "seed"})
