"""Candidates over problems as people read them."""

from __future__ import annotations

from typing import Any

from bancada.display import to_text
from bancada.judgement.across import AcrossProblems, FriedmanTest, LeftOut, PairAcross, ProblemScores
from bancada.report.across import across_tables


def document(n: int = 3, **changes: Any) -> AcrossProblems:
    problems = tuple(
        ProblemScores(problem=f"p{i}", metric="roc_auc", direction="higher", values=(0.8, 0.75), run_ids=("r", "s"))
        for i in range(n)
    )
    given: dict[str, Any] = {
        "candidates": ("boosting", "logistic"),
        "mean_ranks": (1.0, 2.0),
        "problems": problems,
        "left_out": (LeftOut(problem="old", reason="`logistic` was not run"),),
        "pairs": (pair(),),
        "friedman": None,
        "critical_difference": None,
        "alpha": 0.05,
        "note": "fewer than 10 problems: raw differences only, no test",
        "notes": (),
    }
    return AcrossProblems(**(given | changes))


def pair(**changes: Any) -> PairAcross:
    given: dict[str, Any] = {
        "a": "boosting",
        "b": "logistic",
        "deltas": (0.05,) * 3,
        "median": 0.05,
        "better": 3,
        "worse": 0,
        "plus": None,
        "minus": None,
        "p": None,
        "word": "",
    }
    return PairAcross(**(given | changes))


def text(given: AcrossProblems) -> str:
    return "\n".join(to_text(table, width=None, color=False) for table in across_tables(given))


def test_under_ten_problems_there_are_counts_and_no_p() -> None:
    shown = text(document())
    assert "3 problems · roc_auc ↑" in shown
    assert "boosting against logistic" in shown
    assert "Fewer than 10 problems: raw differences only, no test." in shown
    assert "Left out: old, `logistic` was not run." in shown
    assert "R+" not in shown


def test_a_test_is_shown_with_its_rank_sums_and_what_a_word_means() -> None:
    shown = text(document(12, note="", pairs=(pair(plus=78.0, minus=0.0, p=0.0005, word="better"),)))
    assert "R+" in shown
    assert "0.0005" in shown
    assert "A word is about problems like these, at a 5 % chance of error; inconclusive is not equal." in shown


def test_friedman_s_test_stands_above_the_pairs_of_several() -> None:
    test = FriedmanTest(chi2=9.28, f=3.69, p=0.02, chi2_ties=9.5, p_ties=0.02)
    tested = (pair(plus=78.0, minus=0.0, p=0.0005, word="better"),)
    shown = text(document(12, note="", friedman=test, critical_difference=1.25, pairs=tested))
    assert "Friedman: χ² 9.28, F 3.69, p = 0.02. With scipy's correction for ties: χ² 9.50." in shown
    assert "for a picture: 1.25" in shown
    infinite = FriedmanTest(chi2=24.0, f=None, p=0.0, chi2_ties=None, p_ties=None)
    assert "F infinite" in text(document(12, note="", friedman=infinite, pairs=tested))


def test_unlike_metrics_have_a_column_and_nothing_in_common_has_one_table() -> None:
    mixed = (
        document().problems[0],
        ProblemScores(problem="q", metric="rmse", direction="lower", values=(1.0, 2.0), run_ids=("r", "s")),
    )
    assert "rmse ↓" in text(document(problems=mixed))
    assert len(across_tables(document(problems=(), pairs=(), mean_ranks=()))) == 1
