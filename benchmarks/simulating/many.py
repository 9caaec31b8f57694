"""Whether words and corrections keep their promises: STATISTICS §11 on calibration, seeds, looks and choosing.

Usage: python -m benchmarks.simulating.many [--repetitions N] [--json]

Each repetition draws data where the truth is known and asks `bancada.scoring` as the product does. Seeds are fixed.
"""

from __future__ import annotations

import sys
import time
from functools import partial
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from benchmarks.simulations import Bar, Row, draw, row, simulate
from sklearn.tree import DecisionTreeClassifier

from bancada.samples import Influence
from bancada.scoring.calibration import calibration
from bancada.scoring.choosing import model_confidence_set, optimism_of
from bancada.scoring.looks import look_interval
from bancada.scoring.seeds import seeds_difference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Trial = Callable[[np.random.Generator], bool]

N_CANDIDATES = 40
"""Candidates of which the best one is chosen."""

RESAMPLES = 200


def miscalibrated(rng: np.random.Generator, n_rows: int, power: float) -> bool:
    """Ask for the word on probabilities raised to a power: 1 is calibrated."""
    p = rng.random(n_rows)
    return calibration(rng.random(n_rows) < p, p**power).word == "miscalibrated"


def small_tree(X: Floats, y: npt.NDArray[np.int64], fresh: Floats, seed: int) -> npt.NDArray[np.int64]:
    """Grow a tree on a resample that its seed draws: two seeds give two models."""
    drawn = np.random.default_rng(seed).integers(len(y), size=len(y))
    model = DecisionTreeClassifier(max_depth=3, random_state=seed).fit(X[drawn], y[drawn])
    return np.asarray(model.predict(fresh), dtype=np.int64)


def seeds_speak(rng: np.random.Generator, n_seeds: int, *, same: bool) -> bool:
    """Compare equal learners on one split: one learner under other seeds, or on exchangeable halves of the features."""
    X, y = draw(rng, 400, 2)
    train, test = slice(0, 200), slice(200, 400)
    sides = []
    for side in range(2):
        part = slice(0, 5) if same or side == 0 else slice(5, 10)
        wrong = [
            (small_tree(X[train, part], y[train], X[test, part], int(rng.integers(2**31))) != y[test]).astype(float)
            for _ in range(n_seeds)
        ]
        sides.append([Influence(float(one.mean()), one - one.mean()) for one in wrong])
    found = seeds_difference(sides[0], sides[1], greater_is_better=False)
    return found.verdict().word in {"better", "worse"}


def rows_alone_speak(rng: np.random.Generator, n_seeds: int) -> bool:
    """Compare the same, the seeds' part forgotten: this must fail."""
    shift = rng.normal(0, 0.03, (2, n_seeds, 1))
    losses = rng.normal(0, 0.5, (2, n_seeds, 400)) * 0.2 + rng.normal(0, 0.5, 400) + shift
    d = losses[0].mean(axis=0) - losses[1].mean(axis=0)
    return abs(d.mean()) > 1.966 * d.std(ddof=1) / sqrt(400)


def seeds_measured(rng: np.random.Generator, n_seeds: int) -> bool:
    """Compare the same with the seeds' part."""
    shift = rng.normal(0, 0.03, (2, n_seeds, 1))
    losses = rng.normal(0, 0.5, (2, n_seeds, 400)) * 0.2 + rng.normal(0, 0.5, 400) + shift
    sides = [[Influence(float(one.mean()), one - one.mean()) for one in side] for side in losses]
    return seeds_difference(sides[0], sides[1], greater_is_better=False).verdict().word in {"better", "worse"}


def any_look_errs(rng: np.random.Generator) -> bool:
    """Ask whether one of ten looks at a holdout, chosen in advance, excludes the truth."""
    found = [look_interval(float(v), 1.0, 500, j) for j, v in enumerate(rng.standard_t(500, size=10), start=1)]
    return any(one.low is not None and one.high is not None and not one.low <= 0 <= one.high for one in found)


def all_stay(rng: np.random.Generator) -> bool:
    """Ask whether ten equal models are all in the model confidence set."""
    losses = rng.normal(size=(500, 10)) + rng.normal(size=(500, 1))
    return len(model_confidence_set(losses, greater_is_better=False).members) == losses.shape[1]


def left_over(rng: np.random.Generator, spread: float, alike: float) -> tuple[float, float, float]:
    """Choose the best of 40 and correct it: what it flatters by, what is left, and what the other formula leaves.

    The candidates' true scores have `spread` standard errors between them; `alike` is their correlation over rows.
    """
    n_rows = 200
    truth = rng.normal(0, spread / sqrt(n_rows), N_CANDIDATES)
    shared, own = rng.normal(size=(n_rows, 1)), rng.normal(size=(n_rows, N_CANDIDATES))
    values = truth + sqrt(alike) * shared + sqrt(1 - alike) * own
    found = optimism_of(values, greater_is_better=True, resamples=RESAMPLES, seed=int(rng.integers(2**31)))
    corrected = found.value if found.corrected is None else found.corrected
    true = float(truth[found.chosen])
    return found.value - true, corrected - true, found.value - max(_in_less_out(values, rng), 0.0) - true


def _in_less_out(values: Floats, rng: np.random.Generator) -> float:
    """Return the mean of [score in the bag − score out of the bag] of the one chosen in the bag."""
    counts = rng.multinomial(len(values), np.full(len(values), 1 / len(values)), size=RESAMPLES).astype(float)
    out = (counts == 0).astype(float)
    inside, outside = counts @ values / len(values), out @ values / out.sum(axis=1, keepdims=True)
    best, every = inside.argmax(axis=1), np.arange(RESAMPLES)
    return float(np.mean(inside[every, best] - outside[every, best]))


def trials(name: str, trial: Trial, repetitions: int) -> npt.NDArray[np.bool_]:
    """Return the answers of all repetitions."""
    started = time.perf_counter()
    hits = np.array([trial(np.random.default_rng([i, 21])) for i in range(repetitions)])
    print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    return hits


def rows(repetitions: int) -> Iterator[Row]:
    """Yield the lines of the table."""
    for n_rows in (300, 5_000):
        hits = trials("calibration", partial(miscalibrated, n_rows=n_rows, power=1.0), repetitions)
        yield row('calibration: "miscalibrated"', f"calibrated, n = {n_rows:,}", Bar(0.02, 0.09), hits)
    hits = trials("calibration", partial(miscalibrated, n_rows=5_000, power=1.5), repetitions)
    yield row('calibration: "miscalibrated"', "p^1.5, n = 5,000", Bar(0.95, 1), hits)
    for n_seeds in (3, 5):
        for same, design in ((True, "one learner, other seeds"), (False, "one learner, exchangeable halves")):
            hits = trials("seeds", partial(seeds_speak, n_seeds=n_seeds, same=same), repetitions)
            yield row("several seeds, one split: type I", f"{design}, S = {n_seeds}", Bar(0, 0.07), hits)
        hits = trials("seeds", partial(seeds_measured, n_seeds=n_seeds), repetitions)
        yield row(
            "several seeds, one split: type I", f"Gaussian, seeds move all rows, S = {n_seeds}", Bar(0, 0.07), hits
        )
        hits = trials("rows alone", partial(rows_alone_speak, n_seeds=n_seeds), repetitions)
        yield row("the same, rows alone (must fail)", f"Gaussian, S = {n_seeds}", Bar(0.10, 1), hits)
    hits = trials("looks", any_look_errs, 20 * repetitions)
    yield row("ten looks: any interval misses", "levels α·6/(π²j²)", Bar(0, 0.05), hits)
    hits = trials("model confidence set", all_stay, 4 * repetitions)
    yield row("model confidence set: holds all equal ones", "10 models, n = 500", Bar(0.935, 0.965), hits)
    yield from _optimism_rows(repetitions)


def _optimism_rows(repetitions: int) -> Iterator[Row]:
    """Yield what is left of the optimism of the best of 40, as a share of it: below 0 where too much was corrected."""
    for spread, alike in ((0.0, 0.0), (0.0, 0.6), (1.0, 0.6)):
        name = f"K = 40, n = 200, true scores {spread:g} SE apart, correlation {alike:g}"
        answers = [left_over(np.random.default_rng([i, 22]), spread, alike) for i in range(repetitions)]
        raw, left, other = (np.array(column) for column in zip(*answers, strict=True))
        for what, kept, bar in (
            ("winner's optimism: share left", left, Bar(-0.40, 0.20)),
            ("the same by [in the bag − out of it] (corrects too much)", other, Bar(-1.0, -0.30)),
        ):
            share = float(kept.mean() / raw.mean())
            error = float(kept.std() / sqrt(len(kept)) / raw.mean())
            yield Row(what, name, str(bar), share, error, len(kept), bar.low <= share <= bar.high)


if __name__ == "__main__":
    simulate("Simulations of STATISTICS §11 on calibration, seeds, looks, choosing.", 1_000, rows)
