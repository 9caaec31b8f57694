"""The document of an evaluation in sections: one form for the terminal, for Markdown and for HTML."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bancada import display
from bancada.display import Column, Table, count, score, short_digest
from bancada.exceptions import counted
from bancada.report._wording import arrow, percent
from bancada.report.approvals._status import approvals_section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.report.approvals._document import EvaluationDocument

__all__ = ["document_title", "evaluation_sections", "page_fragments"]

_DASH = "\N{EN DASH}"
# The others follow, such as one that a later version knows.
_ROLES = ("id", "target", "features", "exclude", "groups", "time", "weight", "fit_weight")
_KINDS = {
    "random": "folds drawn by chance",
    "site": "each fold a site",
    "time": "trained on the past, tested on what came after",
    "single": "one split",
}
_LOOKS = (
    "Sealed rows train nothing, and no score that is shown from day to day comes from them.",
    "Each look, by `bancada holdout score RUN`, is written down, with who looked, when and at which run.",
    "Look number j has the level α · 6 / (π² j²): rows that many have looked at are no test any more.",
)


def document_title(document: EvaluationDocument) -> str:
    """Return the heading of the document."""
    return document.title or f"How {document.problem} is judged"


def evaluation_sections(document: EvaluationDocument) -> tuple[Table, ...]:
    """Return the document in sections, each a table with its heading as the first line above it."""
    sections = [
        _opening(document),
        _data(document),
        _split(document),
        _metrics(document),
        _alternatives(document),
        _slices(document),
        _margin(document),
    ]
    sections += [_kpi(kpi) for kpi in document.kpi]
    sections += [_holdout(document), _code(document), approvals_section(document.approvals)]
    return tuple(sections)


def page_fragments(sections: Sequence[Table]) -> tuple[str, ...]:
    """Return sections as HTML for a page that has the heading of the first one already."""
    first, *others = sections
    return tuple(display.to_html(section) for section in (replace(first, caption=first.caption[1:]), *others))


def _opening(document: EvaluationDocument) -> Table:
    identity = (
        f"evaluation {short_digest(document.evaluation_id)}"
        if document.evaluation_id
        else "the evaluation depends on the data: it names neither task nor primary metric"
    )
    state = document.approvals.subject("evaluation")
    line = f"problem {document.problem} · {identity}"
    line += f" · {state.in_words}" if state.needed and document.evaluation_id else ""
    notes: tuple[str, ...] = ()
    if document.changed:
        files = ", ".join(document.changed)
        notes = (f"Changed since this was read, and not in it: {files}. `--fresh` reads anew.",)
    return Table((), (), caption=(document_title(document), line, *_paragraphs(document.rationale)), notes=notes)


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, which empty lines part, each on one line."""
    parts = re.split(r"\n\s*\n", text)
    return [" ".join(part.split()) for part in parts if part.strip()]


def _data(document: EvaluationDocument) -> Table:
    told = document.dataset + (f", version {document.version}" if document.version else "")
    if document.n_rows is not None:
        told += f": {counted(document.n_rows, 'row')}"
        told += f", and {count(document.n_sealed)} that are sealed" if document.n_sealed else ""
    ordered = sorted(document.roles.items(), key=lambda item: (*_ROLES, item[0]).index(item[0]))
    rows = [(role.replace("_", " "), _value(value)) for role, value in ordered if value not in (None, [], False)]
    task = document.task or {"name": "left to the data"}
    rows.append(("task", _listed(task)))
    return Table((Column("role"), Column("columns")), tuple(rows), caption=("Data and roles", told))


def _split(document: EvaluationDocument) -> Table:
    design = dict(document.split)
    name = str(design.pop("design", "left to the data"))
    kind = _KINDS.get(str(design.pop("kind", "")), "")
    design.pop("holdout", None)
    rows = [(key, _value(value)) for key, value in design.items() if value is not None]
    if document.repeats is not None:
        rows.append(("repeats", count(document.repeats)))
    title = f"{name}: {kind}" if kind else name
    return Table((Column("split"), Column("value")), tuple(rows), caption=("Split", title))


def _metrics(document: EvaluationDocument) -> Table:
    rows = tuple(
        (
            f"{metric.name} {arrow(metric.direction)}",
            "decides" if metric.primary else "is told beside",
            metric.reason or _DASH,
            "" if metric.built_in else "of this project",
        )
        for metric in document.metrics
    )
    silent = [metric.name for metric in document.metrics if not metric.reason]
    notes = (f"No reason is given for {', '.join(silent)}.",) if silent else ()
    columns = (Column("metric"), Column("role"), Column("why"), Column("code", optional=True))
    return Table(columns, rows, caption=("Metrics",), notes=notes if rows else ("They depend on the data.",))


def _alternatives(document: EvaluationDocument) -> Table:
    rows = tuple((item.name, item.why) for item in document.alternatives)
    notes = () if rows else ("None are told.",)
    return Table((Column("rejected"), Column("why")), rows, caption=("Considered and rejected",), notes=notes)


def _slices(document: EvaluationDocument) -> Table:
    rows = tuple(
        (item["name"], item["expression"]) if "expression" in item else (item.get("column", ""), "each of its values")
        for item in document.slices
    )
    notes = () if rows else ("Scores are told over all rows only.",)
    return Table((Column("slice"), Column("rows")), rows, caption=("Slices",), notes=notes)


def _margin(document: EvaluationDocument) -> Table:
    primary = next((metric.name for metric in document.metrics if metric.primary), "the primary metric")
    if document.margin is None:
        told = f"None is declared: no two candidates can be called equivalent by {primary}."
    else:
        told = f"A difference of {primary} below {score(document.margin)} does not matter."
    return Table((), (), caption=("Margin", told))


def _kpi(kpi: dict[str, Any]) -> Table:
    told = dict(kpi)
    name, unit, rationale = (str(told.pop(key, "") or "") for key in ("name", "unit", "rationale"))
    better = "more is better" if told.pop("greater_is_better", True) else "less is better"
    for key, ends in _pairs(told.pop("ranges", {})):
        told[f"range of {key}"] = f"{_amount(ends[0])} to {_amount(ends[-1])}" if ends else ""
    for group in ("costs", "assumptions"):
        for key, amount in _pairs(told.pop(group, {})):
            told[key] = _amount(amount)
    if "rows" in told:
        told["rows that a number speaks of"] = _amount(told.pop("rows"))
    rows = tuple((key.replace("_", " "), _value(value)) for key, value in told.items() if value not in (None, "", []))
    line = f"{name}, in {unit}: {better}" if unit else f"{name}: {better}"
    reasons = _paragraphs(rationale) or ["No reason is given for it."]
    return Table((Column("what it rests on"), Column("value")), rows, caption=("KPI", line, *reasons))


def _pairs(values: Any) -> list[tuple[str, Any]]:
    return list(values.items()) if isinstance(values, dict) else []


def _amount(value: Any) -> str:
    """Return an amount with as many digits as it was said with; a column by its name."""
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value)


def _holdout(document: EvaluationDocument) -> Table:
    share = document.split.get("holdout")
    if not share:
        told = ("No rows are sealed: nothing is left that no choice has been made by.",)
        return Table((), (), caption=("Holdout, and the rule of looks", *told))
    if isinstance(share, float):
        told = (
            f"{percent(share)} of the rows, or of their groups, are sealed: which ones a hash of their ids decides.",
        )
    else:
        told = (f"Rows from {share} on are sealed.",)
    return Table((), (), caption=("Holdout, and the rule of looks", *told, *_LOOKS, *_looked(document.n_looks)))


def _looked(looks: int | None) -> tuple[str, ...]:
    if looks is None:
        return ()
    return (f"So far there {'was' if looks == 1 else 'were'} {counted(looks, 'look')}.",)


def _code(document: EvaluationDocument) -> Table:
    rows = tuple(
        (part.what, part.definition, counted(part.definitions, "definition"), short_digest(part.digest))
        for part in document.code
    )
    doubts = {doubt for part in document.code for doubt in part.doubts}
    notes = [f"Reading cannot tell: {doubt}." for doubt in sorted(doubts)]
    if not rows:
        notes = ["Nothing that judges is of this project's own making."]
    columns = (Column("for"), Column("definition"), Column("consists of"), Column("digest"))
    return Table(columns, rows, caption=("Code that judges",), notes=tuple(notes))


def _listed(values: dict[str, Any]) -> str:
    return ", ".join(
        str(value) if key == "name" else f"{key.replace('_', ' ')} {_value(value)}"
        for key, value in values.items()
        if value is not None
    )


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value))
    if isinstance(value, dict):
        return _listed(value)
    return score(value) if isinstance(value, float) else str(value)
