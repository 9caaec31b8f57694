"""How a problem is judged, as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bancada.exceptions import BancadaError
from bancada.judgement.approvals import Status, closures_of

if TYPE_CHECKING:
    from bancada.definitions import Project
    from bancada.judgement.approvals import Told
    from bancada.report.approvals._rows import KnownRows

__all__ = ["CodePart", "EvaluationDocument", "MetricEntry", "Reason", "evaluation_document"]


class Reason(msgspec.Struct, frozen=True):
    """Something that was considered and rejected, and why."""

    name: str
    why: str


class MetricEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A metric: its name, direction, whether it decides, whether it is bancada's own, and why it was chosen."""

    name: str
    direction: str
    primary: bool
    built_in: bool
    reason: str


class CodePart(msgspec.Struct, frozen=True, kw_only=True):
    """Code of the project that judges.

    Attributes:
        what: What it is for.
        definition: Module and name.
        definitions: How many definitions of the project it consists of.
        digest: Digest of them all; empty where it cannot be told.
        doubts: What reading it cannot resolve.
    """

    what: str
    definition: str
    definitions: int = 0
    digest: str = ""
    doubts: tuple[str, ...] = ()


class EvaluationDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.evaluation/1`: what stakeholders approve.

    Attributes:
        schema: `bancada.evaluation/1`.
        problem: Name of the problem.
        evaluation_id: Digest of the evaluation; empty where it depends on the data.
        title: Heading.
        rationale: What it is to tell, and for which decision.
        dataset: Name of the dataset.
        version: Its version.
        n_rows: Rows that are not sealed, in the newest run; None where there is none.
        n_sealed: Sealed rows; None where not known.
        n_looks: How often somebody looked at these; None where not known.
        roles: The roles of the columns, as declared.
        task: The task; None where it is left to the data.
        split: The design of the split.
        repeats: How many times the folds are drawn.
        metrics: The metrics, the primary first.
        alternatives: What was rejected, and why.
        slices: For which rows it is told beside all.
        margin: Smallest difference that matters; None where none is declared.
        kpi: What the business counts.
        code: Code of the project that judges.
        approvals: Who approved what.
        changed: Source files that changed since the definitions were read.
    """

    schema: str = "bancada.evaluation/1"
    problem: str
    evaluation_id: str
    title: str
    rationale: str
    dataset: str
    version: str
    n_rows: int | None
    n_sealed: int | None
    n_looks: int | None
    roles: dict[str, Any]
    task: dict[str, Any] | None
    split: dict[str, Any]
    repeats: int | None
    metrics: tuple[MetricEntry, ...]
    alternatives: tuple[Reason, ...]
    slices: tuple[dict[str, str], ...]
    margin: float | None
    kpi: tuple[dict[str, Any], ...]
    code: tuple[CodePart, ...]
    approvals: Status
    changed: tuple[str, ...] = ()


def evaluation_document(
    told: Told, status: Status, project: Project, *, rows: KnownRows, changed: tuple[str, ...] = ()
) -> EvaluationDocument:
    """Return how a problem is judged as a document; no code of the project is executed.

    Args:
        told: How it is judged, from the snapshot of the definitions.
        status: Who approved what.
        project: The project, whose code is read.
        rows: What the newest run tells of its rows.
        changed: Source files that changed since the definitions were read.
    """
    judged = told.judged
    ingredients = {} if judged is None else judged.ingredients
    metrics = () if judged is None else judged.metrics
    reasons = {} if judged is None else judged.reasons
    return EvaluationDocument(
        problem=told.name,
        evaluation_id=told.evaluation,
        title="" if judged is None else judged.title,
        rationale="" if judged is None else judged.rationale,
        dataset=told.dataset.get("name", ""),
        version=told.dataset.get("version", ""),
        n_rows=rows.n_rows,
        n_sealed=rows.n_sealed,
        n_looks=rows.n_looks,
        roles=told.roles,
        task=told.task,
        split=ingredients.get("split", {}),
        repeats=None if judged is None else judged.repeats,
        metrics=tuple(
            MetricEntry(
                name=metric.name,
                direction="higher" if metric.greater_is_better else "lower",
                primary=metric.name == ingredients.get("primary"),
                built_in=metric.built_in,
                reason=reasons.get(metric.name, ""),
            )
            for metric in metrics
        ),
        alternatives=() if judged is None else tuple(Reason(item.name, item.why) for item in judged.alternatives),
        slices=tuple(ingredients.get("slices", ())),
        margin=ingredients.get("margin"),
        kpi=() if judged is None else judged.kpi,
        code=_code(told, project),
        approvals=status,
        changed=changed,
    )


def _code(told: Told, project: Project) -> tuple[CodePart, ...]:
    try:
        closures = closures_of(told, project)
    except BancadaError:  # the state of the subject `code` says what is wrong
        closures = {}
    parts = []
    for item in () if told.judged is None else told.judged.code:
        closure = closures.get(item.what)
        name = f"{item.module}:{item.qualname or 'without a name'}"
        if closure is None:
            parts.append(CodePart(what=item.what, definition=name))
            continue
        parts.append(
            CodePart(
                what=item.what,
                definition=name,
                definitions=len(closure.items),
                digest=closure.digest,
                doubts=closure.doubts,
            )
        )
    return tuple(parts)
