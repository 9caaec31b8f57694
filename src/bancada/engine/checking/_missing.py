"""Missing values that tell the target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bancada.engine.checking._finding import NOTE, SERIOUS, Finding, Looked
from bancada.engine.checking._ranks import auc
from bancada.engine.checking._two_samples import Apart, levels_apart, numbers_apart
from bancada.scoring.problems import holm

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.engine.checking._rows import CheckedRows, Target

__all__ = ["find_missing"]

NAME = "missing"
LEVEL = 0.01
LEAST_ROWS = 10
LEAST_SIZE = 0.1
SERIOUS_AUC = 0.9
SERIOUS_D = 0.9


def find_missing(rows: CheckedRows) -> Looked:
    """Ask of each column whether the mere lack of a value tells the target.

    For classes Cramér's V of missing against class, for numbers Kolmogorov and Smirnov's D of the target with and
    without a value, Holm's correction over columns. Serious where the lack alone nearly decides: an AUC of 0.9 for one
    class against the rest, or a D of 0.9.
    """
    target = rows.target
    if target is None:
        return Looked(skipped="the target is neither classes nor numbers")
    values = target.encoded[rows.sample]
    found: dict[str, tuple[Apart, float]] = {}
    for name, column in rows.columns.items():
        n_missing = int(column.missing.sum())
        if min(n_missing, len(values) - n_missing) >= LEAST_ROWS:
            found[name] = _apart(column.missing, values, target)
    if not found:
        return Looked(sampled=rows.sampled)
    adjusted = holm([item.p for item, _ in found.values()])
    findings = [
        _finding(name, item, alone, float(rows.columns[name].missing.mean()), target)
        for (name, (item, alone)), p in zip(found.items(), adjusted, strict=True)
        if p < LEVEL and item.size >= LEAST_SIZE
    ]
    return Looked(tuple(findings), sampled=rows.sampled)


def _apart(missing: npt.NDArray[np.bool_], values: npt.NDArray[np.float64], target: Target) -> tuple[Apart, float]:
    """Return how far the targets with and without a value lie apart, and how well the lack predicts alone."""
    if target.kind == "numbers":
        item = numbers_apart(values, missing)
        return item, item.size
    item = levels_apart(values.astype(np.int64), missing)
    told = [auc(missing.astype(np.float64), values == label) for label in range(len(target.labels))]
    return item, max(max(value, 1 - value) for value in told)


def _finding(name: str, item: Apart, alone: float, share: float, target: Target) -> Finding:
    numbers = target.kind == "numbers"
    serious = alone >= (SERIOUS_D if numbers else SERIOUS_AUC)
    told = f"`{name}` is missing in {share:.1%} of the rows, and whether it is tells `{target.name}`"
    if serious:
        told += " nearly alone"
    told += f" ({item.statistic} {item.size:.2f}" + (")" if numbers else f", AUC {alone:.2f})")
    evidence = {"share": share, "statistic": item.statistic, "size": item.size, "p": item.p}
    return Finding(
        check=NAME,
        severity=SERIOUS if serious else NOTE,
        columns=(name,),
        found=told,
        evidence=evidence if numbers else evidence | {"auc": alone},
        remedy=f"Ask why it is missing: where the value is written down after the fact, `exclude=[{name!r}]`; where "
        "it is known before, nothing need be done.",
    )
