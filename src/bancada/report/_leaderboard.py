"""The leaderboard as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.display import Column, Figure, Table, count, delta, interval, score, short_digest, short_id
from bancada.exceptions import counted
from bancada.report._wording import MDE_MEANS, SIGN_MEANS, arrow, halfwidth, listed, sentence, times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bancada.judgement import AgainstLeader, Leaderboard, LeaderboardRow
    from bancada.judgement._documents import ChoosingOptimism
    from bancada.judgement.champions import Champion

__all__ = ["leaderboard_table"]

_DASH = "\N{EN DASH}"
_MOST_INCOMPARABLE = 10
_MOST_FLAGS = 3
_MANY_TRIED = 10
_MEANING = {
    "random": "where the score is expected to lie when the candidate is trained again on a sample like this one",
    "site": "where the score is expected to lie at a new site like these",
    "time": "where the score is expected to lie when the candidate is retrained through a period like this one",
    "single": "where the score of this very model lies on more rows like these, training again left out",
}
_UNITS = {"random": "folds", "site": "sites", "time": "time blocks"}


def leaderboard_table(document: Leaderboard) -> Table:
    """Set the leaderboard as it is printed: who leads, how certain that is, and what could not be compared.

    Args:
        document: The board.

    Returns:
        A line for each row, the failed and the baseline without rank; below it what each column means, why runs failed,
        and the runs that are not comparable.
    """
    digits = _halfwidth(document)
    kpis = () if document.kpi is msgspec.UNSET else document.kpi
    champion = None if document.champion is msgspec.UNSET else document.champion.run_id
    leader = next((row.run_id for row in document.rows if row.rank_low is not None), None)
    return Table(
        columns=(
            Column("rank"),
            Column("candidate", shrinks=True),
            Column(document.metric, "decimal"),
            Column("95 % interval", optional=True),
            Column(f"against the {'champion' if champion else 'leader'}"),
            *(Column(f"{kpi.name} {arrow(kpi.direction)}", "decimal", optional=i > 0) for i, kpi in enumerate(kpis)),
            Column("train gap", "decimal", optional=True),
            Column("evidence", optional=True, shrinks=True),
        ),
        rows=tuple(_cells(row, leader, champion, digits) for row in document.rows),
        caption=(_header(document),),
        notes=(*_legend(document), *map(sentence, document.notes), *_told(document), *_incomparable(document)),
        tones=tuple(_tone(row, leader) for row in document.rows),
    )


def _header(document: Leaderboard) -> str:
    sealed = document.n_sealed
    rows = f"{counted(document.n_rows, 'row')}"
    if sealed is not msgspec.UNSET and sealed:
        looks = document.looks or 0
        looked = f", holdout looked at {times(looks)}" if looks else ""
        rows += f" ({count(sealed)} sealed{looked})"
    if document.version:
        rows += f", version {document.version}"
    if document.kind == "single":
        folds = "one split"
    else:
        folds = f"{count(document.folds)} {_UNITS.get(document.kind, 'folds')}"
        folds += f" × {count(document.repeats)}" if document.repeats > 1 else ""
    tried = f"{count(document.tried)} claim{'s' if document.tried != 1 else ''} tried"
    told = [document.problem, f"{document.metric} {arrow(document.direction)}", rows, folds, tried]
    if document.approved is not msgspec.UNSET:
        told.append(f"evaluation {short_digest(document.evaluation_id)} {document.approved.in_words}")
    return " · ".join(told)


def _halfwidth(document: Leaderboard) -> float | None:
    """Return the middle half-width of the ranked lines, so that all scores of a board have equally many digits."""
    ranked = [row for row in document.rows if row.rank_low is not None] or document.rows
    known = sorted(width for row in ranked if (width := halfwidth(row.low, row.high)))
    return known[len(known) // 2] if known else None


def _cells(
    row: LeaderboardRow, leader: str | None, champion: str | None, digits: float | None
) -> tuple[str | Figure, ...]:
    if row.rank_low is None or row.rank_high is None:
        rank = _DASH
    else:
        rank = f"{row.rank_low}" if row.rank_low == row.rank_high else f"{row.rank_low}{_DASH}{row.rank_high}"
    seeds = f", mean of {len(row.seeds)} seeds" if len(row.seeds) > 1 else ""
    return (
        rank,
        row.label + seeds,
        Figure(row.value, score(row.value, digits)),
        interval(row.low, row.high, digits),
        _against(row, leader, champion),
        *_kpis(row),
        Figure(row.train_gap, delta(row.train_gap, digits)),
        _evidence(row),
    )


def _kpis(row: LeaderboardRow) -> Iterator[Figure]:
    for kpi in () if row.kpi is msgspec.UNSET else row.kpi:
        yield Figure(kpi.value, score(kpi.value, halfwidth(kpi.low, kpi.high)))


def _against(row: LeaderboardRow, leader: str | None, champion: str | None) -> str:
    if row.error is not msgspec.UNSET:
        return f"failed: {row.error.partition(':')[0]}"
    if row.status not in {"done", "known"}:
        return row.status
    if row.run_id == (champion or leader):
        return "\N{EM DASH}"
    against = row.against_leader if champion is None else row.against_champion or None
    return _DASH if against is None else _word(against)


def _word(against: AgainstLeader) -> str:
    digits = halfwidth(against.low, against.high)
    difference = delta(against.delta, digits)
    if against.verdict == "inconclusive":
        return f"inconclusive (MDE {delta(against.mde, digits, signed=False)})"
    if against.verdict == "identical":
        return "identical"
    return difference if against.verdict == "none" else f"{against.verdict}, {difference}"


def _evidence(row: LeaderboardRow) -> str:
    missing = row.evidence.missing
    grade = f"{_graded(row)} ({len(missing)})" if missing else row.evidence.grade
    return grade if row.origin in {msgspec.UNSET, "own"} else f"{grade}; {row.origin}"


def _graded(row: LeaderboardRow) -> str:
    """Return the grade; predictions that come out otherwise each time are said as such."""
    unstable = any(phrase.startswith("not deterministic") for phrase in row.evidence.missing)
    return "not deterministic" if unstable else row.evidence.grade


def _tone(row: LeaderboardRow, leader: str | None) -> str:
    if row.error is not msgspec.UNSET or row.status not in {"done", "known"}:
        return "bad"
    if row.run_id == leader:
        return "strong"
    return "quiet" if row.baseline else ""


def _legend(document: Leaderboard) -> list[str]:
    """Say what the columns mean, each only where it has something to explain."""
    champion = None if document.champion is msgspec.UNSET or document.champion.run_id is None else document.champion
    lines = []
    if any(row.low is not None for row in document.rows):
        one = document.kind == "single" or "these fitted models" in document.procedure
        meaning = _MEANING.get("single" if one else document.kind, "where the score is expected to lie")
        shared = "rows" if one else "folds"
        other = "leader" if champion is None else "champion"
        pairs = "`bancada compare` goes row by row" if one else f"“against the {other}” compares fold by fold"
        lines.append(
            f"95 % interval: {meaning}. Lines share their {shared}, so overlapping intervals do not show that two are "
            f"alike: {pairs}."
        )
    shown = [row.against_leader if champion is None else row.against_champion or None for row in document.rows]
    words = {against.verdict for against in shown if against is not None}
    if "inconclusive" in words:
        lines.append(f"Inconclusive is not equal. In brackets: {MDE_MEANS}.")
    lines += _luck(document, champion, spoken=bool(words - {"none"}))
    if document.kpi is not msgspec.UNSET:
        lines += [
            f"{kpi.name}: {kpi.unit}, {kpi.direction} is better; `bancada kpi` tells more." for kpi in document.kpi
        ]
    if any(row.train_gap is not None for row in document.rows):
        sign = "+" if document.direction == "higher" else "\N{MINUS SIGN}"
        lines.append(f"Train gap: score on training rows less score on test rows; a large {sign} is overfitting.")
    if document.direction == "lower" and words - {"identical"}:
        lines.append(SIGN_MEANS)
    if lacking := [row.candidate for row in document.rows if row.evidence.missing]:
        lines.append(f"Evidence: in brackets what is missing; `bancada show {lacking[0]}` tells it.")
    return lines


def _luck(document: Leaderboard, champion: Champion | None, *, spoken: bool) -> list[str]:
    """Say what words, ranks and the first score have to do with how many claims were tried."""
    lines = []
    if champion is not None:
        lines += _of_champion(champion, document)
    elif spoken and document.tried > 1:
        lines.append(
            f"Words and ranks allow for all {count(document.tried)} claims tried (a claim is a candidate with its "
            "parameters), so that luck among many does not look like merit."
        )
    if document.optimism is not msgspec.UNSET:
        lines.append(_choosing(document.optimism, document))
    elif document.primary and document.tried >= _MANY_TRIED:
        best = f"The best of {count(document.tried)} looks better than it is"
        lines.append(f"{best}; `bancada leaderboard --corrected` tells by how much.")
    return lines


def _choosing(found: ChoosingOptimism, document: Leaderboard) -> str:
    """Say what choosing the best adds to its score."""
    digits = _halfwidth(document)
    best, corrected = score(found.value, digits), score(found.corrected, digits)
    bound = ""
    if found.lower_bound:
        side = "most" if document.direction == "higher" else "least"
        bound = f", at {side} (of {count(found.compared)} of them every row was at hand)"
    return f"Best of {count(found.tried)}: {best}; corrected for choosing: {corrected}{bound}."


def _of_champion(champion: Champion, document: Leaderboard) -> list[str]:
    """Say who the champion is and what its words allow for."""
    pairs = f"all {count(document.tried)} claims tried (a claim is a candidate with its parameters)"
    with_it = counted(champion.family, "comparison")
    lines = [f"Champion: {champion.label}, named in the problem. Words allow for {with_it} with it, ranks for {pairs}."]
    if champion.late:
        late = listed(champion.late, _MOST_FLAGS)
        lines.append(f"Scored before the champion was named, so that their words allow for {pairs}: {late}.")
    return lines


def _told(document: Leaderboard) -> list[str]:
    """Say what must be told: of approvals, and of single lines why they failed, what was left out, their flags."""
    lines = []
    if document.approved is not msgspec.UNSET and document.approved.flagged:
        lines.append(f"Approvals that do not count: {listed(document.approved.flagged, _MOST_FLAGS)}.")
    if document.not_shown:
        lines.append(f"{count(document.not_shown)} more ranked lines are not shown; `--top N` shows more.")
    asked = document.folds * document.repeats
    for row in document.rows:
        if row.error is not msgspec.UNSET:
            lines.append(f"{row.label} failed: {row.error}")
        elif row.value is not None and row.n_folds < asked:
            lines.append(f"{row.label} was scored on {row.n_folds} of {asked} folds.")
        flags = (*row.flags, *(flag for kpi in (row.kpi or ()) for flag in kpi.flags if flag not in row.flags))
        if flags:
            lines.append(f"{row.label}: {listed(flags, _MOST_FLAGS)}.")
    return lines


def _incomparable(document: Leaderboard) -> list[str]:
    if not document.incomparable:
        return []
    lines = ["Not comparable with these, because they answered another question:"]
    lines += [
        f"  {short_id(run.run_id)} {run.candidate}: differs in {', '.join(run.differs)}"
        for run in document.incomparable[:_MOST_INCOMPARABLE]
    ]
    more = len(document.incomparable) - _MOST_INCOMPARABLE
    if more > 0:
        lines.append(f"  and {count(more)} more; `--json` lists all")
    return lines
