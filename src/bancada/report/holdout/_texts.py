"""Looks as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.display import Column, Figure, Table, count, interval, plain, score, short_id
from bancada.report._wording import halfwidth, percent, sentence, times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.engine.holdout import Foreseen
    from bancada.records import Score, Statement
    from bancada.report.holdout._document import HoldoutDocument, LookEntry

__all__ = ["cost_text", "holdout_tables", "look_lines", "looks_tables"]

_MEANS = (
    "This fitted model on the sealed rows: fitted on all others, scored once. It says nothing of how the candidate "
    "would do when trained again."
)
_GUIDE = "After choices that used earlier answers the level is a guide, not a bound."


def cost_text(foreseen: Sequence[Foreseen]) -> str:
    """Return what looks would cost, a line each, before they are taken."""
    first = foreseen[0]
    before = len(first.looked.looks)
    head = f"The holdout of `{plain(first.run.problem.name)}` has {count(first.rows.n_rows)} sealed rows"
    lines = [f"{head} and was looked at {times(before)}." if before else f"{head}; nobody has looked at it yet."]
    for item in foreseen:
        name = f"{plain(item.run.candidate)} ({short_id(item.run.run_id)})"
        if item.known is not None:
            told = "was computed before and is shown once more: no look is counted"
        else:
            fits = "fitted on all other rows and " if item.fits else ""
            told = f"{fits}scored: this is look {item.number}; its intervals are at {_share(item.level)}"
        lines.append(f"  {name}: {told}")
    lines.append("Each look is written down, and makes every later interval wider; a look blocks nothing.")
    return "\n".join(lines)


def holdout_tables(document: HoldoutDocument) -> tuple[Table, ...]:
    """Return what looks showed: a table each."""
    tables = [_scores(entry, document) for entry in document.looks]
    last = tables[-1]
    notes = (*last.notes, _GUIDE, *map(sentence, document.warnings))
    tables[-1] = Table(columns=last.columns, rows=last.rows, caption=last.caption, notes=notes, tones=last.tones)
    return tuple(tables)


def looks_tables(document: HoldoutDocument) -> Table:
    """Return the list of all looks, each with its first score."""
    following = f"The next is look {document.following.number}, its intervals at {_share(document.following.level)}."
    looks = times(document.count) if document.count else "by nobody yet"
    return Table(
        columns=(
            Column("look", "right"),
            Column("when"),
            Column("who", optional=True, shrinks=True),
            Column("run"),
            Column("candidate", shrinks=True),
            Column("metric"),
            Column("value", "decimal"),
            Column("interval"),
            Column("level", optional=True),
        ),
        rows=tuple(_line(entry) for entry in document.looks),
        caption=(f"{document.problem} · {count(document.n_sealed)} sealed rows · looked at {looks}",),
        notes=(following, *_other(document), *map(sentence, document.warnings)),
    )


def look_lines(statements: Sequence[Statement]) -> tuple[str, ...]:
    """Return a line for each look at a holdout that was taken with a run.

    Args:
        statements: What was said about the run.
    """
    lines = []
    for statement in statements:
        if statement.kind == "look":
            said = statement.content
            level = said.get("level")
            at = f", intervals at {_share(level)}" if isinstance(level, float) else ""
            head = f"holdout: look {said.get('number')} on {str(said.get('looked'))[:10]}{at}"
            lines.append(f"{head}; `bancada holdout show` shows it")
    return tuple(lines)


def _scores(entry: LookEntry, document: HoldoutDocument) -> Table:
    slices = any(item.slice for item in entry.scores)
    head = f"{entry.candidate} ({short_id(entry.run_id)}) · holdout of {document.problem}"
    rows = f"{count(document.n_sealed)} sealed rows"
    look = f"look {entry.number} of {document.count}" + (", shown once more" if entry.again is True else "")
    flags = dict.fromkeys((*entry.flags, *(f"{_where(item)}: {flag}" for item in entry.scores for flag in item.flags)))
    return Table(
        columns=(
            Column("metric"),
            *((Column("slice"),) if slices else ()),
            Column("value", "decimal"),
            Column(f"{_share(entry.level)} interval"),
            Column("rows", "right"),
        ),
        rows=tuple(_score_row(item, slices=slices) for item in entry.scores),
        caption=(f"{head} · {rows} · {look}",),
        notes=(_MEANS, *map(sentence, flags)),
    )


def _score_row(item: Score, *, slices: bool) -> tuple[str | Figure | int | None, ...]:
    found = item.estimate
    width = halfwidth(found.low, found.high)
    return (
        item.metric,
        *((item.slice,) if slices else ()),
        Figure(found.value, score(found.value, width)),
        interval(found.low, found.high, width),
        item.n_rows,
    )


def _line(entry: LookEntry) -> tuple[str | Figure | int | None, ...]:
    first = next((item for item in entry.scores if item.slice is None), None)
    found = None if first is None else first.estimate
    width = None if found is None else halfwidth(found.low, found.high)
    return (
        entry.number,
        entry.looked[:16].replace("T", " "),
        entry.author,
        short_id(entry.run_id),
        entry.candidate,
        entry.metrics[0] if entry.metrics else "",
        None if found is None else Figure(found.value, score(found.value, width)),
        "not in this store" if found is None else interval(found.low, found.high, width),
        _share(entry.level),
    )


def _other(document: HoldoutDocument) -> tuple[str, ...]:
    names = sorted({entry.problem for entry in document.looks} - {document.problem})
    if not names:
        return ()
    named = ", ".join(f"`{name}`" for name in names)
    return (f"The same rows were looked at as {named}: what counts is the rows, not the name.",)


def _where(item: Score) -> str:
    return f"`{item.metric}`" if item.slice is None else f"`{item.metric}`, {item.slice}"


def _share(level: float) -> str:
    """Return the share of intervals that hold, such as `99.24 %`."""
    short = f"{100 * (1 - level):.4g}"
    return percent(1 - level) if short == "100" else f"{short} %"
