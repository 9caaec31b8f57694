"""A table of the scores on each problem, and one of the pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.display import Column, Figure, Table, count, delta, score
from bancada.exceptions import counted
from bancada.report._wording import arrow, percent, sentence

if TYPE_CHECKING:
    from bancada.judgement.across import AcrossProblems, PairAcross, ProblemScores

__all__ = ["across_tables"]

_MOST_LEFT_OUT = 10


def across_tables(document: AcrossProblems) -> tuple[Table, ...]:
    """Set candidates over problems as they are printed: scores by problem, then every pair."""
    if not document.problems:
        return (_scores(document),)
    return _scores(document), _pairs(document)


def _scores(document: AcrossProblems) -> Table:
    metrics = {(one.metric, one.direction) for one in document.problems}
    one_metric = next(iter(metrics)) if len(metrics) == 1 else None
    caption = counted(len(document.problems), "problem")
    if one_metric is not None:
        caption += f" · {one_metric[0]} {arrow(one_metric[1])}"
    mean = tuple(Figure(rank, f"{rank:.3f}") for rank in document.mean_ranks)
    notes = [f"Left out: {one.problem}, {one.reason}." for one in document.left_out[:_MOST_LEFT_OUT]]
    more = len(document.left_out) - _MOST_LEFT_OUT
    notes += [f"{count(more)} more are left out; `--json` lists all."] if more > 0 else []
    return Table(
        columns=(
            Column("problem", shrinks=True),
            *((Column("metric"),) if one_metric is None else ()),
            *(Column(name, "decimal") for name in document.candidates),
        ),
        rows=(
            *(_problem(one, with_metric=one_metric is None) for one in document.problems),
            *((("mean rank", *(("",) if one_metric is None else ()), *mean),) if mean else ()),
        ),
        caption=(caption,),
        notes=(*notes, *map(sentence, document.notes)),
        tones=(*("" for _ in document.problems), *(("strong",) if mean else ())),
    )


def _problem(one: ProblemScores, *, with_metric: bool) -> tuple[str | Figure, ...]:
    metric = (f"{one.metric} {arrow(one.direction)}",) if with_metric else ()
    return (one.problem, *metric, *(Figure(value, score(value)) for value in one.values))


def _pairs(document: AcrossProblems) -> Table:
    tested = not document.note
    return Table(
        columns=(
            Column(""),
            Column("better on", "right"),
            Column("worse on", "right"),
            Column("median difference", "decimal"),
            *((Column("R+", "right"), Column("R−", "right"), Column("p", "right"), Column("")) if tested else ()),
        ),
        rows=tuple(_pair(pair, tested=tested) for pair in document.pairs),
        caption=("Every pair",),
        notes=tuple(_notes(document)),
    )


def _pair(pair: PairAcross, *, tested: bool) -> tuple[str | Figure, ...]:
    cells: tuple[str | Figure, ...] = (
        f"{pair.a} against {pair.b}",
        count(pair.better),
        count(pair.worse),
        Figure(pair.median, delta(pair.median)),
    )
    if not tested or pair.p is None:
        return cells
    return (*cells, f"{pair.plus:g}", f"{pair.minus:g}", f"{pair.p:.2g}", pair.word)


def _notes(document: AcrossProblems) -> list[str]:
    if document.note:
        return [sentence(document.note)]
    if document.friedman is None:
        notes = ["Wilcoxon's signed ranks over the problems; problems where both are equal count half for each."]
    else:
        test = document.friedman
        f = "infinite" if test.f is None else f"{test.f:.2f}"
        notes = [
            f"Friedman: χ² {test.chi2:.2f}, F {f}, p = {test.p:.2g}."
            + ("" if test.chi2_ties is None else f" With scipy's correction for ties: χ² {test.chi2_ties:.2f}."),
            "Pairs: Wilcoxon's signed ranks, p adjusted by Holm's method; words only where Friedman's test rejects.",
        ]
        if document.critical_difference is not None:
            notes.append(
                f"Nemenyi's critical difference of mean ranks, for a picture: {document.critical_difference:.2f}."
            )
    error = percent(document.alpha)
    return [*notes, f"A word is about problems like these, at a {error} chance of error; inconclusive is not equal."]
