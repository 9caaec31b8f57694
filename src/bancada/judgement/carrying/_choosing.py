"""Which claims are carried: the best of the newest board of an earlier version of the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bancada.engine import BASELINE, Plan, Request, request_of
from bancada.engine.origins import Judge
from bancada.exceptions import BancadaError, UsageError
from bancada.judgement._leaderboard import leaderboard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.definitions import Definitions
    from bancada.engine import Binding, Workbench
    from bancada.engine._plan import ClaimPlan
    from bancada.records import DatasetIdentity, RunRecord

__all__ = ["Carried", "Carry", "carry", "check_count"]

_FOREIGN = "It is somebody else's run, and nobody was asked. Run its candidate by name, with its parameters."


@dataclass(frozen=True, slots=True)
class Carried:
    """A claim of the earlier board, and its claim on the present data.

    Attributes:
        origin: The run on the earlier data.
        claim_id: The claim on the present data.
        code_changed: True where the candidate's code is another by now.
    """

    origin: RunRecord
    claim_id: str
    code_changed: bool


@dataclass(frozen=True, slots=True)
class Carry:
    """What is carried.

    Attributes:
        plan: What is run on the present data, the baseline last.
        carried: The claims, best first; several that are one claim by now are all told.
        refused: Runs whose candidate cannot be made as it was, and why.
        data: The earlier data.
    """

    plan: Plan
    carried: tuple[Carried, ...]
    refused: tuple[tuple[RunRecord, str], ...]
    data: DatasetIdentity


def check_count(count: int, words: Sequence[str]) -> None:
    """Raise what is wrong with `--carry`, so that it is told before any data is read.

    Raises:
        UsageError: Nothing would be carried, or candidates are named beside it.
    """
    if count < 1:
        raise UsageError(
            "`--carry N` carries the N best claims of the earlier board.",
            f"`--carry {count}` asks for none.",
            "Write `--carry 5`, or leave it out to run every candidate.",
        )
    if words:
        raise UsageError(
            "`--carry` takes candidates and parameters from the earlier board.",
            f"`{words[0]}` was named beside it.",
            "Leave the names out, or run them without `--carry`.",
        )


def carry(bench: Workbench, binding: Binding, definitions: Definitions, count: int, *, again: bool = False) -> Carry:
    """Plan the best claims of the newest earlier board on the present data, with the code as it is now.

    The earlier board is the newest of the same problem and evaluation on other data. Of each candidate its best claim
    is carried, with its parameters and its seed, in the order of that board.

    Args:
        bench: Plans.
        binding: The problem with its data as they are now.
        definitions: The project's candidates as they are now.
        count: How many claims to carry, not counting the baseline.
        again: True to compute every fold anew.

    Raises:
        UsageError: There is no earlier version of the data.
    """
    runs = bench.index.runs(binding.problem.name)
    earlier = _earlier(runs, binding)
    origins, baseline = _best(earlier, runs, count)
    judge = Judge(bench.store, bench.project)
    carried: list[Carried] = []
    refused: list[tuple[RunRecord, str]] = []
    plans: dict[str, ClaimPlan] = {}
    for origin in origins:
        if judge.run(origin.problem.name, origin.run_id).kind == "foreign":
            refused.append((origin, _FOREIGN))
            continue
        try:
            request = request_of(origin, definitions)
        except BancadaError as error:
            refused.append((origin, f"{error.found} {error.remedy}".strip()))
            continue
        planned = bench.plan([request], binding, seeds=[origin.seed], again=again).claims[0]
        plans.setdefault(planned.claim.claim_id, planned)
        carried.append(
            Carried(origin, planned.claim.claim_id, planned.claim.ingredients["code"] != origin.claim.get("code"))
        )
    last = bench.plan([Request(BASELINE, None, {})], binding, seeds=[baseline.seed if baseline else 0]).claims[0]
    plans.setdefault(last.claim.claim_id, last)
    if baseline is not None:
        carried.append(Carried(baseline, last.claim.claim_id, code_changed=False))
    data = earlier.problem.dataset
    return Carry(Plan(binding, tuple(plans.values())), tuple(carried), tuple(refused), data)


def _earlier(runs: Sequence[RunRecord], binding: Binding) -> RunRecord:
    """Return the newest finished run on other data that was judged as the problem is now."""
    mine = binding.identity.ingredients["data"]
    others = [run for run in runs if run.problem.ingredients.get("data") != mine and run.status == "done"]
    found = [run for run in others if run.evaluation.digest == binding.evaluation.digest]
    if found:
        return found[-1]
    rule = "`--carry` takes claims from the board of an earlier version of the data."
    name, version = binding.problem.name, binding.data.version
    if others:
        versions = ", ".join(f"`{item}`" for item in sorted({run.problem.dataset.version for run in others}))
        raise UsageError(
            rule,
            f"Earlier boards of `{name}` ({versions}) were judged by another evaluation than the present one.",
            "Restore the evaluation, or run the candidates by name.",
        )
    if runs:
        raise UsageError(
            rule,
            f"The board of `{name}` is already on this data, version `{version}`, and there is no other.",
            "Run `bancada run`; `--carry` serves when the data has moved on.",
        )
    raise UsageError(rule, f"`{name}` has no run yet.", "Run `bancada run` first.")


def _best(newest: RunRecord, runs: Sequence[RunRecord], count: int) -> tuple[list[RunRecord], RunRecord | None]:
    """Return the best claims of the earlier board in its order, and its baseline."""
    of_board = [run for run in runs if run.problem.digest == newest.problem.digest]
    board = leaderboard(of_board, reference=newest.problem, evaluation=newest.evaluation, top=count)
    by_id = {run.run_id: run for run in of_board}
    ranked = [by_id[row.run_id] for row in board.rows if row.rank_low is not None]
    baselines = [by_id[row.run_id] for row in board.rows if row.baseline and row.value is not None]

    return ranked[:count], baselines[0] if baselines else None
