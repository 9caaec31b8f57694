"""Too few rows for the margin: could the planned folds tell a difference that matters?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from bancada.engine.checking._finding import NOTE, SERIOUS, Finding, Looked

if TYPE_CHECKING:
    from bancada.engine.checking._rows import CheckedRows

__all__ = ["find_too_few", "rough_mde"]

NAME = "rows"
# Assumptions about two candidates that are worth comparing; both are said beside the figure.
DISCORDANT = 0.1
AUC, CORRELATION = 0.85, 0.8
LEVEL, POWER = 0.05, 0.8
SERIOUS_TIMES = 2.0
_PROPORTIONS = {"accuracy"}


def find_too_few(rows: CheckedRows) -> Looked:
    """Hold the smallest difference that the planned folds can find against the margin; see `rough_mde`."""
    if rows.margin is None or not rows.margin > 0:
        return Looked(skipped="no `margin` is declared")
    if rows.kind not in {"random", "single"} or not rows.folds:
        return Looked(skipped="folds are no random parts of the rows: scores differ between them for other reasons")
    variance = _fold_variance(rows)
    if variance is None:
        return Looked(skipped=f"there is no rough figure for `{rows.metric}`: the board tells the measured one")
    mde = rough_mde(variance, rows.n_folds, *rows.n_units)
    if mde <= rows.margin:
        return Looked()
    needed = round(rows.n_rows * (mde / rows.margin) ** 2, -1)
    shown = f"{float(f'{needed:.2g}'):,.0f}"
    return Looked(
        (
            Finding(
                check=NAME,
                severity=SERIOUS if mde > SERIOUS_TIMES * rows.margin else NOTE,
                columns=(),
                found=f"{rows.n_rows:,} rows in {rows.n_folds} folds find a difference in `{rows.metric}` of about "
                f"{mde:.2g} or more, and the margin is {rows.margin:g}: most comparisons will be inconclusive",
                evidence={"mde": mde, "margin": rows.margin, "rows": rows.n_rows, "rows_needed": int(needed)}
                | (
                    {"auc": AUC, "correlation": CORRELATION} if rows.metric == "roc_auc" else {"discordant": DISCORDANT}
                ),
                remedy=f"About {shown} rows would do, as a rough guide; or declare a wider `margin`, or decide by a "
                "metric that reads probabilities. `bancada leaderboard` tells the measured figure.",
            ),
        )
    )


def rough_mde(variance: float, n_folds: int, n_train: int, n_test: int) -> float:
    """Return the smallest difference that folds find with a power of 80 % at a level of 5 %, before any run.

    MDE = (t(J − 1, .975) + t(J − 1, .80))·√(s²·(1/J + n_test/n_train)), the corrected resampled t test (Nadeau and
    Bengio, Machine Learning 52, 2003) with the power of a t test. s², the variance of a fold's difference, is measured
    by every comparison; before there is one it is assumed. One split (J = 1) takes normal quantiles and s² alone. More
    claims than two, and training that differs from fold to fold, make it larger: it is a lower bound.

    Args:
        variance: s², the variance of the difference of two candidates' scores on one fold's test rows.
        n_folds: J, folds of all repeats.
        n_train: Independent units that train.
        n_test: Independent units that test.
    """
    if n_folds < 2:
        return float((special.ndtri(1 - LEVEL / 2) + special.ndtri(POWER)) * np.sqrt(variance))
    quantiles = special.stdtrit(n_folds - 1, 1 - LEVEL / 2) + special.stdtrit(n_folds - 1, POWER)
    return float(quantiles * np.sqrt(variance * (1 / n_folds + n_test / max(n_train, 1))))


def _fold_variance(rows: CheckedRows) -> float | None:
    """Return s² under the assumptions above; None where there is no rough figure for the metric.

    Accuracy: q/n, the variance of a difference of paired proportions that differ on a share q of the rows (McNemar,
    1947). AUC: 2·V·(1 − r), V = [A(1 − A) + (n₊ − 1)(Q₁ − A²) + (n₋ − 1)(Q₂ − A²)]/(n₊n₋), Q₁ = A/(2 − A),
    Q₂ = 2A²/(1 + A), for curves on the same rows with correlation r (Hanley and McNeil, Radiology 143, 1982, and 148,
    1983).
    """
    test = rows.folds[0].test
    if not len(test):
        return None
    if rows.metric in _PROPORTIONS:
        return DISCORDANT / len(test)
    target = rows.target
    if rows.metric != "roc_auc" or target is None or len(target.labels) != 2:
        return None
    positive = int((target.encoded[test] == 1).sum())
    negative = len(test) - positive
    if not (positive and negative):
        return None
    q1, q2 = AUC / (2 - AUC), 2 * AUC**2 / (1 + AUC)
    total = AUC * (1 - AUC) + (positive - 1) * (q1 - AUC**2) + (negative - 1) * (q2 - AUC**2)
    return 2 * total / (positive * negative) * (1 - CORRELATION)
