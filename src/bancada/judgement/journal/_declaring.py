"""A hypothesis is declared: its names resolved, its level fixed, before the first fold."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.definitions.expectations import Expectation, check_metric, expectation, meant_slice
from bancada.engine import hypotheses
from bancada.exceptions import NotFoundError, UsageError, nearest
from bancada.judgement._references import find_line
from bancada.judgement.journal._hypothesis import KIND, Hypothesis, Reference, Seen
from bancada.provenance import author, mask_secrets
from bancada.records import Statement
from bancada.store import Index, Store, random_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.contracts import Metric
    from bancada.definitions import Problem, Project
    from bancada.engine import Binding, Plan, Workbench
    from bancada.engine._plan import ClaimPlan
    from bancada.records import RunRecord

__all__ = ["Wish", "declare", "wish"]

ALPHA = 0.05
_CHAMPION = "A champion is a run or a candidate that was scored before: `r-…`, a candidate's name, or `best`."


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed.

    Attributes:
        because: Why the runs are made; what looks like a secret is masked.
        expectation: What is expected of them; None where only the reason was given.
    """

    because: str
    expectation: Expectation | None


def wish(because: str | None, expects: Sequence[str], problem: Problem, project: Project) -> Wish | None:
    """Return what was typed, once its words are known to mean something; nothing is read but the store's names.

    Args:
        because: Why the runs are made.
        expects: What is expected of them: one text, or none.
        problem: The problem.
        project: Where it lives.

    Returns:
        None where neither was given.

    Raises:
        DefinitionError: The expectation is not in the grammar; the error points at the place.
        NotFoundError: The metric, the slice or the champion does not exist.
        UsageError: The reason is empty, or there are several expectations.
    """
    if because is None and not expects:
        return None
    if because is not None and not because.strip():
        rule = "`--because` says why the runs are made."
        raise UsageError(rule, "Its text is empty.", "Write what you think will happen, or leave it out.")
    if len(expects) > 1:
        raise UsageError(
            "A hypothesis has one expectation, so that its level is known.",
            f"Found {len(expects)} `--expect`.",
            "Keep the one that would change your mind.",
        )
    parsed = expectation(_whole(expects[0])) if expects else None
    if parsed is not None:
        check_metric(parsed, problem, project)
        if parsed.where:
            meant_slice(parsed, problem.judged.slices, None)
        if parsed.champion is not None:
            _check_champion(parsed.champion, problem.name, project)
    return Wish(mask_secrets(_whole(because or "").strip()), parsed)


def declare(wished: Wish | None, plan: Plan, bench: Workbench) -> Plan:
    """Return a plan whose claims, but for the baseline, carry the hypothesis; a known run gets it as a statement.

    Args:
        wished: What was typed; None leaves the plan as it is.
        plan: What will be done.
        bench: The store with its index.

    Raises:
        NotFoundError: The metric, the slice or the champion does not exist.
        DefinitionError: The expectation's slice is not in the grammar, or compares unlike types.
        DataError: The slice holds no row.
        UsageError: The champion was not scored on this problem.
    """
    if wished is None:
        return plan
    binding, resolved = _resolved(wished, plan.binding, bench)
    about = [item for item in plan.claims if not item.claim.baseline] or list(plan.claims)
    common = msgspec.structs.replace(
        resolved,
        claims=len(about),
        known=tuple(item.known.run_id for item in about if item.known is not None),
        declared=dt.datetime.now(dt.UTC).isoformat(),
    )
    chosen = {item.claim.claim_id for item in about}
    before = any(bench.index.claim(binding.problem.name, claim_id) for claim_id in chosen)
    fixed = msgspec.structs.replace(common, seen=Seen(runs=_seen(binding, bench), claim=before))
    claims = []
    for item in plan.claims:
        if item.claim.claim_id not in chosen:
            claims.append(item)
            continue
        claims.append(_with(item, fixed, binding, bench))
    return replace(plan, binding=binding, claims=tuple(claims))


def _whole(text: str) -> str:
    # Bytes that are no text reach a program as halves of characters, which no file can hold.
    return text.encode(errors="replace").decode()


def _check_champion(reference: str, problem: str, project: Project) -> None:
    """Raise where the store has no such run, so that it is told before a store is made."""
    if reference == "best":
        return
    names: set[str] = set()
    if (project.store / "store.json").is_file():
        store = Store.open(project.store, create=False)
        if reference.startswith("r-"):
            store.runs.resolve(reference, problem)
            return
        index = Index(store, project.cache)
        try:
            names = {run.candidate for run in index.listing(problem)}
        finally:
            index.close()
    if reference not in names:
        remedy = nearest(reference, names) if names else f"Run it first: `bancada run {reference}`."
        raise NotFoundError(_CHAMPION, f"`{reference}` is none in problem `{problem}`.", remedy)


def _resolved(wished: Wish, binding: Binding, bench: Workbench) -> tuple[Binding, Hypothesis]:
    """Return the hypothesis with its names resolved, and the binding that scores what it is about."""
    parsed = wished.expectation
    made = Hypothesis(id=random_name(), because=wished.because, alpha=ALPHA)
    if parsed is None:
        return binding, made
    metric = _metric(parsed, binding)
    name = None
    if parsed.where:
        name, expression = meant_slice(parsed, binding.problem.judged.slices, tuple(binding.slices))
        if expression:
            binding, name = hypotheses.with_rows(binding, expression), expression
    reference = None if parsed.champion is None else _reference(parsed.champion, metric, name, binding, bench)
    return binding, msgspec.structs.replace(
        made,
        expect=mask_secrets(parsed.canonical(metric.name, name)),
        metric=metric.name,
        metric_id=metric.identity().digest,
        operator=parsed.operator,
        bound=parsed.number,
        reference=reference,
        slice=name,
        slice_id=None if name is None else binding.slice_ids[name],
    )


def _metric(parsed: Expectation, binding: Binding) -> Metric:
    if parsed.metric is None:
        return binding.metrics[0]
    for metric in binding.metrics:
        if metric.name == parsed.metric:
            return metric
    raise NotFoundError(
        f"An expectation is about a metric of problem `{binding.problem.name}`.",
        f"Found no metric `{parsed.metric}`.",
        nearest(parsed.metric, [metric.name for metric in binding.metrics]),
    )


def _reference(named: str, metric: Metric, name: str | None, binding: Binding, bench: Workbench) -> Reference:
    """Return the champion as it is now, scored by the metric on the slice."""
    index = bench.index
    index.refresh(binding.problem.name)
    if not index.listing(binding.problem.name):
        raise NotFoundError(_CHAMPION, f"`{named}` is none in problem `{binding.problem.name}`.", "Run one first.")
    runs = [run for run in find_line(named, index, binding.problem.name) if run.status == "done"]
    runs = [run for run in runs if run.problem.digest == binding.identity.digest and run.row_limit is None]
    if not runs:
        raise UsageError(
            "A champion has a score on all rows and folds of the present problem.",
            f"`{named}` has none: its data, split or task were others, or it did not finish.",
            f"Run it first: `bancada run {named if not named.startswith('r-') else 'CANDIDATE'}`.",
        )
    scored = [hypotheses.scored_by(run, metric, name, binding, bench.store) for run in runs]
    return Reference(
        named=named,
        run_id=runs[0].run_id,
        runs=tuple(run.run_id for run in runs),
        candidate=runs[0].candidate,
        value=_value(scored, metric, name),
    )


def _value(runs: Sequence[RunRecord], metric: Metric, name: str | None) -> float | None:
    """Return the mean score of the runs; None where one has none."""
    digest = metric.identity().digest
    found = [score.estimate.value for run in runs if (score := run.score_by(digest, name)) is not None]
    numbers = [value for value in found if value is not None]
    return sum(numbers) / len(numbers) if numbers and len(numbers) == len(runs) else None


def _seen(binding: Binding, bench: Workbench) -> int:
    """Return how many runs on the same rows had scores, under whatever identity of the problem."""
    name, total = binding.problem.name, 0
    bench.index.refresh(name)
    for run_id, count in bench.index.shapes(name):
        stored = bench.store.runs.read(name, run_id)
        if stored is not None and stored.record.problem.dataset.table == binding.data.table:
            total += count
    return total


def _with(item: ClaimPlan, fixed: Hypothesis, binding: Binding, bench: Workbench) -> ClaimPlan:
    """Return a claim with its hypothesis; a run that is known has it said about it, for its record is finished."""
    content: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(fixed))
    if item.known is not None:
        run = item.known
        for metric in binding.metrics:
            if metric.identity().digest == fixed.metric_id:
                hypotheses.scored_by(run, metric, fixed.slice, binding, bench.store)
        said = Statement(kind=KIND, said=fixed.declared, content=content, author=author(bench.project.root))
        bench.store.runs.say(run.problem.name, run.run_id, said)
    return replace(item, hypothesis=content)
