"""The verdict on one run as text, on several as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bancada.display import Column, Table, count, plain, seconds, short_id
from bancada.exceptions import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bancada.reproduction import Difference, Reproduction, Reproductions

__all__ = ["reproduction_text", "reproductions_table", "verdict_line"]

MOST = 12
_TONES = {"identical": "strong", "within-tolerance": "", "diverged": "bad", "impossible": "bad"}


def reproduction_text(found: Reproduction) -> str:
    """Return the verdict on one run, and beneath it what it rests on."""
    head = f"{found.candidate} ({short_id(found.run_id)}): {verdict_line(found)}"
    lines = (*_as_now([found]), *_details(found))
    return "\n".join(plain(line) for line in (head, *(f"  {line}" for line in lines))) + "\n"


def verdict_line(found: Reproduction) -> str:
    """Return the verdict in a line.

    Examples:
        >>> from bancada.reproduction import Reproduction
        >>> verdict_line(Reproduction(run_id="a", candidate="b", problem="c", verdict="identical", predictions=16_902))
        'identical: 16,902 predictions, 0 differ'
    """
    if found.verdict == "impossible":
        return f"impossible: {counted(len(found.missing), 'thing')} missing"
    if not found.differing:
        # Predictions that are equal can be scored otherwise, and a fold that failed has none.
        reason = ", and scores do" if found.scores else ", and a fold failed" if found.verdict == "diverged" else ""
        return f"{found.verdict}: {counted(found.predictions, 'prediction')}, 0 differ{reason}"
    apart = "" if found.max_abs_difference is None else f", by up to {found.max_abs_difference:.3g}"
    return f"{found.verdict}: {count(found.differing)} of {counted(found.predictions, 'prediction')} differ{apart}"


def reproductions_table(found: Reproductions) -> Table:
    """Set several verdicts, a row each, and below what stood in the way or drifted."""
    return Table(
        columns=(
            Column("candidate", shrinks=True),
            Column("run"),
            Column("verdict"),
            Column("predictions", "right"),
            Column("differ", "right"),
            Column("by up to", "right", optional=True),
            Column("took", "right"),
        ),
        rows=tuple(
            (
                item.candidate,
                short_id(item.run_id),
                item.verdict,
                count(item.predictions) if item.verdict != "impossible" else None,
                count(item.differing) if item.verdict != "impossible" else None,
                f"{item.max_abs_difference:.3g}" if item.max_abs_difference else None,
                seconds(item.seconds),
            )
            for item in found.reproductions
        ),
        notes=(
            *_as_now(found.reproductions),
            *(
                f"{item.candidate} ({short_id(item.run_id)}): {line}"
                for item in found.reproductions
                if item.verdict in {"diverged", "impossible"}
                for line in _details(item)
            ),
        ),
        tones=tuple(_TONES.get(item.verdict, "") for item in found.reproductions),
    )


def _as_now(found: Iterable[Reproduction]) -> Iterator[str]:
    """Yield what was taken as it is now, once for all that were asked for together."""
    for current in dict.fromkeys(item.current for item in found if item.current):
        yield f"with the {' and the '.join(current)} as now: this grants no `reproduced`"


def _details(found: Reproduction) -> Iterator[str]:
    if found.reason:
        yield f"why: {found.reason}"
    # The reason names the first of them, with their versions.
    yield from _first(tuple(item for item in found.missing if _bare(item) not in found.reason), "missing")
    if found.first_difference is not None:
        yield f"first: {_told(found.first_difference)}"
    if found.largest_difference not in (None, found.first_difference):
        yield f"largest: {_told(found.largest_difference)}"
    if found.verdict == "within-tolerance":
        yield f"tolerance: {', '.join(f'`{name}` {value:.3g}' for name, value in found.tolerances.items())}"
    for score in found.scores[:MOST]:
        where = f" on `{score.slice}`" if score.slice else ""
        yield f"score `{score.metric}`{where}: {_number(score.recorded)} recorded, {_number(score.found)} now"
    if found.unscored:
        yield f"not scored: {', '.join(f'`{name}`' for name in found.unscored)} exist in a session only"
    yield from _first(found.drifted, "drifted")
    yield from _first(found.since, "as recorded; in the project since then")
    if found.verdict != "impossible":
        yield f"{counted(found.folds, 'fold')} computed once more, in {seconds(found.seconds)}"


def _first(items: tuple[str, ...], head: str) -> Iterator[str]:
    yield from (f"{head}: {item}" for item in items[:MOST])
    if len(items) > MOST:
        yield f"{head}: {len(items) - MOST} more; `--json` lists all"


def _bare(item: str) -> str:
    return item.removeprefix("package ")


def _told(item: Difference | None) -> str:
    if item is None:
        return ""
    place = f"repeat {item.repeat}, fold {item.fold}"
    row = "" if item.id is None else f", id {item.id!r}"
    column = "" if item.column is None else f", `{item.column}`"
    return f"{place}{row}{column}: {_number(item.recorded)} recorded, {_number(item.found)} now"


def _number(value: Any) -> str:
    return "none" if value is None else repr(value) if isinstance(value, float) else str(value)
