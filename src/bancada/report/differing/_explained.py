"""What accounts for a difference, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.display import Column, Figure, Table, delta, interval
from bancada.report._wording import arrow, halfwidth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bancada.reproduction.differing import Effect, Explanation

__all__ = ["explained_table"]

_PROCEDURE = "each with a 95 % interval by itself ({}), not adjusted for their number; none carries a verdict"


def explained_table(found: Explanation) -> Table:
    """Set the effects as a table: one ingredient of B in A at a time, what they do together, the whole."""
    left = () if found.interaction is None else (found.interaction,)
    together = "only together, or not tried" if found.not_tried else "only together"
    names = {"total": "all of it (B − A)", "interaction": together}
    rows = tuple(_row(effect, names) for effect in (*found.effects, *left, found.total))
    direction = arrow("higher" if found.greater_is_better else "lower")
    return Table(
        columns=(
            Column("what B has", shrinks=True),
            Column(f"{found.metric} {direction}", "decimal"),
            Column("95 % interval"),
            Column("note", optional=True),
        ),
        rows=rows,
        caption=(_sentence(found),),
        notes=tuple(_notes(found)),
        tones=(*("",) * (len(rows) - 1), "strong"),
    )


def _row(effect: Effect, names: Mapping[str, str]) -> tuple[str, Figure, str, str]:
    digits = halfwidth(effect.low, effect.high)
    low, high = effect.low, effect.high
    between = interval(low, high) if low is None or high is None else f"{delta(low, digits)} to {delta(high, digits)}"
    name = names.get(effect.ingredient, f"the {effect.ingredient}")
    return name, Figure(effect.delta, delta(effect.delta, digits)), between, effect.note


def _sentence(found: Explanation) -> str:
    if not found.effects:
        return f"No ingredient could be exchanged: nothing says what the difference in {found.metric} comes from."
    sized = [effect for effect in found.effects if effect.delta is not None]
    largest = max(sized, key=lambda effect: abs(effect.delta or 0.0), default=None)
    if largest is None or not largest.delta:
        return f"No ingredient alone changes {found.metric}."
    digits = halfwidth(largest.low, largest.high)
    return f"Most comes with the {largest.ingredient}: alone {delta(largest.delta, digits)} in {found.metric}."


def _notes(found: Explanation) -> list[str]:
    notes = []
    if found.procedure:
        notes.append(f"Mean paired differences over {found.n_folds} folds, {_PROCEDURE.format(found.procedure)}.")
    else:
        notes.append(f"Mean differences over {found.n_folds} folds; these folds allow no interval.")
    return notes + [f"Not tried: the {name}: {reason}." for name, reason in found.not_tried.items()]
