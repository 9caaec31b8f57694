"""Whether the words and intervals keep their promises: the simulations of STATISTICS §11 that concern fold scores.

Usage: python benchmarks/simulations.py [--repetitions N] [--processes P] [--json]

Each row draws data where the truth is known, asks `bancada.scoring` as the product does, and holds the share of wrong
(or right) answers against its bar. Seeds are fixed: equal arguments give equal results on equal library versions.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass
from math import sqrt
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtr
from scipy.stats import t as student
from sklearn.tree import DecisionTreeClassifier

from bancada.scoring import Design, interval, paired, pairwise, rank_intervals, verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Learner = Callable[[Floats, npt.NDArray[np.int64], Floats, int], npt.NDArray[np.int64]]

ALPHA = 0.05
N_ROWS = 200
BLOCK = 5
"""Features in a block; blocks are exchangeable, so that one learner on two of them is two equal learners."""

SHIFT = 0.45
"""Distance of the classes in each feature, in standard deviations."""

SPEAKING = ("better", "worse")


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        what: The promise.
        design: How it was tried.
        bar: What must hold.
        result: What was found, as a share.
        error: Standard error of the result, from the count of repetitions.
        repetitions: How often it was tried.
        passed: Whether the bar was met.
    """

    what: str
    design: str
    bar: str
    result: float
    error: float
    repetitions: int
    passed: bool


@dataclass(frozen=True)
class Bar:
    """Smallest and largest share that keep a promise."""

    low: float
    high: float

    def __str__(self) -> str:
        """Return the bar as the page writes it."""
        if self.low <= 0:
            return f"≤ {100 * self.high:g} %"
        return f"≥ {100 * self.low:g} %" if self.high >= 1 else f"{100 * self.low:g}–{100 * self.high:g} %"


def row(what: str, design: str, bar: Bar, hits: npt.NDArray[np.bool_]) -> Row:
    """Return the line of a promise from its trials."""
    share = float(np.mean(hits))
    return Row(
        what=what,
        design=design,
        bar=str(bar),
        result=share,
        error=sqrt(share * (1 - share) / len(hits)),
        repetitions=len(hits),
        passed=bar.low <= share <= bar.high,
    )


# Data and learners


def draw(
    rng: np.random.Generator, n_rows: int, n_blocks: int, prevalence: float = 0.5
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Return features, (n_rows, n_blocks · BLOCK), and classes, (n_rows,)."""
    y = (rng.random(n_rows) < prevalence).astype(np.int64)
    return rng.normal(size=(n_rows, n_blocks * BLOCK)) + SHIFT * y[:, np.newaxis], y


def discriminant(X: Floats, y: npt.NDArray[np.int64]) -> tuple[Floats, float]:
    """Return weights and threshold of linear discriminant analysis."""
    means = [X[y == c].mean(axis=0) for c in (0, 1)]
    centred = np.concatenate([X[y == c] - means[c] for c in (0, 1)])
    weights = np.linalg.solve(centred.T @ centred / (len(y) - 2), means[1] - means[0])
    share = y.mean()
    return weights, float(weights @ (means[0] + means[1]) / 2 - np.log(share / (1 - share)))


def lda(X: Floats, y: npt.NDArray[np.int64], fresh: Floats, seed: int) -> npt.NDArray[np.int64]:  # noqa: ARG001 - learners share a shape
    """Fit linear discriminant analysis and predict."""
    weights, threshold = discriminant(X, y)
    return np.asarray(fresh @ weights > threshold, dtype=np.int64)


def tree(X: Floats, y: npt.NDArray[np.int64], fresh: Floats, seed: int) -> npt.NDArray[np.int64]:
    """Grow a full tree and predict."""
    model = DecisionTreeClassifier(random_state=seed).fit(X.astype(np.float32), y, check_input=False)
    return np.asarray(model.predict(fresh.astype(np.float32), check_input=False), dtype=np.int64)


LEARNERS: dict[str, Learner] = {"LDA": lda, "full tree": tree}


def folds(rng: np.random.Generator, n_rows: int, k: int, repeats: int) -> Iterator[npt.NDArray[np.intp]]:
    """Yield the test rows of each fold, repeat by repeat."""
    for _ in range(repeats):
        yield from np.array_split(rng.permutation(n_rows), k)


def kfold(k: int, repeats: int, n_rows: int = N_ROWS) -> Design:
    """Return the design of repeated folds of equal size."""
    n_test = n_rows // k
    return Design("random", (n_rows - n_test,) * (k * repeats), (n_test,) * (k * repeats), repeats)


def cross_validated(rng: np.random.Generator, learner: Learner, n_blocks: int, k: int, repeats: int) -> Floats:
    """Return the accuracies of one learner on each block of one sample, (n_blocks, k · repeats)."""
    X, y = draw(rng, N_ROWS, n_blocks)
    scores = []
    for number, test in enumerate(folds(rng, N_ROWS, k, repeats)):
        train = np.setdiff1d(np.arange(N_ROWS), test)
        for block in range(n_blocks):
            part = slice(block * BLOCK, (block + 1) * BLOCK)
            found = learner(X[train, part], y[train], X[test, part], number)
            scores.append(float(np.mean(found == y[test])))
    return np.array(scores).reshape(k * repeats, n_blocks).T


def speaks(a: Floats, b: Floats, design: Design) -> bool:
    """Return whether `compare` would call one of two better."""
    d = paired(a, b, design)
    return verdict(d.delta, d.se, d.df, None, ALPHA).word in SPEAKING


# Trials: one repetition each, by its own seed


def type_one(seed: int, name: str, k: int, repeats: int) -> tuple[bool, ...]:
    """Compare equal learners: the corrected t, the plain t, and the corrected t on the first repeat alone."""
    a, b = cross_validated(np.random.default_rng(seed), LEARNERS[name], 2, k, repeats)
    d = a - b
    spread = d.std(ddof=1)
    plain = spread > 0 and abs(d.mean()) > student.isf(ALPHA / 2, len(d) - 1) * spread / sqrt(len(d))
    return speaks(a, b, kfold(k, repeats)), bool(plain), speaks(a[:k], b[:k], kfold(k, 1))


def pooled_f1(truth: npt.NDArray[np.int64], found: npt.NDArray[np.int64]) -> float:
    """Return F1 over all rows."""
    return float(2 * np.sum(truth & found) / (np.sum(truth) + np.sum(found)))


def type_one_f1(seed: int, name: str) -> tuple[bool, ...]:
    """Compare equal learners by F1 at a prevalence of .3: pooled once per repeat, pseudo-values of its folds."""
    rng = np.random.default_rng(seed)
    k, repeats = 5, 3
    X, y = draw(rng, N_ROWS, 2, prevalence=0.3)
    values: list[list[float]] = [[], []]
    for _ in range(repeats):
        parts = list(folds(rng, N_ROWS, k, 1))
        for block in range(2):
            part = slice(block * BLOCK, (block + 1) * BLOCK)
            found = np.zeros_like(y)
            for number, test in enumerate(parts):
                train = np.setdiff1d(np.arange(N_ROWS), test)
                found[test] = LEARNERS[name](X[train, part], y[train], X[test, part], number)
            whole = pooled_f1(y, found)
            rest = [np.setdiff1d(np.arange(N_ROWS), test) for test in parts]
            values[block] += [k * whole - (k - 1) * pooled_f1(y[r], found[r]) for r in rest]
    return (speaks(np.array(values[0]), np.array(values[1]), kfold(k, repeats)),)


def null_board(seed: int, n_lines: int, source: str) -> tuple[bool, ...]:
    """Ask a board of equal lines: does any pair get a word; do all rank intervals contain all ranks?

    Gaussian fold scores correlate by ρ/(1 + ρ), as the correction assumes: less would be easier.
    """
    rng = np.random.default_rng(seed)
    design = kfold(5, 3)
    if source == "trees":
        scores = cross_validated(rng, tree, n_lines, 5, 3)
    else:
        shared = design.rho / (1 + design.rho)
        own = rng.normal(size=(n_lines, design.n_folds)) * sqrt(1 - shared)
        scores = own + rng.normal(size=(n_lines, 1)) * sqrt(shared)
    table = pairwise(scores, design, n_lines)
    ranks = rank_intervals(table)
    return any(table.pair(i, j).word in SPEAKING for i, j in _suspects(ranks)), bool((ranks == [1, n_lines]).all())


def _suspects(ranks: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return the pairs that may carry a word: those of lines that lost a rank; nearly always none."""
    narrowed = np.flatnonzero((ranks != [1, len(ranks)]).any(axis=1))
    return [(int(i), int(j)) for i in narrowed for j in narrowed if i < j]


def board_interval(seed: int, name: str, truth: float) -> tuple[bool, ...]:
    """Ask whether the interval of one line holds the expected score of the procedure."""
    design = kfold(5, 3)
    (scores,) = cross_validated(np.random.default_rng(seed), LEARNERS[name], 1, 5, 3)
    found = interval(float(scores.mean()), [float(score) for score in scores], design, (0.0, 1.0))
    return (found.low is not None and found.high is not None and found.low <= truth <= found.high,)


def expected_score(seed: int, name: str, n_train: int) -> tuple[float, ...]:
    """Return the true accuracy of one model trained on a fresh sample."""
    rng = np.random.default_rng(seed)
    X, y = draw(rng, n_train, 1)
    if name == "LDA":
        weights, threshold = discriminant(X, y)
        length = float(np.linalg.norm(weights))
        right = ndtr(threshold / length), ndtr((SHIFT * weights.sum() - threshold) / length)
        return (float(np.mean(right)),)
    fresh, answers = draw(rng, 5_000, 1)
    return (float(np.mean(LEARNERS[name](X, y, fresh, 0) == answers)),)


def time_blocks(seed: int, phi: float, shift: float) -> tuple[bool, ...]:
    """Compare two equal (or shifted) forecasters over five blocks of an autoregressive series of differences."""
    n_rows, n_blocks, burn_in = 600, 5, 300
    noise = np.random.default_rng(seed).normal(size=n_rows + burn_in)
    series = np.zeros_like(noise)
    for i in range(1, len(noise)):
        series[i] = phi * series[i - 1] + noise[i]
    d = series[burn_in:] + shift / sqrt(n_rows)
    blocks = d.reshape(n_blocks, -1).mean(axis=1)
    length = n_rows // n_blocks
    design = Design("time", tuple(1_000 + i * length for i in range(n_blocks)), (length,) * n_blocks)
    return (speaks(blocks, np.zeros(n_blocks), design),)


TRIALS: dict[str, Callable[..., tuple[Any, ...]]] = {
    function.__name__: function
    for function in (type_one, type_one_f1, null_board, board_interval, expected_score, time_blocks)
}


def trial(job: tuple[str, int, tuple[Any, ...]]) -> tuple[Any, ...]:
    """Run one repetition in whatever process."""
    name, seed, arguments = job
    return TRIALS[name](seed, *arguments)


class Pool:
    """Runs repetitions in several processes, in order of their seeds."""

    def __init__(self, processes: int, repetitions: int) -> None:
        self.repetitions = repetitions
        self._pool = get_context("fork").Pool(processes) if processes > 1 else None

    def __call__(self, function: Callable[..., tuple[Any, ...]], *arguments: Any) -> npt.NDArray[Any]:
        """Return the answers of all repetitions, one row for each thing that a repetition answers."""
        name = function.__name__
        first = 1_000_000 * (1 + list(TRIALS).index(name))
        jobs = [(name, first + i, arguments) for i in range(self.repetitions)]
        run = map(trial, jobs) if self._pool is None else self._pool.imap(trial, jobs, chunksize=20)
        started = time.perf_counter()
        answers = np.array(list(run)).T
        print(f"{name}{arguments}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
        return answers

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.close()
            self._pool.join()


# The table


def rows(pool: Pool) -> Iterator[Row]:
    """Yield the lines of the table."""
    yield from _type_one_rows(pool)
    for name in LEARNERS:
        (hits,) = pool(type_one_f1, name)
        yield row("type I of `compare`, F1, prevalence .3", f"{name}, 5×3", Bar(0, 0.10), hits)
    spoken, full = pool(null_board, 6, "trees")
    yield row('null board: any "better" or "worse"', "K = 6 trees, 5×3", Bar(0, 0.06), spoken)
    for n_lines in (20, 50):
        spoken, full = pool(null_board, n_lines, "gaussian")
        yield row('null board: any "better" or "worse"', f"K = {n_lines}, Gaussian, J = 15", Bar(0, 0.06), spoken)
    _, full = pool(null_board, 10, "gaussian")
    yield row("rank intervals: all contain 1–10", "K = 10, equal, Gaussian, J = 15", Bar(0.94, 1), full)
    for name in LEARNERS:
        truth = float(pool(expected_score, name, N_ROWS - N_ROWS // 5).mean())
        (hits,) = pool(board_interval, name, truth)
        yield row("coverage of the board's interval", f"{name}, accuracy, 5×3", Bar(0.945, 0.995), hits)
    (hits,) = pool(time_blocks, 0.9, 0.0)
    yield row("time blocks: type I", "AR(1) φ = .9, n = 600, five blocks", Bar(0.03, 0.09), hits)
    (hits,) = pool(time_blocks, 0.0, 3.0)
    yield row("time blocks: power at a 3-SE shift", "φ = 0, n = 600, five blocks", Bar(0.55, 1), hits)


def _type_one_rows(pool: Pool) -> Iterator[Row]:
    """Yield the lines on equal learners; the plain t stands beside the corrected one on the same folds."""
    what, plain = "type I of `compare`, accuracy", "the same, plain paired t (refused by name)"
    for name in LEARNERS:
        corrected, uncorrected, first = pool(type_one, name, 5, 3)
        yield row(what, f"{name}, n = 200, 5×1", Bar(0, 0.07), first)
        yield row(what, f"{name}, n = 200, 5×3", Bar(0, 0.07), corrected)
        yield row(plain, f"{name}, n = 200, 5×3", Bar(0.20, 1), uncorrected)
        corrected, uncorrected, _ = pool(type_one, name, 10, 10)
        yield row(what, f"{name}, n = 200, 10×10", Bar(0, 0.07), corrected)
        yield row(plain, f"{name}, n = 200, 10×10", Bar(0.30, 1), uncorrected)


def markdown(found: list[Row]) -> str:
    """Return the table as Markdown."""
    lines = ["| what | design | bar | result | repetitions | |", "|---|---|---|---|---|---|"]
    for line in found:
        result = f"{100 * line.result:.1f} % ± {100 * line.error:.1f}"
        word = "pass" if line.passed else "miss"
        lines.append(f"| {line.what} | {line.design} | {line.bar} | {result} | {line.repetitions:,} | {word} |")
    return "\n".join(lines)


def show(found: Sequence[Row], *, as_json: bool) -> None:
    """Print the table, or one JSON document."""
    if as_json:
        print(json.dumps({"schema": "benchmarks.simulations/1", "rows": [asdict(line) for line in found]}, indent=1))
    else:
        print(markdown(found))


def simulate(description: str, repetitions: int, rows: Callable[[int], Iterable[Row]]) -> None:
    """Read the command line of a group of simulations, run all of its rows and print the table."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--repetitions", type=int, default=repetitions, metavar="N")
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of a table")
    options = parser.parse_args()
    show(list(rows(options.repetitions)), as_json=options.json)


def main() -> None:
    """Run all rows and print the table."""
    parser = argparse.ArgumentParser(description="Simulations of STATISTICS §11 on fold scores.")
    parser.add_argument("--repetitions", type=int, default=1_000, metavar="N")
    parser.add_argument("--processes", type=int, default=2, metavar="P")
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of a table")
    options = parser.parse_args()
    pool = Pool(options.processes, options.repetitions)
    try:
        found = list(rows(pool))
    finally:
        pool.close()
    show(found, as_json=options.json)


if __name__ == "__main__":
    main()
