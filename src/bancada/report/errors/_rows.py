"""Lists of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bancada.display import Column, Figure, Table, count, delta, score

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bancada.display._table import Cell
    from bancada.judgement.errors import ErrorRow

__all__ = ["changes_table", "rows_table", "value_text"]

_LONGEST = 40


def rows_table(title: str, rows: Sequence[ErrorRow], names: tuple[str, str], notes: tuple[str, ...] = ()) -> Table:
    """Set rows with what was predicted for them.

    Args:
        title: The line above.
        rows: The rows; with a second model where one of them has its loss.
        names: What both models are called.
        notes: Lines below.
    """
    two = any(row.prediction_b is not None for row in rows)
    features = list(dict.fromkeys(name for row in rows for name in row.features or ()))
    columns = [
        Column("id"),
        Column("truth", shrinks=True),
        Column(names[0] if two else "predicted", shrinks=True),
        *((Column(names[1], shrinks=True),) if two else ()),
        Column("loss", "decimal"),
        *((Column("other loss", "decimal"), Column("difference", "decimal"), Column("", optional=True)) if two else ()),
        *(() if two else (Column("right", "right", optional=True), Column("tests", "right", optional=True))),
        *(Column(name, shrinks=True, optional=True) for name in features),
    ]
    return Table(
        columns=tuple(columns),
        rows=tuple(_cells(row, features, two=two) for row in rows),
        caption=(title,),
        notes=notes,
    )


def changes_table(rows: Sequence[ErrorRow], names: tuple[str, str]) -> Table:
    """Set the rows that one model has fixed and broken, for the screen and for CSV."""
    features = list(dict.fromkeys(name for row in rows for name in row.features or ()))
    columns = (
        Column("change"),
        Column("id"),
        Column("truth", shrinks=True),
        Column(names[0], shrinks=True),
        Column(names[1], shrinks=True),
        *(Column(name, shrinks=True, optional=True) for name in features),
    )
    lines = tuple(
        (
            row.change,
            _cell(row.id),
            value_text(row.truth),
            value_text(row.prediction),
            value_text(row.prediction_b or {}),
            *(_cell((row.features or {}).get(name)) for name in features),
        )
        for row in rows
    )
    return Table(columns, lines, caption=(f"Rows that {names[0]} fixes and breaks against {names[1]}",))


def value_text(values: dict[str, Any]) -> str:
    """Write truth or prediction in a few words: its label and how sure, its number, or all columns by name.

    Examples:
        >>> value_text({"label": True, "probability": 0.8125, "score": 1.4}), value_text({"value": 12.5})
        ('true, p 0.812', '12.50')
    """
    known = {name: value for name, value in values.items() if value is not None}
    if "probability" in known:
        label = "" if "label" not in known else f"{_word(known['label'])}, "
        return f"{label}p {score(known['probability'])}"
    if "label" in known:
        sure = [value for name, value in known.items() if name.startswith("probability_")]
        return f"{_word(known['label'])}, p {score(max(sure))}" if sure else _word(known["label"])
    if len(known) == 1:
        return _word(next(iter(known.values())))
    return ", ".join(f"{name.removeprefix('label_')} {_word(value)}" for name, value in known.items())


def _cells(row: ErrorRow, features: Iterable[str], *, two: bool) -> tuple[Cell, ...]:
    first: list[Cell] = [_cell(row.id), value_text(row.truth), value_text(row.prediction)]
    if two:
        first.append(value_text(row.prediction_b or {}))
    first.append(Figure(row.loss, score(row.loss)))
    if two:
        first += [Figure(row.loss_b, score(row.loss_b)), Figure(row.difference, delta(row.difference)), row.change]
    else:
        right = None if row.right is None else f"{round(row.right * row.tests)} of {count(row.tests)}"
        first += [right, None if right is not None else row.tests]
    return (*first, *(_cell((row.features or {}).get(name)) for name in features))


def _cell(value: Any) -> Cell:
    return (
        value
        if value is None or isinstance(value, str)
        else Figure(*_number(value))
        if _is_number(value)
        else str(value)
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: float) -> tuple[float, str]:
    return value, str(value) if isinstance(value, int) else score(value)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = score(value) if isinstance(value, float) else str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
