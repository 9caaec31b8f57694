"""Whether intervals over rows hold the truth as often as they promise: STATISTICS §11, "coverage of rows".

Usage: python -m benchmarks.simulating.rows [--repetitions N] [--json]

Each repetition draws fresh rows of fitted models whose true score is known, and asks the metric and
`bancada.scoring.rows` as the product does. Seeds are fixed.
"""

from __future__ import annotations

import sys
import time
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from benchmarks.simulations import Bar, Row, row, simulate
from scipy.integrate import quad
from scipy.special import entr, expit, ndtr
from scipy.stats import norm

from bancada.metrics import get
from bancada.samples import Influence, Sample
from bancada.scoring.rows import RowEstimate, estimate_rows, over_repeats, row_difference, row_estimate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Codes = npt.NDArray[np.int64]
    Draw = np.random.Generator
    Trial = Callable[[Draw], bool]

N_ROWS = 500
N_GROUPS, GROUP = 50, 10
ICC = 1 / 3
RIGHT = 0.8
SHIFT = 1.2
SHARE = 0.4
FEW = 20
HIGH = 0.85


def table(**columns: npt.NDArray[np.generic]) -> pa.Table:
    """Return columns as a table."""
    return pa.table(dict(columns))


def sample(truth: pa.Table, predictions: pa.Table, weight: Floats | None = None) -> Sample:
    """Return rows without row columns."""
    return Sample(truth, predictions, pa.table({}), weight)


def holds(found: RowEstimate, truth: float) -> bool:
    """Tell whether there is an interval and it holds the truth."""
    return found.low is not None and found.high is not None and found.low <= truth <= found.high


def labels(draw: Draw, n_rows: int, right: Floats | float = RIGHT) -> tuple[pa.Table, pa.Table]:
    """Return truth and labels, right with the probability given."""
    truth = draw.random(n_rows) < SHARE
    return table(label=truth), table(label=np.where(draw.random(n_rows) < right, truth, ~truth))


def accuracy(draw: Draw, n_rows: int = N_ROWS) -> bool:
    """Ask about the accuracy."""
    return holds(estimate_rows(get("accuracy"), sample(*labels(draw, n_rows))), RIGHT)


def scored(draw: Draw, n_positive: int, n_negative: int, shift: float) -> Sample:
    """Return scores of two normal classes."""
    truth = np.repeat([True, False], [n_positive, n_negative])
    return sample(table(label=truth), table(score=draw.normal(size=truth.size) + shift * truth))


def auc(draw: Draw) -> bool:
    """Ask about the AUC of two normal classes."""
    n_positive = int(draw.binomial(N_ROWS, SHARE))
    found = estimate_rows(get("roc_auc"), scored(draw, n_positive, N_ROWS - n_positive, SHIFT))
    return holds(found, float(ndtr(SHIFT / sqrt(2))))


def high_auc(draw: Draw) -> bool:
    """Ask about an AUC of .99 with 50 positives."""
    shift = sqrt(2) * float(norm.ppf(0.99))
    return holds(estimate_rows(get("roc_auc"), scored(draw, 50, N_ROWS - 50, shift)), 0.99)


def probabilities(draw: Draw, n_rows: int) -> tuple[pa.Table, pa.Table]:
    """Return truth, and probabilities that are true."""
    share = expit(draw.normal(size=n_rows) - 0.5)
    return table(label=draw.random(n_rows) < share), table(probability=share)


def _expected_log_loss() -> float:
    def part(x: float) -> float:
        share = float(expit(x - 0.5))
        return float((entr(share) + entr(1 - share)) * norm.pdf(x))

    return float(quad(part, -9, 9)[0])


EXPECTED_LOG_LOSS = _expected_log_loss()


def log_loss(draw: Draw) -> bool:
    """Ask about the log loss of calibrated probabilities."""
    return holds(estimate_rows(get("log_loss"), sample(*probabilities(draw, N_ROWS))), EXPECTED_LOG_LOSS)


def rmse(draw: Draw) -> bool:
    """Ask about the RMSE of normal errors."""
    truth = draw.normal(size=N_ROWS)
    found = estimate_rows(get("rmse"), sample(table(value=truth), table(value=truth + draw.normal(size=N_ROWS))))
    return holds(found, 1.0)


def alike(draw: Draw) -> tuple[Floats, Codes]:
    """Return a normal number for each row, alike in each group by the intraclass correlation, and the groups."""
    groups = np.repeat(np.arange(N_GROUPS), GROUP)
    own = draw.normal(size=groups.size) * sqrt(1 - ICC)
    return own + draw.normal(size=N_GROUPS)[groups] * sqrt(ICC), groups


def grouped_mean(draw: Draw) -> bool:
    """Ask about a mean loss of rows in groups."""
    losses, groups = alike(draw)
    return holds(row_estimate(Influence(float(losses.mean()), losses - losses.mean()), groups=groups), 0.0)


def grouped_mean_as_rows(draw: Draw) -> bool:
    """Ask about the same, the groups forgotten: this must fail."""
    losses, _ = alike(draw)
    return holds(row_estimate(Influence(float(losses.mean()), losses - losses.mean())), 0.0)


def grouped_accuracy(draw: Draw) -> bool:
    """Ask about the accuracy of rows in groups."""
    latent, groups = alike(draw)
    truth = np.ones(groups.size, dtype=np.bool_)
    found = latent < float(norm.ppf(RIGHT))
    return holds(estimate_rows(get("accuracy"), sample(table(label=truth), table(label=found)), groups=groups), RIGHT)


def weighted_accuracy(draw: Draw) -> bool:
    """Ask about the accuracy of rows with lognormal weights."""
    weight = draw.lognormal(size=N_ROWS)
    return holds(estimate_rows(get("accuracy"), sample(*labels(draw, N_ROWS), weight)), RIGHT)


def weighted_log_loss(draw: Draw) -> bool:
    """Ask about the log loss of rows with lognormal weights."""
    weight = draw.lognormal(size=N_ROWS)
    return holds(estimate_rows(get("log_loss"), sample(*probabilities(draw, N_ROWS), weight)), EXPECTED_LOG_LOSS)


def few_means(draw: Draw) -> bool:
    """Ask about a mean of 20 light-tailed losses."""
    losses = draw.normal(size=FEW)
    return holds(row_estimate(Influence(float(losses.mean()), losses - losses.mean())), 0.0)


def few_labels(draw: Draw) -> bool:
    """Ask about the accuracy on 20 rows."""
    return accuracy(draw, FEW)


def f1(draw: Draw, n_rows: int = N_ROWS) -> bool:
    """Ask about the F1 of labels."""
    hits, wrong = SHARE * RIGHT, 1 - RIGHT
    return holds(estimate_rows(get("f1"), sample(*labels(draw, n_rows))), 2 * hits / (2 * hits + wrong))


def few_cells(draw: Draw) -> bool:
    """Ask about the F1 of 40 rows, of which a cell of the table expects three: the cells are drawn again."""
    hits = SHARE * HIGH
    found = estimate_rows(get("f1"), sample(*labels(draw, 2 * FEW, HIGH)))
    return holds(found, 2 * hits / (2 * hits + 1 - HIGH))


def paired_auc(draw: Draw) -> bool:
    """Ask whether two equal models are told apart by their AUC on the same rows; the answer should be no."""
    truth = draw.random(N_ROWS) < SHARE
    shared = draw.normal(size=N_ROWS) + SHIFT * truth
    found = []
    for _ in range(2):
        influence = get("roc_auc").influence(
            sample(table(label=truth), table(score=shared + 0.7 * draw.normal(size=N_ROWS)))
        )
        found += [] if influence is None else [influence]
    return row_difference(found[0], found[1], greater_is_better=True).verdict().word == "inconclusive"


def averaged(draw: Draw) -> bool:
    """Ask about ten repeats of the same rows, averaged row by row: no more evidence than the rows are."""
    losses = draw.normal(size=N_ROWS)
    rows = np.arange(N_ROWS)
    again = [losses + 0.1 * draw.normal(size=N_ROWS) for _ in range(10)]
    merged, _ = over_repeats([(Influence(float(one.mean()), one - one.mean()), rows) for one in again])
    return holds(row_estimate(merged), 0.0)


def stacked(draw: Draw) -> bool:
    """Ask about the same, the repeats stacked as rows: this must fail."""
    losses = draw.normal(size=N_ROWS)
    every = np.concatenate([losses + 0.1 * draw.normal(size=N_ROWS) for _ in range(10)])
    return holds(row_estimate(Influence(float(every.mean()), every - every.mean())), 0.0)


USUAL, WIDE, FAILS = Bar(0.935, 0.965), Bar(0.93, 0.97), Bar(0, 0.80)
PROMISES: tuple[tuple[str, str, Bar, Trial], ...] = (
    ("coverage of rows", "accuracy .8, n = 500 (Wilson)", USUAL, accuracy),
    ("coverage of rows", "AUC .80, n = 500 (DeLong, logit)", USUAL, auc),
    ("coverage of rows", "log loss, n = 500 (t)", USUAL, log_loss),
    ("coverage of rows", "RMSE, n = 500 (t, log scale)", USUAL, rmse),
    ("coverage of rows", "AUC .99, 50 of 500 positive (Newcombe near the end)", Bar(0.94, 1), high_auc),
    ("coverage of rows in groups", "mean loss, 50 groups of 10, ICC .33", WIDE, grouped_mean),
    ("coverage of rows in groups", "accuracy .8, 50 groups of 10, ICC .33 of the latent score", WIDE, grouped_accuracy),
    ("the same, groups forgotten", "mean loss, 50 groups of 10, ICC .33", FAILS, grouped_mean_as_rows),
    ("coverage of weighted rows", "accuracy .8, n = 500, lognormal weights", WIDE, weighted_accuracy),
    ("coverage of weighted rows", "log loss, n = 500, lognormal weights", WIDE, weighted_log_loss),
    ("coverage of few rows", "mean loss, n = 20", WIDE, few_means),
    ("coverage of few rows", "accuracy .8, n = 20", WIDE, few_labels),
    ("coverage of rows", "F1 .76, n = 500 (t, logit scale)", USUAL, f1),
    ("coverage of few rows", "F1 .82, n = 40 (multinomial bootstrap)", Bar(0.90, 1), few_cells),
    ("two equal models: no word", "AUC, n = 500, same rows", USUAL, paired_auc),
    ("coverage of repeated rows", "10 repeats of 500 rows, averaged row by row", USUAL, averaged),
    ("the same, repeats stacked (refused by name)", "10 repeats of 500 rows", FAILS, stacked),
)


def rows(repetitions: int) -> Iterator[Row]:
    """Yield the lines of the table."""
    for number, (what, design, bar, trial) in enumerate(PROMISES):
        started = time.perf_counter()
        hits = np.array([trial(np.random.default_rng([11, number, turn])) for turn in range(repetitions)])
        print(f"{trial.__name__}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
        yield row(what, design, bar, hits)


if __name__ == "__main__":
    simulate("Simulations of STATISTICS §11 on rows.", 2_000, rows)
