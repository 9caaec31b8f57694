"""The plan: every fold that was asked for, and which of them are known."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from bancada.engine._claims import ClaimMaker
from bancada.engine._limits import Limits
from bancada.exceptions import NotFoundError
from bancada.identity import DigestMemo, file_digest
from bancada.store import random_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from bancada.engine._binding import Binding
    from bancada.engine._claims import Claim, Request
    from bancada.engine._repeats import Repeat
    from bancada.provenance import ProjectCode
    from bancada.records import FoldRecord, RunRecord
    from bancada.store import Index, Store

__all__ = ["ClaimPlan", "Plan", "PlannedFold", "make_plan", "present_digests"]


@dataclass(frozen=True, slots=True)
class PlannedFold:
    """One fold of a claim: its key, and the stored entry that answers it."""

    repeat: Repeat
    fold: int
    key: str
    record: FoldRecord | None


@dataclass(frozen=True, slots=True)
class ClaimPlan:
    """A claim with its folds.

    Attributes:
        claim: What is asserted.
        folds: In order of repeat and fold.
        known: The finished run that holds every fold asked for; None where something must be recorded.
        hypothesis: What is expected of the run, fixed before its first fold; None where nothing is.
    """

    claim: Claim
    folds: tuple[PlannedFold, ...]
    known: RunRecord | None
    hypothesis: Mapping[str, Any] | None = None

    @property
    def missing(self) -> tuple[PlannedFold, ...]:
        """The folds that must be computed."""
        return tuple(fold for fold in self.folds if fold.record is None)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sweep will do.

    Attributes:
        binding: The problem with its data.
        claims: In the order in which they were asked for.
        again: True where every fold is computed, known or not.
        limits: What each fold may take.
    """

    binding: Binding
    claims: tuple[ClaimPlan, ...]
    again: bool = False
    limits: Limits = field(default_factory=Limits)

    @property
    def anew(self) -> Plan:
        """The same claims, every fold of which is computed, known or not."""
        claims = (
            replace(item, folds=tuple(replace(fold, record=None) for fold in item.folds), known=None, hypothesis=None)
            for item in self.claims
        )
        return replace(self, claims=tuple(claims), again=True)

    @property
    def n_folds(self) -> int:
        """Count of folds asked for."""
        return sum(len(item.folds) for item in self.claims)

    @property
    def n_known(self) -> int:
        """Count of folds that need no computing."""
        return sum(len(item.folds) - len(item.missing) for item in self.claims)


def make_plan(  # noqa: PLR0913 - the last three keyword-only, each an option of the verb
    requests: Iterable[Request],
    binding: Binding,
    code: ProjectCode,
    store: Store,
    index: Index,
    *,
    seeds: Iterable[int] = (0,),
    again: bool = False,
    row_limit: int | None = None,
) -> Plan:
    """Return what must be done for these candidates.

    Args:
        requests: Candidates with their parameters; equal claims are planned once.
        binding: The problem with its data.
        code: The project's sources.
        store: Where folds are looked up.
        index: Where runs of a claim are looked up.
        seeds: One claim for each.
        again: True to run what is known once more, computing every fold.
        row_limit: Rows that a fold of the binding has at most; None for all.

    Raises:
        DefinitionError: A candidate cannot be sent to a worker.
    """
    index.refresh(binding.problem.name)
    digest_of = present_digests(binding.project.root, binding.project.cache)
    maker = ClaimMaker(binding, code, store)
    plans: dict[str, ClaimPlan] = {}
    requests = tuple(requests)
    for seed in seeds:
        for request in requests:
            item = maker.make(request, seed, random_name(), row_limit)
            if item.claim_id not in plans:
                plans[item.claim_id] = _claim_plan(item, binding, store, index, digest_of, again=again)
    return Plan(binding, tuple(plans.values()), again=again)


def _claim_plan(
    item: Claim,
    binding: Binding,
    store: Store,
    index: Index,
    digest_of: Callable[[str], str | None],
    *,
    again: bool,
) -> ClaimPlan:
    folds = []
    for repeat in binding.repeats:
        for number in range(len(repeat.parts)):
            key = item.fold_key(repeat, number)
            record = None if again or not item.cacheable else store.folds.lookup(key, digest_of)
            folds.append(PlannedFold(repeat, number, key, record))
    complete = all(fold.record is not None for fold in folds)
    known = _known(index.claim(binding.problem.name, item.claim_id), folds) if complete else None
    return ClaimPlan(item, tuple(folds), known)


def _known(runs: Iterable[RunRecord], folds: Iterable[PlannedFold]) -> RunRecord | None:
    """Return the newest finished run that lists exactly the stored entries that answer now."""
    wanted = {(fold.key, fold.record.content) for fold in folds if fold.record is not None}
    for run in reversed(tuple(runs)):
        if run.status == "done" and wanted <= {(use.key, use.content) for use in run.folds}:
            return run
    return None


def present_digests(root: Path, cache: Path) -> Callable[[str], str | None]:
    """Give the present digest of a path relative to the root, each file hashed once a plan."""
    memo = DigestMemo(cache / "digests.sqlite")
    seen: dict[str, str | None] = {}

    def digest_of(path: str) -> str | None:
        if path not in seen:
            try:
                seen[path] = file_digest(root / path, memo)
            except (OSError, NotFoundError):
                seen[path] = None
        return seen[path]

    return digest_of
