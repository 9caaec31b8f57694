"""The candidates of a board with their test rows: what everything about a KPI is computed from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bancada.exceptions import StoreError
from bancada.judgement._references import current_board
from bancada.metrics.kpi import CostMatrix

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from bancada.engine import Binding
    from bancada.engine.scored import RunScorer, TestedFold
    from bancada.metrics.kpi import KpiMetric
    from bancada.records import RunRecord
    from bancada.store import Index

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

__all__ = ["Candidate", "DecidedRows", "candidates_of", "decided_rows", "group_numbers"]


@dataclass(frozen=True)
class Candidate:
    """A line of the board with the test rows of its newest run.

    Attributes:
        label: The candidate with the parameters that tell it from its other claims.
        run: The run.
        folds: Its test rows, fold by fold.
        seeds: Runs behind the line, of which this is the newest.
    """

    label: str
    run: RunRecord
    folds: tuple[TestedFold, ...]
    seeds: int = 1

    def mean(self, amounts: Sequence[Floats]) -> float:
        """Return the mean over folds of the weighted means of amounts per row, one array a fold."""
        means = [
            np.average(values, weights=tested.fold.sample.weight)
            for values, tested in zip(amounts, self.folds, strict=True)
        ]
        return float(np.mean(means))


@dataclass(frozen=True)
class DecidedRows:
    """The test rows of all folds of a candidate, for a table of costs.

    Attributes:
        costs: c10, c01, c00 and c11 of each row by name, (n_rows,) each.
        positive: Truth, (n_rows,).
        decided: The model's own decision, (n_rows,); None where it gives none.
        probability: Of the positive class, (n_rows,); None where it gives none.
        weight: Weights under which a sum over the rows is the mean over folds, (n_rows,).
        scale: What the costs were multiplied by.
    """

    costs: Mapping[str, Floats]
    positive: Flags
    decided: Flags | None
    probability: Floats | None
    weight: Floats
    scale: float


def candidates_of(index: Index, binding: Binding, scorer: RunScorer) -> tuple[Candidate, ...]:
    """Return the candidates of the board, each by its best claim, the baseline last; failed ones are left out.

    Left out is, too, what was run on other data, and whose predictions are gone.

    Args:
        index: The index over the store.
        binding: The problem with its data.
        scorer: Scores runs of it.
    """
    name = binding.problem.name
    board = current_board(index, name, top=None)
    found = []
    for row in board.rows:
        run = index.records(name, row.runs[:1])[0]
        whole = run.problem.digest == binding.identity.digest and all(use.content is not None for use in run.folds)
        if (
            not whole
            or not run.folds
            or any(use.split not in (None, binding.drawn[use.repeat].digest) for use in run.folds)
        ):
            continue
        try:
            tested = tuple(scorer.tested(use) for use in run.folds)
            found.append(Candidate(row.label, run, tested, len(row.runs)))
        except StoreError:
            continue
    return tuple(found)


def decided_rows(candidate: Candidate, kpi: KpiMetric) -> DecidedRows | None:
    """Return the rows of a candidate for a table of costs; None for a function."""
    if not isinstance(kpi.source, CostMatrix):
        return None
    samples = [tested.fold.sample for tested in candidate.folds]
    cells = [kpi.source.cells(sample.rows, sample.truth.num_rows) for sample in samples]
    weights = [np.ones(sample.truth.num_rows) if sample.weight is None else sample.weight for sample in samples]
    names = set(samples[0].predictions.column_names)

    def column(name: str) -> npt.NDArray[np.generic] | None:
        if name not in names:
            return None
        return np.concatenate([sample.predictions.column(name).to_numpy() for sample in samples])

    decided, probability = column("label"), column("probability")
    return DecidedRows(
        costs={cell: kpi.scale * np.concatenate([part[cell] for part in cells]) for cell in cells[0]},
        positive=np.concatenate([sample.truth.column("label").to_numpy() for sample in samples]).astype(np.bool_),
        decided=None if decided is None else decided.astype(np.bool_),
        probability=None if probability is None else probability.astype(np.float64),
        weight=np.concatenate([weight / weight.sum() for weight in weights]) / len(weights),
        scale=kpi.scale,
    )


def group_numbers(binding: Binding) -> npt.NDArray[np.int64] | None:
    """Return the number of each row's group, dense from 0, of the rows that are not sealed; None without groups."""
    if binding.roles.groups is None:
        return None
    column = binding.dataset.rows([binding.roles.groups]).column(0).take(pa.array(binding.positions))
    return np.asarray(pc.rank(column, tiebreaker="dense").to_numpy(), dtype=np.int64) - 1
