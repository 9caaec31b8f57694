"""From the boards of a store's problems to what is said of candidates over all of them."""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite
from typing import TYPE_CHECKING

from bancada.exceptions import NotFoundError, UsageError, nearest
from bancada.judgement._references import current_board
from bancada.judgement.across._document import AcrossProblems, FriedmanTest, LeftOut, PairAcross, ProblemScores
from bancada.scoring.problems import over_problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.judgement._documents import Leaderboard
    from bancada.scoring.problems import OverProblems
    from bancada.store import Index

__all__ = ["across"]

_UNLIKE = "the problems have unlike metrics, whose differences cannot be ranked together: name one"


def across(
    index: Index,
    candidates: Sequence[str],
    *,
    problems: Sequence[str] | None = None,
    metric: str | None = None,
    alpha: float = 0.05,
) -> AcrossProblems:
    """Hold candidates against each other over the problems of a store.

    On each problem a candidate has the score of its line on the board. A problem counts where all of them have a line
    with every fold. From ten problems on there are tests (Demšar 2006); on fewer raw differences only.

    Args:
        index: The index over the store.
        candidates: Their names, at least two.
        problems: Names of the problems; all of the store by default.
        metric: Name of the metric; by default the primary one of each problem.
        alpha: Level of the whole.

    Raises:
        NotFoundError: There is no such problem, or no problem has such a candidate.
        UsageError: Fewer than two candidates, or one twice.
    """
    names = tuple(dict.fromkeys(candidates))
    if len(names) < 2 or len(names) < len(candidates):
        raise UsageError(
            "Over problems, at least two candidates are held against each other, each named once.",
            f"Found {', '.join(f'`{name}`' for name in candidates) or 'none'}.",
            "Name two or more, as the boards do.",
        )
    boards, left_out = _boards(index, _chosen(index, problems), metric)
    _refuse_unknown(names, boards, metric)
    found = [_scores(board, names) for board in boards]
    counted = tuple(one for one in found if isinstance(one, ProblemScores))
    left_out += [one for one in found if isinstance(one, LeftOut)]
    shared = _shared_data(index, [one.problem for one in counted])
    if not counted:
        return _document(names, None, (), left_out, alpha, shared)
    unlike = len({(one.metric, one.direction) for one in counted}) > 1
    signs = [1.0 if one.direction == "higher" else -1.0 for one in counted]
    table = [[sign * value for value in one.values] for sign, one in zip(signs, counted, strict=True)]
    judged = over_problems(table, names, alpha=alpha, unlike=_UNLIKE if unlike else "")
    return _document(names, judged, counted, left_out, alpha, shared)


def _chosen(index: Index, problems: Sequence[str] | None) -> tuple[str, ...]:
    """Return the names of the problems."""
    known = index.store.runs.problems()
    if problems is None:
        return tuple(known)
    for name in problems:
        if name not in known:
            raise NotFoundError("A problem counts once it has runs.", f"`{name}` has none.", nearest(name, known))
    return tuple(dict.fromkeys(problems))


def _boards(index: Index, problems: Sequence[str], metric: str | None) -> tuple[list[Leaderboard], list[LeftOut]]:
    """Return the boards that there are, and the problems that have none."""
    boards, left_out = [], []
    for name in problems:
        try:
            boards.append(current_board(index, name, metric=metric, top=None))
        except NotFoundError as error:
            left_out.append(LeftOut(problem=name, reason=error.found.rstrip(".")))
    return boards, left_out


def _refuse_unknown(names: Sequence[str], boards: Sequence[Leaderboard], metric: str | None) -> None:
    """Refuse a candidate that no problem has."""
    known = {row.candidate for board in boards for row in board.rows}
    by = "" if metric is None else f" by `{metric}`"
    for name in names:
        if name not in known:
            raise NotFoundError(
                "A candidate is held against others on the problems that it was run on.",
                f"No problem of the store has a line of `{name}`{by}.",
                nearest(name, known),
            )


def _scores(board: Leaderboard, names: Sequence[str]) -> ProblemScores | LeftOut:
    """Return the scores of all candidates on a problem, or why it does not count."""
    values, run_ids = [], []
    for name in names:
        row = next((row for row in board.rows if row.candidate == name), None)
        if row is None:
            return LeftOut(problem=board.problem, reason=f"`{name}` was not run")
        if row.value is None or not isfinite(row.value) or row.n_folds < board.folds * board.repeats:
            return LeftOut(problem=board.problem, reason=f"`{name}` lacks a fold")
        values.append(row.value)
        run_ids.append(row.run_id)
    return ProblemScores(
        problem=board.problem,
        metric=board.metric,
        direction=board.direction,
        values=tuple(values),
        run_ids=tuple(run_ids),
    )


def _shared_data(index: Index, problems: Sequence[str]) -> tuple[str, ...]:
    """Say which problems rest on the same data: they are not new evidence."""
    by_table: dict[str, list[str]] = {}
    for name in problems:
        newest = index.newest(name)
        if newest is not None:
            by_table.setdefault(newest.problem.dataset.table, []).append(name)
    return tuple(
        f"{', '.join(f'`{name}`' for name in names)} have the same data: they are no independent problems"
        for names in by_table.values()
        if len(names) > 1
    )


def _document(
    names: tuple[str, ...],
    judged: OverProblems | None,
    counted: tuple[ProblemScores, ...],
    left_out: Sequence[LeftOut],
    alpha: float,
    notes: tuple[str, ...],
) -> AcrossProblems:
    """Return the whole document."""
    test = None if judged is None else judged.friedman
    overall = None
    if test is not None:
        overall = FriedmanTest(
            chi2=test.chi2,
            f=test.f if isfinite(test.f) else None,
            p=test.p_f,
            chi2_ties=test.chi2_ties,
            p_ties=test.p_ties,
        )
    return AcrossProblems(
        candidates=names,
        mean_ranks=() if judged is None else judged.mean_ranks,
        problems=counted,
        left_out=tuple(left_out),
        pairs=() if judged is None else tuple(PairAcross(**asdict(pair)) for pair in judged.pairs),
        friedman=overall,
        critical_difference=None if judged is None else judged.critical_difference,
        alpha=alpha,
        note="no problem has all of them" if judged is None else judged.note,
        notes=notes,
    )
