"""What is known of the KPIs of a problem, from its runs' predictions and its data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.engine.scored import RunScorer
from bancada.exceptions import DefinitionError, NotFoundError, nearest
from bancada.judgement.kpi._candidates import candidates_of
from bancada.judgement.kpi._document import KpiDocument, KpiReport
from bancada.judgement.kpi._relating import Halves, relations_of
from bancada.judgement.kpi._sensitivity import sensitivity_of
from bancada.judgement.kpi._thresholds import line_of_candidate, threshold_of
from bancada.metrics.kpi import CELLS, CostMatrix, KpiMetric
from bancada.scoring.costs import FEWEST_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.definitions.kpi import Kpi
    from bancada.engine import Binding
    from bancada.judgement.kpi._candidates import Candidate
    from bancada.judgement.kpi._document import KpiLine
    from bancada.store import Index

__all__ = ["kpi_document"]


def kpi_document(index: Index, binding: Binding, named: str | None = None) -> KpiDocument:
    """Return what is known of the KPIs: lines in their unit, thresholds, sensitivity, and each metric against them.

    All of it is computed from stored predictions with the data and the code as they are now; nothing is fitted and
    nothing is written.

    Args:
        index: The index over the store.
        binding: The problem with its data.
        named: Name of one KPI; all by default.

    Raises:
        DefinitionError: The evaluation has no KPI.
        NotFoundError: It has none of that name, or the problem has no finished run.
    """
    declared = {kpi.name: kpi for kpi in binding.problem.judged.kpis}
    if not declared:
        raise DefinitionError(
            "A KPI is declared in the evaluation of a problem.",
            f"That of `{binding.problem.name}` has none.",
            'Add one: `bc.Evaluation(kpi=bc.Kpi("cost", unit="EUR per 1,000 rows", costs={"c10": 1, "c01": 20}))`.',
        )
    if named is not None and named not in declared:
        rule = f"A KPI is one of those in the evaluation of `{binding.problem.name}`."
        raise NotFoundError(rule, f"There is no {named!r}.", nearest(named, declared))
    scorer = RunScorer(binding, index.store)
    candidates = candidates_of(index, binding, scorer)
    on_halves = Halves(binding)
    kpis = [metric for metric in binding.metrics if isinstance(metric, KpiMetric) and named in (None, metric.name)]
    return KpiDocument(
        problem=binding.problem.name,
        problem_id=binding.identity.digest,
        evaluation_id=binding.evaluation.digest,
        n_rows=len(binding.positions),
        kpis=tuple(_report(kpi, declared[kpi.name], candidates, scorer, on_halves) for kpi in kpis),
    )


def _report(
    kpi: KpiMetric, declared: Kpi, candidates: Sequence[Candidate], scorer: RunScorer, on_halves: Halves
) -> KpiReport:
    binding = scorer.binding
    lines = [line_of_candidate(candidate, kpi, scorer) for candidate in candidates]
    defined = {line.run_id for line in lines if line.value is not None}
    ranked = [item for item in candidates if item.run.run_id in defined and not item.run.baseline]
    source = kpi.source
    return KpiReport(
        name=kpi.name,
        unit=kpi.unit,
        direction="higher" if kpi.greater_is_better else "lower",
        metric_id=kpi.identity().digest,
        rationale=declared.rationale,
        rationale_file=_is_file(binding, declared.rationale),
        decide=source.decide if isinstance(source, CostMatrix) else "",
        costs={cell: getattr(source, cell) for cell in CELLS} if isinstance(source, CostMatrix) else None,
        columns=kpi.columns,
        lines=tuple(_in_order(lines, greater_is_better=kpi.greater_is_better)),
        threshold=threshold_of(binding, kpi),
        sensitivity=sensitivity_of(kpi, ranked, declared.thought),
        relations=relations_of(on_halves, kpi, ranked),
        names=len(ranked),
        names_needed=FEWEST_NAMES,
    )


def _is_file(binding: Binding, rationale: str) -> bool:
    try:
        return bool(rationale) and (binding.project.root / rationale).is_file()
    except OSError:  # a sentence may be longer than a path can be
        return False


def _in_order(lines: Sequence[KpiLine], *, greater_is_better: bool) -> list[KpiLine]:
    """Return the best first, then those without a value, the baseline last."""

    def place(line: KpiLine) -> tuple[bool, bool, float, str]:
        value = 0.0 if line.value is None else -line.value if greater_is_better else line.value
        return line.baseline, line.value is None, value, line.label

    return sorted(lines, key=place)
