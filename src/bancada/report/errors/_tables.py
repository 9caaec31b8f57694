"""Where a run errs, as tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bancada.display import Column, Figure, Table, count, delta, score, short_id
from bancada.exceptions import counted
from bancada.report._wording import halfwidth, percent, sentence
from bancada.report.errors._calibration import calibration_tables
from bancada.report.errors._rows import rows_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bancada.judgement.errors import Binned, Errors, SlicePart, Subject, Versus

__all__ = ["errors_tables"]

_MOST_PAIRS = 8
_MOST_FEATURES = 3
_ALPHA = 0.05
_MANY = 0.1


def errors_tables(document: Errors) -> tuple[Table, ...]:
    """Set the errors of a run, or of two, as they are printed: a table for each question that has an answer.

    Args:
        document: The errors.

    Returns:
        The worst rows; classes that are confused; residuals; slices; slices that were found; suspected truth; of two
        models the rows on which each gains.
    """
    names = _names(document)
    of_one = (
        *_confusion(document),
        *calibration_tables(document.calibration),
        *_residuals(document),
        *_slices(document.slices, "Declared slices against all other rows", _mean_of(document, document.slices_by)),
        *_found(document),
        *_suspects(document),
    )
    if document.b is not None:
        of_one = tuple(replace(table, caption=(f"{table.caption[0]} · {names[0]}",)) for table in of_one)
    return (_worst(document, names), *_versus(document, names), *of_one, *_last(document))


def _names(document: Errors) -> tuple[str, str]:
    a, b = document.a, document.b
    if b is None:
        return a.candidate, ""
    if a.candidate != b.candidate:
        return a.candidate, b.candidate
    return f"{a.candidate} ({short_id(a.run_id)})", f"{b.candidate} ({short_id(b.run_id)})"


def _worst(document: Errors, names: tuple[str, str]) -> Table:
    subjects = [_subject(side, document) for side in (document.a, document.b) if side]
    table = rows_table("Worst rows", document.rows, names)
    given = f". {sentence(document.loss.why).removesuffix('.')}" if document.loss.why else ""
    return Table(
        table.columns,
        table.rows,
        caption=(
            f"Errors of {' and '.join(name for name in names if name)} · {document.problem}",
            *subjects,
            "",
            "Worst rows",
        ),
        notes=(
            f"Loss: {document.loss.name}, {document.loss.formula}{given}.",
            "A row's loss is its mean over the folds that tested it, and so is what was predicted for it.",
            *_probability(document),
        ),
    )


def _probability(document: Errors) -> tuple[str, ...]:
    confusion = document.confusion
    shown = any("probability" in row.prediction for row in document.rows)
    return (f"p is the probability of {confusion.classes[1]}.",) if shown and confusion is not None else ()


def _subject(side: Subject, document: Errors) -> str:
    digits = halfwidth(side.low, side.high)
    between = (
        "" if side.low is None or side.high is None else f" ({score(side.low, digits)} to {score(side.high, digits)})"
    )
    seeds = f", mean of {len(side.runs)} seeds" if len(side.runs) > 1 else ""
    return (
        f"{side.candidate} ({short_id(side.run_id)}{seeds}): mean {document.loss.name} "
        f"{score(side.mean, digits)}{between} over {counted(document.n_rows, 'row')}"
    )


def _versus(document: Errors, names: tuple[str, str]) -> Iterator[Table]:
    versus = document.versus
    if versus is None:
        return
    notes: tuple[str, ...] = (_difference(versus, names, document.loss.name),)
    if versus.rows_fixed is not None and versus.rows_broken is not None:
        said = f"{names[0]} fixes {counted(versus.rows_fixed, 'row')} that {names[1]} answers wrongly and breaks "
        notes += (said + f"{count(versus.rows_broken)} that it answers rightly, by majority over the repeats.",)
    yield rows_table(f"Rows on which {names[0]} gains most", versus.gained, names)
    yield rows_table(f"Rows on which {names[0]} loses most", versus.lost, names, notes)
    gain = f"gain in {versus.slices_by}"
    yield from _slices(versus.slices, f"What {names[0]} gains on {names[1]}, by slice", gain)


def _difference(versus: Versus, names: tuple[str, str], loss: str) -> str:
    digits = halfwidth(versus.low, versus.high)
    size = delta(versus.difference, digits)
    between = (
        ""
        if versus.low is None or versus.high is None
        else f" ({delta(versus.low, digits)} to {delta(versus.high, digits)})"
    )
    return (
        f"Mean {loss} of {names[1]} less that of {names[0]}: {size}{between} over {counted(versus.n_rows, 'row')}; "
        f"+ where {names[0]} is better. These fitted models: the verdict is that of `bancada compare`."
    )


def _confusion(document: Errors) -> Iterator[Table]:
    found = document.confusion
    if found is None:
        return
    pairs = found.pairs[:_MOST_PAIRS]
    more = len(found.pairs) - len(pairs)
    notes: tuple[str, ...] = ("A row that several repeats tested counts once in all.",)
    notes += (f"{counted(more, 'more pair')}; `--json` has all.",) if more > 0 else ()
    yield Table(
        columns=(
            Column("truth", shrinks=True),
            Column("predicted", shrinks=True),
            Column("rows", "decimal"),
            Column("share of the true class", "right"),
        ),
        rows=tuple(
            (pair.truth, pair.predicted, Figure(pair.rows, f"{pair.rows:,.1f}"), _share(pair.share)) for pair in pairs
        ),
        caption=("Confused classes" if pairs else "Confused classes: none, every label is right",),
        notes=notes if pairs else (),
    )


def _residuals(document: Errors) -> Iterator[Table]:
    for part in document.residuals:
        # Of probabilities the bins of the calibration say the same.
        if part.kind == "time" or (part.kind == "prediction" and not document.calibration):
            yield _binned([part], {"prediction": "the prediction", "time": "time"}[part.kind])
    features = [part for part in document.residuals if part.kind == "feature"]
    if features:
        more = len(features) - _MOST_FEATURES
        notes = (f"{counted(more, 'more column')} explain less; `--json` has all.",) if more > 0 else ()
        yield _binned(features[:_MOST_FEATURES], "the columns that explain most", notes)


def _binned(parts: Sequence[Binned], against: str, notes: tuple[str, ...] = ()) -> Table:
    signed = parts[0].signed
    width = [halfwidth(one.low, one.high) for part in parts for one in part.bins]
    usual = min((value for value in width if value), default=None)
    rows = tuple(
        (
            part.by if number == 0 else f"  {_share(part.explained)}" if number == 1 and len(parts) > 1 else "",
            one.label,
            Figure(one.mean, delta(one.mean, usual) if signed else score(one.mean, usual)),
            _range(one.low, one.high, signed=signed),
            one.n_rows,
            "" if one.low is None or one.high is None or not signed else _beside(one.low, one.high),
        )
        for part in parts
        for number, one in enumerate(part.bins)
    )
    said: tuple[str, ...] = ("Intervals of 95 %, each by itself.",)
    if signed:
        said = ("+ where the truth lies above the prediction, which is too low then. " + said[0],)
    if len(parts) > 1:
        said += ("Below each column: the share of the variance that lies between its bins.",)
    return Table(
        columns=(
            Column("", shrinks=True),
            Column("from, to", shrinks=True),
            Column(f"mean {parts[0].value}", "decimal"),
            Column("interval"),
            Column("rows", "right"),
            Column("", optional=True),
        ),
        rows=rows,
        caption=(f"{parts[0].value[:1].upper()}{parts[0].value[1:]} against {against}",),
        notes=(*said, *notes),
    )


def _beside(low: float, high: float) -> str:
    if low > 0:
        return "too low"
    return "too high" if high < 0 else ""


def _slices(parts: tuple[SlicePart, ...], title: str, value: str) -> Iterator[Table]:
    if not parts:
        return
    level = percent(1 - _ALPHA)
    many = (
        f"Intervals hold together, at {level} for all {counted(len(parts), 'slice')}; `differs` where one excludes 0."
    )
    said = f"The interval is of {level}; `differs` where it excludes 0." if len(parts) == 1 else many
    yield Table(
        columns=(
            Column("slice", shrinks=True),
            Column("rows", "right"),
            Column("in it", "decimal"),
            Column("elsewhere", "decimal"),
            Column("difference", "decimal"),
            Column("interval"),
            Column("", shrinks=True, optional=True),
        ),
        rows=tuple(_slice(part) for part in parts),
        caption=(f"{title}: {value}",),
        notes=(f"{said} It is about these fitted models.",),
        tones=tuple("strong" if part.flagged else "" for part in parts),
    )


def _slice(part: SlicePart) -> tuple[str | int | Figure | None, ...]:
    digits = halfwidth(part.low, part.high)
    return (
        part.slice,
        part.n_rows,
        Figure(part.inside, score(part.inside, digits)),
        Figure(part.outside, score(part.outside, digits)),
        Figure(part.delta, delta(part.delta, digits)),
        _range(part.low, part.high),
        "differs" if part.flagged else f"not judged: {part.note}" if part.note else "",
    )


def _range(low: float | None, high: float | None, *, signed: bool = True) -> str:
    digits = halfwidth(low, high)
    if low is None or high is None:
        return "–"
    return f"{delta(low, digits)} to {delta(high, digits)}" if signed else f"{score(low, digits)}–{score(high, digits)}"


def _mean_of(document: Errors, name: str) -> str:
    return f"mean {name}" if name == document.loss.name else name


def _found(document: Errors) -> Iterator[Table]:
    if not document.searched:
        return
    confirmed = [part for part in document.found if part.confirmed]
    rest = len(document.found) - len(confirmed)
    how = (
        f"Searched among {count(document.searched)} conditions and their pairs on one half of the rows; "
        f"{counted(len(document.found), 'slice')} stood out there"
    )
    notes = [how + (f", {len(confirmed)} of them on the other half too." if document.found else ".")]
    if rest:
        notes.append(f"{counted(rest, 'slice')} not confirmed: no finding, and not listed (`--json` has them).")
    if not confirmed:
        yield Table((Column(""),), (), caption=("Slices found: none confirmed",), notes=tuple(notes))
        return
    notes.append("Numbers are those of the half that was not searched; the intervals hold together, at 95 %.")
    table = next(_slices(tuple(part.part for part in confirmed), "Slices found", f"mean {document.loss.name}"))
    columns = (Column("slice", shrinks=True), *table.columns[1:])
    yield Table(columns, table.rows, caption=table.caption, notes=tuple(notes), tones=table.tones)


def _suspects(document: Errors) -> Iterator[Table]:
    if document.n_suspects is None:
        return
    if not document.suspects:
        yield Table((Column(""),), (), caption=("Suspected errors in the truth: none",))
        return
    numbers = document.suspects[0].studentised is not None
    columns: tuple[Column, ...]
    rows: tuple[tuple[str | Figure, ...], ...]
    notes: tuple[str, ...]
    if numbers:
        columns = (
            Column("id"),
            Column("truth", "decimal"),
            Column("predicted", "decimal"),
            Column("studentised", "decimal"),
        )
        rows = tuple(
            (
                f"{one.id}",
                Figure(one.truth, score(one.truth)),
                Figure(one.suggested, score(one.suggested)),
                Figure(one.studentised, delta(one.studentised)),
            )
            for one in document.suspects
        )
        how = "Residuals farther out than normal ones ever are (Bonferroni over all rows)."
    else:
        columns = (
            Column("id"),
            Column("in the data", shrinks=True),
            Column("the model says", shrinks=True),
            Column("p of the label", "decimal"),
        )
        rows = tuple(
            (f"{one.id}", f"{one.truth}", f"{one.suggested}", Figure(one.confidence, score(one.confidence)))
            for one in document.suspects
        )
        how = "The model is confident of another class than the label (confident learning, Northcutt et al. 2021)."
    more = document.n_suspects - len(document.suspects)
    notes = (how + " Look at them: the model may be wrong, or the data.",)
    notes += (f"{count(more)} more; `--rows N` lists more of them.",) if more > 0 else ()
    if not numbers and document.n_suspects > _MANY * document.n_rows:
        notes += ("So many say that the classes overlap rather than that so many labels are wrong.",)
    yield Table(
        columns, rows, caption=(f"Suspected errors in the truth: {counted(document.n_suspects, 'row')}",), notes=notes
    )


def _last(document: Errors) -> Iterator[Table]:
    notes = tuple(sentence(note) for note in document.notes)
    yield Table(
        (Column(""),), (), caption=(f"All of this is about {document.statement}; it carries no verdict.", *notes)
    )


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"
