"""A difference as tables: what differs, the texts of definitions and files, the scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bancada.display import Column, Figure, Table, count, delta, score, short_id
from bancada.report._comparison import verdict_sentence
from bancada.report._wording import arrow
from bancada.report.differing._explained import explained_table
from bancada.report.differing._sentences import rows_text, summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bancada.judgement import Comparison
    from bancada.reproduction.differing import Change, CodeChange, DataChange, Diff, PackageChange, Side

__all__ = ["diff_tables"]

LONGEST_VALUE = 60
MOST_LINES = 60
MOST_NAMES = 8
_NONE = "\N{EN DASH}"

Row = tuple[str, str, str, str]


def diff_tables(document: Diff, comparison: Comparison | None = None) -> tuple[Table, ...]:
    """Set a difference as it is printed.

    Args:
        document: The difference.
        comparison: B against A; None where they stand on no board together.

    Returns:
        A table of what differs under a sentence that sums it up, a table for each text, and one of the scores.
    """
    rows = tuple(_rows(document))
    main = Table(
        columns=(
            Column("what"),
            Column("name", shrinks=True),
            Column("A", shrinks=True),
            Column("B", shrinks=True),
        ),
        rows=rows,
        caption=(f"A  {_side(document.a)}", f"B  {_side(document.b)}", summary(document)),
        notes=tuple(_beside(document)),
    )
    return (
        main,
        *_texts(document),
        *_explained(document),
        # The intervals of an explanation allow for nothing; a verdict, which does, would seem to contradict them.
        *_scores(document, "" if comparison is None or document.explanation else verdict_sentence(comparison)),
    )


def _side(side: Side) -> str:
    params = " ".join(f"{name}={_value(value)}" for name, value in side.params.items())
    seeds = f", the newest of {side.runs} runs" if side.runs > 1 else ""
    when = side.started[:16].replace("T", " ")
    return f"{side.candidate} {params}".rstrip() + f" · {short_id(side.run_id)}{seeds} · {side.problem} · {when} UTC"


def _rows(document: Diff) -> Iterator[Row]:
    yield from (("code", _name(code), *_present(code.change)) for code in document.code)
    yield from ((item.kind, item.path, *_present(item.change)) for item in document.files if item.counts)
    yield from (("parameter", *_both(change)) for change in document.parameters)
    yield from (("package", item.name, *_package(item)) for item in document.packages if item.used)
    yield from (("interpreter", *_both(change)) for change in document.interpreter)
    yield from _data(document.data) if document.data is not None else ()
    yield from (("problem", *_both(change)) for change in document.problem)
    yield from (("seed", "", *_both(change)[1:]) for change in (document.seed,) if change is not None)
    for kind, changes in (("evaluation", document.evaluation), ("machine", document.machine), ("git", document.git)):
        yield from ((kind, *_both(change)) for change in changes)


def _name(code: CodeChange) -> str:
    return f"{code.module}.{code.name}" if code.name != "*" else f"{code.module} (whole)"


def _present(change: str) -> tuple[str, str]:
    if change == "changed":
        return "changed", "changed"
    return (_NONE, "added") if change == "added" else ("removed", _NONE)


def _both(change: Change) -> tuple[str, str, str]:
    return change.name, _value(change.a), _value(change.b)


def _value(value: Any) -> str:
    if value is None:
        return "none"
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def _package(package: PackageChange) -> tuple[str, str]:
    if package.what == "content":
        return f"{package.a}", f"{package.b}, with other content"
    return _installed(package.a, package.edited_a), _installed(package.b, package.edited_b)


def _installed(version: str | None, edited: tuple[str, ...]) -> str:
    if version is None:
        return _NONE
    more = f" and {len(edited) - 1} more" if len(edited) > 1 else ""
    return f"{version}, edited: {edited[0]}{more}" if edited else version


def _data(data: DataChange) -> Iterator[Row]:
    for change in data.labels:
        yield "data", *_both(change)
    rows = rows_text(data)
    if data.content:
        before, after = (count(number) for number in data.n_rows)
        yield "data", "rows", before, f"{after}: {rows}" if rows else after if before != after else "other values"
    for what, examples in data.examples.items():
        shown = ", ".join(examples)
        yield "data", f"{what}, such as", *((shown, _NONE) if what == "removed" else (_NONE, shown))
    if data.columns_changed:
        yield "data", "columns with other values", _NONE, _names(data.columns_changed)
    for name in data.columns_removed:
        yield "data", f"column {name}", "there", _NONE
    for name in data.columns_added:
        yield "data", f"column {name}", _NONE, "there"
    for change in data.retyped:
        yield "data", f"column {change.name}", _value(change.a), _value(change.b)


def _names(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


def _beside(document: Diff) -> Iterator[str]:
    """Say what differs and changes no prediction, and what could not be compared."""
    texts = [item.path for item in document.files if not item.counts and item.kind == "module"]
    settings = [item.path for item in document.files if not item.counts and item.kind == "settings"]
    idle = [item.name for item in document.packages if not item.used]
    if texts and not document.code:
        yield f"Only beside the code of the candidates (comments, layout, other definitions): {', '.join(texts)}."
    if settings:
        yield f"Settings differ as well: {', '.join(settings)}."
    if idle:
        yield f"Packages that the code does not use differ as well: {_names(tuple(idle))}."
    yield from document.unknown


def _texts(document: Diff) -> Iterator[Table]:
    shown = [(f"{item.module}.{item.name} · {item.path}", item.diff) for item in document.code]
    shown += [(item.path, item.diff) for item in document.files if item.counts]
    for name, diff in shown:
        lines = diff.splitlines()[2:]
        if not lines or all(line.startswith(("@@", "+import ", "-import ", "+from ", "-from ")) for line in lines):
            # The table has said which imports differ.
            continue
        more = len(lines) - MOST_LINES
        notes = (f"{count(more)} more lines; `--json` has all.",) if more > 0 else ()
        kept = lines[:MOST_LINES]
        tones = tuple({"-": "bad", "+": "strong", "@": "quiet"}.get(line[:1], "") for line in kept)
        yield Table((Column(name),), tuple((line or " ",) for line in kept), tones=tones, notes=notes)


def _explained(document: Diff) -> tuple[Table, ...]:
    return () if document.explanation is None else (explained_table(document.explanation),)


def _scores(document: Diff, verdict: str) -> Iterator[Table]:
    if not document.scores:
        return
    rows = tuple(
        (
            f"{item.metric} {arrow('higher' if item.greater_is_better else 'lower')}",
            Figure(item.a, score(item.a)),
            Figure(item.b, score(item.b)),
            Figure(item.delta, delta(item.delta)),
        )
        for item in document.scores
    )
    columns = (
        Column("score"),
        Column("A", "decimal"),
        Column("B", "decimal"),
        Column("B − A", "decimal", optional=True),
    )
    other = () if any(item.delta is not None for item in document.scores) else ("The scores answer other questions.",)
    yield Table(columns, rows, notes=(verdict,) if verdict else other)
